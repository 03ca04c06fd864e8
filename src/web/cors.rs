//! CORS as browsers need it: the origin is reflected, `Authorization` is named, and what clients read is exposed. The
//! admin API does so for the pages that it admits.

use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

use super::answer;
use crate::domain::visit::Surface;

const METHODS: HeaderValue = HeaderValue::from_static("GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS");
/// What requests to the platform may carry.
const HEADERS: HeaderValue = HeaderValue::from_static(
    "Authorization,Content-Type,Accept,purecloud-sdk,Genesys-App,X-Journey-Session-Id,X-Journey-Session-Type,\
     X-Emulator-Inject",
);
/// What requests to the admin API may carry.
pub const ADMIN_HEADERS: HeaderValue = HeaderValue::from_static("Authorization,Content-Type,Last-Event-ID");
const EXPOSED: HeaderValue = HeaderValue::from_static(
    "ININ-Correlation-Id,inin-ratelimit-count,inin-ratelimit-allowed,inin-ratelimit-reset,Retry-After,\
     X-Emulator-Fault",
);

/// What a request to this surface may carry. Whatever came with an upload's URL has to be sent along: storage allows
/// what is asked for.
pub fn allowed_headers(surface: Surface, asked: &HeaderMap) -> HeaderValue {
    let asked = asked.get(header::ACCESS_CONTROL_REQUEST_HEADERS);
    asked.filter(|_| surface == Surface::Uploads).cloned().unwrap_or(HEADERS)
}

/// The answer to a preflight, if this is one: requests may carry `allowed`.
pub fn preflight(method: &Method, asked: &HeaderMap, allowed: HeaderValue) -> Option<Response> {
    let asks =
        asked.contains_key(header::ORIGIN) && asked.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    if method != Method::OPTIONS || !asks {
        return None;
    }
    let mut response = answer::empty(StatusCode::NO_CONTENT);
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, allowed);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    if asked.contains_key("access-control-request-private-network") {
        headers.insert("access-control-allow-private-network", HeaderValue::from_static("true"));
    }
    Some(response)
}

/// Lets the page that asked read the answer.
pub fn allow(surface: Surface, origin: Option<&HeaderValue>, headers: &mut HeaderMap) {
    match origin {
        _ if surface == Surface::Cdn => {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        }
        Some(origin) => reflect(origin, headers),
        None => {
            // what a cache keeps for others must not be given to a page
            if is_storable(headers) {
                headers.append(header::VARY, HeaderValue::from_static("Origin"));
            }
            return;
        }
    }
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
}

/// Does the answer say that caches may keep it?
fn is_storable(headers: &HeaderMap) -> bool {
    let control = headers.get(header::CACHE_CONTROL).and_then(|value| value.to_str().ok());
    control.is_some_and(|control| !control.contains("no-store"))
}

/// Lets no page read the answer.
pub fn deny(headers: &mut HeaderMap) {
    let allowing = |name: &&HeaderName| name.as_str().starts_with("access-control-");
    let names: Vec<_> = headers.keys().filter(allowing).cloned().collect();
    for name in names {
        headers.remove(name);
    }
}

/// Lets this page read the answer.
pub fn reflect(origin: &HeaderValue, headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
}
