//! The external contacts of an org: found by the person, or by the session of a guest.

use serde::{Deserialize, Serialize};

use crate::{
    base::{
        ids::{ContactId, ConversationId, SessionToken},
        table::Table,
        time::Timestamp,
    },
    domain::{
        contact::Contact,
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
}

impl Default for Contacts {
    fn default() -> Self {
        let (of_person, of_guest) = (Table::bounded(CONTACTS), Table::bounded(CONTACTS));
        Self { rows: Table::bounded(CONTACTS), of_person, of_guest }
    }
}

impl Contacts {
    /// Read from somewhere else: it is bounded.
    pub fn hold(&mut self) {
        self.rows.hold(CONTACTS);
        self.of_person.hold(CONTACTS);
        self.of_guest.hold(CONTACTS);
    }

    /// All, in the order of coming.
    pub fn iter(&self) -> impl Iterator<Item = &Contact> {
        self.rows.iter().map(|(_, contact)| contact)
    }

    /// The contact of somebody who has signed in.
    pub fn known(&self, person: &Person) -> Option<&Contact> {
        self.of_person.get(&person.key()).and_then(|id| self.rows.get(id))
    }

    /// The contact of somebody who has signed in, made if there is none; what is known of the person is brought up to
    /// date.
    pub fn of_person(&mut self, person: &Person, now: Timestamp, mint: impl FnOnce() -> String) -> ContactId {
        if let Some(contact) = self.of_person.get(&person.key()).and_then(|id| self.rows.get_mut(id)) {
            contact.person = Some(person.clone());
            return contact.id.clone();
        }
        let id = self.insert(Contact::new(mint().into(), Some(person.clone()), now));
        self.of_person.insert(person.key(), id.clone());
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
        let id = self.insert(Contact::new(mint().into(), None, now));
        self.of_guest.insert(session.clone(), id.clone());
        id
    }

    fn insert(&mut self, contact: Contact) -> ContactId {
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

    /// One contact turns out to be another. Answers the conversations that are now of the other one.
    pub fn merge(&mut self, ghost: &ContactId, into: &ContactId) -> Vec<ConversationId> {
        let Some(contact) = self.rows.get_mut(ghost) else { return Vec::new() };
        contact.merged_into = Some(into.clone());
        let moved = std::mem::take(&mut contact.conversations);
        if let Some(contact) = self.rows.get_mut(into) {
            contact.merged_from.push(ghost.clone());
            moved.iter().for_each(|id| contact.begins(id.clone()));
        }
        moved
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ghost_that_was_merged_is_nobody_s_contact_any_more() {
        let mut contacts = Contacts::default();
        let (token, now) = (SessionToken::from("t"), Timestamp::default());
        let alice = Person { subject: "alice".into(), ..Person::default() };
        let ghost = contacts.of_guest(&token, now, || "ghost".into());
        assert_eq!(contacts.of_guest(&token, now, || "other".into()), ghost);
        contacts.begins(&ghost, "c-1".into());
        contacts.take_along(&token, &"u".into());
        assert_eq!((contacts.ghost(&token), contacts.ghost(&"u".into())), (None, Some(ghost.clone())));

        let known = contacts.of_person(&alice, now, || "alice".into());
        assert_eq!(contacts.merge(&ghost, &known), ["c-1".into()]);
        assert_eq!(contacts.ghost(&"u".into()), None);
        assert_eq!(contacts.of_guest(&"u".into(), now, || "next".into()), "next".into());
        let alice = contacts.known(&alice).unwrap();
        assert_eq!((&alice.conversations[..], &alice.merged_from[..]), (&["c-1".into()][..], &[ghost][..]));
    }
}
