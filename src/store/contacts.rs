//! The external contacts of an org: found by the person, by the session of a guest, or by an identifier.

use serde::{Deserialize, Serialize};

use crate::{
    base::{
        ids::{ContactId, ConversationId, SessionToken},
        table::Table,
        time::Timestamp,
    },
    domain::{
        contact::{Contact, ContactType},
        contact_details::Details,
        contact_identifier::{Identifier, IdentifierKey},
        person::{Person, PersonKey},
    },
};

/// Contacts of an org.
const CONTACTS: usize = 20_000;

/// All contacts, in the order of coming.
#[derive(Clone, Serialize, Deserialize)]
pub struct Contacts {
    rows: Table<ContactId, Contact>,
    of_person: Table<PersonKey, ContactId>,
    of_guest: Table<SessionToken, ContactId>,
    of_identifier: Table<IdentifierKey, ContactId>,
}

impl Default for Contacts {
    fn default() -> Self {
        let (of_person, of_guest) = (Table::bounded(CONTACTS), Table::bounded(CONTACTS));
        Self {
            rows: Table::bounded(CONTACTS),
            of_person,
            of_guest,
            of_identifier: Table::bounded(2 * CONTACTS),
        }
    }
}

/// Whose an identifier is.
#[derive(Clone, Copy, Debug)]
pub enum Owner<'a> {
    /// Nobody's.
    Nobody,
    /// A contact's that is forgotten.
    Forgotten,
    /// This one's.
    Contact(&'a Contact),
}

/// Another contact has the identifier.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Taken(pub ContactId);

impl Contacts {
    /// Read from somewhere else: it is bounded.
    pub fn hold(&mut self) {
        self.rows.hold(CONTACTS);
        self.of_person.hold(CONTACTS);
        self.of_guest.hold(CONTACTS);
        self.of_identifier.hold(2 * CONTACTS);
    }

    /// All, in the order of coming.
    pub fn iter(&self) -> impl Iterator<Item = &Contact> {
        self.rows.iter().map(|(_, contact)| contact)
    }

    /// The contact of this very id, whatever became of it.
    pub fn unresolved(&self, id: &str) -> Option<&Contact> {
        self.rows.get(id)
    }

    /// The contact of this id, or the one that it turned out to be.
    pub fn get(&self, id: &str) -> Option<&Contact> {
        let mut contact = self.rows.get(id)?;
        while let Some(next) = &contact.merged_into {
            contact = self.rows.get(next)?;
        }
        Some(contact)
    }

    /// The same, to change it.
    pub fn get_mut(&mut self, id: &str) -> Option<&mut Contact> {
        let id = self.get(id)?.id.clone();
        self.rows.get_mut(&id)
    }

    /// The contact of somebody who has signed in.
    pub fn known(&self, person: &Person) -> Option<&Contact> {
        self.of_person.get(&person.key()).and_then(|id| self.get(id.as_str()))
    }

    /// The contact of somebody who has signed in, made if there is none; what is known of the person is brought up to
    /// date. Where subjects are ids of an external source, whoever has that identifier is the person.
    pub fn of_person(
        &mut self,
        person: &Person,
        source: Option<&str>,
        now: Timestamp,
        mint: impl FnOnce() -> String,
    ) -> ContactId {
        let subject = source.map(|source| Identifier::external(&person.subject, source, now));
        let named = subject.as_ref().and_then(|subject| match self.owner(subject) {
            Owner::Contact(contact) => Some(contact.id.clone()),
            Owner::Nobody | Owner::Forgotten => None,
        });
        let known = named.or_else(|| self.known(person).map(|contact| contact.id.clone()));
        let id =
            known.unwrap_or_else(|| self.insert(Contact::new(mint().into(), ContactType::Identified, now)));
        if let Some(contact) =
            self.rows.get_mut(&id).filter(|contact| contact.person.as_ref() != Some(person))
        {
            contact.is_person(person, now);
        }
        self.of_person.insert(person.key(), id.clone());
        if let Some(subject) = subject {
            // whose it is was looked at above
            let _ = self.claim(&id, subject, now);
        }
        id
    }

    /// The contact of the guest of a session, made if there is none that is still nobody known.
    pub fn of_guest(
        &mut self,
        session: &SessionToken,
        now: Timestamp,
        mint: impl FnOnce() -> String,
    ) -> ContactId {
        if let Some(ghost) = self.ghost(session) {
            return ghost;
        }
        let id = self.insert(Contact::new(mint().into(), ContactType::Ephemeral, now));
        self.of_guest.insert(session.clone(), id.clone());
        id
    }

    /// Writes a contact.
    pub fn insert(&mut self, contact: Contact) -> ContactId {
        let id = contact.id.clone();
        self.rows.insert(id.clone(), contact);
        id
    }

    /// The contact that a session has as a guest's, and that has not turned out to be somebody.
    pub fn ghost(&self, session: &SessionToken) -> Option<ContactId> {
        let contact = self.of_guest.get(session).and_then(|id| self.rows.get(id))?;
        contact.merged_into.is_none().then(|| contact.id.clone())
    }

    /// The session goes on under another token.
    pub fn take_along(&mut self, from: &SessionToken, to: &SessionToken) {
        if let Some(id) = self.of_guest.remove(from) {
            self.of_guest.insert(to.clone(), id);
        }
    }

    /// A conversation begins under a contact.
    pub fn begins(&mut self, id: &ContactId, conversation: ConversationId) {
        if let Some(contact) = self.rows.get_mut(id) {
            contact.begins(conversation);
        }
    }

    /// A conversation turns out to be of another contact.
    pub fn moves(&mut self, conversation: &ConversationId, from: Option<&ContactId>, to: &ContactId) {
        if let Some(before) = from.and_then(|id| self.get_mut(id.as_str())) {
            before.conversations.retain(|id| id != conversation);
        }
        self.begins(to, conversation.clone());
    }

    /// One contact turns out to be another. Answers the conversations that are now of the other one.
    pub fn merge(&mut self, ghost: &ContactId, into: &ContactId, now: Timestamp) -> Vec<ConversationId> {
        if ghost == into || self.rows.get(into).is_none() {
            return Vec::new();
        }
        let Some(contact) = self.rows.get_mut(ghost) else { return Vec::new() };
        (contact.merged_into, contact.modified) = (Some(into.clone()), now);
        let moved = std::mem::take(&mut contact.conversations);
        let identifiers = std::mem::take(&mut contact.identifiers);
        let (details, person) = (contact.details.clone(), contact.person.clone());
        for identifier in &identifiers {
            self.of_identifier.insert(identifier.key(), into.clone());
        }
        if let Some(contact) = self.rows.get_mut(into) {
            contact.merged_from.push(ghost.clone());
            moved.iter().for_each(|id| contact.begins(id.clone()));
            contact.identifiers.extend(identifiers);
            contact.details.fill(&details);
            contact.person = contact.person.take().or(person);
            contact.modified = now;
        }
        moved
    }

    /// Several contacts turn out to be one, which is new and has these details. Guests go on under it.
    pub fn merge_all(
        &mut self,
        merged: &[ContactId],
        id: ContactId,
        details: Details,
        now: Timestamp,
    ) -> Vec<ConversationId> {
        let id = self.insert(Contact { details, ..Contact::new(id, ContactType::Curated, now) });
        let moved = merged.iter().flat_map(|one| self.merge(one, &id, now)).collect();
        self.of_guest.for_each(|_, of| {
            if merged.contains(of) {
                *of = id.clone();
            }
        });
        moved
    }

    /// Whose an identifier is.
    pub fn owner(&self, identifier: &Identifier) -> Owner<'_> {
        match self.of_identifier.get(&identifier.key()) {
            None => Owner::Nobody,
            Some(id) => self.get(id.as_str()).map_or(Owner::Forgotten, Owner::Contact),
        }
    }

    /// From now on the identifier is this contact's, unless it is another's.
    pub fn claim(&mut self, id: &ContactId, identifier: Identifier, now: Timestamp) -> Result<(), Taken> {
        match self.owner(&identifier) {
            Owner::Contact(owner) if owner.id == *id => return Ok(()),
            Owner::Contact(owner) => return Err(Taken(owner.id.clone())),
            Owner::Nobody | Owner::Forgotten => {}
        }
        if let Some(contact) = self.rows.get_mut(id) {
            self.of_identifier.insert(identifier.key(), id.clone());
            contact.identifiers.push(identifier);
            contact.modified = now;
        }
        Ok(())
    }

    /// The identifier is nobody's from now on. Answers what it was, if it was this contact's.
    pub fn release(&mut self, id: &ContactId, identifier: &Identifier, now: Timestamp) -> Option<Identifier> {
        let (key, contact) = (identifier.key(), self.rows.get_mut(id)?);
        let at = contact.identifiers.iter().position(|one| one.key() == key)?;
        contact.modified = now;
        self.of_identifier.remove(&key);
        Some(contact.identifiers.remove(at))
    }

    /// Nobody has ids of this source any more.
    pub fn forget_source(&mut self, source: &str) {
        let mut gone = Vec::new();
        self.rows.for_each(|_, contact| {
            contact.identifiers.retain(|one| {
                let stays = one.source.as_deref() != Some(source);
                if !stays {
                    gone.push(one.key());
                }
                stays
            });
        });
        gone.iter().for_each(|key| drop(self.of_identifier.remove(key)));
    }

    /// Takes a contact away, with the identifiers that it has.
    pub fn remove(&mut self, id: &ContactId) -> Option<Contact> {
        let contact = self.rows.remove(id)?;
        for identifier in &contact.identifiers {
            self.of_identifier.remove(&identifier.key());
        }
        Some(contact)
    }
}

#[cfg(test)]
#[path = "contacts_tests.rs"]
mod tests;
