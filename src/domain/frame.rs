//! What the server says on its sockets, before it is spelled.

use std::sync::Arc;

use super::{message::Message, notification::Notification, visit::Refusal};
use crate::base::time::Timestamp;

/// One frame to a client.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Copied from the request that caused it.
    pub tracing_id: Option<String>,
    /// What it says.
    pub body: Body,
}

/// What a frame says; one variant a `class`.
#[derive(Clone, Debug)]
pub enum Body {
    /// `SessionResponse`.
    Session(SessionState),
    /// `StructuredMessage`: a chat message or event.
    Message(Arc<Message>),
    /// `StructuredMessage` of type `response`: the answer to `echo`.
    Health {
        /// Its id.
        id: String,
        /// The text that came.
        text: String,
        /// The correlation that older clients use instead of the tracing id.
        custom_message_id: Option<String>,
        /// `durationSeconds`.
        duration_secs: i64,
        /// When the session expires.
        expires: Timestamp,
    },
    /// `JwtResponse`.
    Jwt {
        /// The token.
        jwt: String,
        /// When it expires, seconds.
        exp: i64,
    },
    /// `string`: an error.
    Error {
        /// HTTP-like, or one of the 4xxx codes.
        code: u32,
        /// For people, and in places matched by clients.
        text: String,
        /// The rule by which it is refused, for the journal.
        rule: &'static str,
    },
    /// `TooManyRequestsErrorMessage`.
    TooManyRequests {
        /// Seconds.
        retry_after: i64,
        /// For people.
        text: String,
        /// The limit that is used up, for the journal.
        why: Option<Refusal>,
    },
    /// `SessionExpiredEvent`.
    SessionExpired,
    /// `SessionClearedEvent`.
    SessionCleared,
    /// `ConnectionClosedEvent`.
    ConnectionClosed(ClosedReason),
    /// `LogoutEvent`.
    Logout,
    /// `GetConfigurationResponse`.
    Configuration(Media),
    /// `PresignedUrlResponse`: where a file can be put, or fetched again.
    PresignedUrl {
        /// The file.
        file: FileName,
        /// Absolute.
        url: String,
        /// What has to be sent along with the upload; nothing when it is for fetching.
        headers: Vec<(&'static str, String)>,
    },
    /// `UploadSuccessEvent`.
    UploadSuccess {
        /// The file.
        attachment: String,
        /// Absolute.
        url: String,
        /// When.
        at: Timestamp,
    },
    /// `UploadFailureEvent`.
    UploadFailure {
        /// The file.
        attachment: String,
        /// 4xxx.
        code: u32,
        /// For people.
        text: String,
        /// When.
        at: Timestamp,
    },
    /// `GenerateUrlError`.
    GenerateUrlError {
        /// The file.
        attachment: String,
        /// 4xxx.
        code: u32,
        /// For people.
        text: String,
    },
    /// A notification, on the socket of a channel.
    Notification(Box<Notification>),
    /// What a frame of the client has done on the socket of a channel.
    Subscription {
        /// HTTP-like.
        result: u16,
        /// `subscribed`, `failure` or `error`.
        status: &'static str,
        /// `correlationId`, as it came.
        correlation_id: Option<String>,
    },
    /// `AttachmentDeletedResponse`.
    AttachmentDeleted {
        /// The file.
        attachment: String,
    },
}

/// Why a connection is closed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ClosedReason {
    /// Nobody says.
    None,
    /// The same person has signed in elsewhere.
    SignedIn,
}

/// A file as it was announced.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileName {
    /// Its id.
    pub attachment: String,
    /// Its name.
    pub name: String,
    /// MIME type.
    pub mime: String,
    /// Bytes.
    pub size: u64,
}

/// What may be sent in a session, and how long it lasts.
#[derive(Clone, Debug)]
pub struct Media {
    /// MIME types that may be attached.
    pub types: Vec<String>,
    /// Largest attachment, in kilobytes of 1,000 bytes.
    pub max_kb: u32,
    /// Extensions never accepted.
    pub blocked_extensions: Vec<String>,
    /// `durationSeconds`.
    pub duration_secs: i64,
}

/// The answer to a configure.
#[derive(Clone, Debug)]
pub struct SessionState {
    /// Usable?
    pub connected: bool,
    /// Just begun?
    pub new_session: bool,
    /// Over, but readable?
    pub read_only: bool,
    /// Was another session of the same person cleared for this one?
    pub cleared_existing: bool,
    /// What may be sent, and how long it lasts.
    pub media: Media,
    /// When the session expires.
    pub expires: Timestamp,
}

/// The rule of what is refused by its code, and by its text, alone.
pub const REFUSED: &str = "frame.refused";

impl Body {
    /// An error whose code says enough.
    pub fn error(code: u32, text: impl Into<String>) -> Self {
        Self::Error { code, text: text.into(), rule: REFUSED }
    }

    /// The token with which the socket was opened has expired: nothing is done on it any more.
    pub fn token_expired() -> Self {
        let text = "Authentication token has expired".to_owned();
        Self::Error { code: 401, text, rule: "socket.token_expired" }
    }
}
