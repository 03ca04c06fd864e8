//! `/api/v2/routing/wrapupcodes`: what conversations can have been about.

use axum::{body::Bytes, response::Response};
use http::{StatusCode, Uri};
use serde::{Deserialize, Serialize};

use super::{
    conversation_body::WrapupBody,
    error::of_code,
    listing::{PAGES, Paging, sorting, values},
    queues::refused,
    request::{Refused, admitted, object},
};
use crate::{
    base::{codec::query_value, time::Timestamp},
    domain::{communication::Wrapup, queue::WrapupCode, visit::Refusal},
    ops::{cx::Cx, routing as ops},
    web::{
        answer,
        extract::{Authorization, Id},
    },
};

const READ: &[&str] = &["routing", "routing:readonly"];
const WRITE: &[&str] = &["routing"];
const VIEW: &[&str] = &["routing:wrapupCode:view"];
const SEARCH: &[&str] = &["routing:wrapupCode:search"];
const ADD: &[&str] = &["routing:wrapupCode:add"];
const EDIT: &[&str] = &["routing:wrapupCode:edit"];
const DELETE: &[&str] = &["routing:wrapupCode:delete"];
const CODES: &str = "/api/v2/routing/wrapupcodes";
/// The codes that its endpoints have of their own.
const OWN: &[&str] = &["invalid.name", "duplicate.name"];

/// `WrapupCode`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WrapupCodeBody {
    id: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    date_created: Timestamp,
    date_modified: Timestamp,
    self_uri: String,
}

impl WrapupCodeBody {
    /// Of a code.
    pub fn of(code: &WrapupCode) -> Self {
        Self {
            id: code.id.clone(),
            name: code.name.clone(),
            description: code.description.clone(),
            date_created: code.created.up_to_millis(),
            date_modified: code.modified.up_to_millis(),
            self_uri: format!("{CODES}/{}", code.id),
        }
    }
}

/// `WrapupCodeRequest`, as it comes.
#[derive(Default, Deserialize)]
#[serde(default)]
struct CodeRequest {
    name: Option<String>,
    description: Option<String>,
}

/// What somebody said that it was about, if it has.
pub fn assigned(cx: &Cx, said: Option<Wrapup>) -> Response {
    match &said {
        Some(said) => answer::json(StatusCode::OK, &WrapupBody::of(said)),
        None => {
            cx.refuse(Refusal::new("wrapup.none", "Nobody has said what the conversation was about"));
            of_code(cx, "not.found", "")
        }
    }
}

/// A page of them.
pub async fn list(cx: Cx, authorization: Authorization, uri: Uri) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    listed(&cx, &uri, CODES)
}

/// A page of them, for whoever only looks for them. All are of one division.
pub async fn division_views(cx: Cx, authorization: Authorization, uri: Uri) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, SEARCH).await?;
    listed(&cx, &uri, &[CODES, "/divisionviews"].concat())
}

/// One, for whoever only looks for them.
pub async fn division_view(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, SEARCH).await?;
    let code = ops::code(&cx, &id).map_err(|error| refused(&cx, &error, OWN))?;
    Ok(answer::json(StatusCode::OK, &WrapupCodeBody::of(&code)))
}

fn listed(cx: &Cx, uri: &Uri, path: &str) -> Result<Response, Refused> {
    let page = Paging::read(cx, path, uri, PAGES)?;
    let mut all = ops::codes(cx);
    let (by, ascending) = sorting(cx, uri, &["name", "id"])?;
    if by == "id" {
        all.sort_by(|one, other| one.id.cmp(&other.id));
    }
    if !ascending {
        all.reverse();
    }
    let (name, wanted) =
        (query_value(uri.query(), "name").map(|name| name.to_lowercase()), values(uri, "id"));
    all.retain(|code| {
        name.as_ref().is_none_or(|name| code.name.to_lowercase().contains(name.trim_matches('*')))
            && (wanted.is_empty() || wanted.contains(&code.id))
    });
    Ok(answer::json(StatusCode::OK, &page.of(all.iter().map(|code| WrapupCodeBody::of(code)))))
}

/// A new one.
pub async fn post(cx: Cx, authorization: Authorization, body: Bytes) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, ADD).await?;
    let CodeRequest { name, description } = object(&cx, &body)?;
    let code = ops::put_code(&cx, None, (name, description)).map_err(|error| refused(&cx, &error, OWN))?;
    Ok(answer::json(StatusCode::OK, &WrapupCodeBody::of(&code)))
}

/// One.
pub async fn get(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let code = ops::code(&cx, &id).map_err(|error| refused(&cx, &error, OWN))?;
    Ok(answer::json(StatusCode::OK, &WrapupCodeBody::of(&code)))
}

/// Writes one anew.
pub async fn put(cx: Cx, authorization: Authorization, Id(id): Id, body: Bytes) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, EDIT).await?;
    let CodeRequest { name, description } = object(&cx, &body)?;
    let code =
        ops::put_code(&cx, Some(&id), (name, description)).map_err(|error| refused(&cx, &error, OWN))?;
    Ok(answer::json(StatusCode::OK, &WrapupCodeBody::of(&code)))
}

/// Takes one away.
pub async fn delete(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, DELETE).await?;
    ops::remove_code(&cx, &id).map_err(|error| refused(&cx, &error, OWN))?;
    Ok(answer::empty(StatusCode::OK))
}
