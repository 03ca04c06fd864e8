//! Somebody else goes on with a conversation.

use super::{CommunicationError, known, live, may_act_for, within};
use crate::{
    base::ids::ConversationId,
    domain::{
        communication::{CommunicationState, DisconnectType},
        conversation::Purpose,
    },
    ops::{access::Proved, cx::Cx, routing::queue_of_id},
};

/// Who goes on.
#[derive(Clone, Debug)]
pub enum To {
    /// A queue, by its id.
    Queue(String),
    /// A user, by its id.
    User(String),
}

/// A participant leaves, and the conversation goes to a queue or is offered to a user.
pub fn replace(
    cx: &Cx,
    proved: &Proved,
    id: &str,
    participant: &str,
    to: &To,
) -> Result<(), CommunicationError> {
    within(cx, id, |cell, step| {
        let one = known(cell, id)?.participant(participant).ok_or(CommunicationError::NoParticipant)?.clone();
        may_act_for(proved, &one)?;
        if one.state() != CommunicationState::Connected || one.side.purpose == Purpose::Customer {
            return Err(CommunicationError::NotConnected);
        }
        // only chats have a word for that
        let is_chat = known(cell, id)?.chat.is_some();
        if let To::User(user) = to
            && is_chat
            && one.user.as_ref().is_some_and(|own| own.as_str() == user)
        {
            return Err(CommunicationError::SameParty);
        }
        let token = live(cell, step, id)?;
        let conversation = ConversationId::from(id);
        let queue = match to {
            To::Queue(wanted) => {
                let (local, _) = queue_of_id(&cell.state, wanted).ok_or(CommunicationError::NoQueue)?;
                Some(local.clone())
            }
            To::User(wanted) => {
                let user = &cell.state.users.get(wanted.as_str()).ok_or(CommunicationError::NoUser)?.id;
                if known(cell, id)?.present(Purpose::Agent).any(|one| one.user.as_ref() == Some(user)) {
                    let words = format!("user {user} takes part in the conversation already");
                    return Err(CommunicationError::Invalid(words));
                }
                None
            }
        };
        let known = cell.state.conversations.get_mut(id);
        let left = known.and_then(|mut known| known.part(&one.side.id, DisconnectType::Transfer, step.now));
        step.have_left(cell, &token, &conversation, left.into_iter().collect());
        step.leave(cell, &token, &conversation, &[Purpose::Workflow, Purpose::Acd]);
        match (to, queue) {
            (To::User(user), _) => step.offer_to(cell, &conversation, &user.as_str().into(), None),
            (To::Queue(_), Some(queue)) => {
                let new = step.org.draws.draw(step.cause, "queue participant", 0).uuid();
                step.enqueue(cell, &token, &conversation, (new, queue));
            }
            (To::Queue(_), None) => {}
        }
        if let Some(user) = &one.user {
            step.review(cell, user);
        }
        Ok(())
    })
}
