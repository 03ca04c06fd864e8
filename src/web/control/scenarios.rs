//! `/scenarios`: what is built in, and applying one to an org.

use axum::response::Response;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::{
    body::Raw,
    error::Problem,
    orgs,
    subject::{Base, TheApp, TheOrg},
};
use crate::{
    ops::orgs as op,
    scenario::{builtin, load::Scenario},
    web::answer,
};

#[derive(Serialize)]
struct Entry {
    name: &'static str,
    summary: String,
}

#[derive(Serialize)]
struct Listing {
    entities: Vec<Entry>,
    next: Option<String>,
}

/// A body that is nothing but a name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ByName {
    name: String,
}

/// The built-in ones.
pub async fn list() -> Result<Response, Problem> {
    let entities = builtin::ALL
        .iter()
        .map(|(path, _)| {
            let name = builtin::name(path);
            Ok(Entry { name, summary: Scenario::built_in(name)?.summary })
        })
        .collect::<Result<_, Problem>>()?;
    Ok(answer::json(StatusCode::OK, &Listing { entities, next: None }))
}

/// Makes the org anew: `{"name": …}` for a built-in one, else the body is a scenario in YAML or JSON.
pub async fn apply(
    TheApp(app): TheApp,
    TheOrg(org): TheOrg,
    base: Base,
    Raw(text): Raw,
) -> Result<Response, Problem> {
    let text = std::str::from_utf8(&text)
        .map_err(|_| Problem::new(400, "The body is not text", "A scenario is YAML or JSON in UTF-8"))?;
    let scenario = match serde_json::from_str::<ByName>(text) {
        Ok(ByName { name }) => Scenario::built_in(&name)?,
        Err(_) => Scenario::parse("(request body)", text)?,
    };
    let org = op::apply(&app, &org, &scenario)?;
    Ok(orgs::get(TheOrg(org), base).await)
}
