//! `/journal`: what happened, with a cursor.

use std::collections::BTreeMap;

use axum::{extract::Path, response::Response};
use http::{StatusCode, Uri};

use super::{error::Problem, query, subject::TheOrg};
use crate::{journal::query::Filter, web::answer};

pub const PARAMETERS: [&str; 14] = [
    "after",
    "limit",
    "kind",
    "surface",
    "method",
    "target",
    "status",
    "client",
    "deployment",
    "guest",
    "session",
    "fault",
    "rule",
    "correlationId",
];

/// Entries in the order of closing.
pub async fn list(TheOrg(org): TheOrg, uri: Uri) -> Result<Response, Problem> {
    let filter: Filter = query::read(uri.query(), &PARAMETERS, &["limit", "status"])?;
    let page = org.cell(|cell| cell.journal.find(&filter, |cause| org.correlation_id(cause)))?;
    Ok(answer::json(StatusCode::OK, &page))
}

/// The entry of a visit (`7`) or a frame (`7.3`).
pub async fn get(
    TheOrg(org): TheOrg,
    Path(names): Path<BTreeMap<String, String>>,
) -> Result<Response, Problem> {
    let n = names.get("n").map(String::as_str).unwrap_or_default();
    let shown = org.cell(|cell| cell.journal.get(n, |cause| org.correlation_id(cause)));
    shown
        .map(|entry| answer::json(StatusCode::OK, &entry))
        .ok_or_else(|| Problem::not_found("journal entry", n))
}

/// Forgets everything.
pub async fn clear(TheOrg(org): TheOrg) -> Response {
    let gone = org.cell(|cell| cell.journal.clear());
    drop(gone);
    answer::empty(StatusCode::NO_CONTENT)
}
