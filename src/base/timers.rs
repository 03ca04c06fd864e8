//! What is due when, in the order in which it happens.

use std::collections::BTreeMap;

use super::{draw::Cause, time::Timestamp};

/// The place of a timer in the order of an org: due time, then the visit that it goes back to, then arming.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct TimerKey {
    due: Timestamp,
    visit: u64,
    nth: u64,
}

impl TimerKey {
    /// When it fires.
    pub const fn due(self) -> Timestamp {
        self.due
    }

    /// The number of the visit that it goes back to.
    pub const fn visit(self) -> u64 {
        self.visit
    }
}

/// The ordered map of an org's timers.
#[derive(Debug)]
pub struct Timers<T> {
    map: BTreeMap<TimerKey, T>,
    armed: u64,
}

impl<T> Timers<T> {
    /// None yet.
    pub const fn new() -> Self {
        Self { map: BTreeMap::new(), armed: 0 }
    }

    /// Adds one. Answers its key and whether it is now the first.
    pub fn arm(&mut self, due: Timestamp, cause: Cause, what: T) -> (TimerKey, bool) {
        self.armed += 1;
        let key = TimerKey { due, visit: cause.visit_number(), nth: self.armed };
        let first = self.map.first_key_value().is_none_or(|(head, _)| key < *head);
        self.map.insert(key, what);
        (key, first)
    }

    /// Takes one out before it fires.
    pub fn disarm(&mut self, key: TimerKey) -> Option<T> {
        self.map.remove(&key)
    }

    /// The next one.
    pub fn first(&self) -> Option<(TimerKey, &T)> {
        self.map.first_key_value().map(|(key, what)| (*key, what))
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = (TimerKey, &T)> + Clone {
        self.map.iter().map(|(key, what)| (*key, what))
    }

    /// Takes out the next one that is due by `until`.
    pub fn pop_due(&mut self, until: Timestamp) -> Option<(TimerKey, T)> {
        if self.first()?.0.due > until { None } else { self.map.pop_first() }
    }

    /// Forgets all of them.
    pub fn clear(&mut self) -> Vec<T> {
        std::mem::take(&mut self.map).into_values().collect()
    }

    /// How many are armed.
    pub fn len(&self) -> usize {
        self.map.len()
    }
}
