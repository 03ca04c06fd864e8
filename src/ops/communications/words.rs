//! What agents and applications say to guests.

use super::{CommunicationError, Found, finding::shown, known, live, may_act_for, media::sent, within};
use crate::{
    base::{draw::Mint, time::Span},
    domain::{
        communication::CommunicationState,
        content::Content,
        conversation::{Participant, Purpose},
        message::{Originator, Persona},
        session::{MAX_SPOKEN, Spoken},
    },
    ops::{
        access::Proved,
        conversations::{NotSaid, may_type},
        cx::Cx,
        org::Cell,
    },
};

/// What somebody says.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// The text.
    pub text: String,
    /// Files that were uploaded for it.
    pub media: Vec<String>,
}

/// Whose communication this is, when whoever calls may speak on it.
pub(super) fn speaking(
    cell: &Cell,
    proved: &Proved,
    id: &str,
    communication: &str,
) -> Result<Participant, CommunicationError> {
    let one = known(cell, id)?.of_communication(communication).ok_or(CommunicationError::NoCommunication)?;
    may_act_for(proved, one)?;
    match one.state() {
        CommunicationState::Connected if one.side.purpose != Purpose::Customer => Ok(one.clone()),
        _ => Err(CommunicationError::NotConnected),
    }
}

fn spoken_as(one: &Participant) -> (Option<Persona>, Originator) {
    match one.side.purpose {
        Purpose::Workflow => (None, Originator::Bot),
        _ => {
            let nickname = Some(one.side.name.clone());
            (Some(Persona { nickname, ..Persona::default() }), Originator::Human)
        }
    }
}

/// Says something to the guest. Answers the message.
pub fn say(
    cx: &Cx,
    proved: &Proved,
    id: &str,
    communication: &str,
    said: Said,
) -> Result<Found, CommunicationError> {
    within(cx, id, |cell, step| {
        let one = speaking(cell, proved, id, communication)?;
        let length = said.text.chars().count();
        if length > MAX_SPOKEN {
            return Err(CommunicationError::TooLong(length));
        }
        if said.text.is_empty() && said.media.is_empty() {
            return Err(CommunicationError::Invalid(
                "textBody is empty, and there are no mediaIds".to_owned(),
            ));
        }
        let token = live(cell, step, id)?;
        let mut mint = Mint::new(&step.org.draws, step.cause);
        let content = match said.media.as_slice() {
            [] => Content::None,
            all => {
                Content::Attachments(sent(step.org, &mut cell.state, &mut mint, step.now, (id, &token), all)?)
            }
        };
        let (from, originator) = spoken_as(&one);
        let text = Some(said.text).filter(|text| !text.is_empty());
        let spoken = Spoken { text, content, from, originator };
        let message = step.speaks(cell, &token, &id.into(), spoken);
        let message = message.ok_or(CommunicationError::NoMessage)?;
        Ok(Found { message, shown: shown(cell, id)? })
    })
}

/// Shows the guest that somebody types.
pub fn types(
    cx: &Cx,
    proved: &Proved,
    id: &str,
    communication: &str,
    lasting: Option<Span>,
) -> Result<(), CommunicationError> {
    within(cx, id, |cell, step| {
        let one = speaking(cell, proved, id, communication)?;
        let token = live(cell, step, id)?;
        match may_type(step.app, cell, id, step.now) {
            Err(NotSaid::TooMuchTyping(usage)) => return Err(CommunicationError::TooMuchTyping(usage)),
            // whoever types need not know that nobody is shown it
            Err(NotSaid::TypingOff(_)) => return Ok(()),
            other => other?,
        }
        let (from, _) = spoken_as(&one);
        step.types(cell, &token, &id.into(), from, (true, lasting));
        Ok(())
    })
}

impl Found {
    /// Who said it.
    pub fn author(&self) -> Option<&Participant> {
        self.shown.conversation.author(&self.message)
    }
}
