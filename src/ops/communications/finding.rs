//! Conversations and messages, found.

use std::sync::Arc;

use super::{CommunicationError, known, refuse, told::with_names, within};
use crate::{
    domain::{communication::Medium, conversation::Participant, message::Message, shown::Shown},
    ops::{access::Proved, cx::Cx, org::Cell},
};

/// A message, with the conversation that it was said in.
pub struct Found {
    /// The message.
    pub message: Arc<Message>,
    /// The conversation.
    pub shown: Arc<Shown>,
}

/// A message that was just said, with a conversation in which nothing was.
pub(in crate::ops) fn found(
    cell: &Cell,
    id: &str,
    message: Option<Arc<Message>>,
) -> Result<Found, CommunicationError> {
    Ok(Found { message: message.ok_or(CommunicationError::NoMessage)?, shown: bare(cell, id)? })
}

/// A conversation without what was said in it.
pub(in crate::ops) fn bare(cell: &Cell, id: &str) -> Result<Arc<Shown>, CommunicationError> {
    Ok(Arc::new(with_names(&cell.state, known(cell, id)?.head())))
}

/// One conversation.
pub fn conversation(cx: &Cx, id: &str) -> Result<Arc<Shown>, CommunicationError> {
    within(cx, id, |cell, _| shown(cell, id))
}

pub(super) fn shown(cell: &Cell, id: &str) -> Result<Arc<Shown>, CommunicationError> {
    Ok(Arc::new(with_names(&cell.state, known(cell, id)?.clone())))
}

/// The conversations in which the user who calls takes part. An application takes part in none.
pub fn active(cx: &Cx, proved: &Proved, fits: impl Fn(Medium) -> bool) -> Vec<Arc<Shown>> {
    let Some(user) = proved.user() else { return Vec::new() };
    cx.org.cell(|cell| {
        let state = &cell.state;
        let own = state.conversations.iter().filter(|known| {
            let own = |one: &Participant| one.user.as_ref() == Some(user) && one.left.is_none();
            fits(known.medium()) && known.participants().any(own)
        });
        own.map(|known| Arc::new(with_names(state, known.clone()))).collect()
    })
}

/// A message of a conversation.
pub fn message(cx: &Cx, id: &str, message: &str) -> Result<Found, CommunicationError> {
    within(cx, id, |cell, _| {
        let found = known(cell, id)?.messages().find(|one| one.id == message).cloned();
        Ok(Found { message: found.ok_or(CommunicationError::NoMessage)?, shown: shown(cell, id)? })
    })
}

/// Messages of a conversation, as they are asked for. Those that are not there are left out.
pub fn messages(cx: &Cx, id: &str, wanted: &[String]) -> Result<Vec<Found>, CommunicationError> {
    within(cx, id, |cell, _| {
        let shown = shown(cell, id)?;
        let found = |wanted: &String| {
            let message = Arc::clone(shown.conversation.messages().find(|one| one.id == *wanted)?);
            Some(Found { message, shown: Arc::clone(&shown) })
        };
        Ok(wanted.iter().filter_map(found).collect())
    })
}

/// A message, whichever conversation it is of.
pub fn details(cx: &Cx, message: &str) -> Result<Found, CommunicationError> {
    let found = cx.org.cell(|cell| {
        let all = cell.state.conversations.iter().filter(|known| known.medium() != Medium::Chat);
        let found = all.filter_map(|known| Some((known, known.messages().find(|one| one.id == message)?)));
        found.last().map(|(known, message)| Found {
            message: Arc::clone(message),
            shown: Arc::new(with_names(&cell.state, known.clone())),
        })
    });
    found.ok_or_else(|| refuse(cx, CommunicationError::NoMessage))
}
