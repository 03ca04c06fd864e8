//! A web messaging session as a state machine: `step(event) -> actions`, no I/O.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use serde::Serialize;
use serde_json::value::RawValue;

use super::{
    bot::{Bot, Reply, filled},
    deployment::{ConversationDisconnect, Deployment},
    frame::{Body, Frame, SessionState},
    message::{Content, Direction, Kind, Message, Originator, Presence},
};
use crate::base::{
    draw::Mint,
    ids::{ConversationId, DeploymentId, GuestId, SessionToken},
    time::{Span, Timestamp},
};

/// Longest text of a guest, in bytes.
pub const MAX_TEXT: usize = 4096;
/// Custom attributes of one message: keys and values together, in bytes.
pub const MAX_ATTRIBUTES: usize = 2048;
/// Connections of one session; one more evicts the oldest.
pub const MAX_CONNECTIONS: usize = 3;
/// Messages kept of one session, the oldest go first.
const MAX_MESSAGES: usize = 2_000;

/// What a guest sent with `onMessage`.
#[derive(Clone, Debug, Default)]
pub struct Inbound {
    /// `message.type`, when there is one.
    pub kind: Option<Kind>,
    /// `message.text`.
    pub text: Option<String>,
    /// `message.content`, untouched.
    pub content: Option<Box<RawValue>>,
    /// Is one of the contents an answer to a button, and what is its label?
    pub button: Option<String>,
    /// `message.metadata`.
    pub metadata: BTreeMap<String, String>,
    /// Did the guest join?
    pub join: bool,
    /// Custom attributes, wherever the client put them.
    pub attributes: BTreeMap<String, String>,
}

/// What can happen to a session.
#[derive(Clone, Debug)]
pub enum Event {
    /// `configureSession`.
    Configure {
        /// `startNew`.
        start_new: bool,
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
    /// The bot has thought about this text.
    BotTurn(String),
    /// The time may have come to expire.
    Deadline,
}

/// What has to be done about it, in this order.
#[derive(Clone, Debug)]
pub enum Action {
    /// To the connection that asked.
    Answer(Frame),
    /// To every connection of the session.
    Everyone(Frame),
    /// A conversation has begun.
    Begin(ConversationId),
    /// Participant data has come.
    Attributes(BTreeMap<String, String>),
    /// The bot thinks about this text until then.
    Think(Timestamp, String),
    /// Look again at this time whether the session has expired.
    WakeAt(Timestamp),
    /// The bot has left the conversation to this queue.
    HandOver(String),
    /// The conversation is over.
    End,
}

/// What the session has to know of its deployment.
pub struct Rules<'a> {
    /// Where the guest came in.
    pub deployment: &'a Deployment,
    /// Who answers.
    pub bot: Option<&'a Bot>,
}

/// A session: what the client's token stands for.
#[derive(Clone, Debug, Serialize)]
pub struct Session {
    /// The client's token.
    pub token: SessionToken,
    /// Where the guest came in.
    pub deployment: DeploymentId,
    /// The guest of the guide dialect, when it is one.
    pub guest: Option<GuestId>,
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
    bot_left: bool,
    last_message: Timestamp,
    messages: VecDeque<Arc<Message>>,
}

impl Session {
    /// A session that nobody has configured yet.
    pub fn new(token: SessionToken, deployment: &Deployment, now: Timestamp) -> Self {
        Self {
            token,
            deployment: deployment.id.clone(),
            guest: None,
            conversation: None,
            reserved: None,
            expires: now.plus(deployment.session_duration),
            read_only: false,
            configured: false,
            ended: false,
            watched: false,
            bot_left: false,
            last_message: Timestamp::default(),
            messages: VecDeque::new(),
        }
    }

    /// Its messages, oldest first.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &Arc<Message>> + ExactSizeIterator {
        self.messages.iter()
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
        let answer = |body| vec![Action::Answer(Frame { tracing_id: tracing_id.clone(), body })];
        let expired = self.configured && now >= self.expires;
        match event {
            Event::Configure { start_new } => self.configure(start_new || expired, tracing_id, rules, now),
            Event::Deadline if expired => {
                self.watched = false;
                vec![Action::Everyone(Frame { tracing_id: None, body: Body::SessionExpired })]
            }
            Event::Deadline if self.configured => vec![Action::WakeAt(self.expires)],
            Event::Deadline => Vec::new(),
            Event::BotTurn(_) if expired || self.bot_left || self.read_only => Vec::new(),
            // what was said belongs to a session before this one
            Event::BotTurn(_) if self.conversation.is_none() => Vec::new(),
            Event::BotTurn(said) => self.bot_turn(&said, rules, now, mint),
            _ if expired => answer(Body::SessionExpired),
            Event::Echo { text, custom_message_id } => answer(Body::Health {
                id: mint.hex32("health"),
                text,
                custom_message_id,
                duration_secs: rules.deployment.session_duration.secs(),
                expires: self.expires,
            }),
            Event::Say(inbound) => match self.refusal(&inbound) {
                Some((code, text)) => answer(Body::Error { code, text }),
                None => self.say(inbound, tracing_id, rules, now, mint),
            },
        }
    }

    fn configure(
        &mut self,
        start_new: bool,
        tracing_id: Option<String>,
        rules: &Rules<'_>,
        now: Timestamp,
    ) -> Vec<Action> {
        let deployment = rules.deployment;
        if start_new {
            // what is reserved has not begun, so the new session begins it
            let (guest, reserved, watched) = (self.guest.take(), self.reserved.take(), self.watched);
            *self = Self::new(self.token.clone(), deployment, now);
            (self.guest, self.reserved, self.watched) = (guest, reserved, watched);
        }
        let new_session = !self.configured;
        self.configured = true;
        let state = SessionState {
            connected: true,
            new_session,
            read_only: self.read_only,
            attachment_types: deployment.attachment_types.clone(),
            attachment_max_kb: deployment.attachment_max_kb,
            blocked_extensions: deployment.blocked_extensions.clone(),
            duration_secs: deployment.session_duration.secs(),
            expires: self.expires,
        };
        let mut actions = vec![Action::Answer(Frame { tracing_id, body: Body::Session(state) })];
        if !std::mem::replace(&mut self.watched, true) {
            actions.push(Action::WakeAt(self.expires));
        }
        actions
    }

    fn refusal(&self, inbound: &Inbound) -> Option<(u32, String)> {
        if self.read_only {
            return Some((409, "The conversation has ended and the session is read-only".to_owned()));
        }
        let length = inbound.text.as_ref().map_or(0, String::len);
        if length > MAX_TEXT {
            return Some((4011, format!("Text has {length} bytes, limit {MAX_TEXT}")));
        }
        let size: usize = inbound.attributes.iter().map(|(key, value)| key.len() + value.len()).sum();
        if size > MAX_ATTRIBUTES {
            return Some((4013, format!("Custom attributes have {size} bytes, limit {MAX_ATTRIBUTES}")));
        }
        let empty = length == 0 && inbound.content.is_none() && !inbound.join;
        if empty && inbound.kind != Some(Kind::Event) {
            return Some((400, "message has neither text nor content".to_owned()));
        }
        None
    }

    fn say(
        &mut self,
        inbound: Inbound,
        tracing_id: Option<String>,
        rules: &Rules<'_>,
        now: Timestamp,
        mint: &mut Mint<'_>,
    ) -> Vec<Action> {
        if inbound.kind == Some(Kind::Event) && !inbound.join {
            return Vec::new(); // typing: nobody is there to see it
        }
        let mut actions = Vec::new();
        if self.conversation.is_none() || std::mem::take(&mut self.ended) {
            let known = self.conversation.take().or_else(|| self.reserved.take());
            let id = known.unwrap_or_else(|| ConversationId::from(mint.uuid("conversation")));
            self.conversation = Some(id.clone());
            actions.push(Action::Begin(id));
        }
        if !inbound.attributes.is_empty() {
            actions.push(Action::Attributes(inbound.attributes));
        }
        let text = inbound.text.filter(|text| !text.is_empty()).or_else(|| inbound.button.clone());
        let kind = match (inbound.join, &inbound.button) {
            (true, _) => Kind::Event,
            (false, Some(_)) => Kind::Structured,
            (false, None) => inbound.kind.unwrap_or(Kind::Text),
        };
        let said = if inbound.join { None } else { text.clone() };
        let mut metadata = inbound.metadata;
        metadata.insert("correlationId".to_owned(), mint.uuid("correlation"));
        let message = Message {
            id: mint.hex32("message"),
            kind,
            direction: Direction::Inbound,
            text,
            time: self.next_time(now),
            message_id: Some(mint.uuid("channel message")),
            content: inbound.content.map_or(Content::None, Content::Client),
            presence: inbound.join.then_some(Presence::Join),
            metadata,
            originator: None,
        };
        actions.push(self.keep(message, tracing_id, rules));
        if let (Some(said), Some(bot), false) = (said, rules.bot, self.bot_left) {
            actions.push(Action::Think(now.plus(bot.delay), said));
        }
        actions
    }

    fn bot_turn(
        &mut self,
        said: &str,
        rules: &Rules<'_>,
        now: Timestamp,
        mint: &mut Mint<'_>,
    ) -> Vec<Action> {
        let Some(reply) = rules.bot.and_then(|bot| bot.answer(said)) else {
            return Vec::new();
        };
        let text = |template: &str| Some(filled(template, said));
        let (text, content) = match reply {
            Reply::Say(words) => (text(words), Content::None),
            Reply::HandOver { say, .. } | Reply::Disconnect { say } => (text(say), Content::None),
            Reply::QuickReplies { text: words, options } => {
                (text(words), Content::QuickReplies(options.clone()))
            }
            Reply::Card(card) => (Some(card.title.clone()), Content::Card(card.clone())),
            Reply::Carousel(cards) => {
                (cards.first().map(|card| card.title.clone()), Content::Carousel(cards.clone()))
            }
        };
        let mut message = self.outbound(now, mint);
        message.kind = if matches!(content, Content::None) { Kind::Text } else { Kind::Structured };
        (message.text, message.content) = (text, content);
        let mut actions = vec![self.keep(message, None, rules)];
        match reply {
            Reply::HandOver { queue, .. } => {
                self.bot_left = true;
                actions.push(Action::HandOver(queue.clone()));
            }
            Reply::Disconnect { .. } => self.disconnect(&mut actions, rules, now, mint),
            _ => {}
        }
        actions
    }

    /// The flow ends the conversation; what the guest sees of it is the deployment's choice.
    fn disconnect(
        &mut self,
        actions: &mut Vec<Action>,
        rules: &Rules<'_>,
        now: Timestamp,
        mint: &mut Mint<'_>,
    ) {
        let how = rules.deployment.conversation_disconnect;
        if how != ConversationDisconnect::Disabled {
            let read_only = how == ConversationDisconnect::ReadOnly;
            let mut message = self.outbound(now, mint);
            message.kind = Kind::Event;
            message.presence = Some(Presence::Disconnect);
            message.metadata.insert("readOnly".to_owned(), read_only.to_string());
            actions.push(self.keep(message, None, rules));
            self.read_only = read_only;
        }
        self.ended = true;
        actions.push(Action::End);
    }

    fn outbound(&mut self, now: Timestamp, mint: &mut Mint<'_>) -> Message {
        Message {
            id: mint.hex32("message"),
            kind: Kind::Text,
            direction: Direction::Outbound,
            text: None,
            time: self.next_time(now),
            message_id: None,
            content: Content::None,
            presence: None,
            metadata: BTreeMap::from([("correlationId".to_owned(), mint.uuid("correlation"))]),
            originator: Some(Originator::Bot),
        }
    }

    fn keep(&mut self, message: Message, tracing_id: Option<String>, rules: &Rules<'_>) -> Action {
        self.expires = message.time.plus(rules.deployment.session_duration);
        let message = Arc::new(message);
        if self.messages.len() == MAX_MESSAGES {
            self.messages.pop_front();
        }
        self.messages.push_back(Arc::clone(&message));
        Action::Everyone(Frame { tracing_id, body: Body::Message(message) })
    }

    /// Whole milliseconds, each later than the one before.
    fn next_time(&mut self, now: Timestamp) -> Timestamp {
        let whole = Timestamp::from_micros(now.millis() * 1_000);
        self.last_message = whole.max(self.last_message.plus(Span::from_millis(1)));
        self.last_message
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
