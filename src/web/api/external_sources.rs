//! `/api/v2/externalcontacts/externalsources`: the other systems whose ids contacts may have.

use axum::{body::Bytes, response::Response};
use http::{StatusCode, Uri};
use serde::{Deserialize, Serialize};

use super::{
    error::of_code,
    external_contact_body::{Link, READ, SOURCES, SourceBody, WRITE},
    request::{Refused, admitted, bad_parameter, page as page_of, read},
};
use crate::{
    base::codec::query_value,
    domain::visit::Refusal,
    ops::{
        cx::Cx,
        external_sources::{self as ops, Said, SourceError},
    },
    web::{
        answer,
        extract::{Authorization, Id},
    },
};

const VIEW: &[&str] = &[
    "externalContacts:externalSource:view",
    "externalContacts:contact:view",
    "externalContacts:externalOrganization:view",
];
const ADD: &[&str] = &["externalContacts:externalSource:add"];
const EDIT: &[&str] = &["externalContacts:externalSource:edit"];
const DELETE: &[&str] = &["externalContacts:externalSource:delete"];
const USUAL: usize = 20;
const MOST: usize = 200;

fn refused(cx: &Cx, error: &SourceError) -> Response {
    let words = error.to_string();
    let code = match error {
        SourceError::Unknown => "entity.not.found",
        SourceError::NoName => "validation.failed",
        SourceError::Exists(_) => "external.source.exists",
        SourceError::TooMany => "max.external.source.limit.reached",
    };
    cx.refuse(Refusal::new(code, words.as_str()));
    of_code(cx, code, &words)
}

/// `ExternalSource`, as it comes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SourceRequest {
    name: Option<String>,
    #[serde(default = "yes")]
    active: bool,
    link_configuration: Option<Link>,
}

fn yes() -> bool {
    true
}

impl SourceRequest {
    fn said(self) -> Said {
        let uri_template = self.link_configuration.map(|link| link.uri_template);
        Said { name: self.name, active: self.active, uri_template }
    }
}

#[derive(Serialize)]
struct Cursors {
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listing {
    entities: Vec<SourceBody>,
    self_uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_uri: Option<String>,
    cursors: Cursors,
}

/// A page of them.
pub async fn list(cx: Cx, authorization: Authorization, uri: Uri) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let value = |name: &str| query_value(uri.query(), name);
    let limit = match value("limit") {
        None => USUAL,
        Some(text) => match text.parse().ok().filter(|limit| (1..=MOST).contains(limit)) {
            Some(limit) => limit,
            None => return Err(bad_parameter(&cx, "limit", &text, &format!("1 to {MOST}")).into()),
        },
    };
    let active = match value("active").as_deref() {
        None => None,
        Some("true") => Some(true),
        Some("false") => Some(false),
        Some(text) => return Err(bad_parameter(&cx, "active", text, "true or false").into()),
    };
    let (page, after) = ops::list(&cx, (value("name").as_deref(), active), value("cursor").as_deref(), limit);
    let at = |cursor: &str| page_of(SOURCES, &uri, &[("cursor", cursor)]);
    let listing = Listing {
        entities: page.iter().map(|source| SourceBody::of(source)).collect(),
        self_uri: at(&value("cursor").unwrap_or_default()),
        next_uri: after.as_deref().map(at),
        cursors: Cursors { after },
    };
    Ok(answer::json(StatusCode::OK, &listing))
}

/// A new one.
pub async fn post(cx: Cx, authorization: Authorization, body: Bytes) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, ADD).await?;
    let request: SourceRequest = read(&cx, &body)?;
    let source = ops::put(&cx, None, request.said()).map_err(|error| refused(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &SourceBody::of(&source)))
}

/// One.
pub async fn get(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let source = ops::get(&cx, &id).map_err(|error| refused(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &SourceBody::of(&source)))
}

/// Writes one anew.
pub async fn put(cx: Cx, authorization: Authorization, Id(id): Id, body: Bytes) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, EDIT).await?;
    let request: SourceRequest = read(&cx, &body)?;
    let source = ops::put(&cx, Some(&id), request.said()).map_err(|error| refused(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &SourceBody::of(&source)))
}

/// Takes one away; nobody has ids of it any more.
pub async fn delete(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, DELETE).await?;
    ops::remove(&cx, &id).map_err(|error| refused(&cx, &error))?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}
