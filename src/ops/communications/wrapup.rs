//! What agents say that conversations were about.

use std::sync::Arc;

use super::{CommunicationError, known, state::with_participant, within};
use crate::{
    base::time::Span,
    domain::{communication::Wrapup, conversation::Participant, detail_event::Happened, queue::WrapupCode},
    ops::{cx::Cx, org::Cell, step::Step},
};

/// Characters of what is said for people.
const NOTES: usize = 4_000;
/// Tags of one conversation.
const TAGS: usize = 100;
/// Characters of a tag.
const TAG: usize = 200;

/// What an agent says.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The id of the code.
    pub code: Option<String>,
    /// For people.
    pub notes: Option<String>,
    /// Words.
    pub tags: Vec<String>,
    /// How long it took, in seconds.
    pub seconds: Option<i64>,
    /// May it still change?
    pub provisional: bool,
}

/// Can this be said? Answers it as it is kept.
pub(super) fn judged(cell: &Cell, step: &Step<'_>, given: Given) -> Result<Wrapup, CommunicationError> {
    let code = given.code.filter(|code| !code.is_empty()).ok_or(CommunicationError::NoCode)?;
    let Some(known) = cell.state.wrapup_codes.get(&code) else {
        return Err(CommunicationError::Invalid(format!("there is no wrap-up code {code}")));
    };
    let name = Some(known.name.clone());
    let too_long = |words| Err(CommunicationError::Invalid(words));
    if given.notes.as_ref().is_some_and(|notes| notes.chars().count() > NOTES) {
        return too_long(format!("notes has more than {NOTES} characters"));
    }
    if given.tags.len() > TAGS || given.tags.iter().any(|tag| tag.chars().count() > TAG) {
        return too_long(format!("tags has more than {TAGS} tags, or one of more than {TAG} characters"));
    }
    let Given { notes, tags, seconds, provisional, .. } = given;
    let duration = seconds.map(Span::from_secs);
    Ok(Wrapup { code, name, notes, tags, duration, end: step.now, provisional })
}

/// It is said by a participant.
pub(super) fn put(cell: &mut Cell, step: &Step<'_>, id: &str, one: &Participant, said: Wrapup) {
    with_participant(cell, id, &one.side.id, |one| one.communication.wrapup = Some(said));
    step.happened(cell, &id.into(), &one.side.id, Happened::Wrapup);
}

/// Whoever counts is told once that a participant, as it was until now, has nothing more to say.
pub(super) fn settle(cell: &mut Cell, step: &Step<'_>, id: &str, one: &Participant) {
    let owes = |cell: &Cell| found(cell, id, &one.side.id, None).is_ok_and(Participant::owes_wrapup);
    if one.owes_wrapup() && !owes(cell) {
        step.happened(cell, &id.into(), &one.side.id, Happened::AfterCallWork);
    }
}

/// An agent says what it was about.
pub fn wrap_up(
    cx: &Cx,
    (id, participant, communication): (&str, &str, &str),
    given: Given,
) -> Result<(), CommunicationError> {
    within(cx, id, |cell, step| {
        let one = found(cell, id, participant, Some(communication))?.clone();
        let said = judged(cell, step, given)?;
        put(cell, step, id, &one, said);
        settle(cell, step, id, &one);
        step.changed(cell, &id.into());
        if let Some(user) = &one.user {
            step.review(cell, user);
        }
        Ok(())
    })
}

/// A participant, with the communication of it that was named, if one was.
pub(super) fn found<'a>(
    cell: &'a Cell,
    id: &str,
    participant: &str,
    communication: Option<&str>,
) -> Result<&'a Participant, CommunicationError> {
    let one = known(cell, id)?.participant(participant).ok_or(CommunicationError::NoParticipant)?;
    match communication {
        Some(asked) if asked != one.communication.id && asked != one.side.id => {
            Err(CommunicationError::NoCommunication)
        }
        _ => Ok(one),
    }
}

/// What it said, if it has. What may still change counts when that is asked for.
pub fn wrapup(
    cx: &Cx,
    (id, participant, communication): (&str, &str, Option<&str>),
    provisional: bool,
) -> Result<Option<Wrapup>, CommunicationError> {
    within(cx, id, |cell, _| {
        let said = found(cell, id, participant, communication)?.communication.wrapup.clone();
        Ok(said.filter(|said| provisional || !said.provisional))
    })
}

/// What a participant can say.
pub fn codes(cx: &Cx, id: &str, participant: &str) -> Result<Vec<Arc<WrapupCode>>, CommunicationError> {
    within(cx, id, |cell, _| {
        found(cell, id, participant, None)?;
        Ok(cell.state.wrapup_codes.values().cloned().collect())
    })
}
