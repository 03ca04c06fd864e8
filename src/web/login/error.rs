//! Errors of the login host: RFC 6749 section 5.2, with the member `description` that the platform adds.

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::{
    domain::quota::Usage,
    ops::oauth::{GRANTS, OAuthError, authorize::NotAuthorized},
    web::answer,
};

#[derive(Serialize)]
struct ErrorBody<'a> {
    error: &'a str,
    description: &'a str,
    error_description: &'a str,
}

/// An error with these words.
pub fn plain(status: u16, error: Option<&str>, description: Option<&str>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    // the platform's own codes have dots; here RFC 6749 is spoken
    let error = error.filter(|error| !error.contains('.')).unwrap_or(if status.is_server_error() {
        "server_error"
    } else {
        "invalid_request"
    });
    let description = description.or_else(|| status.canonical_reason()).unwrap_or("error");
    answer::json(status, &ErrorBody { error, description, error_description: description })
}

/// The token endpoint says 400, not 429, when it is asked too often; clients match the beginning of the words.
pub fn limited(usage: Usage) -> Response {
    let words = format!("rate limit exceeded; retry in {} seconds", usage.reset.retry_secs());
    plain(400, Some("invalid_request"), Some(&words))
}

/// What the token endpoint says.
pub fn from_oauth(error: &OAuthError) -> Response {
    match error {
        OAuthError::NoGrantType => plain(400, Some("invalid_request"), Some("grant_type is missing")),
        OAuthError::UnsupportedGrant(seen) => {
            let words = format!("grant type {seen} is not supported; expected one of {}", GRANTS.join(", "));
            plain(400, Some("unsupported_grant_type"), Some(&words))
        }
        OAuthError::NoCredentials => {
            plain(400, Some("invalid_client"), Some("client credentials are missing"))
        }
        OAuthError::UnknownClient => plain(400, Some("invalid_client"), Some("client not found")),
        OAuthError::WrongSecret => {
            let mut response = plain(401, Some("invalid_client"), Some("authentication failed"));
            let basic = HeaderValue::from_static("Basic realm=\"oauth\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, basic);
            response
        }
        OAuthError::Unauthorized => {
            plain(400, Some("unauthorized_client"), Some("the client may not use this grant type"))
        }
        OAuthError::Missing(_) => plain(400, Some("invalid_request"), Some(&error.to_string())),
        OAuthError::Grant(words) => plain(400, Some("invalid_grant"), Some(words)),
        OAuthError::Sign(error) => plain(500, Some("server_error"), Some(&error.to_string())),
        OAuthError::Limited(usage) => {
            let mut response = limited(*usage);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(usage.reset.retry_secs()));
            response
        }
    }
}

/// `error` of an authorization response.
pub fn not_authorized(error: &NotAuthorized) -> &'static str {
    match error {
        NotAuthorized::InvalidRequest(_) => "invalid_request",
        NotAuthorized::UnsupportedResponseType(_) => "unsupported_response_type",
        NotAuthorized::UnauthorizedClient(_) => "unauthorized_client",
        NotAuthorized::AccessDenied(_) => "access_denied",
        NotAuthorized::Sign(_) => "server_error",
    }
}
