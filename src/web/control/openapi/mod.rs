//! `/openapi.json`: the admin API, described so that clients can be generated. The document is written from the code by a
//! test (`UPDATE_GENERATED=1 cargo test --lib generated`), which also sees that it is current.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod operations;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use axum::response::Response;
use http::StatusCode;
use serde_json::{Map, Value};

use crate::web::answer;

/// The document.
pub const DOCUMENT: &str = include_str!("openapi.json");

/// The first segments of all paths below `/__admin`.
pub fn segments() -> BTreeSet<String> {
    let document: Map<String, Value> = serde_json::from_str(DOCUMENT).unwrap_or_default();
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flat_map(Map::keys);
    paths.filter_map(|path| path.split('/').nth(2)).map(str::to_owned).collect()
}

/// Answers it.
pub async fn document() -> Response {
    answer::bytes(StatusCode::OK, "application/json", DOCUMENT)
}
