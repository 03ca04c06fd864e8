//! `/integrations`: how the org trusts identity providers, and what the platform remembers of them.

use std::collections::BTreeMap;

use axum::{extract::Path, response::Response};
use http::StatusCode;
use serde::Serialize;

use super::{error::Problem, subject::TheOrg};
use crate::{
    base::time::Timestamp,
    domain::relying_party::{Integration, KeyCache, Memory, Provider},
    ops::org::Org,
    web::answer,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    name: String,
    provider: Provider,
    client_id: String,
    implicit_flow: bool,
    keys: KeyCache,
    /// Fetches so far.
    discovery_fetches: u64,
    key_set_fetches: u64,
    /// The key set that is there is used until then.
    #[serde(skip_serializing_if = "Option::is_none")]
    key_set_until: Option<Timestamp>,
}

#[derive(Serialize)]
struct Listing {
    entities: Vec<Shown>,
    next: Option<String>,
}

fn shown(integration: &Integration, memory: &Memory) -> Shown {
    Shown {
        name: integration.name.clone(),
        provider: integration.provider.clone(),
        client_id: integration.client_id.clone(),
        implicit_flow: integration.implicit_flow,
        keys: integration.keys,
        discovery_fetches: memory.discovery_fetches,
        key_set_fetches: memory.key_set_fetches,
        key_set_until: memory.key_set.as_ref().map(|document| document.until),
    }
}

fn all(org: &Org) -> Response {
    let entities = org.state(|state| {
        let memory = |name: &String| state.providers.get(name).cloned().unwrap_or_default();
        state.integrations.iter().map(|(name, one)| shown(one, &memory(name))).collect()
    });
    answer::json(StatusCode::OK, &Listing { entities, next: None })
}

/// All, by name.
pub async fn list(TheOrg(org): TheOrg) -> Response {
    all(&org)
}

/// The documents of the provider are forgotten, and fetched again when they are needed next.
pub async fn flush(
    TheOrg(org): TheOrg,
    Path(names): Path<BTreeMap<String, String>>,
) -> Result<Response, Problem> {
    let name = names.get("name").map(String::as_str).unwrap_or_default();
    let known = org.state(|state| {
        if let Some(memory) = state.providers.get_mut(name) {
            memory.flush();
        }
        state.integrations.contains_key(name)
    });
    if !known {
        return Err(Problem::not_found("integration", name));
    }
    Ok(all(&org))
}
