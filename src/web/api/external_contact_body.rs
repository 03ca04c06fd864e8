//! External contacts on the wire.

use std::{collections::BTreeMap, sync::Arc};

use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::error::of_code;
use crate::{
    base::time::Timestamp,
    domain::{
        contact::{Contact, ContactType},
        contact_details::Details,
        contact_identifier::{ExternalSource, Identifier, IdentifierType},
        visit::Refusal,
    },
    ops::{
        cx::Cx,
        external_contacts::{ContactError, Named},
    },
};

/// Where contacts are.
pub const CONTACTS: &str = "/api/v2/externalcontacts/contacts";
/// Where external sources are.
pub const SOURCES: &str = "/api/v2/externalcontacts/externalsources";
/// The scopes of whoever only reads.
pub const READ: &[&str] = &["external-contacts", "external-contacts:readonly"];
/// The scope of whoever writes.
pub const WRITE: &[&str] = &["external-contacts"];

/// Why it was not done, in the platform's words.
pub fn refused(cx: &Cx, error: &ContactError) -> Response {
    let words = error.to_string();
    let code = match error {
        ContactError::Unknown(_) => "entity.not.found",
        ContactError::NoMatch => "not.found",
        ContactError::Forgotten => "identifier.entity.missing",
        ContactError::Taken(_) => "identifier.claim.conflict",
        ContactError::NotTheirs => "identifier.cannot.be.released",
        ContactError::Inactive(_) => "identifier.cannot.be.claimed",
        ContactError::Invalid(_) => "validation.failed",
        ContactError::Curated => "promotion.of.curated.contact.failed",
    };
    cx.refuse(Refusal::new(code, words.as_str()));
    of_code(cx, code, &words)
}

/// The same where a contact is written: the platform has no better word there.
pub fn refused_writing(cx: &Cx, error: &ContactError) -> Response {
    let code = match error {
        ContactError::Taken(_) => "request.conflict",
        ContactError::Inactive(_) => "validation.failed",
        other => return refused(cx, other),
    };
    cx.refuse(Refusal::new(code, error.to_string()));
    of_code(cx, code, &error.to_string())
}

/// `{ "id": … }`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct SourceRef {
    id: Option<String>,
}

/// `ContactIdentifier` or `ExternalId`, as it comes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IdentifierRequest {
    #[serde(rename = "type", default = "external_id")]
    kind: IdentifierType,
    #[serde(default)]
    value: String,
    #[serde(default)]
    external_source: Option<SourceRef>,
}

fn external_id() -> IdentifierType {
    IdentifierType::ExternalId
}

impl IdentifierRequest {
    /// As ops take it.
    pub fn named(self) -> Named {
        let source = self.external_source.and_then(|source| source.id);
        Named { kind: self.kind, value: self.value, source }
    }
}

/// `ExternalContact`, as it comes. What is read-only is passed over.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ContactRequest {
    /// What is written down.
    #[serde(flatten)]
    pub details: Details,
    /// Ids in other systems.
    pub external_ids: Option<Vec<IdentifierRequest>>,
    /// Of a new contact: other identifiers. They are changed one by one later on.
    pub identifiers: Option<Vec<IdentifierRequest>>,
}

/// `ExternalSource`.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceBody {
    id: String,
    name: String,
    active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    link_configuration: Option<Link>,
    self_uri: String,
}

/// `LinkConfiguration`.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    /// URL of a person in the other system.
    pub uri_template: String,
}

impl SourceBody {
    /// Of this source.
    pub fn of(source: &ExternalSource) -> Self {
        Self {
            id: source.id.clone(),
            name: source.name.clone(),
            active: source.active,
            link_configuration: source.uri_template.clone().map(|uri_template| Link { uri_template }),
            self_uri: format!("{SOURCES}/{}", source.id),
        }
    }
}

/// `ContactIdentifier`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IdentifierBody {
    #[serde(rename = "type")]
    kind: IdentifierType,
    value: String,
    date_created: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_source: Option<SourceBody>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExternalIdBody {
    external_source: SourceBody,
    value: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Reference {
    id: String,
    self_uri: String,
}

fn reference(id: &impl ToString) -> Reference {
    let id = id.to_string();
    Reference { self_uri: format!("{CONTACTS}/{id}"), id }
}

/// `ExternalContact`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ContactBody {
    id: String,
    #[serde(flatten)]
    details: Details,
    external_ids: Vec<ExternalIdBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identifiers: Option<Vec<IdentifierBody>>,
    modify_date: Timestamp,
    create_date: Timestamp,
    #[serde(rename = "type")]
    kind: ContactType,
    canonical_contact: Reference,
    merge_set: Vec<Reference>,
    merged_from: Vec<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    merged_to: Option<Reference>,
    self_uri: String,
}

/// What bodies of contacts are made with.
pub struct Writer {
    sources: BTreeMap<String, Arc<ExternalSource>>,
    expanded: bool,
}

impl Writer {
    /// With the org's sources; `expanded`: with all identifiers.
    pub fn new(cx: &Cx, expanded: bool) -> Self {
        Self { sources: cx.state(|state| state.external_sources.clone()), expanded }
    }

    /// One identifier.
    pub fn identifier(&self, one: &Identifier) -> IdentifierBody {
        let source = one.source.as_ref().and_then(|id| self.sources.get(id));
        let external_source = source.map(|source| SourceBody::of(source));
        let (kind, value) = (one.kind, one.value.clone());
        IdentifierBody { kind, value, date_created: one.claimed, external_source }
    }

    /// A contact; `canonical` is what it turned out to be, or itself.
    pub fn contact(&self, contact: &Contact, canonical: &Contact) -> ContactBody {
        let external_id = |one: &Identifier| {
            let source = self.sources.get(one.source.as_ref()?)?;
            Some(ExternalIdBody { external_source: SourceBody::of(source), value: one.value.clone() })
        };
        let set = std::iter::once(&canonical.id).chain(&canonical.merged_from);
        ContactBody {
            id: contact.id.to_string(),
            details: contact.details.clone(),
            external_ids: contact.identifiers.iter().filter_map(external_id).collect(),
            identifiers: self
                .expanded
                .then(|| contact.identifiers.iter().map(|one| self.identifier(one)).collect()),
            modify_date: contact.modified,
            create_date: contact.created,
            kind: contact.kind,
            canonical_contact: reference(&canonical.id),
            merge_set: set.map(reference).collect(),
            merged_from: contact.merged_from.iter().map(reference).collect(),
            merged_to: contact.merged_into.as_ref().map(reference),
            self_uri: format!("{CONTACTS}/{}", contact.id),
        }
    }
}
