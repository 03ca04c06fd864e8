//! `/api/v2/tokens/me`: what a token is worth, and taking it back.

use axum::response::Response;
use http::StatusCode;
use serde::Serialize;

use super::error::from_access;
use crate::{
    domain::{
        client::{Client, Grant},
        scope::Scope,
    },
    ops::{
        access::{AccessError, Proved, Requirement, require},
        cx::Cx,
    },
    web::{answer, extract::Authorization},
};

const ANY_TOKEN: Requirement =
    Requirement { scopes: &["user-basic-info"], permissions: &[], all: false, dialect: false };

#[derive(Clone, Serialize)]
struct Named<'a> {
    id: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TokenInfo<'a> {
    organization: Named<'a>,
    home_organization: Named<'a>,
    authorized_scope: &'a [Scope],
    /// Spelled like this by the platform; clients read it so.
    #[serde(rename = "OAuthClient")]
    oauth_client: OAuthClient<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OAuthClient<'a> {
    id: &'a str,
    name: &'a str,
    authorized_grant_type: Grant,
    scope: &'a [Scope],
    state: &'static str,
    organization: Named<'a>,
}

async fn me(cx: &Cx, authorization: &Authorization) -> Result<Proved, AccessError> {
    require(cx, authorization.text(), ANY_TOKEN).await
}

/// Whose token it is.
pub async fn get(cx: Cx, authorization: Authorization) -> Response {
    let proved = match me(&cx, &authorization).await {
        Ok(proved) => proved,
        Err(error) => return from_access(&cx, &error),
    };
    let settings = cx.state(|state| std::sync::Arc::clone(&state.settings));
    let organization = Named { id: cx.org.id.as_str(), name: &settings.name };
    let Client { id, name, grant, scopes, .. } = &*proved.token.client;
    let oauth_client = OAuthClient {
        id: id.as_str(),
        name,
        authorized_grant_type: *grant,
        scope: scopes,
        state: "active",
        organization: organization.clone(),
    };
    let info = TokenInfo {
        organization: organization.clone(),
        home_organization: organization,
        authorized_scope: scopes,
        oauth_client,
    };
    answer::json(StatusCode::OK, &info)
}

/// Is it worth anything?
pub async fn head(cx: Cx, authorization: Authorization) -> Response {
    match me(&cx, &authorization).await {
        Ok(_) => answer::empty(StatusCode::OK),
        Err(error) => from_access(&cx, &error),
    }
}

/// Takes it back.
pub async fn delete(cx: Cx, authorization: Authorization) -> Response {
    match me(&cx, &authorization).await {
        Err(error) => from_access(&cx, &error),
        Ok(proved) => {
            cx.state(|state| {
                if let Some(token) = state.tokens.get_mut(&proved.key) {
                    token.revoked = true;
                }
            });
            answer::empty(StatusCode::OK)
        }
    }
}
