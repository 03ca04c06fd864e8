//! `POST /oauth/token`.

use std::convert::Infallible;

use axum::{extract::FromRequestParts, response::Response};
use http::{HeaderMap, StatusCode, header, request::Parts};
use serde::Serialize;

use super::error::from_oauth;
use crate::{
    base::codec::{basic_credentials, json_wrong, pairs},
    domain::visit::Refusal,
    ops::{
        cx::Cx,
        oauth::{Granted, TokenRequest, exchange},
    },
    web::answer::{self, keep_nothing},
};

/// What came, from Basic and body. Form text may be JSON: some HTTP libraries label it so. Multipart is a form of its own.
pub fn parse(headers: &HeaderMap, body: &[u8]) -> Result<Box<TokenRequest>, String> {
    let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if sent.get(..10).is_some_and(|kind| kind.eq_ignore_ascii_case("multipart/")) {
        let sent = sent.split(';').next().unwrap_or_default().trim_end();
        return Err(format!(
            "the body is {sent}, expected application/x-www-form-urlencoded or application/json"
        ));
    }
    let text = std::str::from_utf8(body).map_err(|_| "the body is not UTF-8".to_owned())?;
    let mut request: TokenRequest = if text.trim_start().starts_with('{') {
        serde_json::from_str(text)
            .map_err(|error| format!("the body looks like JSON, but {}", json_wrong(&error)))?
    } else {
        let mut request = TokenRequest::default();
        for (name, value) in pairs(text).filter(|(_, value)| !value.is_empty()) {
            let member = match name.as_ref() {
                "grant_type" => &mut request.grant_type,
                "client_id" => &mut request.client_id,
                "client_secret" => &mut request.client_secret,
                "code" => &mut request.code,
                "redirect_uri" => &mut request.redirect_uri,
                "code_verifier" => &mut request.code_verifier,
                "refresh_token" => &mut request.refresh_token,
                "assertion" => &mut request.assertion,
                "orgName" => &mut request.org_name,
                _ => continue,
            };
            member.get_or_insert_with(|| value.into_owned());
        }
        request
    };
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let basic = authorization.and_then(basic_credentials);
    if let Some((id, secret)) = basic {
        (request.client_id, request.client_secret, request.basic) = (Some(id), Some(secret), true);
    }
    Ok(Box::new(request))
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
pub struct Came(pub Result<Box<TokenRequest>, String>);

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
