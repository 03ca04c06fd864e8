//! The platform's error body.

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use std::collections::BTreeMap;

use crate::{
    domain::vendor_error,
    ops::{access::AccessError, cx::Cx},
    web::{answer, dialect},
};

/// `ErrorBody`, as far as the emulator fills it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ErrorBody<'a, D> {
    message: &'a str,
    code: &'a str,
    status: u16,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    message_params: BTreeMap<&'static str, String>,
    context_id: String,
    /// Names of members where one client wants texts; objects everywhere else.
    details: &'a [D],
    errors: [(); 0],
}

/// `Detail`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Detail<'a> {
    error_code: &'a str,
}

fn body(
    cx: &Cx,
    status: u16,
    code: &str,
    message: &str,
    params: Option<(&'static str, String)>,
    details: &[&str],
) -> Response {
    let message_params = params.into_iter().collect();
    let context_id = cx.correlation_id();
    let body = ErrorBody { message, code, status, message_params, context_id, details, errors: [] };
    answer::json(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), &body)
}

/// Credentials that are not good, with a word for why in the details.
pub fn bad_credentials(cx: &Cx, error_code: &str) -> Response {
    let message = vendor_error::message("bad.credentials").unwrap_or_default();
    let body = ErrorBody {
        message: &message,
        code: "bad.credentials",
        status: 401,
        message_params: BTreeMap::new(),
        context_id: cx.correlation_id(),
        details: &[Detail { error_code }],
        errors: [],
    };
    challenge(answer::json(StatusCode::UNAUTHORIZED, &body))
}

/// An error of a code. `value` fills the code's message.
pub fn of_code(cx: &Cx, code: &'static str, value: &str) -> Response {
    with_details(cx, code, value, &[])
}

/// The same, and the members of the body that it is about.
pub fn with_details(cx: &Cx, code: &'static str, value: &str, members: &[&str]) -> Response {
    let (status, message) = vendor_error::of(code).unwrap_or((500, "{0}"));
    body(cx, status, code, &message.replace("{0}", value), None, members)
}

/// An error with these words; what is not given comes from the status.
pub fn plain(cx: &Cx, status: u16, code: Option<&str>, message: Option<&str>) -> Response {
    let code = code.or_else(|| vendor_error::for_status(status));
    let known = code.and_then(vendor_error::message);
    let standing = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    let message = message.or(known.as_deref()).or(standing).unwrap_or("Error");
    let fallback = if status >= 500 { "internal.server.error" } else { "bad.request" };
    body(cx, status, code.unwrap_or(fallback), message, None, &[])
}

/// What the 429 says.
pub fn retry_message(seconds: i64) -> String {
    format!("Rate limit exceeded the maximum. Retry the request in [{seconds}] seconds")
}

/// What an endpoint says to somebody who may not.
pub fn from_access(cx: &Cx, error: &AccessError) -> Response {
    match error {
        AccessError::Missing => challenge(of_code(cx, "authentication.required", "")),
        AccessError::Bad => challenge(of_code(cx, "bad.credentials", "")),
        AccessError::Scope(scope) => {
            let message = format!("App not authorized to use scope {scope}");
            body(cx, 403, "app.not.authorized.for.scope", &message, Some(("scope", (*scope).to_owned())), &[])
        }
        AccessError::Permission(wanted) => {
            let list = format!("[{}]", wanted.join(", "));
            let message = format!(
                "Unable to perform the requested action. You must have at least one of the following permissions \
                 assigned: {list}"
            );
            body(cx, 403, "missing.any.permissions", &message, Some(("permissions", list)), &[])
        }
        AccessError::Permissions(missing) => {
            let list = format!("[{}]", missing.join(", "));
            let message = format!(
                "Unable to perform the requested action. You are missing the following permission(s): {list}"
            );
            body(cx, 403, "missing.permissions", &message, Some(("permissions", list)), &[])
        }
        AccessError::Limited(usage) => dialect::limited(cx, *usage),
    }
}

/// The same answer; RFC 6750 section 3 wants this header on every 401.
pub fn challenged(response: Response) -> Response {
    if response.status() == StatusCode::UNAUTHORIZED { challenge(response) } else { response }
}

fn challenge(mut response: Response) -> Response {
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}
