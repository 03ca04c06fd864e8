//! External contacts: somebody outside, over all conversations and devices.

use serde::{Deserialize, Serialize};

use super::{contact_details::Details, contact_identifier::Identifier, person::Person};
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
    /// Written down by an application, or taken over by one.
    Curated,
}

/// An external contact.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    /// Its id.
    pub id: ContactId,
    /// How it came about.
    pub kind: ContactType,
    /// What is written down of it.
    pub details: Details,
    /// By what it is known again.
    pub identifiers: Vec<Identifier>,
    /// Who it is, when that is proved.
    pub person: Option<Person>,
    /// When it came about.
    pub created: Timestamp,
    /// When it was changed last.
    pub modified: Timestamp,
    /// What was said under it, in the order of beginning.
    pub conversations: Vec<ConversationId>,
    /// The contact that it turned out to be.
    pub merged_into: Option<ContactId>,
    /// The contacts that turned out to be this one.
    pub merged_from: Vec<ContactId>,
}

impl Contact {
    /// One that nothing is known of yet.
    pub fn new(id: ContactId, kind: ContactType, now: Timestamp) -> Self {
        let (identifiers, person, conversations, merged_into, merged_from) = Default::default();
        Self {
            id,
            kind,
            details: Details::default(),
            identifiers,
            person,
            created: now,
            modified: now,
            conversations,
            merged_into,
            merged_from,
        }
    }

    /// It is this person. What an application wrote down stays as it is.
    pub fn is_person(&mut self, person: &Person, now: Timestamp) {
        let mut told = Details::of(person);
        match self.kind {
            ContactType::Curated => self.details.fill(&told),
            ContactType::Ephemeral | ContactType::Identified => {
                told.fill(&self.details);
                self.details = told;
                self.kind = ContactType::Identified;
            }
        }
        self.person = Some(person.clone());
        self.modified = now;
    }

    /// A conversation begins under it.
    pub fn begins(&mut self, conversation: ConversationId) {
        if self.conversations.len() >= MAX_CONVERSATIONS {
            self.conversations.remove(0);
        }
        self.conversations.push(conversation);
    }
}
