//! What becomes of participants: taken, held, put aside, ended; and what is known about them.

use std::collections::BTreeMap;

use super::{
    CommunicationError, known, live, may_act_for, within,
    wrapup::{self, found},
};
use crate::{
    base::{
        ids::{ConversationId, SessionToken},
        time::Timestamp,
    },
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
        let one = found(cell, id, participant, communication)?.clone();
        if communication.is_some() && change.state.is_none() {
            return Err(CommunicationError::NoState);
        }
        let Change { state, held, wrapup, wrapup_skipped, of_calls } = change;
        let said_more = held.is_some() || wrapup.is_some() || wrapup_skipped.is_some();
        if state.is_none() && !said_more && !of_calls {
            let words = "one of state, held, wrapup and wrapupSkipped is to be said";
            return Err(CommunicationError::Invalid(words.to_owned()));
        }
        // all is judged before anything is done: what is refused has changed nothing
        let wrapup = wrapup.map(|given| wrapup::judged(cell, step, given)).transpose()?;
        if held.is_some() && one.state() != CommunicationState::Connected {
            return Err(CommunicationError::NotConnected);
        }
        let next = next(cell, step, proved, id, &one, state.as_deref())?;
        if let Some(said) = wrapup {
            wrapup::put(cell, step, id, &one, said);
        }
        with_participant(cell, id, participant, |one| {
            let communication = &mut one.communication;
            communication.wrapup_skipped = wrapup_skipped.unwrap_or(communication.wrapup_skipped);
            if let Some(held) = held {
                communication.held = held.then_some(step.now);
            }
        });
        wrapup::settle(cell, step, id, &one);
        next.done(cell, step, id, &one);
        if said_more || one.state() == CommunicationState::Parked {
            step.changed(cell, &id.into());
        }
        if let Some(user) = one.user.as_ref().filter(|_| next.leaves_review()) {
            step.review(cell, user);
        }
        Ok(())
    })
}

/// What becomes of a participant, after it was found out that it can.
enum Next {
    /// Nothing.
    Stays,
    /// It comes back to what it had put aside.
    Resumes,
    /// It takes what it was offered.
    Takes(SessionToken),
    /// It leaves, and the conversation goes on.
    Leaves(SessionToken),
    /// It ends the conversation.
    Ends(SessionToken),
}

fn next(
    cell: &Cell,
    step: &Step<'_>,
    proved: &Proved,
    id: &str,
    one: &Participant,
    state: Option<&str>,
) -> Result<Next, CommunicationError> {
    match (state, one.state()) {
        (None, _) | (Some("disconnected"), CommunicationState::Disconnected) => Ok(Next::Stays),
        (Some("connected"), now) => {
            may_act_for(proved, one)?;
            match now {
                CommunicationState::Disconnected => Err(CommunicationError::NotConnected),
                CommunicationState::Connected => Ok(Next::Stays),
                CommunicationState::Parked => Ok(Next::Resumes),
                CommunicationState::Alerting => Ok(Next::Takes(live(cell, step, id)?)),
            }
        }
        (Some("disconnected"), _) => {
            let known = known(cell, id)?;
            let another = |other: &Participant| other.side.id != one.side.id && !other.is_alerting();
            let answered = one.side.purpose == Purpose::Agent && known.present(Purpose::Agent).any(another);
            match one.is_alerting() || answered {
                true => Ok(Next::Leaves(known.session.clone())),
                false => Ok(Next::Ends(live(cell, step, id)?)),
            }
        }
        (Some(other), _) => Err(CommunicationError::Invalid(format!(
            "state {other} is none that a participant is set to: connected or disconnected"
        ))),
    }
}

impl Next {
    /// Is it not yet looked whether the user has something to do now?
    fn leaves_review(&self) -> bool {
        !matches!(self, Self::Takes(_) | Self::Ends(_))
    }

    /// It becomes that. With the last who answers, or the guest, the conversation is over; an offer that is turned down is made
    /// to another one.
    fn done(&self, cell: &mut Cell, step: &Step<'_>, id: &str, one: &Participant) {
        let conversation = ConversationId::from(id);
        match self {
            Self::Stays => {}
            Self::Resumes => with_participant(cell, id, &one.side.id, |one| one.communication.parked = None),
            Self::Takes(token) => step.takes(cell, token, &conversation, &one.side.id),
            Self::Leaves(token) => {
                let known = cell.state.conversations.get_mut(id);
                let left =
                    known.and_then(|mut known| known.part(&one.side.id, DisconnectType::Client, step.now));
                step.have_left(cell, token, &conversation, left.into_iter().collect());
                step.offer_anew(cell, token, &conversation);
            }
            Self::Ends(token) => end_by(cell, step, token, id, Some(one)),
        }
    }
}

pub(super) fn with_participant(
    cell: &mut Cell,
    id: &str,
    participant: &str,
    work: impl FnOnce(&mut Participant),
) {
    if let Some(mut known) = cell.state.conversations.get_mut(id)
        && let Some(one) = known.participant_mut(participant)
    {
        work(one);
    }
}

fn end_by(cell: &mut Cell, step: &Step<'_>, token: &SessionToken, id: &str, by: Option<&Participant>) {
    if let Some(by) = by {
        with_participant(cell, id, &by.side.id, |by| {
            by.communication.disconnect = Some(DisconnectType::Client);
        });
    }
    let agent = by.filter(|by| by.side.purpose == Purpose::Agent);
    let from = agent.map(|by| Persona { nickname: Some(by.side.name.clone()), ..Persona::default() });
    step.ends(cell, token, &id.into(), from);
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
        let token = live(cell, step, id)?;
        end_by(cell, step, &token, id, by.as_ref());
        Ok(())
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
        let mut known = cell.state.conversations.get_mut(id).ok_or(CommunicationError::NoConversation)?;
        let one = known.participant_mut(participant).ok_or(CommunicationError::NoParticipant)?;
        let (gone, added): (BTreeMap<_, _>, BTreeMap<_, _>) =
            given.into_iter().partition(|(_, value)| value.is_empty());
        gone.keys().for_each(|name| drop(one.attributes.remove(name)));
        one.merge(added);
        let all = one.attributes.clone();
        drop(known);
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
        let one = found(cell, id, participant, None)?.clone();
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
        with_participant(cell, id, participant, |one| one.communication.parked = parked);
        step.changed(cell, &id.into());
        Ok(())
    })
}
