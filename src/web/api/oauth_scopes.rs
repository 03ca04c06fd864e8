//! `/api/v2/oauth/scopes`: the scopes that there are, the platform's and those of guides.

use axum::response::Response;
use http::StatusCode;
use serde::Serialize;

use super::{
    body::refused,
    listing::Whole,
    oauth_clients::READ,
    request::{Refused, admitted},
};
use crate::{
    domain::scope,
    ops::cx::Cx,
    web::{
        answer,
        extract::{Authorization, Id},
    },
};

const SCOPES: &str = "/api/v2/oauth/scopes";

/// `OAuthScope`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ScopeBody {
    id: String,
    description: String,
    self_uri: String,
}

impl ScopeBody {
    fn of(id: String) -> Self {
        Self { description: scope::description(&id), self_uri: format!("{SCOPES}/{id}"), id }
    }
}

/// All of them.
pub async fn list(cx: Cx, authorization: Authorization) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, &[]).await?;
    let entities: Vec<_> = scope::known().map(ScopeBody::of).collect();
    Ok(answer::json(StatusCode::OK, &Whole::of(SCOPES, entities)))
}

/// One.
pub async fn get(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, &[]).await?;
    match scope::known().find(|name| *name == id) {
        Some(name) => Ok(answer::json(StatusCode::OK, &ScopeBody::of(name))),
        None => Err(refused(&cx, "not.found", &format!("there is no scope {id}"))),
    }
}
