//! Somebody signs in: what becomes of the session that it had as a guest, and of its other devices.

use super::{
    messaging::{Incoming, close_connection},
    org::Cell,
    step::Step,
};
use crate::{
    base::{draw::Mint, ids::SessionToken, time::Timestamp},
    domain::{
        deployment::{Deployment, OtherDevices},
        person::Person,
        session::Event,
    },
    events::event::What,
};

/// Whoever signs in during a chat may have made a new token for it: the guest's session goes on under that.
pub(super) fn takes_along(step: &Step<'_>, cell: &mut Cell, incoming: &Incoming<'_>) {
    let Some(old) = cell.sockets.get(incoming.connection).and_then(|socket| socket.session().cloned()) else {
        return;
    };
    let known = cell.state.sessions.get(&incoming.session).is_some();
    let guests = cell.state.sessions.get(&old).is_some_and(|session| {
        session.person.is_none() && session.conversation.is_some() && !session.is_expired(incoming.now)
    });
    if known || !guests {
        return;
    }
    for other in cell.sockets.of_session(&old).into_iter().filter(|other| *other != incoming.connection) {
        close_connection(step.app, step.org, cell, other, step.wave);
    }
    let Some(session) = cell.state.sessions.remove(&old) else {
        return;
    };
    if let Some(mut conversation) =
        session.conversation.as_ref().and_then(|id| cell.state.conversations.get_mut(id))
    {
        conversation.session = incoming.session.clone();
    }
    cell.state.files.take_along(&old, &incoming.session);
    cell.state.contacts.take_along(&old, &incoming.session);
    cell.state.sessions.insert(incoming.session.clone(), session.renamed(incoming.session.clone()));
}

/// The sessions of somebody who has signed in, but for one.
fn elsewhere(
    cell: &Cell,
    deployment: &Deployment,
    here: &SessionToken,
    person: &Person,
) -> Vec<SessionToken> {
    let key = (deployment.id.clone(), person.key());
    let known = cell.state.signed_in.get(&key).into_iter().flatten();
    let others = known.filter(|other| *other != here);
    others
        .filter(|other| cell.state.sessions.get(*other).is_some_and(|session| session.is_of(person)))
        .cloned()
        .collect()
}

/// The session that a device goes on with which has none yet, where all devices of a person stay.
pub(super) fn joined(
    cell: &mut Cell,
    deployment: &Deployment,
    here: &SessionToken,
    person: &Person,
    now: Timestamp,
) -> Option<SessionToken> {
    if deployment.sign_in.other_devices != OtherDevices::Stay || cell.state.sessions.get(here).is_some() {
        return None;
    }
    let others = elsewhere(cell, deployment, here, person);
    let live = |other: &SessionToken| cell.state.sessions.get(other).is_some_and(|one| !one.is_expired(now));
    let session = others.into_iter().rfind(live)?;
    cell.state.sessions.join(here.clone(), session.clone());
    Some(session)
}

/// Unless all devices stay, the person has one session only: another one is cleared. Was there one?
pub(super) fn clears_elsewhere(
    step: &Step<'_>,
    cell: &mut Cell,
    deployment: &Deployment,
    here: &SessionToken,
    person: &Person,
) -> bool {
    if deployment.sign_in.other_devices == OtherDevices::Stay {
        return false;
    }
    let others = elsewhere(cell, deployment, here, person);
    for other in &others {
        let unasked = Step { requester: None, ..*step };
        unasked.run(cell, other, Event::SignedInElsewhere);
    }
    !others.is_empty()
}

impl Step<'_> {
    /// The guest of a session is somebody from now on, and so is its contact.
    pub(super) fn sign_in(&self, cell: &mut Cell, token: &SessionToken, person: Person, mint: &mut Mint<'_>) {
        self.tell(cell, token, What::PersonSignedIn { subject: person.subject.clone() });
        let state = &mut cell.state;
        let Some(session) = state.sessions.get(token) else { return };
        let deployment = session.deployment.clone();
        if let Some(id) = &session.conversation
            && let Some(mut known) = state.conversations.get_mut(id)
        {
            let customer = &mut known.customer;
            customer.side.name = person.shown();
            customer.merge(person.attributes.clone());
        }
        let rules = state.deployments.get(&deployment).map(|one| &one.sign_in);
        let merges = rules.is_some_and(|rules| rules.merge_contacts);
        let source = rules.and_then(|rules| rules.external_source.as_deref());
        let resolves = rules.is_some_and(|rules| rules.resolves_identities);
        let contact = match resolves {
            true => state.contacts.of_person(&person, source, self.now, || mint.uuid("contact")),
            false => state.contacts.of_guest(token, self.now, || mint.uuid("contact")),
        };
        if let Some(ghost) = state.contacts.ghost(token).filter(|_| merges && resolves) {
            for id in state.contacts.merge(&ghost, &contact, self.now) {
                if let Some(mut known) = state.conversations.get_mut(&id) {
                    known.contact = Some(contact.clone());
                }
            }
        }
        let key = (deployment, person.key());
        let mut sessions = state.signed_in.get(&key).cloned().unwrap_or_default();
        sessions.retain(|other| {
            other != token && state.sessions.get(other).is_some_and(|session| session.is_of(&person))
        });
        sessions.push(token.clone());
        state.signed_in.insert(key, sessions);
    }
}
