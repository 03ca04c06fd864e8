//! Coming, going and being closed.

use std::collections::BTreeMap;

use super::{Action, At, Session, unasked};
use crate::{
    base::ids::SessionToken,
    domain::{
        content::Content,
        conversation::Ending,
        deployment::Deployment,
        frame::{Body, ClosedReason, SessionState},
        message::{Direction, Happening, Kind, Message, Persona, Presence},
        person::Person,
    },
};

impl Session {
    /// Why this may not be configured: as a guest, or as this person.
    pub fn refuses(&self, person: Option<&Person>, deployment: &Deployment) -> Option<Body> {
        match (person, &self.person) {
            (None, Some(_)) => {
                Some(Body::error(4017, "The session is authenticated; it cannot go on as a guest's"))
            }
            (Some(new), Some(old)) if !new.is(old) => {
                let text = "The session belongs to another person".to_owned();
                Some(Body::Error { code: 403, text, rule: "session.of_another_person" })
            }
            (Some(_), None) if self.configured && !deployment.allow_session_upgrade => {
                Some(Body::error(403, "Session upgrade is not enabled for this deployment"))
            }
            _ => None,
        }
    }

    /// Goes on under another token: who signs in during a chat may have made a new one for it.
    pub fn renamed(self, token: SessionToken) -> Self {
        // the timer that looks after the expiry knows the old token
        Self { token, watched: false, ..self }
    }

    pub(super) fn configure(
        &mut self,
        start_new: bool,
        person: Option<Person>,
        cleared_existing: bool,
        at: &mut At<'_, '_>,
    ) -> Vec<Action> {
        let mut actions = Vec::new();
        if start_new {
            let ending = if self.is_expired(at.now) { Ending::Expired } else { Ending::BegunAnew };
            self.begin_anew(ending, &mut actions, at);
        }
        let new_session = !self.configured;
        self.configured = true;
        if let Some(person) = person {
            let was_guest = self.person.is_none() && !new_session;
            if self.person.as_ref() != Some(&person) {
                actions.push(Action::SignIn(person.clone()));
            }
            self.person = Some(person);
            if was_guest {
                let signed_in = self.sign_in_event(at);
                actions.push(self.keep(signed_in, None, at.rules));
            }
        }
        actions.push(at.answer(Body::Session(SessionState {
            connected: true,
            new_session,
            read_only: self.read_only,
            cleared_existing,
            media: at.rules.deployment.media(),
            expires: self.expires,
        })));
        if !std::mem::replace(&mut self.watched, true) {
            actions.push(Action::WakeAt(self.expires));
        }
        actions
    }

    /// What it was is forgotten; who the guest is, is not.
    fn begin_anew(&mut self, ending: Ending, actions: &mut Vec<Action>, at: &At<'_, '_>) {
        actions.extend(self.end(ending));
        // what is reserved has not begun, so the new session begins it
        let (guest, reserved, watched) = (self.guest.take(), self.reserved.take(), self.watched);
        let base = std::mem::take(&mut self.base);
        let person = self.person.take();
        let last_message = self.last_message;
        *self = Self::new(self.token.clone(), at.rules.deployment, at.now);
        (self.guest, self.reserved, self.watched) = (guest, reserved, watched);
        (self.person, self.last_message, self.base) = (person, last_message, base);
    }

    fn sign_in_event(&mut self, at: &mut At<'_, '_>) -> Message {
        let person = self.person.as_ref();
        let from = Persona {
            first_name: person.and_then(|person| person.first_name.clone()),
            last_name: person.and_then(|person| person.last_name.clone()),
            ..Persona::default()
        };
        let mut message = self.event(Presence::SignIn, BTreeMap::new(), at);
        message.from = Some(from);
        message
    }

    /// An event of the guest's own.
    pub(super) fn event(
        &mut self,
        presence: Presence,
        metadata: BTreeMap<String, String>,
        at: &mut At<'_, '_>,
    ) -> Message {
        let metadata = self.inbound_metadata(metadata, at);
        Message {
            id: at.mint.hex32("message"),
            kind: Kind::Event,
            direction: Direction::Inbound,
            text: None,
            time: self.next_time(at.now),
            message_id: Some(at.mint.uuid("channel message")),
            from: None,
            content: Content::None,
            happening: Some(Happening::Presence(presence)),
            metadata,
            originator: None,
            line: None,
        }
    }

    /// `closeSession`: the conversation is over; what was said can be read until a new session is started.
    pub(super) fn close(&mut self, all: bool, at: &mut At<'_, '_>) -> Vec<Action> {
        let mut actions = Vec::from_iter(self.end(Ending::Closed));
        (self.ended, self.read_only) = (true, true);
        if all {
            actions.push(Action::Others(unasked(Body::ConnectionClosed(ClosedReason::None))));
            actions.push(Action::Release { requester: false });
        }
        actions.push(at.answer(Body::Session(SessionState {
            connected: false,
            new_session: false,
            read_only: true,
            cleared_existing: false,
            media: at.rules.deployment.media(),
            expires: self.expires,
        })));
        actions
    }

    /// The guest erases the conversation: the same token begins a new session afterwards.
    pub(super) fn clear(&mut self, metadata: BTreeMap<String, String>, at: &mut At<'_, '_>) -> Vec<Action> {
        if !at.rules.deployment.conversation_clear {
            return at.error(403, "Conversation Clear is not enabled for this deployment");
        }
        let event = self.event(Presence::Clear, metadata, at);
        let mut actions = vec![self.keep(event, at.tracing_id.clone(), at.rules)];
        actions.push(Action::Everyone(unasked(Body::SessionCleared)));
        self.erase(ClosedReason::None, Ending::Cleared, &mut actions, at);
        actions
    }

    pub(super) fn signed_in_elsewhere(&mut self, at: &mut At<'_, '_>) -> Vec<Action> {
        let mut actions = Vec::new();
        self.erase(ClosedReason::SignedIn, Ending::SignedInElsewhere, &mut actions, at);
        self.person = None;
        actions
    }

    pub(super) fn logout(&mut self, at: &mut At<'_, '_>) -> Vec<Action> {
        let mut actions = vec![Action::Everyone(unasked(Body::Logout))];
        actions.push(Action::Release { requester: true });
        self.begin_anew(Ending::SignedOut, &mut actions, at);
        self.person = None;
        actions
    }

    fn erase(&mut self, reason: ClosedReason, ending: Ending, actions: &mut Vec<Action>, at: &At<'_, '_>) {
        actions.push(Action::ForgetFiles);
        actions.push(Action::Everyone(unasked(Body::ConnectionClosed(reason))));
        actions.push(Action::Release { requester: true });
        self.begin_anew(ending, actions, at);
    }

    /// It is over at this very moment.
    pub(super) fn expire(&mut self, at: &At<'_, '_>) -> Vec<Action> {
        if !self.configured || self.is_expired(at.now) {
            return Vec::new();
        }
        self.expires = at.now;
        self.expired()
    }

    pub(super) fn expired(&self) -> Vec<Action> {
        let told = Action::Everyone(unasked(Body::SessionExpired));
        std::iter::once(told).chain(self.end(Ending::Expired)).collect()
    }

    /// The end of the conversation, if there is one. The guest leaves it too, however it ended before.
    pub(super) fn end(&self, ending: Ending) -> Option<Action> {
        self.conversation.clone().map(|id| Action::End(id, ending))
    }
}
