//! `/state`: a snapshot of an org, and putting one back.

use axum::response::Response;
use http::StatusCode;

use super::{
    body::Large,
    error::{Problem, not_accepted},
    orgs::view,
    subject::{Base, TheApp, TheOrg},
};
use crate::{
    ops::snapshot::{self, BadSnapshot},
    web::answer,
};

/// All that the org remembers, with clock, faults, counters and what is to happen by itself.
pub async fn get(TheOrg(org): TheOrg) -> Response {
    answer::json(StatusCode::OK, &snapshot::take(&org))
}

/// Puts a snapshot back: one of this org, or of another that has the same local names. Sockets are closed.
pub async fn put(
    TheApp(app): TheApp,
    TheOrg(org): TheOrg,
    Base(base): Base,
    Large(text): Large,
) -> Result<Response, Problem> {
    let org = snapshot::restore(&app, &org, &text)?;
    Ok(answer::json(StatusCode::OK, &view(&org, &base)))
}

impl From<BadSnapshot> for Problem {
    fn from(error: BadSnapshot) -> Self {
        const TITLE: &str = "The snapshot cannot be put back";
        let detail = error.to_string();
        match error {
            BadSnapshot::Member(error) => not_accepted(error).titled(TITLE),
            BadSnapshot::Foreign(_) => Self::field("kind", detail).titled(TITLE),
            BadSnapshot::Version(_) => Self::field("version", detail).titled(TITLE),
            BadSnapshot::Fault(_) => Self::field("faults", detail).titled(TITLE),
            BadSnapshot::Unreadable(_) => Self::new(400, TITLE, detail),
            BadSnapshot::Names { .. } | BadSnapshot::Taken(_) => Self::new(409, TITLE, detail),
            BadSnapshot::Gone(_) => Self::new(404, TITLE, detail),
        }
    }
}
