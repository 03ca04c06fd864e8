//! `/contacts`: whom the platform knows outside, so that a test sees who was taken for whom.

use axum::response::Response;
use http::{StatusCode, Uri};
use serde::{Deserialize, Serialize};

use super::{
    error::Problem,
    query::{self, MOST, USUAL_LIMIT},
    subject::TheOrg,
};
use crate::{
    base::{
        ids::{ContactId, ConversationId},
        time::Timestamp,
    },
    domain::{
        contact::{Contact, ContactType},
        contact_identifier::Identifier,
    },
    web::answer,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ContactView {
    id: ContactId,
    #[serde(rename = "type")]
    kind: ContactType,
    /// `sub` of the identity provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
    /// `iss` of the identity provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    create_date: Timestamp,
    conversations: Vec<ConversationId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    identifiers: Vec<Identifier>,
    #[serde(skip_serializing_if = "Option::is_none")]
    merged_into: Option<ContactId>,
    merged_from: Vec<ContactId>,
}

#[derive(Serialize)]
struct Listing {
    entities: Vec<ContactView>,
    next: Option<ContactId>,
}

#[derive(Deserialize)]
struct Query {
    after: Option<String>,
    limit: Option<usize>,
}

fn view(contact: &Contact) -> ContactView {
    let Contact {
        id,
        kind,
        details,
        identifiers,
        person,
        created,
        conversations,
        merged_into,
        merged_from,
        ..
    } = contact.clone();
    let person = person.unwrap_or_default();
    ContactView {
        id,
        kind,
        external_id: Some(person.subject).filter(|subject| !subject.is_empty()),
        issuer: person.issuer,
        first_name: details.first_name,
        last_name: details.last_name,
        email: details.personal_email.or(details.work_email).or(details.other_email),
        create_date: created,
        conversations,
        identifiers,
        merged_into,
        merged_from,
    }
}

/// In the order of coming.
pub async fn list(TheOrg(org): TheOrg, uri: Uri) -> Result<Response, Problem> {
    let query: Query = query::read(uri.query(), &["after", "limit"], &["limit"])?;
    let limit = query.limit.unwrap_or(USUAL_LIMIT);
    if !(1..=MOST).contains(&limit) {
        return Err(Problem::field("limit", format!("`limit` is between 1 and {MOST}")));
    }
    let page = org.state(|state| {
        let mut all = state.contacts.iter();
        if let Some(after) = &query.after {
            all.find(|contact| contact.id.as_str() == after)?;
        }
        let entities: Vec<_> = all.by_ref().take(limit).map(view).collect();
        let next = all.next().and(entities.last()).map(|last| last.id.clone());
        Some(Listing { entities, next })
    });
    let page = page.ok_or_else(|| {
        Problem::field("after", "there is no such contact; take `next` of an earlier answer")
    })?;
    Ok(answer::json(StatusCode::OK, &page))
}
