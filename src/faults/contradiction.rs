//! Faults that cannot be meant together. Only what is certain: two of one id, or two that are always about the same, and one
//! of them for nothing. What is set later, beside faults that are there already, may be meant to wait for their end.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    fault::{BadFault, Fault},
    point::Point,
};
use crate::domain::visit::Way;

/// What of a fault is compared.
struct Known<'a> {
    fault: &'a Fault,
    point: Point,
    way: Option<Way>,
    when: Value,
}

impl<'a> Known<'a> {
    fn of(fault: &'a Fault) -> Self {
        let point = fault.point();
        let way = (point == Point::Frame).then(|| fault.when.way(fault.only()));
        Self { fault, point, way, when: serde_json::to_value(&fault.when).unwrap_or_default() }
    }

    /// Does it bite whenever its conditions hold?
    fn is_constant(&self) -> bool {
        self.fault.schedule.is_none() && self.fault.plan.is_none()
    }

    /// The first is in the way of the second, or of what the second says.
    fn contradicts(&self, later: &Self) -> Option<String> {
        let (one, other) = (self.fault.effect.as_ref()?, later.fault.effect.as_ref());
        if !self.is_constant() || self.point != later.point || self.way != later.way {
            return None;
        }
        if one.ends() && self.fault.phase == later.fault.phase && holds_with(&self.when, &later.when) {
            let first = self.fault.id();
            return Some(format!(
                "it never bites: fault `{first}` comes before it, and ends all that it is about; leave one of them out, \
                 or give `{first}` a `schedule`"
            ));
        }
        let said = one.decides()?;
        let same = later.is_constant() && self.when == later.when && other?.decides().as_ref() == Some(&said);
        same.then(|| {
            let (name, other) = (one.name(), other.map_or("", |effect| effect.name()));
            format!("it contradicts fault `{}`: `{name}` and `{other}` both say {said}", self.fault.id())
        })
    }
}

/// Does the first condition hold wherever the second one does?
fn holds_with(wider: &Value, narrower: &Value) -> bool {
    match (wider, narrower) {
        (Value::Object(wider), Value::Object(narrower)) => {
            wider.iter().all(|(name, one)| narrower.get(name).is_some_and(|other| holds_with(one, other)))
        }
        (one, other) => one == other,
    }
}

/// Names the first of these faults that cannot be meant: by itself, with the id of one before it, or beside one.
pub fn check(faults: &[Fault]) -> Result<(), BadFault> {
    let mut ids = BTreeSet::new();
    for (nth, fault) in faults.iter().enumerate() {
        fault.check().map_err(|bad| bad.at(nth))?;
        if !ids.insert(fault.id()) {
            return Err(BadFault::taken(fault.id()).at(nth));
        }
    }
    let known: Vec<_> = faults.iter().map(Known::of).collect();
    for (nth, later) in known.iter().enumerate() {
        if let Some(wrong) = known[..nth].iter().find_map(|earlier| earlier.contradicts(later)) {
            return Err(BadFault { id: later.fault.id(), wrong, nth });
        }
    }
    Ok(())
}
