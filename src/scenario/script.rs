//! Scripts: what clients do in a scenario and what they expect, and what the journal holds in the end.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{
    file::Org,
    step::{Step, Verb},
    template,
};
use crate::{
    base::{
        document::{Document, Spot},
        suggest,
        way::check_filters,
    },
    journal::expectation::Expectation,
};

/// Names that every script knows.
pub const KNOWN: [&str; 9] = ["url", "org", "clients", "deployments", "users", "idp", "seed", "now", "n"];

/// How a script ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Ending {
    /// Every expectation holds.
    #[default]
    Pass,
    /// One does not: this client falls into the trap.
    Fail,
}

/// What one client does, step by step.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Script {
    /// `pass`, the default, or `fail`.
    pub expect: Ending,
    /// What such a client sees, or does, in one sentence.
    pub summary: Option<String>,
    /// The steps, such as `[ { http: GET /.well-known/jwks.json } ]`.
    pub steps: Vec<Step>,
}

/// What cannot be meant in a script, and where.
#[derive(Debug)]
pub struct BadStep {
    spot: Option<Spot>,
    /// The way to what has no place of its own.
    way: Vec<String>,
    wrong: String,
}

impl fmt::Display for BadStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(spot) = self.spot {
            write!(f, "{spot}: ")?;
        }
        f.write_str(&self.wrong)
    }
}

impl BadStep {
    fn of(way: [&str; 2], wrong: impl Into<String>) -> Self {
        Self { spot: None, way: way.map(str::to_owned).to_vec(), wrong: wrong.into() }
    }

    fn at(step: &Step, name: &str, nth: usize, wrong: &str) -> Self {
        let wrong = format!("scripts.{name}, step {nth}: {wrong}");
        Self { spot: Some(step.spot), way: Vec::new(), wrong }
    }

    /// With its place in the file that it is of.
    #[must_use]
    pub fn within(mut self, document: &Document<'_>) -> Self {
        self.spot = self.spot.or_else(|| Some(document.find(self.way.iter().map(String::as_str)).1));
        self
    }
}

impl Script {
    /// What cannot be meant.
    pub fn check(&self, name: &str) -> Result<(), BadStep> {
        if self.steps.is_empty() {
            return Err(BadStep::of(["scripts", name], format!("scripts.{name} has no steps")));
        }
        let mut known: BTreeSet<&str> = KNOWN.into();
        let mut traps = 0;
        for (nth, step) in (1_usize..).zip(&self.steps) {
            let bad = |wrong: String| BadStep::at(step, name, nth, &wrong);
            step.check().map_err(bad)?;
            for used in template::roots(&texts(step)).map_err(bad)? {
                if !known.contains(used.as_str()) {
                    return Err(bad(template::unknown(&used, known.iter().copied())));
                }
            }
            for place in step.capture.values() {
                check_filters(place).map_err(bad)?;
            }
            known.extend(step.capture.keys().map(String::as_str));
            if let Ok(Verb::Set(set)) = step.verb() {
                known.extend(set.keys().map(String::as_str));
            }
            traps += u32::from(step.sees.is_some());
            if step.sees.is_some() && self.expect == Ending::Pass {
                return Err(bad("`sees` is of scripts with `expect: fail`; use `expect`".to_owned()));
            }
        }
        match traps {
            2.. => Err(BadStep::of(
                ["scripts", name],
                format!("scripts.{name}: `sees` is at one step at the most"),
            )),
            _ => Ok(()),
        }
    }
}

/// Everything in a step that may hold `${…}`.
fn texts(step: &Step) -> Value {
    let map = |map: &BTreeMap<String, Value>| Value::Object(map.clone().into_iter().collect::<Map<_, _>>());
    let signing = step.sign_in.as_ref().map(|one| {
        json!([
            one.person,
            one.user,
            one.provider,
            one.client,
            one.redirect_uri,
            one.scope,
            one.nonce,
            map(&one.with)
        ])
    });
    json!([
        [step.http, step.admin, step.open, step.send, step.close, step.clock, step.verify, signing],
        [step.set.as_ref().map(map), step.headers, step.query.as_ref().map(map)],
        [step.form.as_ref().map(map), step.json, step.text, step.base64, step.bearer, step.client],
        [step.keys, step.issuer, step.audience, step.expect, step.sees, step.socket],
    ])
}

/// Tells steps where they stand in the file that they are of.
pub fn place(scripts: &mut BTreeMap<String, Script>, document: &Document<'_>) {
    for (name, script) in scripts {
        for (nth, step) in script.steps.iter_mut().enumerate() {
            (_, step.spot) = document.find(["scripts", name, "steps", &nth.to_string()]);
        }
    }
}

/// Checks all scripts and what the journal is to hold.
pub fn check(scripts: &BTreeMap<String, Script>, expect: &[Expectation]) -> Result<(), BadStep> {
    scripts.iter().try_for_each(|(name, script)| script.check(name))?;
    for (nth, one) in expect.iter().enumerate() {
        let bad = |wrong: String| BadStep::of(["expect", &nth.to_string()], wrong);
        one.matchers().map_err(|wrong| bad(wrong.to_string()))?;
        if one.within.or(one.never_for).is_some() {
            return Err(bad("`within` and `neverFor` wait, and a scenario is over by then".to_owned()));
        }
    }
    Ok(())
}

/// Whom steps name by local names has to be there, in the org that they are played to.
pub fn check_names(scripts: &BTreeMap<String, Script>, org: Option<&Org>) -> Result<(), BadStep> {
    let Some(org) = org else { return Ok(()) };
    for (name, script) in scripts {
        for (nth, step) in (1..).zip(&script.steps) {
            let bad = |wrong: String| BadStep::at(step, name, nth, &wrong);
            is_there("client", step.client.as_deref(), org.clients.as_ref()).map_err(bad)?;
            let of_provider = step.sign_in.as_ref().filter(|one| one.user.is_none());
            let provider = of_provider.map(|one| one.provider.as_deref().unwrap_or("main"));
            is_there("identity provider", provider, org.identity_providers.as_ref()).map_err(bad)?;
        }
    }
    Ok(())
}

/// Is there something of this name, unless it is filled in later?
fn is_there<T>(what: &str, name: Option<&str>, known: Option<&BTreeMap<String, T>>) -> Result<(), String> {
    let Some(name) = name.filter(|name| !name.contains("${")) else { return Ok(()) };
    let names = || known.into_iter().flatten().map(|(name, _)| name.as_str());
    if names().any(|known| known == name) {
        return Ok(());
    }
    let all = names().collect::<Vec<_>>().join(", ");
    Err(match suggest::nearest(name, names()) {
        Some(near) => format!("there is no {what} `{name}` in this world; did you mean `{near}`?"),
        None => format!("there is no {what} `{name}` in this world; expected one of {all}"),
    })
}
