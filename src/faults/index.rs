//! Which faults a request or a frame has to be compared with: those of its place, phase, and surface or path.

use std::collections::BTreeMap;

use super::{
    fault::{Fault, Phase},
    point::{Facts, Point},
};
use crate::{base::pattern::is_wild, domain::visit::Surface};

/// Faults by number, in the order in which they were set.
#[derive(Clone, Default)]
pub struct Index {
    places: BTreeMap<(Point, Phase), Place>,
    occupied: Places,
    minds_states: bool,
}

/// The places and phases that have any faults, one bit each.
#[derive(Clone, Copy, Default)]
pub struct Places(u16);

impl Places {
    /// It is not known yet.
    pub const ANY: Self = Self(u16::MAX);

    fn bit(point: Point, phase: Phase) -> u16 {
        1 << (2 * point as u16 + phase as u16)
    }

    /// Is there any fault of this place and phase?
    pub fn has(self, point: Point, phase: Phase) -> bool {
        self.0 & Self::bit(point, phase) != 0
    }
}

#[derive(Clone, Default)]
struct Place {
    /// Those that say neither surface nor path.
    all: Vec<usize>,
    surfaces: BTreeMap<Surface, Vec<usize>>,
    paths: Segments,
}

/// Patterns by their segments. A frame's action or class is a path of one segment.
#[derive(Clone, Default)]
struct Segments {
    /// Patterns that end here.
    here: Vec<usize>,
    /// Patterns that take any rest.
    rest: Vec<usize>,
    any: Option<Box<Segments>>,
    named: BTreeMap<String, Segments>,
}

impl Segments {
    fn add(&mut self, mut pattern: std::str::Split<'_, char>, nth: usize) {
        match pattern.next() {
            None => self.here.push(nth),
            Some("**") => self.rest.push(nth),
            Some(wild) if is_wild(wild) => self.any.get_or_insert_default().add(pattern, nth),
            Some(name) => self.named.entry(name.to_owned()).or_default().add(pattern, nth),
        }
    }

    fn find(&self, mut path: std::str::Split<'_, char>, found: &mut Vec<usize>) {
        found.extend_from_slice(&self.rest);
        let Some(segment) = path.next() else {
            found.extend_from_slice(&self.here);
            return;
        };
        if let Some(named) = self.named.get(segment) {
            named.find(path.clone(), found);
        }
        if let Some(any) = &self.any {
            any.find(path, found);
        }
    }
}

impl Index {
    /// Files the fault of this number.
    pub fn add(&mut self, fault: &Fault, nth: usize) {
        self.occupied.0 |= Places::bit(fault.point(), fault.phase);
        self.minds_states |= fault.schedule.as_ref().is_some_and(|schedule| schedule.during.is_some());
        let place = self.places.entry((fault.point(), fault.phase)).or_default();
        let when = &fault.when;
        let path = when.path.as_ref().or(when.action.as_ref()).or(when.class.as_ref());
        match (path, when.surface) {
            (Some(path), _) => place.paths.add(path.split('/'), nth),
            (None, Some(surface)) => place.surfaces.entry(surface).or_default().push(nth),
            (None, None) => place.all.push(nth),
        }
    }

    /// Does any ask in which state things are?
    pub fn minds_states(&self) -> bool {
        self.minds_states
    }

    /// Where there are any.
    pub fn occupied(&self) -> Places {
        self.occupied
    }

    /// The numbers of those that may be about this, in their order.
    pub fn of(&self, point: Point, phase: Phase, facts: &Facts<'_>) -> Vec<usize> {
        let Some(place) = self.places.get(&(point, phase)) else { return Vec::new() };
        let mut found = place.all.clone();
        if let Some(of_surface) = place.surfaces.get(&facts.surface) {
            found.extend_from_slice(of_surface);
        }
        let path = match &facts.frame {
            Some(frame) if frame.action.is_empty() => frame.class,
            Some(frame) => frame.action,
            None => facts.path,
        };
        place.paths.find(path.split('/'), &mut found);
        found.sort_unstable();
        found
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::{base::time::Timestamp, domain::visit::Claimed};

    const PATHS: [&str; 9] = ["/a", "/a/b", "/a/*", "/{x}/b", "/a/**", "/**", "/a/b/c", "/*/*/c", "/b"];

    proptest! {
        #[test]
        fn nobody_that_would_hold_is_left_out_and_the_order_stays(
            faults in proptest::collection::vec((0..2_usize, proptest::option::of(0..9_usize)), 0..20),
            path in "/[abc](/[abc]){0,3}",
            surface in 0..2_usize,
        ) {
            let surfaces = [Surface::Api, Surface::Login];
            let faults: Vec<Fault> = faults.into_iter().map(|(surface, path)| {
                let mut when = json!({});
                if surface == 1 { when["surface"] = json!("login"); }
                if let Some(path) = path { when["path"] = json!(PATHS[path]); }
                serde_json::from_value(json!({ "when": when, "effect": { "reset": {} } })).unwrap()
            }).collect();
            let mut index = Index::default();
            for (nth, fault) in faults.iter().enumerate() {
                index.add(fault, nth);
            }
            let claimed = Claimed::default();
            let facts = Facts {
                surface: surfaces[surface], method: "GET", path: &path, query: None, server_name: None, headers: None, body: b"",
                claimed: &claimed, frame: None, required: "", token: None, sockets: None, standing: None, now: Timestamp::default(),
            };
            let holds = |nth: &usize| faults[*nth].when.holds(&facts, None);
            let found: Vec<_> = index.of(Point::Request, Phase::Before, &facts).into_iter().filter(holds).collect();
            let all: Vec<_> = (0..faults.len()).filter(holds).collect();
            prop_assert_eq!(found, all);
            prop_assert_eq!(index.of(Point::Frame, Phase::Before, &facts), Vec::<usize>::new());
        }
    }
}
