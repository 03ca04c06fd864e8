//! What the server says on a web messaging socket, before it is spelled.

use std::sync::Arc;

use super::message::Message;
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
    },
    /// `TooManyRequestsErrorMessage`.
    TooManyRequests {
        /// Seconds.
        retry_after: i64,
        /// For people.
        text: String,
    },
    /// `SessionExpiredEvent`.
    SessionExpired,
    /// `ConnectionClosedEvent`.
    ConnectionClosed,
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
    /// MIME types that may be attached.
    pub attachment_types: Vec<String>,
    /// Largest attachment.
    pub attachment_max_kb: u32,
    /// Extensions never accepted.
    pub blocked_extensions: Vec<String>,
    /// `durationSeconds`.
    pub duration_secs: i64,
    /// When the session expires.
    pub expires: Timestamp,
}
