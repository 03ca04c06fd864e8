//! `/journal`: what happened, with a cursor.

use std::collections::BTreeMap;

use axum::{extract::Path, response::Response};
use http::{StatusCode, Uri};

use super::{error::Problem, subject::TheOrg};
use crate::{
    base::{codec::pairs, suggest},
    journal::query::Filter,
    web::answer,
};

const PARAMETERS: [&str; 14] = [
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

fn filter(query: Option<&str>) -> Result<Filter, Problem> {
    let mut members = serde_json::Map::new();
    for (name, value) in pairs(query.unwrap_or_default()) {
        if !PARAMETERS.contains(&name.as_ref()) {
            let near = suggest::nearest(&name, PARAMETERS).map(|near| format!(", did you mean `{near}`?"));
            let detail = format!("`{name}` is not a filter{}", near.unwrap_or_default());
            return Err(Problem::field(name.as_ref(), detail));
        }
        let member = match name.as_ref() {
            "limit" | "status" => value
                .parse::<u64>()
                .map_err(|_| Problem::field(name.as_ref(), format!("`{value}` is not a number")))?
                .into(),
            _ => value.as_ref().into(),
        };
        members.insert(name.into_owned(), member);
    }
    super::body::read(serde_json::Value::Object(members).to_string().as_bytes())
}

/// Entries in the order of closing.
pub async fn list(TheOrg(org): TheOrg, uri: Uri) -> Result<Response, Problem> {
    let filter = filter(uri.query())?;
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
