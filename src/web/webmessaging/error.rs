//! How upgrades are refused.

use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::{
    ops::{admission::UpgradeError, cx::Cx},
    web::{answer, api},
};

/// Where a refused upgrade has the nonce for the next JWT (after RFC 9449 section 8, which has it for proofs).
const NONCE: HeaderName = HeaderName::from_static("webmessaging-nonce");
/// What it is to be done with.
const USE_NONCE: &str = "Bearer error=\"use_nonce\"";

/// The body of a refused upgrade in the guide dialect.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Refused<'a> {
    error_code: &'a str,
    message: &'a str,
}

/// An error at the upgrade: 403 as the guide shows it, anything else as the platform's error body.
pub fn refused(cx: &Cx, status: u16, code: Option<&str>, message: Option<&str>) -> Response {
    if status != 403 || code.is_some_and(|code| code != "FORBIDDEN" && code != "bad.request") {
        return api::error::plain(cx, status, code, message);
    }
    let message = message.unwrap_or("Forbidden");
    answer::json(StatusCode::FORBIDDEN, &Refused { error_code: "FORBIDDEN", message })
}

/// Why it was refused.
pub fn from_upgrade(cx: &Cx, error: &UpgradeError) -> Response {
    let forbidden = |message| refused(cx, 403, None, Some(message));
    match error {
        UpgradeError::Deployment => forbidden("Deployment not found or not active"),
        UpgradeError::Origin => forbidden("Origin not allowed"),
        UpgradeError::Forbidden => forbidden("Invalid or missing authentication token."),
        UpgradeError::Unauthorized(reason) => api::error::bad_credentials(cx, reason),
        UpgradeError::Challenged { nonce, error } => {
            let mut response = from_upgrade(cx, error);
            if let Ok(nonce) = HeaderValue::try_from(nonce) {
                let headers = response.headers_mut();
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(USE_NONCE));
                headers.insert(NONCE, nonce);
            }
            response
        }
        UpgradeError::Limited(error) => api::error::from_access(cx, error),
    }
}
