//! One side of a conversation.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::communication::{Communication, CommunicationState};
use crate::base::{
    ids::{GuestId, UserId},
    time::Timestamp,
};

/// Participant data of one participant: attributes.
pub(super) const MAX_ATTRIBUTES: usize = 250;
/// Participant data of one participant: names and values together, in bytes.
pub(super) const MAX_ATTRIBUTE_BYTES: usize = 32 << 10;

/// What a participant is there for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// The guest.
    Customer,
    /// The inbound message flow, which is the bot.
    Workflow,
    /// The queue that the bot handed over to.
    Acd,
    /// A human who answers.
    Agent,
}

/// Who a participant is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Side {
    /// Its id.
    pub id: String,
    /// What it is there for.
    pub purpose: Purpose,
    /// Shown name.
    pub name: String,
}

/// One side of a conversation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Participant {
    /// Who it is.
    pub side: Side,
    /// The guest of the guide dialect, when it is one.
    pub guest: Option<GuestId>,
    /// How many changes of that guest it has.
    #[serde(default)]
    pub guest_changes: u32,
    /// The user, of an agent that is one.
    pub user: Option<UserId>,
    /// The queue by its local name, of the queue.
    pub queue: Option<String>,
    /// Participant data.
    pub attributes: BTreeMap<String, String>,
    /// When it came.
    pub joined: Timestamp,
    /// When it left.
    pub left: Option<Timestamp>,
    /// What it has to do with the conversation.
    pub communication: Communication,
}

impl Participant {
    /// Somebody who comes now.
    pub fn new(side: Side, now: Timestamp) -> Self {
        let (guest, guest_changes, user, queue, attributes) = Default::default();
        let communication = Communication::connected(now);
        Self { side, guest, guest_changes, user, queue, attributes, joined: now, left: None, communication }
    }

    /// How far it is.
    pub fn state(&self) -> CommunicationState {
        self.communication.state(self.left.is_some())
    }

    /// Has it had the conversation, and not said what it was about?
    pub fn owes_wrapup(&self) -> bool {
        let Communication { connected, wrapup, wrapup_skipped, .. } = &self.communication;
        let said = wrapup.as_ref().is_some_and(|said| !said.provisional);
        self.side.purpose == Purpose::Agent
            && self.left.is_some()
            && connected.is_some()
            && !said
            && !wrapup_skipped
    }

    /// Is the conversation only offered to it?
    pub fn is_alerting(&self) -> bool {
        self.state() == CommunicationState::Alerting
    }

    /// Adds participant data over what there is. What would be too much is left out.
    pub fn merge(&mut self, attributes: BTreeMap<String, String>) {
        let mut bytes: usize = self.attributes.iter().map(|(name, value)| name.len() + value.len()).sum();
        for (name, value) in attributes {
            let before = self.attributes.get(&name).map(|old| name.len() + old.len());
            let after = bytes - before.unwrap_or_default() + name.len() + value.len();
            let is_room = before.is_some() || self.attributes.len() < MAX_ATTRIBUTES;
            if is_room && after <= MAX_ATTRIBUTE_BYTES {
                bytes = after;
                self.attributes.insert(name, value);
            }
        }
    }
}
