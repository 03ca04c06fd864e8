//! What agents and applications do with conversations by the Platform API: taking, answering, ending, wrapping up.

mod chats;
mod finding;
mod media;
mod outbound;
mod routing;
mod state;
mod told;
mod transfer;
mod watch;
mod words;
mod wrapup;

pub use self::{
    chats::{Typing, of_medium, request, say_in_chat, type_in_chat},
    finding::{Found, active, conversation, details, message, messages},
    media::{Medium, announce, media, medium},
    outbound::{NotBegun, begin_with},
    state::{Change, attributes, change, end, park},
    transfer::{To, replace},
    watch::{monitor, record, tag},
    words::{Said, say, types},
    wrapup::{Given, codes, wrap_up, wrapup},
};
pub(super) use finding::{bare, found};
pub(super) use routing::{answered, owed};

use super::{
    access::Proved,
    conversations::{NotSaid, under_way},
    cx::Cx,
    org::Cell,
    step::{Step, of_visit},
};
use crate::{
    base::ids::SessionToken,
    domain::{
        conversation::{Conversation, Participant},
        quota::Usage,
        visit::Refusal,
    },
};

/// Why something is not done.
#[derive(Debug, thiserror::Error)]
pub enum CommunicationError {
    /// There is no such conversation.
    #[error("There is no conversation of this id")]
    NoConversation,
    /// Nobody of this id takes part.
    #[error("The conversation has no participant of this id")]
    NoParticipant,
    /// Nobody has such a communication.
    #[error("The conversation has no communication of this id")]
    NoCommunication,
    /// Nobody said this.
    #[error("There is no message of this id")]
    NoMessage,
    /// There is no such file.
    #[error("The communication has no media of this id")]
    NoMedia,
    /// There is no such integration.
    #[error("There is no integration of this id")]
    NoIntegration,
    /// There is no such queue.
    #[error("There is no queue of this id")]
    NoQueue,
    /// It would go to whoever has it.
    #[error("The conversation is that user's already")]
    SameParty,
    /// There is no such user.
    #[error("There is no user of this id")]
    NoUser,
    /// A user is meant, and an application calls.
    #[error("This request requires a user context. Client credentials cannot be used.")]
    NotAUser,
    /// An application is meant, and a user calls.
    #[error("This request requires an application context. User tokens cannot be used.")]
    NotAClient,
    /// The user who calls has no part in it.
    #[error("The user is not an active participant of this conversation")]
    NotActive,
    /// The user takes part itself.
    #[error("The user takes part in this conversation")]
    OwnConversation,
    /// Too many look on.
    #[error("As many users as can be look on")]
    TooManyMonitors,
    /// The communication is offered, or over.
    #[error("The communication is not connected")]
    NotConnected,
    /// Nobody is there whom anything could be said to.
    #[error(transparent)]
    Over(#[from] NotSaid),
    /// It does not say what is to become of the communication.
    #[error("state is missing")]
    NoState,
    /// It does not say what it was about.
    #[error("code is missing")]
    NoCode,
    /// It says nothing.
    #[error("body is missing")]
    NoBody,
    /// The text is too long.
    #[error("The text has {0} characters, which are too many")]
    TooLong(usize),
    /// It cannot be meant.
    #[error("{0}")]
    Invalid(String),
    /// Somebody types too often.
    #[error("Somebody types too often")]
    TooMuchTyping(Usage),
}

impl CommunicationError {
    fn rule(&self) -> &'static str {
        match self {
            Self::NoConversation => "conversation.unknown",
            Self::NoParticipant => "participant.unknown",
            Self::NoCommunication => "communication.unknown",
            Self::NoMessage => "message.unknown",
            Self::NoMedia => "media.unknown",
            Self::NoIntegration => "integration.unknown",
            Self::NoQueue => "queue.unknown",
            Self::NoUser => "user.unknown",
            Self::SameParty => "transfer.same_party",
            Self::NotAUser => "token.no_user",
            Self::NotAClient => "token.of_user",
            Self::NotActive => "participant.not_active",
            Self::OwnConversation => "monitor.own_conversation",
            Self::TooManyMonitors => "monitor.too_many",
            Self::NotConnected => "communication.not_connected",
            Self::Over(_) => "conversation.over",
            Self::NoState | Self::NoCode | Self::NoBody | Self::Invalid(_) => "body.invalid",
            Self::TooLong(_) => "text.too_long",
            Self::TooMuchTyping(_) => "typing.too_much",
        }
    }
}

/// Says in the journal why something is not done.
pub(super) fn refuse(cx: &Cx, error: CommunicationError) -> CommunicationError {
    cx.refuse(Refusal::new(error.rule(), error.to_string()));
    error
}

/// In the org's critical section, with a conversation that is there.
pub(super) fn within<T>(
    cx: &Cx,
    id: &str,
    work: impl FnOnce(&mut Cell, &Step<'_>) -> Result<T, CommunicationError>,
) -> Result<T, CommunicationError> {
    let done = of_visit(cx, |cell, step| match cell.state.conversations.get(id) {
        None => Err(CommunicationError::NoConversation),
        Some(_) => work(cell, step),
    });
    done.map_err(|error| refuse(cx, error))
}

pub(super) fn known<'a>(cell: &'a Cell, id: &str) -> Result<&'a Conversation, CommunicationError> {
    cell.state.conversations.get(id).ok_or(CommunicationError::NoConversation)
}

/// The session of a conversation in which something can be said.
pub(super) fn live(cell: &Cell, step: &Step<'_>, id: &str) -> Result<SessionToken, CommunicationError> {
    Ok(under_way(&cell.state, id, step.now)?)
}

/// May whoever calls act for this participant? An application may for all, a user for itself.
fn may_act_for(proved: &Proved, participant: &Participant) -> Result<(), CommunicationError> {
    match proved.user() {
        Some(user) if participant.user.as_ref() != Some(user) => Err(CommunicationError::NotActive),
        _ => Ok(()),
    }
}
