//! Conversations as the platform knows them: who takes part, and what was said.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use serde::{Deserialize, Serialize};

pub use super::participant::{Participant, Purpose, Side};
use super::{
    communication::{DisconnectType, Medium},
    message::{Direction, Message, Originator},
    open_messaging::{OpenGuest, ReceiptStatus},
    watched::Watched,
    web_chat::ChatGuest,
};
use crate::base::{
    ids::{ContactId, ConversationId, DeploymentId, SessionToken},
    time::{Span, Timestamp},
};

/// Participants kept of one conversation; of those that have left, the oldest go first.
const MAX_PARTICIPANTS: usize = 100;

/// The messages of a session are a millisecond apart, whenever they were said: the last ones may be of a time when whoever
/// said them has left.
const SLACK: Span = Span::from_secs(1);

/// How a conversation came to its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Ending {
    /// The flow or an agent ended it. The guest is still there, and may take it up again where the deployment lets it.
    Disconnected,
    /// The guest cleared it.
    Cleared,
    /// The guest closed the session.
    Closed,
    /// The guest began a new session.
    BegunAnew,
    /// The session has expired.
    Expired,
    /// The person has signed out.
    SignedOut,
    /// The person has signed in elsewhere.
    SignedInElsewhere,
}

/// Who answers in a conversation, as faults ask for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConversationState {
    /// None has begun.
    None,
    /// Nobody but a bot, if there is one.
    Bot,
    /// Nobody: the guest waits in a queue.
    Queue,
    /// A human.
    Agent,
    /// It is over.
    Ended,
}

/// A conversation: begun by the guest's first message, not by the session.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Conversation {
    /// Its id.
    pub id: ConversationId,
    /// The session that it belongs to.
    pub session: SessionToken,
    /// Where the guest came in.
    pub deployment: DeploymentId,
    /// Whose it is over all conversations.
    pub contact: Option<ContactId>,
    /// The guest, of an integration of Open Messaging: then there is no session.
    pub open: Option<OpenGuest>,
    /// The guest, of a web chat: then there is none either.
    pub chat: Option<Box<ChatGuest>>,
    /// What became of messages, by id, as that integration says.
    pub receipts: BTreeMap<String, ReceiptStatus>,
    /// Who looks on, and whether it is recorded.
    pub watched: Watched,
    /// When it began.
    pub started: Timestamp,
    /// When and how it ended, unless it was taken up again.
    pub ended: Option<(Timestamp, Ending)>,
    /// The guest.
    pub customer: Participant,
    others: Vec<Participant>,
    messages: VecDeque<Arc<Message>>,
}

impl Conversation {
    /// One that begins now.
    pub fn new(
        id: ConversationId,
        session: SessionToken,
        deployment: DeploymentId,
        customer: Participant,
    ) -> Self {
        let started = customer.joined;
        let (contact, open, chat, receipts, watched, others, messages) = Default::default();
        Self {
            id,
            session,
            deployment,
            contact,
            open,
            chat,
            receipts,
            watched,
            started,
            ended: None,
            customer,
            others,
            messages,
        }
    }

    /// By what the guest talks.
    pub fn medium(&self) -> Medium {
        match (&self.open, &self.chat) {
            (Some(_), _) => Medium::Open,
            (None, Some(_)) => Medium::Chat,
            (None, None) => Medium::Webmessaging,
        }
    }

    /// Its sides, in the order of coming.
    pub fn participants(&self) -> impl Iterator<Item = &Participant> {
        std::iter::once(&self.customer).chain(&self.others)
    }

    /// Who is there for this.
    pub fn present(&self, purpose: Purpose) -> impl Iterator<Item = &Participant> {
        self.participants().filter(move |side| side.side.purpose == purpose && side.left.is_none())
    }

    /// Who answers.
    pub fn state(&self) -> ConversationState {
        let there = |purpose| self.present(purpose).next().is_some();
        match self.ended {
            Some(_) => ConversationState::Ended,
            None if self.present(Purpose::Agent).any(|agent| !agent.is_alerting()) => {
                ConversationState::Agent
            }
            None if there(Purpose::Acd) => ConversationState::Queue,
            None => ConversationState::Bot,
        }
    }

    /// The queue in which it waits without anybody being asked, and since when.
    pub fn waits(&self) -> Option<(&str, Timestamp)> {
        let asked = self.ended.is_some() || self.present(Purpose::Agent).next().is_some();
        let acd = self.present(Purpose::Acd).next().filter(|_| !asked)?;
        Some((acd.queue.as_deref()?, acd.joined))
    }

    /// Is the participant of this id still there?
    pub fn is_present(&self, id: &str) -> bool {
        self.participants().any(|one| one.side.id == id && one.left.is_none())
    }

    /// The participant of this id.
    pub fn participant(&self, id: &str) -> Option<&Participant> {
        self.participants().find(|one| one.side.id == id)
    }

    /// The participant of this id, to change it.
    pub fn participant_mut(&mut self, id: &str) -> Option<&mut Participant> {
        std::iter::once(&mut self.customer).chain(&mut self.others).find(|one| one.side.id == id)
    }

    /// Whose communication this is: by its own id, or by that of its participant.
    pub fn of_communication(&self, id: &str) -> Option<&Participant> {
        self.participants().find(|one| one.communication.id == id).or_else(|| self.participant(id))
    }

    /// Who said something.
    pub fn author(&self, message: &Message) -> Option<&Participant> {
        if let Some(line) = &message.line {
            return self.participant(&line.sender);
        }
        let purpose = match (message.direction, message.originator) {
            (Direction::Inbound, _) => Purpose::Customer,
            (Direction::Outbound, Some(Originator::Bot)) => Purpose::Workflow,
            (Direction::Outbound, _) => Purpose::Agent,
        };
        let there = |one: &&Participant| {
            one.joined <= message.time && one.left.is_none_or(|left| message.time <= left.plus(SLACK))
        };
        let name = message.from.as_ref().map(|from| from.shown());
        let of_purpose = || self.participants().filter(|one| one.side.purpose == purpose);
        let named = of_purpose().filter(there).find(|one| name.as_ref() == Some(&one.side.name));
        named.or_else(|| of_purpose().filter(there).last()).or_else(|| of_purpose().last())
    }

    /// What a participant said, oldest first. Coming and going is not of it.
    pub fn said_by<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Arc<Message>> {
        self.messages.iter().filter(move |message| {
            message.happening.is_none() && self.author(message).is_some_and(|one| one.side.id == id)
        })
    }

    /// Somebody comes.
    pub fn join(&mut self, participant: Participant) {
        if self.others.len() >= MAX_PARTICIPANTS - 1 {
            let gone = self.others.iter().position(|one| one.left.is_some()).unwrap_or_default();
            self.others.remove(gone);
        }
        self.others.push(participant);
    }

    /// Whoever is there for one of these leaves. Answers who left.
    pub fn leave(&mut self, purposes: &[Purpose], how: DisconnectType, now: Timestamp) -> Vec<Side> {
        let all = std::iter::once(&mut self.customer).chain(&mut self.others);
        let leaving = all.filter(|one| one.left.is_none() && purposes.contains(&one.side.purpose));
        leaving
            .map(|one| {
                one.left = Some(now);
                one.communication.disconnect.get_or_insert(how);
                one.side.clone()
            })
            .collect()
    }

    /// One of them leaves, if it is there.
    pub fn part(&mut self, id: &str, how: DisconnectType, now: Timestamp) -> Option<Side> {
        let one = self.participant_mut(id).filter(|one| one.left.is_none())?;
        one.left = Some(now);
        one.communication.disconnect.get_or_insert(how);
        Some(one.side.clone())
    }

    /// It is over. Answers who left, and whether it was not over before.
    pub fn end(&mut self, ending: Ending, now: Timestamp) -> (Vec<Side>, bool) {
        use Purpose::{Acd, Agent, Customer, Workflow};
        let left = match ending {
            Ending::Disconnected => {
                let mut left = self.leave(&[Workflow, Acd, Agent], DisconnectType::Peer, now);
                // the guest of a web chat does not stay for itself
                if self.chat.is_some() {
                    left.extend(self.leave(&[Customer], DisconnectType::Peer, now));
                }
                left
            }
            Ending::Expired => {
                self.leave(&[Workflow, Acd, Agent, Customer], DisconnectType::SessionExpired, now)
            }
            _ => {
                self.customer.communication.disconnect.get_or_insert(DisconnectType::Endpoint);
                self.leave(&[Workflow, Acd, Agent, Customer], DisconnectType::Peer, now)
            }
        };
        let was_open = self.ended.is_none();
        self.ended.get_or_insert((now, ending));
        (left, was_open)
    }

    /// The guest takes it up again, perhaps with another session. Answers who left for it.
    pub fn resume(&mut self, session: SessionToken, now: Timestamp) -> Vec<Side> {
        self.session = session;
        self.ended = None;
        self.customer.left = None;
        self.customer.communication.disconnect = None;
        self.leave(&[Purpose::Workflow], DisconnectType::System, now)
    }

    /// Keeps a message.
    pub fn keep(&mut self, message: Arc<Message>) {
        self.messages.push_back(message);
    }

    /// Forgets the oldest message.
    pub fn forget_oldest(&mut self) -> Option<Arc<Message>> {
        let gone = self.messages.pop_front()?;
        self.receipts.remove(&gone.id);
        Some(gone)
    }

    /// What was said, oldest first.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &Arc<Message>> + ExactSizeIterator {
        self.messages.iter()
    }

    /// All but what was said.
    pub fn head(&self) -> Self {
        let Self { id, session, deployment, contact, open, chat, .. } = self;
        let Self { started, ended, customer, others, .. } = self;
        Self {
            id: id.clone(),
            session: session.clone(),
            deployment: deployment.clone(),
            contact: contact.clone(),
            open: open.clone(),
            chat: chat.clone(),
            receipts: BTreeMap::new(),
            watched: self.watched.clone(),
            started: *started,
            ended: *ended,
            customer: customer.clone(),
            others: others.clone(),
            messages: VecDeque::new(),
        }
    }
}

#[cfg(test)]
#[path = "conversation_tests.rs"]
mod tests;
