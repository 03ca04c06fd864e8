//! External contacts: somebody outside, over all conversations and devices.

use serde::{Deserialize, Serialize};

use super::person::Person;
use crate::base::{
    ids::{ContactId, ConversationId},
    time::Timestamp,
};

/// Conversations remembered of one contact, the oldest go first.
const MAX_CONVERSATIONS: usize = 1_000;

/// How a contact came about, in the vendor's words.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum ContactType {
    /// For a guest whom nobody knows.
    Ephemeral,
    /// For somebody who has proved to be somebody.
    Identified,
}

/// An external contact.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    /// Its id.
    pub id: ContactId,
    /// Who it is, when that is proved.
    pub person: Option<Person>,
    /// When it came about.
    pub created: Timestamp,
    /// What was said under it, in the order of beginning.
    pub conversations: Vec<ConversationId>,
    /// The contact that it turned out to be.
    pub merged_into: Option<ContactId>,
    /// The contacts that turned out to be this one.
    pub merged_from: Vec<ContactId>,
}

impl Contact {
    /// One of nobody known yet, or of this person.
    pub fn new(id: ContactId, person: Option<Person>, now: Timestamp) -> Self {
        let (conversations, merged_into, merged_from) = Default::default();
        Self { id, person, created: now, conversations, merged_into, merged_from }
    }

    /// How it came about.
    pub fn kind(&self) -> ContactType {
        match self.person {
            None => ContactType::Ephemeral,
            Some(_) => ContactType::Identified,
        }
    }

    /// A conversation begins under it.
    pub fn begins(&mut self, conversation: ConversationId) {
        if self.conversations.len() >= MAX_CONVERSATIONS {
            self.conversations.remove(0);
        }
        self.conversations.push(conversation);
    }
}
