//! What guests do in their chats.

use std::sync::Arc;

use crate::{
    domain::{
        conversation::{Ending, Participant},
        message::Message,
        web_chat::{BodyType, MOST_SAID, MediaRequest, RequestState},
    },
    ops::{
        communications::{CommunicationError, Found, Typing, bare, found, known, live, within},
        cx::Cx,
        org::Cell,
    },
};

/// The words of a line, if they are some.
pub(in crate::ops) fn checked(words: String) -> Result<String, CommunicationError> {
    match words.chars().count() {
        0 => Err(CommunicationError::NoBody),
        length if length > MOST_SAID => Err(CommunicationError::TooLong(length)),
        _ => Ok(words),
    }
}

/// The member that a guest says it is: it may be nobody but itself.
fn own(cell: &Cell, id: &str, member: &str) -> Result<Participant, CommunicationError> {
    let one = known(cell, id)?.participant(member).ok_or(CommunicationError::NoParticipant)?;
    let guest = known(cell, id)?.participants().next().is_some_and(|guest| guest.side.id == one.side.id);
    if guest { Ok(one.clone()) } else { Err(CommunicationError::NotActive) }
}

/// Says something. Answers the line.
pub fn say(
    cx: &Cx,
    (id, member): (&str, &str),
    (body_type, words): (BodyType, String),
) -> Result<Found, CommunicationError> {
    within(cx, id, |cell, step| {
        let one = own(cell, id, member)?;
        let words = checked(words)?;
        if !matches!(body_type, BodyType::Standard | BodyType::Notice) {
            return Err(CommunicationError::Invalid("guests say standard and notice".to_owned()));
        }
        live(cell, step, id)?;
        let message = step.line(cell, &id.into(), &one.side.id, (body_type, words));
        found(cell, id, message)
    })
}

/// Types.
pub fn types(cx: &Cx, id: &str, member: &str) -> Result<Typing, CommunicationError> {
    within(cx, id, |cell, step| {
        let one = own(cell, id, member)?;
        live(cell, step, id)?;
        let event = step.shows_typing(cell, &id.into(), &one.side.id);
        Ok(Typing { id: event, sender: one.side.id, shown: bare(cell, id)? })
    })
}

/// Leaves. The conversation is over for all.
pub fn leave(cx: &Cx, id: &str, member: &str) -> Result<(), CommunicationError> {
    within(cx, id, |cell, step| {
        own(cell, id, member)?;
        let token = live(cell, step, id)?;
        step.end(cell, &token, &id.into(), Ending::Closed);
        Ok(())
    })
}

/// Says what becomes of a request to share something.
pub fn answer(
    cx: &Cx,
    id: &str,
    request: &str,
    state: RequestState,
) -> Result<MediaRequest, CommunicationError> {
    within(cx, id, |cell, step| {
        let chat = known(cell, id)?.chat.as_ref();
        let is_there = chat.is_some_and(|chat| chat.requests().iter().any(|one| one.id == request));
        if !is_there {
            return Err(CommunicationError::NoMessage);
        }
        live(cell, step, id)?;
        let key = || step.org.draws.draw(step.cause, "security key", 0).hex32();
        let answered = cell.state.conversations.with_chat(id, |chat| {
            let one = chat.request_mut(request)?;
            one.state = state;
            if state == RequestState::Accepted {
                one.security_key.get_or_insert_with(key);
            }
            Some(one.clone())
        });
        answered.flatten().ok_or(CommunicationError::NoMessage)
    })
}

/// Which lines are asked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Only those that came after the one of this id.
    pub after: Option<String>,
    /// Only those that came before it.
    pub before: Option<String>,
    /// The newest first?
    pub descending: bool,
    /// At most so many.
    pub most: usize,
}

/// A part of what was said in a chat.
pub struct Part {
    /// The lines.
    pub lines: Vec<Arc<Message>>,
    /// Are there others before the oldest of them?
    pub before: bool,
    /// Are there others after the newest of them?
    pub after: bool,
}

/// The lines that are asked for; `None` when there is none of an id.
pub fn part(found: &[Arc<Message>], wanted: &Wanted) -> Option<Part> {
    let place = |id: &str| found.iter().position(|line| line.id == id);
    let start = match &wanted.after {
        Some(id) => place(id)? + 1,
        None => 0,
    };
    let end = match &wanted.before {
        Some(id) => place(id)?,
        None => found.len(),
    };
    let all = found.get(start..end.max(start)).unwrap_or_default();
    // those next to the cursor, or the first ones of the order
    let of_the_end = wanted.descending || wanted.before.is_some() && wanted.after.is_none();
    let skipped = all.len().saturating_sub(wanted.most);
    let skipped = if of_the_end { skipped } else { 0 };
    let mut lines: Vec<_> = all.iter().skip(skipped).take(wanted.most).cloned().collect();
    let (before, after) = (start + skipped > 0, start + skipped + lines.len() < found.len());
    if wanted.descending {
        lines.reverse();
    }
    Some(Part { lines, before, after })
}
