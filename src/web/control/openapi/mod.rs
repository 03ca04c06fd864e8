//! `/openapi.json`: the admin API, described so that clients can be generated. The document is written from the code by a
//! test (`UPDATE_GENERATED=1 cargo test --lib generated`), which also sees that it is current.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod operations;
#[cfg(test)]
mod tests;

use axum::response::Response;
use http::StatusCode;

use crate::web::answer;

/// The document.
pub const DOCUMENT: &str = include_str!("openapi.json");

/// Answers it.
pub async fn document() -> Response {
    answer::bytes(StatusCode::OK, "application/json", DOCUMENT)
}
