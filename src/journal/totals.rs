//! How much happened in all, whether the journal still holds it or not.

use super::{
    Journal,
    decision::Decision,
    entry::{Entry, Kind},
};
use crate::domain::visit::Surface;

/// Requests of one surface.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Requests {
    /// By the first digit of the status; the first are those without an answer.
    pub by_class: [u64; 6],
    /// How long they took together, in microseconds of real time.
    pub elapsed_us: u64,
}

/// Numbers that only grow.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Totals {
    /// Requests, in the order in which surfaces were first asked.
    pub requests: Vec<(Surface, Requests)>,
    /// Frames from clients.
    pub frames_in: u64,
    /// Frames to clients.
    pub frames_out: u64,
    /// What was decided about all of them.
    pub decisions: Vec<(Decision, u64)>,
    /// Entries that are gone because the journal is bounded.
    pub dropped: u64,
}

/// The value of a key. There are few, so that looking through them is quickest.
fn entry<K: PartialEq, V: Default>(all: &mut Vec<(K, V)>, key: K) -> &mut V {
    let at = all.iter().position(|(other, _)| *other == key).unwrap_or_else(|| {
        all.push((key, V::default()));
        all.len() - 1
    });
    &mut all[at].1
}

impl Totals {
    pub(super) fn add(&mut self, closed: &Entry) {
        *entry(&mut self.decisions, closed.decision()) += 1;
        match closed.kind() {
            Kind::FrameIn => self.frames_in += 1,
            Kind::FrameOut => self.frames_out += 1,
            Kind::Http => {
                let requests = entry(&mut self.requests, closed.surface());
                requests.by_class[usize::from(closed.status() / 100).min(5)] += 1;
                requests.elapsed_us += closed.elapsed_us();
            }
        }
    }
}

impl Journal {
    /// How much happened since the org was made, or reset.
    pub fn totals(&self) -> &Totals {
        &self.totals
    }

    /// How many entries it holds.
    pub fn len(&self) -> usize {
        self.entries.len()
    }
}
