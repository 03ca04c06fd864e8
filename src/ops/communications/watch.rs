//! Looking on in conversations, and recording them.

use super::{CommunicationError, known, within};
use crate::{
    domain::{
        conversation::Participant,
        watched::{MOST_MONITORS, Recording, Watched},
    },
    ops::{access::Proved, cx::Cx, org::Cell},
};

/// Characters of what applications call a conversation.
const LONGEST_TAG: usize = 100;

fn watched<'a>(cell: &'a mut Cell, id: &str) -> Result<&'a mut Watched, CommunicationError> {
    cell.state.conversations.watched_mut(id).ok_or(CommunicationError::NoConversation)
}

/// A user looks on at a participant: it is told of the conversation from now on.
pub fn monitor(cx: &Cx, proved: &Proved, id: &str, participant: &str) -> Result<(), CommunicationError> {
    within(cx, id, |cell, step| {
        let user = proved.user().ok_or(CommunicationError::NotAUser)?;
        let conversation = known(cell, id)?;
        conversation.participant(participant).ok_or(CommunicationError::NoParticipant)?;
        if conversation.participants().any(|one| one.user.as_ref() == Some(user) && one.left.is_none()) {
            return Err(CommunicationError::OwnConversation);
        }
        super::live(cell, step, id)?;
        let monitors = &mut watched(cell, id)?.monitors;
        let one = (user.clone(), participant.to_owned());
        if !monitors.contains(&one) {
            if monitors.len() >= MOST_MONITORS {
                return Err(CommunicationError::TooManyMonitors);
            }
            monitors.push(one);
            step.changed(cell, &id.into());
        }
        Ok(())
    })
}

/// Records a conversation, or not. A user does so with its own; with `wants_user` nobody else does.
pub fn record(
    cx: &Cx,
    proved: &Proved,
    id: &str,
    (recording, wants_user): (Recording, bool),
) -> Result<Recording, CommunicationError> {
    within(cx, id, |cell, step| {
        if wants_user && proved.user().is_none() {
            return Err(CommunicationError::NotAUser);
        }
        super::live(cell, step, id)?;
        if let Some(user) = proved.user() {
            let own = |one: &Participant| {
                one.user.as_ref() == Some(user) && one.left.is_none() && !one.is_alerting()
            };
            if !known(cell, id)?.participants().any(own) {
                return Err(CommunicationError::NotActive);
            }
        }
        let watched = watched(cell, id)?;
        if watched.recording != recording {
            watched.recording = recording;
            step.changed(cell, &id.into());
        }
        Ok(recording)
    })
}

/// Applications call a conversation so; an empty text is nothing.
pub fn tag(cx: &Cx, id: &str, tag: &str) -> Result<(), CommunicationError> {
    within(cx, id, |cell, step| {
        if tag.chars().count() > LONGEST_TAG {
            let words = format!("externalTag has more than {LONGEST_TAG} characters");
            return Err(CommunicationError::Invalid(words));
        }
        watched(cell, id)?.tag = Some(tag.to_owned()).filter(|tag| !tag.is_empty());
        step.changed(cell, &id.into());
        Ok(())
    })
}
