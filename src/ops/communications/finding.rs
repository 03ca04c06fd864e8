//! Conversations and messages, found.

use std::sync::Arc;

use super::{CommunicationError, known, refuse, told::with_names, within};
use crate::{
    domain::{communication::Medium, conversation::Conversation, message::Message, shown::Shown},
    ops::{access::Proved, cx::Cx, org::Cell},
};

/// A message, with the conversation that it was said in.
pub struct Found {
    /// The message.
    pub message: Arc<Message>,
    /// The conversation.
    pub shown: Arc<Shown>,
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

/// A conversation without what was said in it, but for what became of these messages.
fn around<'a>(
    cell: &Cell,
    known: &Conversation,
    messages: impl IntoIterator<Item = &'a Arc<Message>>,
) -> Arc<Shown> {
    let mut head = known.head();
    let receipts =
        messages.into_iter().filter_map(|one| Some((one.id.clone(), *known.receipts.get(&one.id)?)));
    head.receipts.extend(receipts);
    Arc::new(with_names(&cell.state, head))
}

/// A message that was just said, with a conversation in which nothing else was.
pub(in crate::ops) fn found(
    cell: &Cell,
    id: &str,
    message: Option<Arc<Message>>,
) -> Result<Found, CommunicationError> {
    let message = message.ok_or(CommunicationError::NoMessage)?;
    Ok(Found { shown: around(cell, known(cell, id)?, [&message]), message })
}

/// The conversations in which the user who calls takes part. An application takes part in none.
pub fn active(cx: &Cx, proved: &Proved, fits: impl Fn(Medium) -> bool) -> Vec<Arc<Shown>> {
    let Some(user) = proved.user() else { return Vec::new() };
    cx.org.cell(|cell| {
        let own = cell.state.conversations.of_user(user).filter(|known| fits(known.medium()));
        own.map(|known| Arc::new(with_names(&cell.state, known.clone()))).collect()
    })
}

fn said(cell: &Cell, id: &str, message: &str) -> Option<Arc<Message>> {
    let (known, message) = cell.state.conversations.message(message)?;
    (known.id.as_str() == id).then(|| Arc::clone(message))
}

/// A message of a conversation.
pub fn message(cx: &Cx, id: &str, message: &str) -> Result<Found, CommunicationError> {
    within(cx, id, |cell, _| found(cell, id, said(cell, id, message)))
}

/// Messages of a conversation, as they are asked for. Those that are not there are left out.
pub fn messages(cx: &Cx, id: &str, wanted: &[String]) -> Result<Vec<Found>, CommunicationError> {
    within(cx, id, |cell, _| {
        let all: Vec<_> = wanted.iter().filter_map(|wanted| said(cell, id, wanted)).collect();
        let shown = around(cell, known(cell, id)?, &all);
        Ok(all.into_iter().map(|message| Found { message, shown: Arc::clone(&shown) }).collect())
    })
}

/// A message, whichever conversation it is of.
pub fn details(cx: &Cx, message: &str) -> Result<Found, CommunicationError> {
    let found = cx.org.cell(|cell| {
        let found = cell.state.conversations.message(message);
        let (known, message) = found.filter(|(known, _)| known.medium() != Medium::Chat)?;
        Some(Found { message: Arc::clone(message), shown: around(cell, known, [message]) })
    });
    found.ok_or_else(|| refuse(cx, CommunicationError::NoMessage))
}
