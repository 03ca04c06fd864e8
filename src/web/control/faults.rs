//! `/faults`: setting, showing and clearing.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    extract::{FromRequestParts, Path},
    response::Response,
};
use http::{StatusCode, request::Parts};
use serde::{Deserialize, Serialize};

use super::{
    body::{Raw, read},
    error::Problem,
    subject::{Named, TheApp, no_org},
};
use crate::{
    base::ids::FaultId,
    faults::{
        engine::Shown,
        fault::{Fault, Of},
    },
    ops::{app::App, gate, org::Org},
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

/// Whose faults a call is about: those of one org; or, where the path names none, those of the default org and those of
/// the emulator as a whole.
pub struct Whose {
    org: Option<Arc<Org>>,
    app: Option<Arc<App>>,
}

impl<S: Sync> FromRequestParts<S> for Whose {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let TheApp(app) = TheApp::from_request_parts(parts, state).await?;
        let Named(named) = Named::from_request_parts(parts, state).await?;
        Ok(match named {
            Some(org) => Self { org: Some(org), app: None },
            None => Self { org: app.default_org(), app: Some(app) },
        })
    }
}

impl Whose {
    fn set(&self, faults: Vec<Fault>, replace: bool) -> Result<Vec<FaultId>, Problem> {
        let of_emulator = gate::of_emulator(&faults);
        match (&self.app, &self.org) {
            (None, Some(org)) => match of_emulator {
                Some(id) => {
                    let words =
                        format!("fault `{id}` is of the emulator as a whole; POST it to /__admin/faults");
                    Err(Problem::field("of", words))
                }
                None => Ok(org.set_faults(faults, replace, |_| Ok(()))?),
            },
            (Some(_), None) if faults.iter().any(|fault| fault.whose() == Of::Org) => Err(no_org()),
            (Some(app), org) => Ok(app.set_faults(org.as_deref(), faults, replace)?),
            (None, None) => Err(no_org()),
        }
    }
}

/// All, with their counters; those of the emulator say so.
pub async fn list(whose: Whose) -> Response {
    let mut entities = whose.app.map(|app| app.gate.lock().list()).unwrap_or_default();
    entities.extend(whose.org.into_iter().flat_map(|org| org.cell(|cell| cell.faults.list())));
    answer::json(StatusCode::OK, &Listing { entities, next: None })
}

/// Adds one or several, all or none.
pub async fn add(whose: Whose, Raw(text): Raw) -> Result<Response, Problem> {
    Ok(answer::json(StatusCode::CREATED, &Ids { ids: whose.set(parse(&text)?, false)? }))
}

/// Puts these in the place of all.
pub async fn replace(whose: Whose, Raw(text): Raw) -> Result<Response, Problem> {
    Ok(answer::json(StatusCode::OK, &Ids { ids: whose.set(parse(&text)?, true)? }))
}

/// Takes all away.
pub async fn clear(whose: Whose) -> Result<Response, Problem> {
    whose.set(Vec::new(), true)?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

#[derive(Deserialize)]
pub struct Id {
    id: String,
    #[serde(flatten)]
    _others: BTreeMap<String, String>,
}

/// One, with its counters.
pub async fn get(whose: Whose, Path(Id { id, .. }): Path<Id>) -> Result<Response, Problem> {
    let of_org = whose.org.and_then(|org| org.cell(|cell| cell.faults.get(&id)));
    let shown = of_org.or_else(|| whose.app.and_then(|app| app.gate.lock().get(&id)));
    Ok(answer::json(StatusCode::OK, &shown.ok_or_else(|| Problem::not_found("fault", &id))?))
}

/// Takes one away.
pub async fn delete(whose: Whose, Path(Id { id, .. }): Path<Id>) -> Result<Response, Problem> {
    let of_org = whose.org.is_some_and(|org| org.cell(|cell| cell.faults.remove(&id)));
    match of_org || whose.app.is_some_and(|app| app.gate.lock().remove(&id)) {
        true => Ok(answer::empty(StatusCode::NO_CONTENT)),
        false => Err(Problem::not_found("fault", &id)),
    }
}
