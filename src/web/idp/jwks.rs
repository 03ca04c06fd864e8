//! `/jwks`: the keys that ID tokens are signed with.

use axum::response::Response;
use http::HeaderMap;

use crate::{
    ops::{idp::At, keys},
    web::{api::publickey::cacheable, dialect},
};

/// The whole key set. It is empty where secrets sign.
pub async fn get(at: At, headers: HeaderMap) -> Response {
    match keys::publish_provider(&at, &at.provider.name).await {
        Ok(set) => cacheable(&headers, &set),
        Err(error) => dialect::error(&at, 500, None, Some(&error.to_string())),
    }
}
