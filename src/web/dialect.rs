//! Errors that any surface can have, each in that surface's own dialect.

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};

use super::{answer, api, idp, login, webmessaging};
use crate::{
    base::time::Span,
    domain::{
        quota::Usage,
        vendor_error,
        visit::{Refusal, Surface},
    },
    faults::verdict::Answer,
    ops::cx::Cx,
};

/// An error of the surface: a status, perhaps a code of the vendor's, perhaps other words for it.
pub fn error(cx: &Cx, status: u16, code: Option<&str>, message: Option<&str>) -> Response {
    match cx.surface {
        Surface::Login => login::error::plain(status, code, message),
        Surface::Idp => idp::error::plain(status, code, message),
        Surface::Webmessaging => webmessaging::error::refused(cx, status, code, message),
        Surface::Api
        | Surface::Cdn
        | Surface::Streaming
        | Surface::Uploads
        | Surface::Webhooks
        | Surface::Unknown => api::error::plain(cx, status, code, message),
    }
}

/// The surface's answer to too many calls.
pub fn limited(cx: &Cx, usage: Usage) -> Response {
    let mut response = match cx.surface {
        Surface::Login => login::error::limited(usage),
        _ => {
            let message = api::error::retry_message(usage.reset.retry_secs());
            error(cx, 429, Some("too.many.requests.retry.after"), Some(&message))
        }
    };
    retry_after(&mut response, usage.reset);
    response
}

/// The request asks for a fault that there is not.
pub fn not_injected(cx: &Cx, wrong: &str) -> Response {
    let words = format!("X-Emulator-Inject: {wrong}");
    cx.refuse(Refusal::new("inject.unreadable", words.as_str()));
    error(cx, 400, Some("bad.request"), Some(&words))
}

/// What a `respond` fault says.
pub fn injected(cx: &Cx, fault: Answer) -> Response {
    let status = StatusCode::from_u16(fault.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = match fault.body {
        Some((body, true)) => answer::bytes(status, "application/json", body),
        Some((body, false)) => answer::bytes(status, "text/plain; charset=utf-8", body),
        None if status.is_success() && fault.code.is_none() => answer::empty(status),
        None => {
            let wait = fault.retry_after.unwrap_or(Span::from_secs(1)).retry_secs();
            // a code that nobody gave is chosen by the surface
            let code = fault.code.as_deref();
            let plainest = code.or_else(|| vendor_error::for_status(fault.status));
            let told =
                (plainest == Some("too.many.requests.retry.after")).then(|| api::error::retry_message(wait));
            let message = fault.message.or(told);
            error(cx, fault.status, code, message.as_deref())
        }
    };
    if let Some(span) = fault.retry_after {
        retry_after(&mut response, span);
    }
    for (name, value) in fault.headers {
        response.headers_mut().insert(name, value);
    }
    response
}

fn retry_after(response: &mut Response, span: Span) {
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(span.retry_secs()));
}
