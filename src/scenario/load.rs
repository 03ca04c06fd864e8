//! Reads scenario files and lays them over one another.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use super::{
    builtin,
    file::{File, Org, World},
    include::Include,
    layers::{Layer, Layers},
    mistake,
    params::{self, BadParam, Params},
    script::{self, Script},
    source::Source,
    timeline,
};
use crate::{
    base::{
        document::{self, Document},
        suggest,
        time::Timestamp,
    },
    faults::{contradiction, fault::Fault},
    journal::expectation::Expectation,
};

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
    /// What happens by itself, in order.
    pub timeline: Vec<timeline::Entry>,
    /// What clients do and expect in the last one; what it includes keeps its own.
    pub scripts: BTreeMap<String, Script>,
    /// What the journal holds in the end, says the last one.
    pub expect: Vec<Expectation>,
    /// What can be taken out of the last one.
    pub parts: Vec<Part>,
    /// What is taken out of it.
    pub without: Option<Part>,
    /// The files that it was read from.
    pub files: Vec<Source>,
    /// Their texts.
    pub layers: Layers,
}

/// A part of a file that can be taken out, to see whether anybody misses it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// What it says of the world.
    World,
    /// Its fault at this place.
    Fault(usize),
    /// The entry of its timeline at this place.
    Timeline(usize),
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
    /// It cannot be included like this.
    #[error("scenario {name}: {what}")]
    NotIncluded {
        /// The file.
        name: String,
        /// Why not, and what may have been meant.
        what: String,
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

/// Where includes are looked for.
#[derive(Clone, Debug)]
struct Place {
    /// The folder of the including file; `None`: among the built-in ones alone.
    folder: Option<PathBuf>,
    /// The files that include one another up to here: where each lies, and as what it is known.
    within: Vec<(PathBuf, String)>,
}

impl Place {
    fn files() -> Self {
        Self { folder: Some(PathBuf::new()), within: Vec::new() }
    }

    fn built_in() -> Self {
        Self { folder: None, within: Vec::new() }
    }

    /// The file of this name: beside the including one, else where the program was started.
    fn find(&self, name: &str) -> Option<PathBuf> {
        let beside = self.folder.as_ref()?.join(name);
        [beside, PathBuf::from(name)].into_iter().find(|path| path.exists())
    }

    /// Where the file that lies there, or the built-in scenario of this name, includes others.
    fn inside(&self, lies: PathBuf, name: &str) -> Result<Self, ScenarioError> {
        let begins = self.within.iter().position(|(other, _)| *other == lies);
        let mut within = self.within.clone();
        within.push((lies, name.to_owned()));
        if let Some(begins) = begins {
            let circle: Vec<_> = within[begins..].iter().map(|(_, name)| name.as_str()).collect();
            let what = format!("it includes itself: {}; leave it out here", circle.join(" includes "));
            return Err(ScenarioError::NotIncluded { name: name.to_owned(), what });
        }
        Ok(Self { folder: self.folder.clone(), within })
    }
}

/// What is laid already: where it lies, and with which parameters.
type Seen = BTreeSet<(PathBuf, String)>;

fn unknown(name: &str) -> ScenarioError {
    let names = builtin::ALL.iter().map(|(path, _)| builtin::name(path));
    let near = suggest::nearest(name, names.chain(builtin::ALIASES.iter().map(|(alias, _)| *alias)));
    ScenarioError::Unknown { name: name.to_owned(), near: near.map(str::to_owned) }
}

impl Scenario {
    /// Loads names or paths, each laid over the ones before.
    pub fn load(names: &[String]) -> Result<Self, ScenarioError> {
        let mut scenario = Self::default();
        let mut seen = Seen::new();
        for name in names {
            scenario.include(name, &Params::new(), &Place::files(), &mut seen)?;
        }
        scenario.consistent()
    }

    /// Loads one name or path without a part of it.
    pub fn load_without(name: &str, part: Part) -> Result<Self, ScenarioError> {
        let mut scenario = Self { without: Some(part), ..Self::default() };
        scenario.include(name, &Params::new(), &Place::files(), &mut Seen::new())?;
        scenario.consistent()
    }

    /// Loads a built-in one: what comes over the network names no file of this machine.
    pub fn built_in(name: &str) -> Result<Self, ScenarioError> {
        let mut scenario = Self::default();
        scenario.include(name, &Params::new(), &Place::built_in(), &mut Seen::new())?;
        scenario.consistent()
    }

    /// Loads a text that came over the network; it includes built-in scenarios alone.
    pub fn parse(name: &str, text: &str) -> Result<Self, ScenarioError> {
        let mut scenario = Self::default();
        let text = Cow::Owned(text.to_owned());
        let place = Place::built_in().inside(PathBuf::new(), name)?;
        scenario.lay(name, text, &Params::new(), &place, &mut Seen::new())?;
        scenario.consistent()
    }

    /// What the files say together can be meant.
    fn consistent(self) -> Result<Self, ScenarioError> {
        if let Err(error) = contradiction::check(&self.faults) {
            return Err(match self.layers.of_fault(error.nth) {
                Some(place) => {
                    ScenarioError::Invalid { name: place.file, what: format!("{}: {error}", place.spot) }
                }
                None => ScenarioError::Invalid { name: self.name, what: error.to_string() },
            });
        }
        if self.without.is_some() {
            return Ok(self);
        }
        script::check_names(&self.scripts, self.orgs.first()).map_err(|bad| {
            let name = self.layers.last().unwrap_or(&self.name).to_owned();
            ScenarioError::Invalid { name, what: bad.to_string() }
        })?;
        Ok(self)
    }

    fn include(
        &mut self,
        name: &str,
        given: &Params,
        place: &Place,
        seen: &mut Seen,
    ) -> Result<(), ScenarioError> {
        let built_in = builtin::find(name);
        let path = match built_in {
            Some(_) => PathBuf::from(name),
            None => place.find(name).ok_or_else(|| unknown(name))?,
        };
        let lies = path.canonicalize().ok().filter(|_| built_in.is_none());
        let lies = lies.unwrap_or_else(|| path.clone());
        let inside = place.inside(lies.clone(), name)?;
        // a world that two files include is there once, unless its parameters differ
        let is_new = seen.insert((lies, serde_json::to_string(given).unwrap_or_default()));
        if !is_new && !place.within.is_empty() {
            return Ok(());
        }
        if let Some(text) = built_in {
            return self.lay(name, Cow::Borrowed(text), given, &inside, seen);
        }
        self.files.push(Source::of(path.clone()));
        let text = fs::read_to_string(&path)
            .map_err(|error| ScenarioError::Unreadable { name: name.to_owned(), error })?;
        let place = Place { folder: path.parent().map(Path::to_owned), ..inside };
        self.lay(name, Cow::Owned(text), given, &place, seen)
    }

    fn lay(
        &mut self,
        name: &str,
        text: Cow<'static, str>,
        given: &Params,
        place: &Place,
        seen: &mut Seen,
    ) -> Result<(), ScenarioError> {
        let invalid = |what: String| ScenarioError::Invalid { name: name.to_owned(), what };
        let filled = params::filled(text, given);
        let text = filled.map_err(|bad| match bad {
            BadParam::Given(what) => ScenarioError::NotIncluded { name: name.to_owned(), what },
            BadParam::InText(what) => invalid(what),
        })?;
        let ready = builtin::as_json(&text).and_then(|json| Document::json(json.as_bytes()).ok());
        let document = ready.map_or_else(|| Document::yaml(&text), Ok);
        let document = document.map_err(|wrong| invalid(mistake::of_text(&text, &wrong)))?;
        let at = |list: &str, nth: usize| format!("{}: ", document.find([list, &nth.to_string()]).1);
        let mut file: File =
            document.read().map_err(|wrong| invalid(mistake::told(&text, &document, &wrong)))?;
        script::place(&mut file.scripts, &document);
        let includes = file.include.take().unwrap_or_else(|| match name {
            "default" => Vec::new(),
            _ => vec![Include::Plain("default".to_owned())],
        });
        for (nth, (include, with)) in includes.into_iter().map(Include::parts).enumerate() {
            self.include(&include, &with, place, seen).map_err(|error| match error {
                unknown @ ScenarioError::Unknown { .. } => {
                    invalid(format!("{}{unknown}", at("include", nth)))
                }
                ScenarioError::NotIncluded { name, what } => {
                    invalid(format!("{}{name}: {what}", at("include", nth)))
                }
                other => other,
            })?;
        }
        let mut faults = file.faults;
        contradiction::check(&faults)
            .map_err(|error| invalid(format!("{}{error}", at("faults", error.nth))))?;
        script::check(&file.scripts, &file.expect)
            .map_err(|bad| invalid(bad.within(&document).to_string()))?;
        self.parts = (0..faults.len()).map(Part::Fault).collect();
        self.parts.extend((0..file.timeline.len()).map(Part::Timeline));
        self.parts.extend(file.world.orgs.is_some().then_some(Part::World));
        match self.without.filter(|_| place.within.len() == 1) {
            Some(Part::World) => file.world = World::default(),
            Some(Part::Fault(nth)) => drop(faults.remove(nth)),
            Some(Part::Timeline(nth)) => drop(file.timeline.remove(nth)),
            None => {}
        }
        (self.scripts, self.expect) = (file.scripts, file.expect);
        self.name = file.name.unwrap_or_else(|| name.to_owned());
        self.summary = file.summary.unwrap_or_default();
        self.seed = file.seed.or(self.seed);
        self.clock = file.clock.or(self.clock);
        let (faults_here, entries) = (faults.len(), file.timeline.len());
        self.faults.extend(faults);
        self.timeline.extend(file.timeline);
        let orgs = self.merge(file.world).map_err(invalid)?;
        let name = name.to_owned();
        self.layers.push(Layer { name, text, orgs, faults: faults_here, timeline: entries });
        Ok(())
    }

    /// Lays a world over what there is. Which orgs its orgs went to.
    fn merge(&mut self, world: World) -> Result<Vec<usize>, String> {
        let mut places = Vec::new();
        for (place, org) in world.orgs.unwrap_or_default().into_iter().enumerate() {
            let same = match &org.id {
                Some(id) => self.orgs.iter().position(|old| old.id.as_ref() == Some(id)),
                None => (place < self.orgs.len()).then_some(place),
            };
            match same {
                Some(at) => {
                    places.push(at);
                    let value = |org: &Org| serde_json::to_value(org).map_err(|e| e.to_string());
                    let merged = laid_over(value(&self.orgs[at])?, value(&org)?);
                    self.orgs[at] = document::from_value(&merged).map_err(|e| e.to_string())?;
                }
                None => {
                    places.push(self.orgs.len());
                    self.orgs.push(org);
                }
            }
        }
        Ok(places)
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

#[cfg(test)]
#[path = "load_tests.rs"]
mod tests;
