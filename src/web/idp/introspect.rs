//! `/introspect` (RFC 7662).

use axum::response::Response;
use http::StatusCode;
use serde::Serialize;

use super::{error::from_token, form::Form};
use crate::{
    domain::authorization::TokenUse,
    ops::idp::{At, introspect::introspect},
    web::answer::{self, keep_nothing},
};

#[derive(Default, Serialize)]
struct Introspection {
    active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iat: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<String>,
}

/// What a token is worth.
pub async fn post(at: At, Form { params, credentials }: Form) -> Response {
    let body = match introspect(&at, &params, &credentials) {
        Err(error) => return from_token(&error),
        Ok(None) => Introspection::default(),
        Ok(Some(known)) => {
            let (username, sub) = known.person.unzip();
            Introspection {
                active: true,
                scope: Some(known.scopes.join(" ")),
                client_id: Some(known.client),
                username,
                token_type: (known.token_use == TokenUse::Access).then_some("Bearer"),
                exp: Some(known.expires.seconds()),
                iat: Some(known.issued.seconds()),
                sub,
                iss: Some(at.issuer.clone()),
            }
        }
    };
    let mut response = answer::json(StatusCode::OK, &body);
    keep_nothing(response.headers_mut());
    response
}
