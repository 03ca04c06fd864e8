//! `/api/v2/users`: who works for the org.

use axum::{body::Bytes, response::Response};
use http::{StatusCode, Uri};
use serde::Serialize;

use super::{
    body::{Body, refused},
    error::of_code,
    listing::{PAGES, Paging, sorting, values},
    request::{Refused, admitted, bad_parameter, within},
    user_body::{USERS, UserBody, expands, not_done, said},
    user_expand::{Asked, Expanded, OF_ME, OF_USERS},
};
use crate::{
    base::{codec::query_value, ids::DivisionId},
    domain::{
        user::{User, UserState},
        visit::Refusal,
    },
    ops::{access::Proved, cx::Cx, users as ops},
    web::{
        answer,
        extract::{Authorization, Id},
    },
};

const SIGNED_IN: &[&str] = &["user-basic-info"];
const READ: &[&str] = &["users", "users:readonly"];
const WRITE: &[&str] = &["users"];
const ADD: &[&str] = &["directory:user:add"];
const EDIT: &[&str] = &["admin", "directory:user:edit", "directory:organization:admin"];
const DELETE: &[&str] = &["admin", "directory:user:delete", "directory:organization:admin"];
/// Users that may be asked for by their ids.
const MOST_IDS: usize = 100;

/// `Empty`.
#[derive(Serialize)]
struct Empty {}

/// What users are to be shown with, by the query.
fn asked<'a>(cx: &Cx, uri: &Uri) -> Asked<'a> {
    Asked { wanted: expands(cx, uri, &[OF_USERS]), source: source(uri), proved: None }
}

fn shown(cx: &Cx, user: &User, asked: &Asked<'_>) -> UserBody {
    UserBody::of(cx, user, Expanded::of(cx, user, asked))
}

fn source(uri: &Uri) -> Option<String> {
    query_value(uri.query(), "integrationPresenceSource").map(|source| source.to_lowercase())
}

/// The user that the token speaks for.
pub async fn me(cx: Cx, authorization: Authorization, uri: Uri) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, SIGNED_IN, &[]).await?;
    let Some(id) = proved.user() else {
        cx.refuse(Refusal::new("token.no_user", "The token is an application's own"));
        return Err(of_code(&cx, "not.a.user", "").into());
    };
    let user = ops::get(&cx, id.as_str(), None).map_err(|error| not_done(&cx, &error))?;
    let wanted = expands(&cx, &uri, &[OF_USERS, OF_ME]);
    let asked = Asked { wanted, source: source(&uri), proved: Some(&proved) };
    Ok(answer::json(StatusCode::OK, &shown(&cx, &user, &asked)))
}

/// A page of them, by name. `id` and `jabberId` leave out all others, and so does `state`, which is `active` unless it is said.
pub async fn list(cx: Cx, authorization: Authorization, uri: Uri) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, &[]).await?;
    let page = Paging::read(&cx, USERS, &uri, PAGES)?;
    let (_, ascending) = sorting(&cx, &uri, &["name"])?;
    let wanted = match query_value(uri.query(), "state").as_deref() {
        None => Some(UserState::Active),
        Some("any") => None,
        Some(text) => match UserState::parse(text) {
            Some(state) => Some(state),
            None => {
                let expected = "active, inactive, deleted or any";
                return Err(bad_parameter(&cx, "state", text, expected).into());
            }
        },
    };
    let (ids, jabbers) = (values(&uri, "id"), values(&uri, "jabberId"));
    if ids.len() > MOST_IDS || jabbers.len() > MOST_IDS {
        return Err(refused(&cx, "max.user.ids", &format!("at most {MOST_IDS} ids may be given")));
    }
    let mut all = ops::all(&cx, |state| wanted.is_none_or(|wanted| wanted == state));
    all.retain(|user| {
        (ids.is_empty() || ids.iter().any(|id| id == user.id.as_str()))
            && (jabbers.is_empty() || jabbers.contains(&ops::jabber_id(&cx, user)))
    });
    if !ascending {
        all.reverse();
    }
    let asked = asked(&cx, &uri);
    Ok(answer::json(StatusCode::OK, &page.of(all.iter().map(|user| shown(&cx, user, &asked)))))
}

/// A new one.
pub async fn post(cx: Cx, authorization: Authorization, uri: Uri, body: Bytes) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, ADD).await?;
    let body = Body::read(&cx, &body)?;
    for name in ["name", "email", "divisionId"] {
        body.required(name, "general.bad.request")?;
    }
    within(&cx, &proved, ADD, body.text("divisionId")?.map(DivisionId::from).as_ref())?;
    let user = ops::create(&cx, said(&body)?).map_err(|error| not_done(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &shown(&cx, &user, &asked(&cx, &uri))))
}

/// One. One that was deleted is only there for whoever asks for it.
pub async fn get(cx: Cx, authorization: Authorization, Id(id): Id, uri: Uri) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, &[]).await?;
    let state = match query_value(uri.query(), "state").as_deref() {
        None => None,
        Some("active") => Some(UserState::Active),
        Some("deleted") => Some(UserState::Deleted),
        Some(other) => return Err(bad_parameter(&cx, "state", other, "active or deleted").into()),
    };
    let user = ops::get(&cx, &id, state).map_err(|error| not_done(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &shown(&cx, &user, &asked(&cx, &uri))))
}

/// Is the user of a division within which the caller may so? One that is not there is found missing later.
fn reached(cx: &Cx, proved: &Proved, permissions: &[&str], id: &str) -> Result<(), Refused> {
    match cx.state(|state| ops::known(state, id).map(|user| user.division.clone())) {
        Some(division) => within(cx, proved, permissions, division.as_ref()),
        None => Ok(()),
    }
}

/// Changes one. It says of which version.
pub async fn patch(
    cx: Cx,
    authorization: Authorization,
    Id(id): Id,
    uri: Uri,
    body: Bytes,
) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, EDIT).await?;
    let body = Body::read(&cx, &body)?;
    reached(&cx, &proved, EDIT, &id)?;
    if let Some(next) = body.text("divisionId")? {
        within(&cx, &proved, EDIT, Some(&next.into()))?;
    }
    let version = body.number("version", i64::MIN..=i64::MAX)?;
    let version = version.ok_or_else(|| body.refused("general.bad.request", "version is missing"))?;
    let user = ops::change(&cx, &id, version, said(&body)?).map_err(|error| not_done(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &shown(&cx, &user, &asked(&cx, &uri))))
}

/// Deletes one.
pub async fn delete(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, DELETE).await?;
    reached(&cx, &proved, DELETE, &id)?;
    ops::delete(&cx, &id).map_err(|error| not_done(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &Empty {}))
}
