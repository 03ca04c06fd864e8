//! Errors of identity providers: RFC 6749 sections 4.1.2.1 and 5.2, RFC 6750 section 3.1, and pages for people.

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::{
    ops::idp::{client::ClientError, request::AuthorizationError, token::TokenError, userinfo::BearerError},
    web::answer,
};

#[derive(Serialize)]
struct ErrorBody<'a> {
    error: &'a str,
    error_description: &'a str,
}

/// An error with these words.
pub fn plain(status: u16, error: Option<&str>, description: Option<&str>) -> Response {
    let usual = match status {
        429 | 503 => "temporarily_unavailable",
        500.. => "server_error",
        _ => "invalid_request",
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    // the platform's own codes have dots; here RFC 6749 is spoken
    let error = error.filter(|error| !error.contains('.')).unwrap_or(usual);
    let error_description = description.or_else(|| status.canonical_reason()).unwrap_or("error");
    let mut response = answer::json(status, &ErrorBody { error, error_description });
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// What the token endpoint and its neighbours say.
pub fn from_token(error: &TokenError) -> Response {
    let (status, code) = match error {
        TokenError::Client(ClientError::TwoMethods)
        | TokenError::TooLong
        | TokenError::Repeated(_)
        | TokenError::Missing(_) => (400, "invalid_request"),
        TokenError::Client(_) => (401, "invalid_client"),
        TokenError::UnsupportedGrant(_) => (400, "unsupported_grant_type"),
        TokenError::Unauthorized(_) => (400, "unauthorized_client"),
        TokenError::Grant(_) => (400, "invalid_grant"),
        TokenError::Scope(_) => (400, "invalid_scope"),
        TokenError::Sign(_) => (500, "server_error"),
    };
    let mut response = plain(status, Some(code), Some(&error.to_string()));
    if status == 401 {
        let basic = HeaderValue::from_static("Basic realm=\"idp\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, basic);
    }
    response
}

/// What whoever brings an access token is told.
pub fn from_bearer(error: &BearerError) -> Response {
    let (status, code) = match error {
        BearerError::Missing => (401, "invalid_request"),
        BearerError::Bad(_) => (401, "invalid_token"),
        BearerError::Scope => (403, "insufficient_scope"),
    };
    let words = error.to_string();
    let mut response = plain(status, Some(code), Some(&words));
    let challenge = match error {
        // whoever brought nothing is told nothing
        BearerError::Missing => "Bearer realm=\"idp\"".to_owned(),
        BearerError::Bad(_) => {
            format!("Bearer realm=\"idp\", error=\"{code}\", error_description=\"{words}\"")
        }
        BearerError::Scope => {
            format!("Bearer realm=\"idp\", error=\"{code}\", error_description=\"{words}\", scope=\"openid\"")
        }
    };
    if let Ok(challenge) = HeaderValue::try_from(challenge) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

/// `error` of an authorization response.
pub fn code(error: &AuthorizationError) -> &'static str {
    match error {
        AuthorizationError::InvalidRequest(_) => "invalid_request",
        AuthorizationError::UnsupportedResponseType(_) => "unsupported_response_type",
        AuthorizationError::InvalidScope(_) => "invalid_scope",
        AuthorizationError::Request => "request_not_supported",
        AuthorizationError::RequestUri => "request_uri_not_supported",
        AuthorizationError::Registration => "registration_not_supported",
        AuthorizationError::LoginRequired(_) => "login_required",
        AuthorizationError::AccessDenied => "access_denied",
        AuthorizationError::Sign(_) => "server_error",
    }
}
