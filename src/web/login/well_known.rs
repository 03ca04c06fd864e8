//! The platform's own issuer, as OpenID Connect Discovery 1.0 describes one.

use axum::response::Response;
use http::{HeaderMap, StatusCode};
use serde::Serialize;

use crate::{
    ops::{cx::Cx, keys, oauth::GRANTS},
    web::{api::publickey::cacheable, dialect},
};

#[derive(Serialize)]
struct Configuration {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    grant_types_supported: Vec<&'static str>,
    response_types_supported: [&'static str; 2],
    code_challenge_methods_supported: [&'static str; 1],
    subject_types_supported: [&'static str; 1],
    id_token_signing_alg_values_supported: [&'static str; 1],
    token_endpoint_auth_methods_supported: [&'static str; 3],
    scopes_supported: Vec<String>,
}

/// Where everything is.
pub async fn openid_configuration(cx: Cx, headers: HeaderMap) -> Response {
    let base = &cx.base;
    let issuer = cx.state(|state| state.settings.guest_tokens.issuer(base));
    let configuration = Configuration {
        issuer,
        authorization_endpoint: format!("{base}/oauth/authorize"),
        token_endpoint: format!("{base}/oauth/token"),
        jwks_uri: format!("{base}/.well-known/jwks.json"),
        grant_types_supported: GRANTS.into_iter().chain(["implicit"]).collect(),
        response_types_supported: ["code", "token"],
        code_challenge_methods_supported: ["S256"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
        token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "none"],
        scopes_supported: crate::domain::scope::known().collect(),
    };
    cacheable(&headers, &configuration)
}

/// The whole key set.
pub async fn jwks(cx: Cx, headers: HeaderMap) -> Response {
    match keys::publish(&cx).await {
        Ok(keys) => cacheable(&headers, &keys.set),
        Err(error) => {
            dialect::error(&cx, StatusCode::INTERNAL_SERVER_ERROR.as_u16(), None, Some(&error.to_string()))
        }
    }
}
