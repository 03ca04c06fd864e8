//! `/keys`: the key rings of an org.

use std::collections::BTreeMap;

use axum::{extract::Path, response::Response};
use http::StatusCode;
use serde::Serialize;

use super::{
    body::Json,
    error::Problem,
    subject::{TheApp, TheOrg},
};
use crate::{
    base::draw::Cause,
    domain::keyring::RingName,
    faults::effect::rotate_keys::RotateKeys,
    ops::keys::{self, ShownRing},
    web::answer,
};

#[derive(Serialize)]
struct Listing {
    entities: Vec<ShownRing>,
    next: Option<String>,
}

/// The rings.
pub async fn list(TheOrg(org): TheOrg) -> Response {
    answer::json(StatusCode::OK, &Listing { entities: keys::list(&org), next: None })
}

/// Brings in the next key of a ring.
pub async fn rotate(
    TheApp(app): TheApp,
    TheOrg(org): TheOrg,
    Path(names): Path<BTreeMap<String, String>>,
    Json(how): Json<RotateKeys>,
) -> Result<Response, Problem> {
    let ring = names.get("ring").map(String::as_str).unwrap_or_default();
    let unknown = || Problem::not_found("key ring", ring);
    let named: RingName = ring.parse().map_err(|_| unknown())?;
    if how.ring().is_some_and(|other| *other != named) {
        return Err(Problem::field("ring", format!("it is not the ring of the path, which is {named}")));
    }
    how.check_options().map_err(|wrong| Problem::new(400, "The rotation is not understood", wrong))?;
    let turn = how.turn(named);
    keys::turn(&app, &org, Cause::default(), turn, org.clock.now()).ok_or_else(unknown)?;
    Ok(list(TheOrg(org)).await)
}
