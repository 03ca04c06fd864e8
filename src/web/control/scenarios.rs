//! `/scenarios`: what is built in, and applying one to an org.

use axum::response::Response;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::{
    body::Raw,
    error::Problem,
    orgs::{OrgView, view},
    subject::{Base, Named, TheApp},
};
use crate::{
    base::{document::Document, time::Timestamp},
    ops::{
        org_error::OrgError,
        orgs::{self as op, Applied},
    },
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

/// What a scenario was applied to. The members of an org are those of the first one.
#[derive(Serialize)]
struct AppliedView {
    #[serde(flatten)]
    first: OrgView,
    /// The scenario's name.
    scenario: String,
    orgs: Vec<One>,
}

/// An org of the scenario.
#[derive(Serialize)]
struct One {
    #[serde(flatten)]
    org: OrgView,
    /// It was not there before.
    made: bool,
    /// Where its clock starts; left out where that is the system's time.
    #[serde(skip_serializing_if = "Option::is_none")]
    clock: Option<Timestamp>,
}

/// Applies a scenario: `{"name": …}` for a built-in one, else the body is a scenario in YAML or JSON. Every org that it
/// goes to starts anew, or none does. What it says of seed and clock holds, also against the command line; where it says
/// nothing, what the org was made with holds again.
///
/// `/orgs/<org>/scenarios/apply` takes a scenario with one org, and that org keeps its ids. `/scenarios/apply` takes one
/// with several: each goes to the org of its id, else to the one at its place, the first to the default org; what is not
/// there is made.
pub async fn apply(
    TheApp(app): TheApp,
    Named(org): Named,
    Base(base): Base,
    Raw(text): Raw,
) -> Result<Response, Problem> {
    let text = std::str::from_utf8(&text)
        .map_err(|_| Problem::new(400, "The body is not text", "A scenario is YAML or JSON in UTF-8"))?;
    let by_name = Document::json(text.as_bytes()).ok().and_then(|document| document.read().ok());
    let scenario = match by_name {
        Some(ByName { name }) => Scenario::built_in(&name)?,
        None => Scenario::parse("(request body)", text)?,
    };
    let applied = op::apply(&app, org.as_deref(), &scenario)?;
    let first = applied.first().map(|one| view(&one.org, &base)).ok_or(OrgError::NoOrg)?;
    let one =
        |Applied { org, made }: &Applied| One { org: view(org, &base), made: *made, clock: org.began() };
    let view = AppliedView { first, scenario: scenario.name, orgs: applied.iter().map(one).collect() };
    Ok(answer::json(StatusCode::OK, &view))
}
