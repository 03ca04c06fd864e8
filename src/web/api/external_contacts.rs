//! `/api/v2/externalcontacts/contacts`: written, shown, searched.

use axum::{body::Bytes, response::Response};
use http::{StatusCode, Uri};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    external_contact_body::{
        CONTACTS, ContactRequest, IdentifierRequest, READ, WRITE, Writer, refused, refused_writing,
    },
    listing::{Paging, values},
    request::{Refused, admitted, bad_parameter, read},
};
use crate::{
    base::codec::query_value,
    domain::{contact::Contact, contact_details::ChangeAction},
    ops::{
        cx::Cx,
        external_contacts::{self as ops, Change, SortBy},
    },
    web::{
        answer,
        extract::{Authorization, Id},
    },
};

const VIEW: &[&str] = &["relate:contact:view", "externalContacts:contact:view"];
const ADD: &[&str] = &["relate:contact:add", "externalContacts:contact:add"];
const EDIT: &[&str] = &["relate:contact:edit", "externalContacts:contact:edit"];
const CHANGE: &[&str] = &["externalContacts:contact:edit"];
const DELETE: &[&str] = &["relate:contact:delete", "externalContacts:contact:delete"];
const RESOLVE: &[&str] = &["externalContacts:contact:view"];

/// What `expand` may name.
const EXPANDABLE: [&str; 5] =
    ["externalOrganization", "externalDataSources", "identifiers", "externalSources", "division"];
const MAX_PAGE: usize = 100;

/// Are identifiers asked for? `expand` may come several times, and with commas.
pub fn expanded(cx: &Cx, uri: &Uri) -> Result<bool, Refused> {
    let given = values(uri, "expand");
    match given.iter().find(|one| !EXPANDABLE.contains(&one.as_str())) {
        Some(wrong) => Err(bad_parameter(cx, "expand", wrong, &EXPANDABLE.join(", ")).into()),
        None => Ok(given.iter().any(|one| one == "identifiers")),
    }
}

/// A contact as it is.
pub fn shown(cx: &Cx, contact: &Contact, expanded: bool) -> Response {
    answer::json(StatusCode::OK, &Writer::new(cx, expanded).contact(contact, contact))
}

/// `firstName:asc,title:desc`; a name alone ascends.
fn sorting(cx: &Cx, uri: &Uri) -> Result<Vec<(SortBy, bool)>, Refused> {
    let text = query_value(uri.query(), "sortOrder").unwrap_or_default();
    let one = |part: &str| {
        let (name, direction) = part.split_once(':').unwrap_or((part, "asc"));
        let by = match name.trim() {
            "firstName" => SortBy::FirstName,
            "middleName" => SortBy::MiddleName,
            "lastName" => SortBy::LastName,
            "title" => SortBy::Title,
            _ => return None,
        };
        match direction.trim().to_ascii_lowercase().as_str() {
            "asc" => Some((by, true)),
            "desc" => Some((by, false)),
            _ => None,
        }
    };
    let expected = "firstName, lastName, middleName or title, each with :asc or :desc";
    let parts = text.split(',').filter(|part| !part.is_empty());
    parts.map(|part| one(part).ok_or_else(|| bad_parameter(cx, "sortOrder", part, expected).into())).collect()
}

/// Those that were not merged into others, in the order of coming unless it is said.
pub async fn list(cx: Cx, authorization: Authorization, uri: Uri) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let paging = Paging::read(&cx, CONTACTS, &uri, (20, MAX_PAGE))?;
    let (sort, words) = (sorting(&cx, &uri)?, query_value(uri.query(), "q"));
    let writer = Writer::new(&cx, expanded(&cx, &uri)?);
    let (contacts, total) = ops::search(&cx, words.as_deref(), &sort, (paging.number, paging.size));
    let entities = contacts.iter().map(|contact| writer.contact(contact, contact)).collect();
    Ok(answer::json(StatusCode::OK, &paging.page(entities, total)))
}

/// Writes one down.
pub async fn post(cx: Cx, authorization: Authorization, body: Bytes) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, ADD).await?;
    let ContactRequest { details, external_ids, identifiers } = read(&cx, &body)?;
    let named = external_ids.into_iter().chain(identifiers).flatten().map(IdentifierRequest::named).collect();
    let made = ops::create(&cx, details, named).map_err(|error| refused_writing(&cx, &error))?;
    Ok(shown(&cx, &made, true))
}

/// One, or what it turned out to be.
pub async fn get(cx: Cx, authorization: Authorization, Id(id): Id, uri: Uri) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let expanded = expanded(&cx, &uri)?;
    let contact = ops::get(&cx, &id).map_err(|error| refused(&cx, &error))?;
    Ok(shown(&cx, &contact, expanded))
}

/// This very one, whatever became of it.
pub async fn unresolved(
    cx: Cx,
    authorization: Authorization,
    Id(id): Id,
    uri: Uri,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, RESOLVE).await?;
    let writer = Writer::new(&cx, expanded(&cx, &uri)?);
    let contact = ops::unresolved(&cx, &id).map_err(|error| refused(&cx, &error))?;
    let canonical = ops::get(&cx, &id).unwrap_or_else(|_| contact.clone());
    Ok(answer::json(StatusCode::OK, &writer.contact(&contact, &canonical)))
}

/// Writes one anew.
pub async fn put(cx: Cx, authorization: Authorization, Id(id): Id, body: Bytes) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, EDIT).await?;
    let ContactRequest { details, external_ids, .. } = read(&cx, &body)?;
    let external_ids = external_ids.map(|all| all.into_iter().map(IdentifierRequest::named).collect());
    let contact =
        ops::replace(&cx, &id, details, external_ids).map_err(|error| refused_writing(&cx, &error))?;
    Ok(shown(&cx, &contact, true))
}

/// `ExternalContactsPatchRequest`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct PatchRequest {
    changes: Vec<ChangeRequest>,
}

#[derive(Deserialize)]
struct ChangeRequest {
    field: String,
    action: ChangeAction,
    value: Option<Value>,
}

/// One change, with an id of another system where it is about those.
fn change(ChangeRequest { field, action, value }: ChangeRequest) -> Result<Change, serde_json::Error> {
    let external_id = match (&value, field.as_str()) {
        (Some(value), "externalIds") => {
            Some(serde_json::from_value::<IdentifierRequest>(value.clone())?.named())
        }
        _ => None,
    };
    Ok(Change { field, action, value, external_id })
}

/// Changes one.
pub async fn patch(
    cx: Cx,
    authorization: Authorization,
    Id(id): Id,
    body: Bytes,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, CHANGE).await?;
    let PatchRequest { changes } = read(&cx, &body)?;
    let changes: Result<Vec<_>, _> = changes.into_iter().map(change).collect();
    let changes = changes.map_err(|_| {
        let error = ops::ContactError::Invalid("externalIds has members externalSource and value".to_owned());
        refused(&cx, &error)
    })?;
    let contact = ops::change(&cx, &id, changes).map_err(|error| refused_writing(&cx, &error))?;
    Ok(shown(&cx, &contact, true))
}

/// Nothing.
#[derive(Serialize)]
pub struct Empty {}

/// Takes one away.
pub async fn delete(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, DELETE).await?;
    ops::remove(&cx, &id).map_err(|error| refused(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &Empty {}))
}
