//! What there is to tell. Sentences of a past tense, as `message.inbound`, with the facts that a test asks for.

use crate::{
    base::{
        ids::{ClientId, ConnectionId, ConversationId, DeploymentId, FaultId, GuestId, SessionToken},
        time::Timestamp,
    },
    domain::{
        conversation::{Ending, Side},
        message::{Direction, Happening, Message, Originator, Presence},
    },
};

/// Every name of an event, in the order of a chat.
pub const NAMES: &[&str] = &[
    "token.issued",
    "guest.created",
    "connection.opened",
    "connection.evicted",
    "connection.closed",
    "session.configured",
    "session.cleared",
    "session.expired",
    "conversation.started",
    "conversation.resumed",
    "conversation.ended",
    "participant.joined",
    "participant.left",
    "presence.join",
    "presence.disconnect",
    "presence.clear",
    "presence.signIn",
    "message.inbound",
    "message.outbound",
    "typing.guest",
    "typing.agent",
    "attachment.uploaded",
    "attachment.failed",
    "person.signedIn",
    "person.signedOut",
    "key.rotated",
    "fault.fired",
];

/// Whom an event is about.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// The conversation.
    pub conversation: Option<ConversationId>,
    /// The session; a credential, so nobody is shown more than its fingerprint.
    pub session: Option<SessionToken>,
    /// Where the guest came in.
    pub deployment: Option<DeploymentId>,
    /// The guest of the guide dialect.
    pub guest: Option<GuestId>,
    /// The socket.
    pub connection: Option<ConnectionId>,
    /// The client.
    pub client: Option<ClientId>,
}

/// What is told of a message. The rest of it is kept elsewhere, and can be large.
#[derive(Clone, Debug)]
pub struct Said {
    /// Its id.
    pub id: String,
    /// Its words.
    pub text: Option<String>,
    /// Who spoke, when it was not the guest.
    pub originator: Option<Originator>,
}

/// What happened.
#[derive(Clone, Debug)]
pub enum What {
    /// A client got an access token.
    TokenIssued,
    /// The guest API made a guest.
    GuestCreated,
    /// A socket was admitted.
    ConnectionOpened,
    /// The platform closed a connection for another one.
    ConnectionEvicted,
    /// A socket is gone.
    ConnectionClosed,
    /// A session was configured on a connection.
    SessionConfigured {
        /// Has it just begun?
        new: bool,
        /// Is it over, but readable?
        read_only: bool,
    },
    /// The guest has cleared the session.
    SessionCleared,
    /// The session has expired.
    SessionExpired,
    /// A conversation begins.
    ConversationStarted,
    /// The guest takes a conversation up again.
    ConversationResumed,
    /// A conversation is over.
    ConversationEnded(Ending),
    /// Somebody takes part.
    ParticipantJoined(Side),
    /// Somebody takes part no longer.
    ParticipantLeft(Side),
    /// Something was said, by the guest or to it.
    Message(Direction, Said),
    /// The guest came, cleared or signed in, or the conversation was disconnected.
    Presence(Presence, Said),
    /// Whoever talks to the guest types, or types no more.
    AgentTypes {
        /// Still?
        on: bool,
        /// What it is.
        originator: Option<Originator>,
    },
    /// The guest types, or types no more.
    GuestTypes {
        /// Still?
        on: bool,
    },
    /// A file of a guest has arrived and is good.
    AttachmentUploaded {
        /// The file.
        attachment: String,
        /// Its name.
        name: String,
    },
    /// A file of a guest has arrived and is not good.
    AttachmentFailed {
        /// The file.
        attachment: String,
        /// 4xxx.
        code: u32,
        /// What was wrong.
        reason: String,
    },
    /// A guest has proved to be somebody.
    PersonSignedIn {
        /// `sub` of the identity provider.
        subject: String,
    },
    /// A person has signed out.
    PersonSignedOut,
    /// A ring has another signing key.
    KeyRotated {
        /// The ring.
        ring: String,
        /// The new key's `kid`, if it has one.
        kid: Option<String>,
    },
    /// A fault bit.
    FaultFired {
        /// The fault.
        fault: FaultId,
        /// Method and path of the request, or action or class of the frame.
        target: String,
    },
}

/// One event.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its number, from one.
    pub n: u64,
    /// When, in the org's time.
    pub at: Timestamp,
    /// Whom it is about.
    pub about: About,
    /// What happened.
    pub what: What,
}

impl What {
    /// What is told of a message or event of a conversation.
    pub fn of(message: &Message) -> Self {
        let originator = message.originator;
        let said = || Said { id: message.id.clone(), text: message.text.clone(), originator };
        match message.happening {
            None => Self::Message(message.direction, said()),
            Some(Happening::Presence(presence)) => Self::Presence(presence, said()),
            Some(Happening::Typing { on, .. }) => Self::AgentTypes { on, originator },
        }
    }

    /// Its name: one of [`NAMES`].
    pub fn name(&self) -> &'static str {
        match self {
            Self::TokenIssued => "token.issued",
            Self::GuestCreated => "guest.created",
            Self::ConnectionOpened => "connection.opened",
            Self::ConnectionEvicted => "connection.evicted",
            Self::ConnectionClosed => "connection.closed",
            Self::SessionConfigured { .. } => "session.configured",
            Self::SessionCleared => "session.cleared",
            Self::SessionExpired => "session.expired",
            Self::ConversationStarted => "conversation.started",
            Self::ConversationResumed => "conversation.resumed",
            Self::ConversationEnded(_) => "conversation.ended",
            Self::ParticipantJoined(_) => "participant.joined",
            Self::ParticipantLeft(_) => "participant.left",
            Self::Presence(Presence::Join, _) => "presence.join",
            Self::Presence(Presence::Disconnect, _) => "presence.disconnect",
            Self::Presence(Presence::Clear, _) => "presence.clear",
            Self::Presence(Presence::SignIn, _) => "presence.signIn",
            Self::Message(Direction::Inbound, _) => "message.inbound",
            Self::Message(Direction::Outbound, _) => "message.outbound",
            Self::AgentTypes { .. } => "typing.agent",
            Self::GuestTypes { .. } => "typing.guest",
            Self::AttachmentUploaded { .. } => "attachment.uploaded",
            Self::AttachmentFailed { .. } => "attachment.failed",
            Self::PersonSignedIn { .. } => "person.signedIn",
            Self::PersonSignedOut => "person.signedOut",
            Self::KeyRotated { .. } => "key.rotated",
            Self::FaultFired { .. } => "fault.fired",
        }
    }
}
