//! A web messaging session as a state machine: `step(event) -> actions`, no I/O.
//!
//! [`configure`](mod@configure) is coming, going and being closed; `inbound` what the guest says, `outbound` what is said
//! to the guest.

mod blocks;
mod configure;
mod history;
mod inbound;
mod outbound;

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};

pub use self::{
    history::History,
    inbound::{GuestEvent, Inbound, MAX_ATTRIBUTES},
    outbound::{MAX_SPOKEN, Spoken},
};
use super::{
    bot::{Bot, turn::Turn},
    conversation::Ending,
    deployment::Deployment,
    file::File,
    frame::{Body, Frame},
    message::{Message, Originator, Persona},
    person::Person,
};
use crate::base::{
    draw::Mint,
    ids::{ConversationId, DeploymentId, GuestId, SessionToken},
    time::{Span, Timestamp},
};

/// Connections of one session; one more evicts the oldest.
pub const MAX_CONNECTIONS: usize = 3;
/// Longest token of a session, in bytes. Clients make up UUIDs.
pub const MAX_TOKEN: usize = 128;

/// What can happen to a session.
#[derive(Clone, Debug)]
pub enum Event {
    /// `configureSession` and `configureAuthenticatedSession`.
    Configure {
        /// `startNew`.
        start_new: bool,
        /// Who has proved to be somebody.
        person: Option<Person>,
        /// Was another session of the same person cleared for this one?
        cleared_existing: bool,
    },
    /// `closeSession`.
    Close {
        /// Are the other connections of the session closed too?
        all: bool,
    },
    /// `onMessage`.
    Say(Inbound),
    /// `echo`.
    Echo {
        /// `message.text`.
        text: String,
        /// `message.metadata.customMessageId`.
        custom_message_id: Option<String>,
    },
    /// The bot has thought, or waited, and goes on.
    BotTurn(Turn),
    /// Somebody says something to the guest.
    Speak(Spoken),
    /// Somebody who talks to the guest types.
    Type {
        /// Who is shown.
        from: Option<Persona>,
        /// What it is.
        originator: Originator,
        /// Still, or not any more?
        on: bool,
        /// How long the guest is shown it.
        lasting: Option<Span>,
    },
    /// The flow or an agent ends the conversation.
    Disconnect {
        /// Who is shown.
        from: Option<Persona>,
        /// What it is.
        originator: Originator,
    },
    /// The same person has signed in on another device.
    SignedInElsewhere,
    /// The person has signed out.
    Logout,
    /// The time may have come to expire.
    Deadline,
    /// It is over now, whatever the time.
    Expire,
}

/// What has to be done about it, in this order.
#[derive(Clone, Debug)]
pub enum Action {
    /// To the connection that asked.
    Answer(Frame),
    /// To every connection of the session.
    Everyone(Frame),
    /// A message or event of the conversation: to every connection of the session, and to be kept unless it passes.
    Message {
        /// The conversation, if one has begun.
        conversation: Option<ConversationId>,
        /// The message.
        message: Arc<Message>,
        /// Copied from the request that caused it.
        tracing_id: Option<String>,
    },
    /// To every connection of the session but the one that asked.
    Others(Frame),
    /// The connections of the session stand for it no longer: all, or all but the one that asked.
    Release {
        /// Is the one that asked let go too?
        requester: bool,
    },
    /// A conversation has begun, or is taken up again.
    Begin(ConversationId),
    /// Participant data has come.
    Attributes(BTreeMap<String, String>),
    /// The guest is somebody from now on.
    SignIn(Person),
    /// A message shows these files.
    FilesSent(Vec<String>),
    /// Its files are forgotten with what was said.
    ForgetFiles,
    /// The guest types, or types no more.
    GuestTypes {
        /// Still?
        on: bool,
    },
    /// The bot thinks or waits until then.
    Think(Timestamp, Turn),
    /// The bot sends a file, and then goes on at once.
    Attach(File, Turn),
    /// Look again at this time whether the session has expired.
    WakeAt(Timestamp),
    /// The bot has left the conversation to this queue.
    HandOver(String),
    /// A conversation is over, if it was not so before.
    End(ConversationId, Ending),
}

/// What the session has to know of its deployment.
pub struct Rules<'a> {
    /// Where the guest came in.
    pub deployment: &'a Deployment,
    /// Who answers.
    pub bot: Option<&'a Bot>,
}

/// What a step works with.
struct At<'a, 'b> {
    rules: &'a Rules<'a>,
    now: Timestamp,
    mint: &'a mut Mint<'b>,
    tracing_id: Option<String>,
}

impl At<'_, '_> {
    /// An answer to the connection that asked.
    fn answer(&self, body: Body) -> Action {
        Action::Answer(Frame { tracing_id: self.tracing_id.clone(), body })
    }

    fn error(&self, code: u32, text: impl Into<String>) -> Vec<Action> {
        vec![self.answer(Body::error(code, text))]
    }
}

/// A frame that nobody asked for.
fn unasked(body: Body) -> Frame {
    Frame { tracing_id: None, body }
}

/// A session: what the client's token stands for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Session {
    /// The client's token.
    pub token: SessionToken,
    /// Where the guest came in.
    pub deployment: DeploymentId,
    /// The guest of the guide dialect, when it is one.
    pub guest: Option<GuestId>,
    /// Who the guest has proved to be.
    pub person: Option<Person>,
    /// What the absolute URLs start with that it is told.
    pub base: String,
    /// The conversation under way.
    pub conversation: Option<ConversationId>,
    /// The conversation that the guest's tokens go on with, until it has begun.
    pub reserved: Option<ConversationId>,
    /// When it expires.
    pub expires: Timestamp,
    /// Over, but readable?
    pub read_only: bool,
    configured: bool,
    /// Has the flow ended the conversation? The guest's next message takes it up again, where it may.
    ended: bool,
    /// Is there a timer that will look whether it has expired? One is enough, however often it begins anew.
    watched: bool,
    last_message: Timestamp,
    history: History,
}

/// Where a session is in its life, as faults ask for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    /// There is none of this token, or nobody has configured it.
    None,
    /// It is configured, and no conversation has begun.
    New,
    /// A conversation is under way.
    Active,
    /// The conversation was ended by the other side.
    Ended,
    /// Nobody said anything for too long.
    Expired,
}

impl Session {
    /// A session that nobody has configured yet.
    pub fn new(token: SessionToken, deployment: &Deployment, now: Timestamp) -> Self {
        Self {
            token,
            deployment: deployment.id.clone(),
            guest: None,
            person: None,
            base: String::new(),
            conversation: None,
            reserved: None,
            expires: now.plus(deployment.session_duration),
            read_only: false,
            configured: false,
            ended: false,
            watched: false,
            last_message: Timestamp::default(),
            history: History::default(),
        }
    }

    /// Its messages, oldest first.
    #[cfg(test)]
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &Arc<Message>> + ExactSizeIterator {
        self.history.all()
    }

    /// What was said, as far as it is remembered.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Forgets the oldest message.
    pub fn forget_oldest(&mut self) {
        self.history.forget_oldest();
    }

    /// Has the flow or an agent ended the conversation?
    pub fn has_ended(&self) -> bool {
        self.ended
    }

    /// Where it is in its life.
    pub fn state(&self, now: Timestamp) -> SessionState {
        match self.conversation {
            _ if !self.configured => SessionState::None,
            _ if now >= self.expires => SessionState::Expired,
            _ if self.ended || self.read_only => SessionState::Ended,
            Some(_) => SessionState::Active,
            None => SessionState::New,
        }
    }

    /// Is it over because nobody said anything for too long?
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.configured && now >= self.expires
    }

    /// Is it of this person, who has signed in?
    pub fn is_of(&self, person: &Person) -> bool {
        self.person.as_ref().is_some_and(|known| known.is(person))
    }

    /// The only way in: takes what happened, answers what to do. `tracing_id` is the request's.
    pub fn step(
        &mut self,
        event: Event,
        tracing_id: Option<String>,
        rules: &Rules<'_>,
        now: Timestamp,
        mint: &mut Mint<'_>,
    ) -> Vec<Action> {
        let mut at = At { rules, now, mint, tracing_id };
        let at = &mut at;
        let expired = self.is_expired(now);
        match event {
            Event::Configure { start_new, person, cleared_existing } => {
                self.configure(start_new || expired, person, cleared_existing, at)
            }
            Event::Expire => self.expire(at),
            Event::Deadline if expired => {
                self.watched = false;
                self.expired()
            }
            Event::Deadline if self.configured => vec![Action::WakeAt(self.expires)],
            Event::Deadline => Vec::new(),
            Event::BotTurn(_) | Event::Speak(_) | Event::Type { .. } | Event::Disconnect { .. }
                // what was said belongs to a conversation that is over
                if expired || self.read_only || self.ended || self.conversation.is_none() =>
            {
                Vec::new()
            }
            Event::BotTurn(turn) => self.bot_turn(turn, at),
            Event::Speak(spoken) => vec![self.speak(spoken, at)],
            Event::Type { from, originator, on, lasting } => {
                self.typing(from, originator, on, lasting, at).into_iter().collect()
            }
            Event::Disconnect { from, originator } => self.disconnect(from, originator, at),
            Event::SignedInElsewhere => self.signed_in_elsewhere(at),
            Event::Logout => self.logout(at),
            _ if !self.configured => at.error(4007, "There is no session of this token; configureSession comes first"),
            _ if expired => vec![at.answer(Body::SessionExpired)],
            Event::Close { all } => self.close(all, at),
            Event::Echo { text, custom_message_id } => {
                let id = at.mint.hex32("health");
                let duration_secs = rules.deployment.session_duration.secs();
                let expires = self.expires;
                vec![at.answer(Body::Health { id, text, custom_message_id, duration_secs, expires })]
            }
            Event::Say(inbound) => self.say(inbound, at),
        }
    }

    /// Keeps a message, which moves the expiry.
    fn keep(&mut self, message: Message, tracing_id: Option<String>, rules: &Rules<'_>) -> Action {
        self.expires = message.time.plus(rules.deployment.session_duration);
        let message = Arc::new(message);
        self.history.push(Arc::clone(&message));
        Action::Message { conversation: self.conversation.clone(), message, tracing_id }
    }

    /// Whole milliseconds, each later than the one before.
    fn next_time(&mut self, now: Timestamp) -> Timestamp {
        let whole = Timestamp::from_micros(now.millis() * 1_000);
        self.last_message = whole.max(self.last_message.plus(Span::from_millis(1)));
        self.last_message
    }
}

#[cfg(test)]
pub mod tests;
