//! By what external contacts are known again: lookup, claim, merge, promotion, and the conversations that are theirs.

use axum::{body::Bytes, response::Response};
use http::{StatusCode, Uri};
use serde::{Deserialize, Serialize};

use super::{
    error::of_code,
    external_contact_body::{
        ContactRequest, IdentifierBody, IdentifierRequest, READ, WRITE, Writer, refused,
    },
    external_contacts::{expanded, shown},
    request::{Refused, admitted, read},
};
use crate::{
    domain::visit::Refusal,
    ops::{cx::Cx, external_contacts as ops},
    web::{
        answer,
        extract::{Authorization, Id},
    },
};

const VIEW: &[&str] = &["externalContacts:contact:view"];
const VIEW_OR_RELATE: &[&str] = &["externalContacts:contact:view", "relate:contact:view"];
const EDIT: &[&str] = &["externalContacts:contact:edit"];
const MERGE: &[&str] = &["externalContacts:identity:merge"];
const PROMOTE: &[&str] = &["externalContacts:identity:promote"];
const ASSOCIATE: &[&str] = &["relate:conversation:associate", "externalContacts:conversation:associate"];

#[derive(Serialize)]
struct Listing {
    entities: Vec<IdentifierBody>,
}

/// What a contact is known by.
pub async fn list(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let contact = ops::get(&cx, &id).map_err(|error| refused(&cx, &error))?;
    let writer = Writer::new(&cx, true);
    let entities = contact.identifiers.iter().map(|one| writer.identifier(one)).collect();
    Ok(answer::json(StatusCode::OK, &Listing { entities }))
}

/// `IdentifierClaimRequest`.
#[derive(Deserialize)]
struct ClaimRequest {
    operation: String,
    identifier: IdentifierRequest,
}

/// Claims or releases.
pub async fn patch(
    cx: Cx,
    authorization: Authorization,
    Id(id): Id,
    body: Bytes,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, EDIT).await?;
    let ClaimRequest { operation, identifier } = read(&cx, &body)?;
    let done = match operation.as_str() {
        "Claim" => ops::claim(&cx, &id, identifier.named()),
        "Release" => ops::release(&cx, &id, identifier.named()),
        other => {
            cx.refuse(Refusal::new("invalid.operation.type", "There is no such operation").seen(other));
            return Err(of_code(&cx, "invalid.operation.type", other).into());
        }
    };
    let identifier = done.map_err(|error| refused(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &Writer::new(&cx, true).identifier(&identifier)))
}

/// Whose an identifier is.
pub async fn lookup(
    cx: Cx,
    authorization: Authorization,
    uri: Uri,
    body: Bytes,
) -> Result<Response, Refused> {
    let older = uri.path().ends_with("/identifierlookup");
    admitted(&cx, &authorization, READ, if older { VIEW_OR_RELATE } else { VIEW }).await?;
    let expanded = expanded(&cx, &uri)?;
    let identifier: IdentifierRequest = read(&cx, &body)?;
    let contact = ops::lookup(&cx, identifier.named()).map_err(|error| refused(&cx, &error))?;
    Ok(shown(&cx, &contact, expanded))
}

/// `MergeContactsRequest`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MergeContactsRequest {
    contact_ids: Vec<String>,
    #[serde(default)]
    value_override: ContactRequest,
}

/// Several contacts turn out to be one.
pub async fn merge(cx: Cx, authorization: Authorization, body: Bytes) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, MERGE).await?;
    let MergeContactsRequest { contact_ids, value_override } = read(&cx, &body)?;
    let contact =
        ops::merge(&cx, &contact_ids, value_override.details).map_err(|error| refused(&cx, &error))?;
    Ok(shown(&cx, &contact, true))
}

/// `MergeRequest`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MergeRequest {
    source_contact_id: String,
    target_contact_id: String,
}

/// The same of two, as it was before; where they say different things, the target is right.
pub async fn merge_two(cx: Cx, authorization: Authorization, body: Bytes) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, MERGE).await?;
    let MergeRequest { source_contact_id, target_contact_id } = read(&cx, &body)?;
    let contact = ops::merge(&cx, &[target_contact_id, source_contact_id], Default::default())
        .map_err(|error| refused(&cx, &error))?;
    Ok(shown(&cx, &contact, true))
}

/// An application takes a contact over.
pub async fn promote(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, PROMOTE).await?;
    let contact = ops::promote(&cx, &id).map_err(|error| refused(&cx, &error))?;
    Ok(shown(&cx, &contact, true))
}

/// `ConversationAssociation`, as far as it matters.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Association {
    external_contact_id: String,
    communication_id: String,
}

/// A conversation turns out to be of a contact.
pub async fn associate(
    cx: Cx,
    authorization: Authorization,
    Id(id): Id,
    body: Bytes,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, ASSOCIATE).await?;
    let Association { external_contact_id, communication_id } = read(&cx, &body)?;
    if communication_id.is_empty() {
        const CODE: &str = "conversation.association.communication.id.required";
        cx.refuse(Refusal::new(CODE, "communicationId is missing"));
        return Err(of_code(&cx, CODE, "").into());
    }
    ops::associate(&cx, &id, &external_contact_id).map_err(|error| refused(&cx, &error))?;
    Ok(answer::empty(StatusCode::ACCEPTED))
}
