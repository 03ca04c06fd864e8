//! `/explain/{id}`: why something was answered as it was.

use std::collections::BTreeMap;

use axum::{extract::Path, response::Response};
use http::StatusCode;

use super::{error::Problem, subject::TheOrg};
use crate::{ops::explain::explain, web::answer};

/// By the number of a journal entry, a correlation id or a tracing id; `last` is the last one that was refused or disturbed.
pub async fn get(
    TheOrg(org): TheOrg,
    Path(names): Path<BTreeMap<String, String>>,
) -> Result<Response, Problem> {
    let id = names.get("id").map(String::as_str).unwrap_or_default();
    explain(&org, id)
        .map(|explanation| answer::json(StatusCode::OK, &explanation))
        .ok_or_else(|| Problem::not_found("journal entry", id))
}
