//! What becomes of participants: taken, held, put aside, ended; and what is known about them.

use std::collections::BTreeMap;

use super::{CommunicationError, known, live, may_act_for, within};
use crate::{
    base::{ids::ConversationId, time::Timestamp},
    domain::{
        communication::{CommunicationState, DisconnectType},
        conversation::{Participant, Purpose},
        detail_event::Happened,
        message::Persona,
    },
    ops::{access::Proved, cx::Cx, org::Cell, step::Step},
};

/// What is to become of a participant.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// How far its communication is to be.
    pub state: Option<String>,
    /// Is it held?
    pub held: Option<bool>,
    /// What it was about.
    pub wrapup: Option<super::wrapup::Given>,
    /// Does the agent not say what it was about?
    pub wrapup_skipped: Option<bool>,
    /// Is there anything else that calls have, and messages do not?
    pub of_calls: bool,
}

/// Changes a participant. With `communication`, that of its communications which has this id; the state must be given then.
pub fn change(
    cx: &Cx,
    proved: &Proved,
    (id, participant, communication): (&str, &str, Option<&str>),
    change: Change,
) -> Result<(), CommunicationError> {
    within(cx, id, |cell, step| {
        let one = known(cell, id)?.participant(participant).ok_or(CommunicationError::NoParticipant)?.clone();
        if communication.is_some_and(|asked| asked != one.communication.id && asked != one.side.id) {
            return Err(CommunicationError::NoCommunication);
        }
        if communication.is_some() && change.state.is_none() {
            return Err(CommunicationError::NoState);
        }
        let Change { state, held, wrapup, wrapup_skipped, of_calls } = change;
        let said_more = held.is_some() || wrapup.is_some() || wrapup_skipped.is_some();
        if state.is_none() && held.is_none() && wrapup.is_none() && wrapup_skipped.is_none() && !of_calls {
            let words = "one of state, held, wrapup and wrapupSkipped is to be said";
            return Err(CommunicationError::Invalid(words.to_owned()));
        }
        if let Some(wrapup) = wrapup {
            super::wrapup::put(cell, step, id, &one, wrapup)?;
        }
        if let Some(skipped) = wrapup_skipped {
            let one = participant_mut(cell, id, participant)?;
            one.communication.wrapup_skipped = skipped;
            if skipped && one.left.is_some() {
                step.happened(cell, &id.into(), participant, Happened::AfterCallWork);
            }
        }
        if let Some(held) = held {
            if one.state() != CommunicationState::Connected {
                return Err(CommunicationError::NotConnected);
            }
            let one = participant_mut(cell, id, participant)?;
            one.communication.held = held.then_some(step.now);
        }
        match state.as_deref() {
            None => {}
            Some("connected") => {
                may_act_for(proved, &one)?;
                connect(cell, step, id, &one)?;
            }
            Some("disconnected") => disconnect(cell, step, id, &one)?,
            Some(other) => {
                let words =
                    format!("state {other} is none that a participant is set to: connected or disconnected");
                return Err(CommunicationError::Invalid(words));
            }
        }
        if said_more || one.state() == CommunicationState::Parked {
            step.changed(cell, &id.into());
        }
        if let Some(user) = &one.user {
            step.review(cell, user);
        }
        Ok(())
    })
}

pub(super) fn participant_mut<'a>(
    cell: &'a mut Cell,
    id: &str,
    participant: &str,
) -> Result<&'a mut Participant, CommunicationError> {
    let known = cell.state.conversations.get_mut(id).ok_or(CommunicationError::NoConversation)?;
    known.participant_mut(participant).ok_or(CommunicationError::NoParticipant)
}

/// Somebody takes what it was offered, or comes back to what it had put aside.
fn connect(cell: &mut Cell, step: &Step<'_>, id: &str, one: &Participant) -> Result<(), CommunicationError> {
    match one.state() {
        CommunicationState::Disconnected => return Err(CommunicationError::NotConnected),
        CommunicationState::Connected => return Ok(()),
        CommunicationState::Parked => {
            participant_mut(cell, id, &one.side.id)?.communication.parked = None;
            return Ok(());
        }
        CommunicationState::Alerting => {}
    }
    let token = live(cell, step, id)?;
    step.takes(cell, &token, &id.into(), &one.side.id);
    Ok(())
}

/// Somebody leaves. With the last who answers, or the guest, the conversation is over; an offer that is turned down is made to
/// another one.
fn disconnect(
    cell: &mut Cell,
    step: &Step<'_>,
    id: &str,
    one: &Participant,
) -> Result<(), CommunicationError> {
    if one.left.is_some() {
        return Ok(());
    }
    let conversation = ConversationId::from(id);
    let others = |other: &Participant| other.side.id != one.side.id && !other.is_alerting();
    let answered = one.side.purpose == Purpose::Agent && known(cell, id)?.present(Purpose::Agent).any(others);
    let goes_on = one.is_alerting() || answered;
    if !goes_on {
        return end_by(cell, step, id, Some(one));
    }
    let known = cell.state.conversations.get_mut(id).ok_or(CommunicationError::NoConversation)?;
    let (token, left) = (known.session.clone(), known.part(&one.side.id, DisconnectType::Client, step.now));
    step.have_left(cell, &token, &conversation, left.into_iter().collect());
    step.offer(cell, &conversation);
    Ok(())
}

fn end_by(
    cell: &mut Cell,
    step: &Step<'_>,
    id: &str,
    by: Option<&Participant>,
) -> Result<(), CommunicationError> {
    let token = live(cell, step, id)?;
    let agents: Vec<_> =
        known(cell, id)?.present(Purpose::Agent).filter_map(|one| one.user.clone()).collect();
    if let Some(by) = by {
        participant_mut(cell, id, &by.side.id)?.communication.disconnect = Some(DisconnectType::Client);
    }
    let agent = by.filter(|by| by.side.purpose == Purpose::Agent);
    let from = agent.map(|by| Persona { nickname: Some(by.side.name.clone()), ..Persona::default() });
    step.ends(cell, &token, &id.into(), from);
    for user in agents {
        step.review(cell, &user);
    }
    Ok(())
}

/// Ends a conversation for all. One that is over stays so.
pub fn end(cx: &Cx, proved: &Proved, id: &str, wants_user: bool) -> Result<(), CommunicationError> {
    within(cx, id, |cell, step| {
        if wants_user && proved.user().is_none() {
            return Err(CommunicationError::NotAUser);
        }
        if known(cell, id)?.ended.is_some() {
            return Ok(());
        }
        let own = |one: &&Participant| one.user.is_some() && one.user.as_ref() == proved.user();
        let by = known(cell, id)?.present(Purpose::Agent).find(own).cloned();
        end_by(cell, step, id, by.as_ref())
    })
}

/// Adds participant data; an empty text takes one away. Answers all there is then.
pub fn attributes(
    cx: &Cx,
    id: &str,
    participant: &str,
    given: BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, CommunicationError> {
    within(cx, id, |cell, step| {
        let one = participant_mut(cell, id, participant)?;
        let (gone, added): (BTreeMap<_, _>, BTreeMap<_, _>) =
            given.into_iter().partition(|(_, value)| value.is_empty());
        gone.keys().for_each(|name| drop(one.attributes.remove(name)));
        one.merge(added);
        let all = one.attributes.clone();
        step.happened(cell, &id.into(), participant, Happened::Attributes);
        step.changed(cell, &id.into());
        Ok(all)
    })
}

/// Puts a communication aside, or takes it up again.
pub fn park(
    cx: &Cx,
    proved: &Proved,
    id: &str,
    participant: &str,
    (state, until): (&str, Option<Timestamp>),
) -> Result<(), CommunicationError> {
    within(cx, id, |cell, step| {
        let one = known(cell, id)?.participant(participant).ok_or(CommunicationError::NoParticipant)?.clone();
        may_act_for(proved, &one)?;
        live(cell, step, id)?;
        let parked = match (state, one.state()) {
            ("parked", CommunicationState::Connected) => Some((step.now, until)),
            ("connected", CommunicationState::Parked) => None,
            _ => {
                let words = format!(
                    "state {state} does not follow {:?}: parked follows connected, connected parked",
                    one.state()
                );
                return Err(CommunicationError::Invalid(words));
            }
        };
        participant_mut(cell, id, participant)?.communication.parked = parked;
        step.changed(cell, &id.into());
        Ok(())
    })
}
