//! `POST /oauth/token`.

use std::convert::Infallible;

use axum::{extract::FromRequestParts, response::Response};
use http::{HeaderMap, StatusCode, header, request::Parts};
use serde::{Deserialize, Serialize};

use super::error::from_oauth;
use crate::{
    base::codec::{basic_credentials, json_wrong, pairs},
    domain::visit::Refusal,
    ops::{
        cx::Cx,
        oauth::{Granted, TokenRequest, exchange},
    },
    web::{answer, idp::token::keep_nothing},
};

/// The members of a body that matter.
#[derive(Default, Deserialize)]
struct Members {
    grant_type: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    code: Option<String>,
    redirect_uri: Option<String>,
    code_verifier: Option<String>,
    refresh_token: Option<String>,
    assertion: Option<String>,
    #[serde(rename = "orgName")]
    org_name: Option<String>,
}

/// What came, from Basic and body. Form text may be JSON: some HTTP libraries label it so.
pub fn parse(headers: &HeaderMap, body: &[u8]) -> Result<TokenRequest, String> {
    let text = std::str::from_utf8(body).map_err(|_| "the body is not UTF-8".to_owned())?;
    let mut members: Members = if text.trim_start().starts_with('{') {
        serde_json::from_str(text)
            .map_err(|error| format!("the body looks like JSON, but {}", json_wrong(&error)))?
    } else {
        let mut members = Members::default();
        for (name, value) in pairs(text).filter(|(_, value)| !value.is_empty()) {
            let member = match name.as_ref() {
                "grant_type" => &mut members.grant_type,
                "client_id" => &mut members.client_id,
                "client_secret" => &mut members.client_secret,
                "code" => &mut members.code,
                "redirect_uri" => &mut members.redirect_uri,
                "code_verifier" => &mut members.code_verifier,
                "refresh_token" => &mut members.refresh_token,
                "assertion" => &mut members.assertion,
                "orgName" => &mut members.org_name,
                _ => continue,
            };
            member.get_or_insert_with(|| value.into_owned());
        }
        members
    };
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let basic = authorization.and_then(basic_credentials);
    let is_basic = basic.is_some();
    let (client_id, client_secret) = match basic {
        Some((id, secret)) => (Some(id), Some(secret)),
        None => (members.client_id.take(), members.client_secret.take()),
    };
    let Members { grant_type, code, redirect_uri, code_verifier, refresh_token, assertion, org_name, .. } =
        members;
    Ok(TokenRequest {
        grant_type,
        client_id,
        client_secret,
        code,
        redirect_uri,
        code_verifier,
        refresh_token,
        assertion,
        org_name,
        basic: is_basic,
    })
}

#[derive(Serialize)]
struct TokenResponse {
    access_token: String,
    token_type: &'static str,
    expires_in: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
}

/// What came, as the hallway has read it already.
#[derive(Clone)]
pub struct Came(pub Result<TokenRequest, String>);

impl<S: Sync> FromRequestParts<S> for Came {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.remove().expect("the hallway reads what comes to the token endpoint"))
    }
}

/// Something, and client credentials in Basic or in the body, for an access token.
pub async fn token(cx: Cx, Came(request): Came) -> Response {
    let request = match request {
        Ok(request) => request,
        Err(wrong) => {
            cx.refuse(Refusal::new("oauth.body_unreadable", wrong.as_str()).expected("a form, or JSON"));
            return super::error::plain(400, Some("invalid_request"), Some(&wrong));
        }
    };
    match exchange(&cx, &request).await {
        Err(error) => from_oauth(&error),
        Ok(granted) => {
            let Granted { access_token, expires_in, refresh_token } = granted;
            let body = TokenResponse { access_token, token_type: "bearer", expires_in, refresh_token };
            let mut response = answer::json(StatusCode::OK, &body);
            keep_nothing(response.headers_mut());
            response
        }
    }
}
