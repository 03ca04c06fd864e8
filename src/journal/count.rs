//! How much happened, in numbers.

use std::collections::BTreeMap;

use super::{Journal, entry::Kind};

/// Numbers of what the journal holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Counted {
    /// Requests.
    pub requests: u64,
    /// Frames, both ways.
    pub frames: u64,
    /// Refusals by their rule.
    pub refused: BTreeMap<&'static str, u64>,
}

impl Journal {
    /// Adds up what is still there.
    pub fn count_into(&self, counted: &mut Counted) {
        for entry in &self.entries {
            match entry.kind() {
                Kind::Http => counted.requests += 1,
                Kind::FrameIn | Kind::FrameOut => counted.frames += 1,
            }
            if let Some(refusal) = entry.refusal() {
                *counted.refused.entry(refusal.rule).or_default() += 1;
            }
        }
    }
}
