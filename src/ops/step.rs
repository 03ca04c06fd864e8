//! One step of a web messaging session, and what follows from it, under the org's lock.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    app::App,
    attachments::{self, Given},
    cx::Cx,
    events,
    messaging::Incoming,
    notifications::Speaker,
    org::{Cell, Org},
    outgoing::{Line, Spelled},
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
        bot::turn::Turn,
        content::Content,
        conversation::Purpose,
        detail_event::Happened,
        file::File,
        frame::{Body, Frame},
        message::Originator,
        session::{Action, Event, Rules, Session, Spoken},
    },
    events::event::{About, What},
    store::org_state::OrgState,
};

/// What a visit does in the org's critical section, with what has to follow from it.
pub(super) fn of_visit<T>(cx: &Cx, work: impl FnOnce(&mut Cell, &Step<'_>) -> T) -> T {
    let wave = cx.wave();
    let step = cx.step(wave.as_ref());
    cx.org.cell(|cell| work(cell, &step))
}

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

/// What a bot waits with: its turn ends when it has left, whoever speaks in the conversation then.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BotTurn {
    /// The session in which the guest gave the cue.
    pub session: SessionToken,
    /// The conversation.
    pub conversation: ConversationId,
    /// The participant that the bot is in it.
    pub bot: String,
    /// What it has still to do.
    pub turn: Turn,
}

/// The bot goes on.
pub(super) fn of_bot(app: &App, org: &Org, cause: Cause, waiting: BotTurn, wave: &Wave) {
    let BotTurn { session, conversation, bot, turn } = waiting;
    org.cell(|cell| {
        let state = &cell.state;
        let Some(known) = state.conversations.get(&conversation).filter(|known| known.is_present(&bot))
        else {
            return;
        };
        let goes_on = |token: &&SessionToken| {
            state.sessions.get(*token).is_some_and(|one| one.conversation.as_ref() == Some(&conversation))
        };
        // whoever signed in meanwhile has perhaps gone on under another token
        let Some(session) = [&session, &known.session].into_iter().find(goes_on).cloned() else {
            return;
        };
        let step = Step { app, org, cause, now: org.clock.now(), requester: None, wave: Some(wave) };
        step.run(cell, &session, Event::BotTurn(turn));
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

/// What a step has made so far.
struct Made<'a> {
    mint: Mint<'a>,
    timers: u32,
}

impl Cx {
    /// What this visit does in its org's critical section. The wave is the visit's own.
    pub(super) fn step<'a>(&'a self, wave: Option<&'a Wave>) -> Step<'a> {
        let (cause, now) = (self.cause, self.now());
        Step { app: &self.app, org: &self.org, cause, now, requester: None, wave }
    }
}

impl<'a> Step<'a> {
    /// What tells channels of it.
    pub(super) fn speaker(&self) -> Speaker<'a> {
        Speaker { app: self.app, org: self.org, cause: self.cause, wave: self.wave }
    }
}

impl Step<'_> {
    /// Takes it, and does what follows.
    pub fn run(&self, cell: &mut Cell, token: &SessionToken, event: Event) {
        let mut made = Made { mint: Mint::new(&self.org.draws, self.cause), timers: 0 };
        self.take(cell, token, event, &mut made);
    }

    fn take(&self, cell: &mut Cell, token: &SessionToken, event: Event, made: &mut Made<'_>) {
        let state = &mut cell.state;
        let deployment =
            state.sessions.get(token).and_then(|session| state.deployments.get(&session.deployment)).cloned();
        let Some(deployment) = deployment else {
            return;
        };
        let bot = deployment.bot.as_ref().and_then(|name| state.bots.get(name)).cloned();
        let rules = Rules { deployment: &deployment, bot: bot.as_deref() };
        let tracing_id = self.requester.and_then(|incoming| incoming.tracing_id.clone());
        let mint = &mut made.mint;
        let step = |session: &mut Session| session.step(event, tracing_id, &rules, self.now, mint);
        let actions = state.sessions.change(token, step);
        for action in actions.into_iter().flatten() {
            self.perform(cell, token, action, made);
        }
    }

    fn perform(&self, cell: &mut Cell, token: &SessionToken, action: Action, made: &mut Made<'_>) {
        match action {
            Action::Answer(frame) => self.answer(cell, token, &frame),
            Action::Everyone(frame) => {
                if let Some(what) = told(&frame.body) {
                    self.tell(cell, token, what);
                }
                self.fan_out(cell, token, &frame, None);
            }
            Action::Message { conversation, message, tracing_id } => {
                if let Some(id) = conversation.as_ref().filter(|_| !message.passes()) {
                    cell.state.conversations.keep(id, message.clone());
                }
                let said = conversation.clone().filter(|_| message.happening.is_none());
                self.tell_of(cell, token, conversation, What::of(&message));
                self.fan_out(cell, token, &Frame { tracing_id, body: Body::Message(message) }, None);
                if let Some(id) = said {
                    self.changed(cell, &id);
                }
            }
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
            Action::Think(due, turn) => {
                if let Some(waiting) = bot_turn(&cell.state, token, turn) {
                    self.arm(due, Due::BotTurn(Box::new(waiting)), made);
                }
            }
            Action::Attach(file, turn) => self.attach(cell, token, &file, turn, made),
            Action::WakeAt(due) => self.arm(due, Due::SessionDeadline(token.clone()), made),
            Action::Begin(id) => self.begin(cell, token, id, &mut made.mint),
            Action::Attributes(attributes) => {
                if let Some((id, guest)) = merge(&mut cell.state, token, attributes) {
                    self.happened(cell, &id, &guest, Happened::Attributes);
                }
            }
            Action::SignIn(person) => self.sign_in(cell, token, person, &mut made.mint),
            Action::FilesSent(ids) => ids.iter().for_each(|id| cell.state.files.sent(id)),
            Action::ForgetFiles => cell.state.files.delete_all(token),
            Action::GuestTypes { on } => {
                self.tell(cell, token, What::GuestTypes { on });
                let conversation = cell.state.sessions.get(token).and_then(|one| one.conversation.clone());
                if let Some(id) = conversation.filter(|_| on) {
                    self.guest_types(cell, &id);
                }
            }
            Action::HandOver(queue) => self.hand_over(cell, token, queue, &mut made.mint),
            Action::End(id, ending) => self.end(cell, token, &id, ending),
        }
    }

    /// The bot sends a file, and goes on. Scenarios hold files only that can be sent.
    fn attach(&self, cell: &mut Cell, token: &SessionToken, file: &File, turn: Turn, made: &mut Made<'_>) {
        let given = Given { name: &file.name, mime: &file.mime, bytes: &file.bytes() };
        let put = attachments::put(self.org, &mut cell.state, &mut made.mint, self.now, token, given);
        if let Ok(sent) = put {
            let content = Content::Attachments(vec![sent]);
            let spoken = Spoken { text: None, content, from: None, originator: Originator::Bot };
            self.take(cell, token, Event::Speak(spoken), made);
        }
        self.take(cell, token, Event::BotTurn(turn), made);
    }

    fn arm(&self, due: Timestamp, what: Due, made: &mut Made<'_>) {
        self.org.clock.arm(due, self.cause.timer(made.timers), what);
        made.timers += 1;
    }

    /// Tells what happened in the session.
    pub(super) fn tell(&self, cell: &mut Cell, token: &SessionToken, what: What) {
        let about = events::of_session(cell, token);
        cell.events.push(self.now, about, what);
    }

    /// Tells what happened in a conversation, which the session may have forgotten by now.
    pub(super) fn tell_of(
        &self,
        cell: &mut Cell,
        token: &SessionToken,
        conversation: Option<ConversationId>,
        what: What,
    ) {
        let about = About { conversation, ..events::of_session(cell, token) };
        cell.events.push(self.now, about, what);
    }

    fn answer(&self, cell: &mut Cell, token: &SessionToken, frame: &Frame) {
        let Some(incoming) = self.requester else {
            return;
        };
        if let Body::Session(state) = &frame.body
            && state.connected
        {
            let mut about = events::of_session(cell, token);
            about.connection = Some(incoming.connection);
            let what = What::SessionConfigured { new: state.new_session, read_only: state.read_only };
            cell.events.push(self.now, about, what);
        }
        self.send(cell, incoming.connection, &Spelled::new(self.app, frame));
    }

    fn fan_out(&self, cell: &mut Cell, token: &SessionToken, frame: &Frame, but: Option<ConnectionId>) {
        let spelled = Spelled::new(self.app, frame);
        for connection in cell.sockets.of_session(token).into_iter().filter(|one| Some(*one) != but) {
            self.send(cell, connection, &spelled);
        }
    }

    fn send(&self, cell: &mut Cell, connection: ConnectionId, spelled: &Spelled<'_>) {
        let line = Line { app: self.app, org: self.org, id: connection, wave: self.wave };
        let asked = self.requester.filter(|one| one.connection == connection);
        match asked.and_then(|one| one.echo_lost_by) {
            Some(fault) if spelled.is_message() => line.lose(cell, spelled, fault),
            _ => line.send(cell, spelled),
        }
    }
}

/// What everyone is told that an observer of the org is told too.
fn told(body: &Body) -> Option<What> {
    match body {
        Body::SessionCleared => Some(What::SessionCleared),
        Body::SessionExpired => Some(What::SessionExpired),
        Body::Logout => Some(What::PersonSignedOut),
        _ => None,
    }
}

/// What a bot is to wait with; nothing when none is there.
fn bot_turn(state: &OrgState, token: &SessionToken, turn: Turn) -> Option<BotTurn> {
    let conversation = state.sessions.get(token)?.conversation.clone()?;
    let bot = state.conversations.get(&conversation)?.present(Purpose::Workflow).next()?;
    Some(BotTurn { session: token.clone(), bot: bot.side.id.clone(), conversation, turn })
}

/// The guest of a session has these attributes from now on. Answers in which conversation it is who.
fn merge(
    state: &mut OrgState,
    token: &SessionToken,
    attributes: BTreeMap<String, String>,
) -> Option<(ConversationId, String)> {
    let id = state.sessions.get(token)?.conversation.clone()?;
    let mut known = state.conversations.get_mut(&id)?;
    let guest = &mut known.customer;
    guest.merge(attributes);
    let guest = guest.side.id.clone();
    drop(known);
    Some((id, guest))
}
