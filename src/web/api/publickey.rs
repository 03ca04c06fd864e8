//! `GET /api/v2/oauth/publickey` (guide dialect): one bare JWK, unauthenticated.

use axum::response::Response;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{
    base::codec::base64url,
    ops::{cx::Cx, keys},
    web::{answer, dialect},
};

/// The current key.
pub async fn get(cx: Cx, headers: HeaderMap) -> Response {
    match keys::publish(&cx).await {
        Ok(keys) => cacheable(&headers, &keys.bare),
        Err(error) => dialect::error(&cx, 500, None, Some(&error.to_string())),
    }
}

/// A document that may be cached for five minutes and asked for again by its tag.
pub fn cacheable(asked: &HeaderMap, document: &impl Serialize) -> Response {
    let text = serde_json::to_vec(document).unwrap_or_default();
    let tag = format!("\"{}\"", base64url(&Sha256::digest(&text)[..12]));
    let known = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let unchanged = known
        .flat_map(|list| list.split(','))
        .map(|one| one.trim().trim_start_matches("W/"))
        .any(|one| one == tag || one == "*");
    let mut response = match unchanged {
        true => answer::empty(StatusCode::NOT_MODIFIED),
        false => answer::bytes(StatusCode::OK, "application/json", text),
    };
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::try_from(tag) {
        headers.insert(header::ETAG, tag);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    response
}
