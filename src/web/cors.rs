//! CORS as browsers need it: the origin is reflected, `Authorization` is named, and what clients read is exposed.

use axum::response::Response;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts};

use super::answer;
use crate::domain::visit::Surface;

const METHODS: HeaderValue = HeaderValue::from_static("GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS");
const HEADERS: HeaderValue = HeaderValue::from_static(
    "Authorization,Content-Type,Accept,purecloud-sdk,Genesys-App,X-Journey-Session-Id,X-Journey-Session-Type",
);
const EXPOSED: HeaderValue = HeaderValue::from_static(
    "ININ-Correlation-Id,inin-ratelimit-count,inin-ratelimit-allowed,inin-ratelimit-reset,Retry-After,\
     X-Emulator-Fault",
);

/// The answer to a preflight, if this is one.
pub fn preflight(surface: Surface, parts: &Parts) -> Option<Response> {
    let asks = parts.headers.contains_key(header::ORIGIN)
        && parts.headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    if parts.method != Method::OPTIONS || !asks {
        return None;
    }
    let mut response = answer::empty(StatusCode::NO_CONTENT);
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    // whatever came with an upload's URL has to be sent along: storage allows what is asked for
    let asked = parts.headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS);
    let allowed = asked.filter(|_| surface == Surface::Uploads).cloned();
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, allowed.unwrap_or(HEADERS));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    if parts.headers.contains_key("access-control-request-private-network") {
        headers.insert("access-control-allow-private-network", HeaderValue::from_static("true"));
    }
    Some(response)
}

/// Lets the page that asked read the answer.
pub fn allow(surface: Surface, origin: Option<&HeaderValue>, headers: &mut HeaderMap) {
    if surface == Surface::Cdn {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        return;
    }
    let Some(origin) = origin else { return };
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
}
