//! One step of a web messaging session, and what follows from it, under the org's lock.

use super::{
    app::App,
    messaging::Incoming,
    org::{Cell, Org},
    outgoing::Line,
    time::Due,
};
use crate::{
    base::{
        draw::{Cause, Mint},
        ids::{ConnectionId, ConversationId, SessionToken},
        time::Timestamp,
        wave::Wave,
    },
    domain::{
        conversation::{Conversation, Participant, Purpose},
        frame::{Body, Frame},
        session::{Action, Event, Rules},
    },
};

/// A timer of a session.
pub(super) fn of_timer(
    app: &App,
    org: &Org,
    cause: Cause,
    session: &SessionToken,
    event: Event,
    wave: &Wave,
) {
    org.cell(|cell| {
        let step = Step { app, org, cause, now: org.clock.now(), requester: None, wave: Some(wave) };
        step.run(cell, session, event);
    });
}

/// One step of a session.
pub(super) struct Step<'a> {
    pub app: &'a App,
    pub org: &'a Org,
    pub cause: Cause,
    pub now: Timestamp,
    pub requester: Option<&'a Incoming<'a>>,
    pub wave: Option<&'a Wave>,
}

impl Step<'_> {
    /// Takes it, and does what follows.
    pub fn run(&self, cell: &mut Cell, token: &SessionToken, event: Event) {
        let state = &mut cell.state;
        let Some(session) = state.sessions.get_mut(token) else {
            return;
        };
        let Some(deployment) = state.deployments.get(&session.deployment).cloned() else {
            return;
        };
        let bot = deployment.bot.as_ref().and_then(|name| state.bots.get(name)).cloned();
        let rules = Rules { deployment: &deployment, bot: bot.as_deref() };
        let mut mint = Mint::new(&self.org.draws, self.cause);
        let tracing_id = self.requester.and_then(|incoming| incoming.tracing_id.clone());
        let actions = session.step(event, tracing_id, &rules, self.now, &mut mint);
        let mut timers = 0;
        for action in actions {
            self.perform(cell, token, action, &mut mint, &mut timers);
        }
    }

    fn perform(
        &self,
        cell: &mut Cell,
        token: &SessionToken,
        action: Action,
        mint: &mut Mint<'_>,
        timers: &mut u32,
    ) {
        let mut arm = |due, what| {
            self.org.clock.arm(due, self.cause.timer(*timers), what);
            *timers += 1;
        };
        match action {
            Action::Answer(frame) => {
                if let Some(incoming) = self.requester {
                    self.send(cell, incoming.connection, &frame);
                }
            }
            Action::Everyone(frame) => self.fan_out(cell, token, &frame, None),
            Action::Others(frame) => {
                self.fan_out(cell, token, &frame, self.requester.map(|one| one.connection))
            }
            Action::Release { requester } => {
                let kept = self.requester.map(|one| one.connection).filter(|_| !requester);
                for connection in cell.sockets.of_session(token).into_iter().filter(|one| Some(*one) != kept)
                {
                    cell.sockets.configure(connection, None);
                }
            }
            Action::Think(due, said) => arm(due, Due::BotTurn { session: token.clone(), said }),
            Action::WakeAt(due) => arm(due, Due::SessionDeadline(token.clone())),
            Action::Begin(id) => self.begin(cell, token, id, mint),
            Action::Attributes(attributes) => {
                if let Some(guest) = conversation(cell, token).and_then(|c| c.participants.first_mut()) {
                    guest.attributes.extend(attributes);
                }
            }
            Action::SignIn(person) => {
                if let Some(guest) = conversation(cell, token).and_then(|c| c.participants.first_mut()) {
                    guest.name = person.shown();
                }
                if let Some(session) = cell.state.sessions.get(token) {
                    let key = (session.deployment.clone(), person.subject);
                    cell.state.signed_in.insert(key, token.clone());
                }
            }
            Action::FilesSent(ids) => ids.iter().for_each(|id| cell.state.files.sent(id)),
            Action::ForgetFiles => cell.state.files.delete_all(token),
            Action::GuestTypes { .. } => {}
            Action::HandOver(queue) => {
                let name = cell.state.queues.get(&queue).cloned().unwrap_or(queue);
                let joined = self.joins(mint, Purpose::Acd, name);
                if let Some(conversation) = conversation(cell, token) {
                    self.leaves(conversation, Purpose::Workflow);
                    conversation.participants.push(joined);
                }
            }
            Action::End => {
                if let Some(conversation) = conversation(cell, token) {
                    for side in
                        conversation.participants.iter_mut().filter(|side| side.purpose != Purpose::Customer)
                    {
                        side.left.get_or_insert(self.now);
                    }
                    conversation.ended = Some(self.now);
                }
            }
        }
    }

    fn fan_out(&self, cell: &mut Cell, token: &SessionToken, frame: &Frame, but: Option<ConnectionId>) {
        for connection in cell.sockets.of_session(token).into_iter().filter(|one| Some(*one) != but) {
            self.send(cell, connection, frame);
        }
    }

    fn send(&self, cell: &mut Cell, connection: ConnectionId, frame: &Frame) {
        let line = Line { app: self.app, org: self.org, id: connection, wave: self.wave };
        let asked = self.requester.filter(|one| one.connection == connection);
        match asked.and_then(|one| one.echo_lost_by) {
            Some(fault) if matches!(frame.body, Body::Message(_)) => line.lose(cell, frame, fault),
            _ => line.send(cell, frame),
        }
    }

    /// A conversation begins, or one that the guest's tokens belong to goes on with another session.
    fn begin(&self, cell: &mut Cell, token: &SessionToken, id: ConversationId, mint: &mut Mint<'_>) {
        let Some(session) = cell.state.sessions.get(token) else {
            return;
        };
        let deployment = session.deployment.clone();
        let bot = cell.state.deployments.get(&deployment).and_then(|deployment| deployment.bot.clone());
        let bot = bot.map(|name| self.joins(mint, Purpose::Workflow, name));
        if let Some(known) = cell.state.conversations.get_mut(&id) {
            known.session = token.clone();
            known.ended = None;
            self.leaves(known, Purpose::Workflow);
            known.participants.extend(bot);
            return;
        }
        let guest = session.guest.as_ref().and_then(|id| cell.state.guests.get(id));
        let customer = Participant {
            id: mint.uuid("participant"),
            purpose: Purpose::Customer,
            name: match (&session.person, guest) {
                (Some(person), _) => person.shown(),
                (None, Some(guest)) => guest.name.clone(),
                (None, None) => "Guest".to_owned(),
            },
            guest: session.guest.clone(),
            attributes: guest.map(|guest| guest.participant_data()).unwrap_or_default(),
            joined: self.now,
            left: None,
        };
        let conversation = Conversation {
            id: id.clone(),
            session: token.clone(),
            deployment,
            started: self.now,
            ended: None,
            participants: std::iter::once(customer).chain(bot).collect(),
        };
        cell.state.conversations.insert(id, conversation);
    }

    fn joins(&self, mint: &mut Mint<'_>, purpose: Purpose, name: String) -> Participant {
        let (id, attributes) = (mint.uuid("participant"), Default::default());
        Participant { id, purpose, name, guest: None, attributes, joined: self.now, left: None }
    }

    fn leaves(&self, conversation: &mut Conversation, purpose: Purpose) {
        for side in conversation.participants.iter_mut().filter(|side| side.purpose == purpose) {
            side.left.get_or_insert(self.now);
        }
    }
}

fn conversation<'a>(cell: &'a mut Cell, token: &SessionToken) -> Option<&'a mut Conversation> {
    let id = cell.state.sessions.get(token)?.conversation.clone()?;
    cell.state.conversations.get_mut(&id)
}
