//! What becomes of divisions, and within which of them the caller has a permission.

use axum::{body::Bytes, response::Response};
use http::{StatusCode, Uri};

use super::{
    authorization::{DivisionBody, READ, WRITE},
    body::{Body, refused},
    listing::{PAGES, Paging},
    query::truth,
    request::{Refused, admitted},
};
use crate::{
    base::codec::query_value,
    ops::{
        cx::Cx,
        divisions::{self as ops, DivisionError},
    },
    web::{
        answer,
        extract::{Authorization, Id},
    },
};

const EDIT: &[&str] = &["authorization:division:edit"];
const DELETE: &[&str] = &["authorization:division:delete"];

/// Why it was not done, in the platform's words.
pub fn not_done(cx: &Cx, error: &DivisionError) -> Refused {
    let code = match error {
        DivisionError::Unknown(_) => "not.found",
        DivisionError::NoName => "division.name.invalid",
        DivisionError::TooLong => "max.length.exceeded",
        DivisionError::Exists(_) => "resource.already.exists",
        DivisionError::TooMany => "max.scopes.exceeded",
        DivisionError::InUse(_) => "precondition.failure",
    };
    refused(cx, code, &error.to_string())
}

/// Gives one another name or description.
pub async fn put(cx: Cx, authorization: Authorization, Id(id): Id, body: Bytes) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, EDIT).await?;
    let body = Body::read(&cx, &body)?;
    let changed = ops::change(&cx, &id, (body.text("name")?, body.text("description")?));
    let division = changed.map_err(|error| match error {
        // of this operation the platform publishes no code of its own
        DivisionError::Exists(_) => refused(&cx, "division.name.invalid", &error.to_string()),
        other => not_done(&cx, &other),
    })?;
    Ok(answer::json(StatusCode::OK, &DivisionBody::of(&division)))
}

/// Takes one away.
pub async fn delete(cx: Cx, authorization: Authorization, Id(id): Id, uri: Uri) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, DELETE).await?;
    let force = truth(&cx, &uri, "force")?;
    ops::remove(&cx, &id, force).map_err(|error| not_done(&cx, &error))?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

async fn permitted(cx: &Cx, authorization: &Authorization, uri: &Uri) -> Result<Vec<DivisionBody>, Refused> {
    let proved = admitted(cx, authorization, READ, &[]).await?;
    let permission = query_value(uri.query(), "permission").filter(|text| !text.is_empty());
    let missing = || refused(cx, "missing.permission.param", "permission is missing");
    let permission = permission.ok_or_else(missing)?;
    let name = query_value(uri.query(), "name").map(|name| name.to_lowercase());
    let mut all = ops::permitted(cx, &proved, &permission);
    all.retain(|one| {
        name.as_ref().is_none_or(|name| one.name.to_lowercase().contains(name.trim_matches('*')))
    });
    Ok(all.iter().map(|one| DivisionBody::of(one)).collect())
}

/// Those within which the caller has a permission.
pub async fn permitted_whole(cx: Cx, authorization: Authorization, uri: Uri) -> Result<Response, Refused> {
    Ok(answer::json(StatusCode::OK, &permitted(&cx, &authorization, &uri).await?))
}

/// The same by pages.
pub async fn permitted_paged(cx: Cx, authorization: Authorization, uri: Uri) -> Result<Response, Refused> {
    let all = permitted(&cx, &authorization, &uri).await?;
    let page = Paging::read(&cx, "/api/v2/authorization/divisionspermitted/paged/me", &uri, PAGES)?;
    Ok(answer::json(StatusCode::OK, &page.of(all.into_iter())))
}
