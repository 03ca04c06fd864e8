//! What agents and applications do in web chats that is otherwise than in other conversations.

use std::sync::Arc;

use super::{
    CommunicationError, Found,
    finding::{bare, found},
    known, live, within,
    words::speaking,
};
use crate::{
    domain::{
        communication::Medium,
        shown::Shown,
        web_chat::{BodyType, MediaRequest, MediaType, RequestState},
    },
    ops::{
        access::Proved,
        conversations::{NotSaid, may_type},
        cx::Cx,
        web_chat::guest::checked,
    },
};

/// Is this conversation a chat, or is it none? Otherwise it is not there.
pub fn of_medium(cx: &Cx, id: &str, chat: bool) -> Result<(), CommunicationError> {
    within(cx, id, |cell, _| match (known(cell, id)?.medium() == Medium::Chat) == chat {
        true => Ok(()),
        false => Err(CommunicationError::NoConversation),
    })
}

/// Says something to the guest of a chat. Answers the line.
pub fn say_in_chat(
    cx: &Cx,
    proved: &Proved,
    (id, communication): (&str, &str),
    (body_type, words): (BodyType, String),
) -> Result<Found, CommunicationError> {
    within(cx, id, |cell, step| {
        let words = checked(words)?;
        if matches!(body_type, BodyType::MemberJoin | BodyType::MemberLeave) {
            let words = "that somebody comes or leaves is not said, it happens";
            return Err(CommunicationError::Invalid(words.to_owned()));
        }
        live(cell, step, id)?;
        let one = speaking(cell, proved, id, communication)?;
        let message = step.line(cell, &id.into(), &one.side.id, (body_type, words.clone()));
        let answer = found(cell, id, message)?;
        if body_type == BodyType::MediaRequest {
            let asked = MediaRequest {
                id: answer.message.id.clone(),
                types: MediaType::named(&words),
                state: RequestState::Pending,
                communication: one.communication.id,
                security_key: None,
            };
            cell.state.conversations.with_chat(id, |chat| chat.ask(asked));
        }
        Ok(answer)
    })
}

/// Somebody types in a chat.
pub struct Typing {
    /// The id of the event.
    pub id: String,
    /// Its participant's id.
    pub sender: String,
    /// The chat, without what was said in it.
    pub shown: Arc<Shown>,
}

/// Shows the guest of a chat that somebody types.
pub fn type_in_chat(
    cx: &Cx,
    proved: &Proved,
    id: &str,
    communication: &str,
) -> Result<Typing, CommunicationError> {
    within(cx, id, |cell, step| {
        live(cell, step, id)?;
        let one = speaking(cell, proved, id, communication)?;
        match may_type(step.app, cell, id, step.now) {
            Err(NotSaid::TooMuchTyping(usage)) => return Err(CommunicationError::TooMuchTyping(usage)),
            other => other?,
        }
        let event = step.shows_typing(cell, &id.into(), &one.side.id);
        Ok(Typing { id: event, sender: one.side.id, shown: bare(cell, id)? })
    })
}

/// A request to the guest to share something.
pub fn request<'a>(shown: &'a Shown, id: &str) -> Option<&'a MediaRequest> {
    shown.conversation.chat.as_ref()?.requests().iter().find(|request| request.id == id)
}
