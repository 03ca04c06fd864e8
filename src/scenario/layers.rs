//! The texts that a scenario was read from, until it is in use: whatever is wrong with the whole of them stands in one.

use std::{borrow::Cow, fmt};

use super::bad_world::BadWorld;
use crate::base::document::{Document, Spot};

/// A place in a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// The scenario's name, or its file.
    pub file: String,
    /// Where in it.
    pub spot: Spot,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "scenario {}: {}", self.file, self.spot)
    }
}

/// One text, and what of the whole came from it.
#[derive(Clone, Debug)]
pub(super) struct Layer {
    pub name: String,
    pub text: Cow<'static, str>,
    /// Which orgs of the whole its orgs went to.
    pub orgs: Vec<usize>,
    /// How many faults it has.
    pub faults: usize,
    /// How many entries of a timeline.
    pub timeline: usize,
}

impl Layer {
    fn place(&self, spot: Spot) -> Place {
        Place { file: self.name.clone(), spot }
    }
}

/// All of them, in the order in which they lie over one another.
#[derive(Clone, Debug, Default)]
pub struct Layers(Vec<Layer>);

impl Layers {
    pub(super) fn push(&mut self, layer: Layer) {
        self.0.push(layer);
    }

    /// The name of the last one.
    pub(super) fn last(&self) -> Option<&str> {
        self.0.last().map(|layer| layer.name.as_str())
    }

    /// Nothing more will be found wrong: it is in use.
    pub fn forget(&mut self) {
        self.0 = Vec::new();
    }

    /// Where what is wrong with the world of an org stands: in the last text that says so much of it.
    pub fn of_world(&self, org: usize, bad: &BadWorld) -> Option<Place> {
        if let Some(nth) = bad.entry {
            return self.of(nth, "timeline", |layer| layer.timeline);
        }
        let mut found: Option<(usize, Place)> = None;
        for layer in self.0.iter().rev() {
            let Ok(document) = Document::yaml(&layer.text) else { continue };
            for (nth, _) in layer.orgs.iter().enumerate().filter(|(_, to)| **to == org) {
                for within in bad.ways() {
                    let nth = nth.to_string();
                    let way = ["world", "orgs", nth.as_str()].into_iter().chain(within.split('.'));
                    let (deep, spot) = document.find(way);
                    if found.as_ref().is_none_or(|(deepest, _)| deep > *deepest) {
                        found = Some((deep, layer.place(spot)));
                    }
                }
            }
        }
        found.map(|(_, place)| place)
    }

    /// Where the fault of this number stands.
    pub fn of_fault(&self, nth: usize) -> Option<Place> {
        self.of(nth, "faults", |layer| layer.faults)
    }

    /// Where the `nth` of a list of the whole stands.
    fn of(&self, mut nth: usize, list: &str, count: impl Fn(&Layer) -> usize) -> Option<Place> {
        for layer in &self.0 {
            match nth.checked_sub(count(layer)) {
                Some(left) => nth = left,
                None => {
                    let (_, spot) = Document::yaml(&layer.text).ok()?.find([list, &nth.to_string()]);
                    return Some(layer.place(spot));
                }
            }
        }
        None
    }
}
