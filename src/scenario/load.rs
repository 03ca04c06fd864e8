//! Reads scenario files and lays them over one another.

use std::{fs, path::Path};

use serde_json::Value;

use super::{
    builtin,
    file::{File, Org, World},
};
use crate::{
    base::{suggest, time::Timestamp},
    faults::{contradiction, fault::Fault},
};

/// Includes within includes.
const DEEPEST: usize = 16;

/// Everything that the scenarios of one emulator say together.
#[derive(Clone, Debug, Default)]
pub struct Scenario {
    /// Name of the last one.
    pub name: String,
    /// What the last one says of itself.
    pub summary: String,
    /// The last seed that was given.
    pub seed: Option<u64>,
    /// The last clock that was given.
    pub clock: Option<Timestamp>,
    /// The orgs.
    pub orgs: Vec<Org>,
    /// The faults, in order.
    pub faults: Vec<Fault>,
}

/// Why a scenario could not be used.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// There is none of this name.
    #[error("there is no scenario `{name}`, neither built in nor as a file{}", hint(near.as_deref()))]
    Unknown {
        /// What was asked for.
        name: String,
        /// What may have been meant.
        near: Option<String>,
    },
    /// The file could not be read.
    #[error("scenario {name}: {error}")]
    Unreadable {
        /// The file.
        name: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// It is not what a scenario looks like.
    #[error("scenario {name}: {what}")]
    Invalid {
        /// The file.
        name: String,
        /// What is wrong, where, and what was expected.
        what: String,
    },
}

fn hint(near: Option<&str>) -> String {
    near.map_or_else(
        || "; `default` is the built-in world".to_owned(),
        |near| format!("; did you mean `{near}`?"),
    )
}

/// Where includes may come from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Sources {
    /// The built-in ones and files.
    Files,
    /// The built-in ones alone.
    BuiltIn,
}

impl Scenario {
    /// Loads names or paths, each laid over the ones before.
    pub fn load(names: &[String]) -> Result<Self, ScenarioError> {
        let mut scenario = Self::default();
        let mut seen = Vec::new();
        for name in names {
            seen.push(name.clone());
            scenario.include(name, Sources::Files, 0, &mut seen)?;
        }
        scenario.consistent()
    }

    /// Loads a built-in one: what comes over the network names no file of this machine.
    pub fn built_in(name: &str) -> Result<Self, ScenarioError> {
        let mut scenario = Self::default();
        scenario.include(name, Sources::BuiltIn, 0, &mut vec![name.to_owned()])?;
        scenario.consistent()
    }

    /// Loads a text that came over the network; it includes built-in scenarios alone.
    pub fn parse(name: &str, text: &str) -> Result<Self, ScenarioError> {
        let mut scenario = Self::default();
        scenario.lay(name, text, Sources::BuiltIn, 0, &mut Vec::new())?;
        scenario.consistent()
    }

    /// All faults together can be meant.
    fn consistent(self) -> Result<Self, ScenarioError> {
        match contradiction::check(&self.faults) {
            Ok(()) => Ok(self),
            Err(error) => Err(ScenarioError::Invalid { name: self.name, what: error.to_string() }),
        }
    }

    fn include(
        &mut self,
        name: &str,
        sources: Sources,
        depth: usize,
        seen: &mut Vec<String>,
    ) -> Result<(), ScenarioError> {
        if let Some(text) = builtin::find(name) {
            return self.lay(name, text, sources, depth, seen);
        }
        if sources == Sources::BuiltIn || !Path::new(name).exists() {
            let near = suggest::nearest(name, builtin::ALL.iter().map(|(path, _)| builtin::name(path)));
            return Err(ScenarioError::Unknown { name: name.to_owned(), near: near.map(str::to_owned) });
        }
        let text = fs::read_to_string(name)
            .map_err(|error| ScenarioError::Unreadable { name: name.to_owned(), error })?;
        self.lay(name, &text, sources, depth, seen)
    }

    fn lay(
        &mut self,
        name: &str,
        text: &str,
        sources: Sources,
        depth: usize,
        seen: &mut Vec<String>,
    ) -> Result<(), ScenarioError> {
        let invalid = |what: String| ScenarioError::Invalid { name: name.to_owned(), what };
        if depth > DEEPEST {
            return Err(invalid("includes are nested too deeply; do they include each other?".into()));
        }
        let file = parse(text).map_err(invalid)?;
        let includes = file.include.clone().unwrap_or_else(|| match name {
            "default" => Vec::new(),
            _ => vec!["default".to_owned()],
        });
        for include in &includes {
            // a world that two files include is there once
            if !seen.contains(include) {
                seen.push(include.clone());
                self.include(include, sources, depth + 1, seen)?;
            }
        }
        let places: Vec<_> = file.faults.iter().map(|fault| fault.referenced).collect();
        let faults: Vec<_> = file.faults.into_iter().map(|fault| fault.value).collect();
        let checked = faults.iter().try_for_each(Fault::check).and_then(|()| contradiction::check(&faults));
        checked.map_err(|error| {
            let nth = faults.iter().position(|fault| fault.id() == error.id);
            let place = nth.and_then(|nth| places.get(nth));
            let place = place.map(|place| format!("line {} column {}: ", place.line(), place.column()));
            invalid(format!("{}{error}", place.unwrap_or_default()))
        })?;
        self.name = file.name.unwrap_or_else(|| name.to_owned());
        self.summary = file.summary.unwrap_or_default();
        self.seed = file.seed.or(self.seed);
        self.clock = file.clock.or(self.clock);
        self.faults.extend(faults);
        self.merge(file.world).map_err(invalid)
    }

    fn merge(&mut self, world: World) -> Result<(), String> {
        for (place, org) in world.orgs.unwrap_or_default().into_iter().enumerate() {
            let same = match &org.id {
                Some(id) => self.orgs.iter().position(|old| old.id.as_ref() == Some(id)),
                None => (place < self.orgs.len()).then_some(place),
            };
            match same {
                Some(at) => {
                    let value = |org: &Org| serde_json::to_value(org).map_err(|e| e.to_string());
                    let merged = laid_over(value(&self.orgs[at])?, value(&org)?);
                    self.orgs[at] = serde_json::from_value(merged).map_err(|e| e.to_string())?;
                }
                None => self.orgs.push(org),
            }
        }
        Ok(())
    }
}

/// Ways to name an identity provider: whoever says one takes back the other.
const PROVIDER: [&str; 3] = ["provider", "discoveryUri", "issuer"];

/// Maps are merged key by key; everything else, and a bot as a whole, is replaced.
fn laid_over(old: Value, new: Value) -> Value {
    match (old, new) {
        (Value::Object(mut old), Value::Object(new)) => {
            if PROVIDER.iter().any(|key| new.contains_key(*key)) {
                old.retain(|key, _| !PROVIDER.contains(&key.as_str()));
            }
            for (key, value) in new {
                let merged = match old.remove(&key) {
                    Some(Value::Object(mut bots)) if key == "bots" => {
                        bots.extend(value.as_object().cloned().unwrap_or_default());
                        Value::Object(bots)
                    }
                    Some(before) => laid_over(before, value),
                    None => value,
                };
                old.insert(key, merged);
            }
            Value::Object(old)
        }
        (_, new) => new,
    }
}

/// The only place that knows the YAML library.
fn parse(text: &str) -> Result<File, String> {
    serde_saphyr::from_str(text).map_err(|error| suggest::explained(&error.to_string()))
}

#[cfg(test)]
#[path = "load_tests.rs"]
mod tests;
