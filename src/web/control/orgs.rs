//! `/orgs`: making, showing, resetting and taking away.

use std::collections::BTreeMap;

use axum::{extract::Path, response::Response};
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::{
    body::Json,
    error::Problem,
    subject::{Base, Named, TheApp, TheOrg},
};
use crate::{
    base::time::{Span, Timestamp},
    ops::{
        org::Org,
        orgs::{self, NewOrg},
    },
    web::answer,
};

/// A new org. Everything is optional.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct NewOrgBody {
    name: Option<String>,
    scenario: Option<String>,
    seed: Option<u64>,
    clock: Option<Timestamp>,
    ttl: Option<Span>,
}

/// An org.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrgView {
    id: String,
    name: String,
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deployment_id: Option<String>,
    seed: u64,
    now: Timestamp,
    ids: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct Listing {
    entities: Vec<OrgView>,
    next: Option<String>,
    /// The id of the org that requests get which name none.
    default: Option<String>,
}

/// As the admin API shows it.
pub fn view(org: &Org, base: &str) -> OrgView {
    let entrance = org.entrance.clone();
    let (client_id, client_secret) = entrance.client.map(|(id, secret)| (id.to_string(), secret)).unzip();
    OrgView {
        id: org.id.to_string(),
        name: org.state(|state| state.settings.name.clone()),
        url: format!("{base}/@{}", org.id),
        client_id,
        client_secret,
        deployment_id: entrance.deployment.map(|id| id.to_string()),
        seed: org.seed(),
        now: org.clock.now(),
        ids: entrance.ids,
    }
}

/// All orgs.
pub async fn list(TheApp(app): TheApp, Base(base): Base) -> Response {
    let entities = app.all_orgs().iter().map(|org| view(org, &base)).collect();
    let default = app.default_org().map(|org| org.id.to_string());
    answer::json(StatusCode::OK, &Listing { entities, next: None, default })
}

/// Makes one.
pub async fn create(
    TheApp(app): TheApp,
    Base(base): Base,
    Json(body): Json<NewOrgBody>,
) -> Result<Response, Problem> {
    let NewOrgBody { name, scenario, seed, clock, ttl } = body;
    let org = orgs::create(&app, NewOrg { name, scenario, seed, clock, ttl })?;
    Ok(answer::json(StatusCode::CREATED, &view(&org, &base)))
}

/// Shows one.
pub async fn get(TheOrg(org): TheOrg, Base(base): Base) -> Response {
    answer::json(StatusCode::OK, &view(&org, &base))
}

/// Takes one away.
pub async fn delete(TheApp(app): TheApp, Path(id): Path<String>) -> Result<Response, Problem> {
    match orgs::remove(&app, &id) {
        true => Ok(answer::empty(StatusCode::NO_CONTENT)),
        false => Err(Problem::not_found("org", &id)),
    }
}

/// Back to the first moment of its scenario; where the path names no org, also the faults of the emulator.
pub async fn reset(
    TheApp(app): TheApp,
    Named(named): Named,
    TheOrg(org): TheOrg,
    Base(base): Base,
) -> Result<Response, Problem> {
    let org = orgs::reset(&app, &org)?;
    if named.is_none() {
        app.reset_gate()?;
    }
    Ok(answer::json(StatusCode::OK, &view(&org, &base)))
}
