//! What came nearest to what was expected and did not come, and what differs.

use serde::Serialize;

use crate::{
    base::{rules::Difference, suggest},
    journal::{matcher::Matcher, record::Record, seen::Seen},
};

/// Near misses that are told.
const TOLD: usize = 3;
/// Of what is asked this much may differ; what differs in more is not near.
const NEAR: f64 = 0.5;

/// An entry that is nearly as it was expected.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Near {
    /// Its number.
    pub n: String,
    /// In one line, such as `POST /oauth/token → 400`.
    pub entry: String,
    /// What differs.
    pub differences: Vec<Difference>,
}

/// The nearest entries to a match.
pub struct Nearest {
    matcher: Matcher,
    best: Vec<(f64, Near)>,
}

impl Nearest {
    /// Nothing is seen yet.
    pub fn to(matcher: &Matcher) -> Self {
        Self { matcher: matcher.clone(), best: Vec::new() }
    }

    /// Looks at an entry.
    pub fn look(&mut self, record: &Record, seen: &Seen<'_>) {
        let differences = self.matcher.differences(seen);
        let distance: f64 = differences.iter().map(distance).sum();
        let far = self.best.last().filter(|_| self.best.len() == TOLD).map_or(f64::INFINITY, |(far, _)| *far);
        if differences.is_empty() || distance >= far || distance > NEAR * self.matcher.words() as f64 {
            return;
        }
        let near = Near { n: record.entry().cause().to_string(), entry: record.line(), differences };
        if self.best.iter().any(|(_, one)| one.entry == near.entry && one.differences == near.differences) {
            return;
        }
        let at = self.best.partition_point(|(other, _)| *other <= distance);
        self.best.insert(at, (distance, near));
        self.best.truncate(TOLD);
    }

    /// The nearest first.
    pub fn told(self) -> Vec<Near> {
        self.best.into_iter().map(|(_, near)| near).collect()
    }
}

/// Names may be mistyped; everything else is so or is not.
fn distance(difference: &Difference) -> f64 {
    match difference.at.as_str() {
        "path" | "target" | "action" | "class" | "rule" | "fault" | "client" => {
            1.0 - suggest::likeness(&difference.expected, &difference.seen)
        }
        _ => 1.0,
    }
}
