//! `/faults`: setting, showing and clearing.

use axum::{extract::Path, response::Response};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::{
    body::{Raw, read},
    error::Problem,
    subject::TheOrg,
};
use crate::{
    base::ids::FaultId,
    faults::{
        engine::{Engine, Shown},
        fault::Fault,
    },
    ops::{fitting, org::Org},
    web::answer,
};

#[derive(Serialize)]
struct Listing {
    entities: Vec<Shown>,
    next: Option<String>,
}

#[derive(Serialize)]
struct Ids {
    ids: Vec<FaultId>,
}

/// One fault or a list of them.
fn parse(text: &[u8]) -> Result<Vec<Fault>, Problem> {
    let start = text.iter().find(|byte| !byte.is_ascii_whitespace());
    if start == Some(&b'[') { read::<Vec<Fault>>(text) } else { read::<Fault>(text).map(|fault| vec![fault]) }
}

fn set(org: &Org, faults: Vec<Fault>, replace: bool) -> Result<Vec<FaultId>, Problem> {
    let now = org.clock.now();
    org.cell(|cell| {
        fitting::check(&cell.state, &faults)?;
        if !replace {
            return Ok(cell.faults.add(faults, now)?);
        }
        let mut engine = Engine::default();
        let ids = engine.add(faults, now)?;
        cell.faults = engine;
        Ok(ids)
    })
}

/// All, with their counters.
pub async fn list(TheOrg(org): TheOrg) -> Response {
    answer::json(StatusCode::OK, &Listing { entities: org.cell(|cell| cell.faults.list()), next: None })
}

/// Adds one or several, all or none.
pub async fn add(TheOrg(org): TheOrg, Raw(text): Raw) -> Result<Response, Problem> {
    Ok(answer::json(StatusCode::CREATED, &Ids { ids: set(&org, parse(&text)?, false)? }))
}

/// Puts these in the place of all.
pub async fn replace(TheOrg(org): TheOrg, Raw(text): Raw) -> Result<Response, Problem> {
    Ok(answer::json(StatusCode::OK, &Ids { ids: set(&org, parse(&text)?, true)? }))
}

/// Takes all away.
pub async fn clear(TheOrg(org): TheOrg) -> Response {
    org.cell(|cell| cell.faults = Engine::default());
    answer::empty(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
pub struct Named {
    id: String,
    #[serde(flatten)]
    _others: BTreeMap<String, String>,
}

/// One, with its counters.
pub async fn get(TheOrg(org): TheOrg, Path(named): Path<Named>) -> Result<Response, Problem> {
    let shown =
        org.cell(|cell| cell.faults.get(&named.id)).ok_or_else(|| Problem::not_found("fault", &named.id))?;
    Ok(answer::json(StatusCode::OK, &shown))
}

/// Takes one away.
pub async fn delete(TheOrg(org): TheOrg, Path(named): Path<Named>) -> Result<Response, Problem> {
    match org.cell(|cell| cell.faults.remove(&named.id)) {
        true => Ok(answer::empty(StatusCode::NO_CONTENT)),
        false => Err(Problem::not_found("fault", &named.id)),
    }
}
