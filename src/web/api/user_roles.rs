//! The roles that users hold: those of one user, and who is given one.

use axum::{body::Bytes, response::Response};
use http::StatusCode;
use serde::Deserialize;

use super::{
    authorization::{READ, VIEW_GRANTS, WRITE},
    body::refused,
    request::{Refused, admitted, object, read},
    user_expand::Authorization as Rights,
};
use crate::{
    base::ids::RoleId,
    domain::role::RoleDivision,
    ops::{
        cx::Cx,
        roles::{self as ops, GrantError},
    },
    web::{
        answer,
        extract::{Authorization, Id},
    },
};

const GRANT: &[&str] = &["authorization:grant:add"];

fn not_done(cx: &Cx, error: &GrantError) -> Refused {
    let code = match error {
        GrantError::NoRole(_) => "not.found",
        GrantError::NoUser(_) => "general.resource.not.found",
        GrantError::Unknown(_) => "general.bad.request",
        GrantError::TooMany => "max.role.assignments.exceeded",
    };
    refused(cx, code, &error.to_string())
}

/// What a user holds, and may.
pub async fn get(cx: Cx, authorization: Authorization, Id(user): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW_GRANTS).await?;
    let user = ops::holder(&cx, &user).map_err(|error| not_done(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &Rights::of(&cx, &user)))
}

/// A user holds these roles and no others. Those that are new to it it holds within the home division.
pub async fn put(
    cx: Cx,
    authorization: Authorization,
    Id(user): Id,
    body: Bytes,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, GRANT).await?;
    let ids: Vec<String> = read(&cx, &body)?;
    let user = ops::change_held(&cx, &user, |held, home| {
        held.retain(|one| ids.iter().any(|id| id == one.role.as_str()));
        for id in ids {
            if !held.iter().any(|one| one.role.as_str() == id) {
                held.push(RoleDivision { role: RoleId::from(id), division: home.clone() });
            }
        }
    });
    let user = user.map_err(|error| not_done(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &Rights::of(&cx, &user)))
}

/// `SubjectDivisions`, as it comes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SubjectDivisions {
    subject_ids: Vec<String>,
    division_ids: Vec<String>,
}

/// Users are given a role within divisions.
pub async fn grant(
    cx: Cx,
    authorization: Authorization,
    Id(role): Id,
    body: Bytes,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, GRANT).await?;
    let SubjectDivisions { subject_ids, division_ids } = object(&cx, &body)?;
    let granted = ops::grant(&cx, &role, &subject_ids, &division_ids);
    granted.map_err(|error| match error {
        GrantError::NoUser(_) => refused(&cx, "general.bad.request", &error.to_string()),
        error => not_done(&cx, &error),
    })?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}
