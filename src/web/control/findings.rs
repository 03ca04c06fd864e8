//! `/findings`: what the journal shows of the habits of clients.

use axum::response::Response;
use http::{StatusCode, Uri};
use serde::Serialize;

use super::{error::Problem, query, subject::TheOrg};
use crate::{
    ops::findings::{self, Finding, Severity},
    web::answer,
};

#[derive(Serialize)]
struct Listing {
    entities: Vec<Finding>,
    next: Option<String>,
}

/// The worst first; `severity` leaves out what is less.
pub async fn list(TheOrg(org): TheOrg, uri: Uri) -> Result<Response, Problem> {
    let mut least = Severity::Info;
    for (_, value) in query::parameters(uri.query(), &["severity"])? {
        least = value.parse().map_err(|wrong: String| Problem::field("severity", wrong))?;
    }
    let mut entities = findings::find(&org);
    entities.retain(|finding| finding.severity >= least);
    Ok(answer::json(StatusCode::OK, &Listing { entities, next: None }))
}
