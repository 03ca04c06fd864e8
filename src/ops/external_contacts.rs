//! External contacts as applications see them: written down, found, claimed, merged.

use std::cmp::Reverse;

use super::cx::Cx;
use crate::{
    base::{
        draw::Mint,
        ids::{ContactId, ConversationId},
        time::Timestamp,
    },
    domain::{
        contact::{Contact, ContactType},
        contact_details::{ChangeAction, Details},
        contact_identifier::{Identifier, IdentifierType},
    },
    store::{
        contacts::{Contacts, Owner, Taken},
        org_state::OrgState,
    },
};

/// Contacts that can be merged at once.
const MOST_MERGED: usize = 25;

/// Why something is not done.
#[derive(Debug, thiserror::Error)]
pub enum ContactError {
    /// There is no such contact or conversation.
    #[error("there is no {0} of this id")]
    Unknown(&'static str),
    /// Nobody has the identifier.
    #[error("no contact has this identifier")]
    NoMatch,
    /// Whoever had the identifier is forgotten.
    #[error("the contact that had this identifier is forgotten")]
    Forgotten,
    /// Another contact has the identifier.
    #[error("contact {0} has this identifier")]
    Taken(ContactId),
    /// The contact does not have the identifier.
    #[error("the contact does not have this identifier")]
    NotTheirs,
    /// The external source is not in use.
    #[error("external source {0} is not in use")]
    Inactive(String),
    /// What came cannot be right.
    #[error("{0}")]
    Invalid(String),
    /// It is curated already.
    #[error("the contact is curated already")]
    Curated,
}

fn invalid(words: impl Into<String>) -> ContactError {
    ContactError::Invalid(words.into())
}

impl From<Taken> for ContactError {
    fn from(Taken(owner): Taken) -> Self {
        Self::Taken(owner)
    }
}

/// An identifier as somebody names it.
#[derive(Clone, Debug)]
pub struct Named {
    /// What it is.
    pub kind: IdentifierType,
    /// Its text.
    pub value: String,
    /// The id of the external source.
    pub source: Option<String>,
}

impl Named {
    fn checked(self, state: &OrgState, now: Timestamp) -> Result<Identifier, ContactError> {
        let Self { kind, value, source } = self;
        if value.trim().is_empty() {
            return Err(invalid("the identifier has no value"));
        }
        let source = match (kind, source) {
            (IdentifierType::ExternalId, None) => {
                return Err(invalid("an identifier of type ExternalId needs externalSource.id"));
            }
            (IdentifierType::ExternalId, Some(id)) if !state.external_sources.contains_key(&id) => {
                return Err(invalid(format!("there is no external source {id}")));
            }
            (IdentifierType::ExternalId, some) => some,
            (_, Some(_)) => return Err(invalid("externalSource is of identifiers of type ExternalId")),
            (_, None) => None,
        };
        Ok(Identifier { kind, value, source, claimed: now })
    }

    /// The same, to be claimed: its source must be in use.
    fn claimable(self, state: &OrgState, now: Timestamp) -> Result<Identifier, ContactError> {
        let identifier = self.checked(state, now)?;
        let source = identifier.source.as_ref().and_then(|id| state.external_sources.get(id));
        match source.filter(|source| !source.active) {
            Some(source) => Err(ContactError::Inactive(source.id.clone())),
            None => Ok(identifier),
        }
    }
}

fn right(details: &Details) -> Result<(), ContactError> {
    details.wrong().map_or(Ok(()), |(member, why)| Err(invalid(format!("{member} {why}"))))
}

/// The identifiers of a request, if a contact may have them all; `own` is the contact, if there is one already.
fn free(
    state: &OrgState,
    named: Vec<Named>,
    own: Option<&ContactId>,
    now: Timestamp,
) -> Result<Vec<Identifier>, ContactError> {
    let mut all = Vec::with_capacity(named.len());
    for one in named {
        let identifier = one.claimable(state, now)?;
        match state.contacts.owner(&identifier) {
            Owner::Contact(owner) if Some(&owner.id) != own => return Err(Taken(owner.id.clone()).into()),
            _ => all.push(identifier),
        }
    }
    Ok(all)
}

/// Writes a contact down.
pub fn create(cx: &Cx, details: Details, named: Vec<Named>) -> Result<Contact, ContactError> {
    right(&details)?;
    let (now, id) = (cx.now(), Mint::new(&cx.org.draws, cx.cause).uuid("contact"));
    cx.state(|state| {
        let identifiers = free(state, named, None, now)?;
        let contact = Contact { details, ..Contact::new(id.into(), ContactType::Curated, now) };
        let id = state.contacts.insert(contact);
        for identifier in identifiers {
            state.contacts.claim(&id, identifier, now)?;
        }
        found(&state.contacts, id.as_str())
    })
}

fn found(contacts: &Contacts, id: &str) -> Result<Contact, ContactError> {
    contacts.get(id).cloned().ok_or(ContactError::Unknown("contact"))
}

/// The contact of an id, or the one that it turned out to be.
pub fn get(cx: &Cx, id: &str) -> Result<Contact, ContactError> {
    cx.state(|state| found(&state.contacts, id))
}

/// The contact of this very id, whatever became of it.
pub fn unresolved(cx: &Cx, id: &str) -> Result<Contact, ContactError> {
    cx.state(|state| state.contacts.unresolved(id).cloned()).ok_or(ContactError::Unknown("contact"))
}

/// Writes a contact anew. `external_ids`, if given, are all that it has from then on.
pub fn replace(
    cx: &Cx,
    id: &str,
    details: Details,
    external_ids: Option<Vec<Named>>,
) -> Result<Contact, ContactError> {
    right(&details)?;
    let now = cx.now();
    cx.state(|state| {
        let id = found(&state.contacts, id)?.id;
        let wanted = external_ids.map(|named| free(state, named, Some(&id), now)).transpose()?;
        if let Some(contact) = state.contacts.get_mut(id.as_str()) {
            (contact.details, contact.modified) = (details, now);
        }
        if let Some(wanted) = wanted {
            let keys: Vec<_> = wanted.iter().map(Identifier::key).collect();
            let had = found(&state.contacts, id.as_str())?.identifiers;
            let gone = had.iter().filter(|one| one.kind == IdentifierType::ExternalId);
            for one in gone.filter(|one| !keys.contains(&one.key())) {
                state.contacts.release(&id, one, now);
            }
            for one in wanted {
                state.contacts.claim(&id, one, now)?;
            }
        }
        found(&state.contacts, id.as_str())
    })
}

/// One change by name.
pub struct Change {
    /// Of which member.
    pub field: String,
    /// What is done.
    pub action: ChangeAction,
    /// With what.
    pub value: Option<serde_json::Value>,
    /// Of the member `externalIds`: with what.
    pub external_id: Option<Named>,
}

/// Changes a contact, wholly or not at all.
pub fn change(cx: &Cx, id: &str, changes: Vec<Change>) -> Result<Contact, ContactError> {
    let now = cx.now();
    cx.state(|state| {
        let mut contact = found(&state.contacts, id)?;
        let (mut claimed, mut released) = (Vec::new(), Vec::new());
        for Change { field, action, value, external_id } in changes {
            match (action, external_id) {
                (ChangeAction::AppendToCollection, Some(named)) => {
                    claimed.extend(free(state, vec![named], Some(&contact.id), now)?);
                }
                (ChangeAction::RemoveFromCollection, Some(named)) => {
                    released.push(named.checked(state, now)?)
                }
                (_, Some(_)) => {
                    return Err(invalid(
                        "externalIds is a collection; expected AppendToCollection or RemoveFromCollection",
                    ));
                }
                (action, None) => contact.details.change(&field, action, value).map_err(invalid)?,
            }
        }
        right(&contact.details)?;
        let (id, details) = (contact.id, contact.details);
        if let Some(contact) = state.contacts.get_mut(id.as_str()) {
            (contact.details, contact.modified) = (details, now);
        }
        for one in &released {
            state.contacts.release(&id, one, now);
        }
        for one in claimed {
            state.contacts.claim(&id, one, now)?;
        }
        found(&state.contacts, id.as_str())
    })
}

/// Takes a contact away. Its conversations have none from then on.
pub fn remove(cx: &Cx, id: &str) -> Result<(), ContactError> {
    cx.state(|state| {
        let id = found(&state.contacts, id)?.id;
        let gone = state.contacts.remove(&id).ok_or(ContactError::Unknown("contact"))?;
        for conversation in &gone.conversations {
            if let Some(mut known) = state.conversations.get_mut(conversation) {
                known.contact = None;
            }
        }
        Ok(())
    })
}

/// By what a list is sorted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SortBy {
    /// `firstName`.
    FirstName,
    /// `middleName`.
    MiddleName,
    /// `lastName`.
    LastName,
    /// `title`.
    Title,
}

impl SortBy {
    fn name(self, contact: &Contact) -> String {
        let Details { first_name, middle_name, last_name, title, .. } = &contact.details;
        let text = match self {
            Self::FirstName => first_name,
            Self::MiddleName => middle_name,
            Self::LastName => last_name,
            Self::Title => title,
        };
        text.as_deref().unwrap_or_default().to_lowercase()
    }
}

/// Those that are wanted, and how many there are.
pub fn search(
    cx: &Cx,
    words: Option<&str>,
    sort: &[(SortBy, bool)],
    (page, size): (usize, usize),
) -> (Vec<Contact>, usize) {
    let words = words.map(str::to_lowercase);
    let matches = |contact: &&Contact| {
        let values = contact.identifiers.iter().map(|one| one.value.to_lowercase());
        words
            .as_deref()
            .is_none_or(|words| contact.details.mention(words) || values.into_iter().any(|one| one == words))
    };
    let skipped = page.saturating_sub(1).saturating_mul(size);
    cx.state(|state| {
        let kept = state.contacts.iter().filter(|one| one.merged_into.is_none());
        let mut all: Vec<&Contact> = kept.filter(matches).collect();
        for (by, ascending) in sort.iter().rev() {
            match ascending {
                true => all.sort_by_cached_key(|contact| by.name(contact)),
                // those of one name stay in their order
                false => all.sort_by_cached_key(|contact| Reverse(by.name(contact))),
            }
        }
        (all.iter().skip(skipped).take(size).map(|contact| (*contact).clone()).collect(), all.len())
    })
}

/// The identifier is this contact's from now on.
pub fn claim(cx: &Cx, id: &str, named: Named) -> Result<Identifier, ContactError> {
    let now = cx.now();
    cx.state(|state| {
        let id = found(&state.contacts, id)?.id;
        let identifier = named.claimable(state, now)?;
        state.contacts.claim(&id, identifier.clone(), now)?;
        let has = found(&state.contacts, id.as_str())?.identifiers;
        has.into_iter().find(|one| one.key() == identifier.key()).ok_or(ContactError::NotTheirs)
    })
}

/// The identifier is nobody's from now on.
pub fn release(cx: &Cx, id: &str, named: Named) -> Result<Identifier, ContactError> {
    let now = cx.now();
    cx.state(|state| {
        let id = found(&state.contacts, id)?.id;
        let identifier = named.checked(state, now)?;
        state.contacts.release(&id, &identifier, now).ok_or(ContactError::NotTheirs)
    })
}

/// Whose an identifier is.
pub fn lookup(cx: &Cx, named: Named) -> Result<Contact, ContactError> {
    let now = cx.now();
    cx.state(|state| {
        let identifier = named.checked(state, now)?;
        match state.contacts.owner(&identifier) {
            Owner::Contact(contact) => Ok(contact.clone()),
            Owner::Nobody => Err(ContactError::NoMatch),
            Owner::Forgotten => Err(ContactError::Forgotten),
        }
    })
}

/// Several contacts turn out to be one, which is new. Where they say different things, the first one is right.
pub fn merge(cx: &Cx, ids: &[String], said: Details) -> Result<Contact, ContactError> {
    right(&said)?;
    let (now, new) = (cx.now(), ContactId::from(Mint::new(&cx.org.draws, cx.cause).uuid("contact")));
    cx.state(|state| {
        let mut merged: Vec<ContactId> = Vec::new();
        for id in ids {
            let id = found(&state.contacts, id)?.id;
            if !merged.contains(&id) {
                merged.push(id);
            }
        }
        if !(2..=MOST_MERGED).contains(&merged.len()) {
            return Err(invalid(format!("contactIds names 2 to {MOST_MERGED} different contacts")));
        }
        for conversation in state.contacts.merge_all(&merged, new.clone(), said, now) {
            if let Some(mut known) = state.conversations.get_mut(&conversation) {
                known.contact = Some(new.clone());
            }
        }
        found(&state.contacts, new.as_str())
    })
}

/// An application takes a contact over.
pub fn promote(cx: &Cx, id: &str) -> Result<Contact, ContactError> {
    let now = cx.now();
    cx.state(|state| {
        let contact = state.contacts.get_mut(id).ok_or(ContactError::Unknown("contact"))?;
        if contact.kind == ContactType::Curated {
            return Err(ContactError::Curated);
        }
        (contact.kind, contact.modified) = (ContactType::Curated, now);
        Ok(contact.clone())
    })
}

/// A conversation turns out to be of this contact.
pub fn associate(cx: &Cx, conversation: &str, contact: &str) -> Result<(), ContactError> {
    cx.state(|state| {
        let id = found(&state.contacts, contact)?.id;
        let conversation = ConversationId::from(conversation);
        let mut known =
            state.conversations.get_mut(&conversation).ok_or(ContactError::Unknown("conversation"))?;
        let before = known.contact.replace(id.clone());
        state.contacts.moves(&conversation, before.as_ref(), &id);
        Ok(())
    })
}
