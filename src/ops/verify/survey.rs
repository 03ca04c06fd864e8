//! One look at all of the journal, for what people have to know beside what they asked: near misses, what nobody serves,
//! what nobody asked for.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    Asked, Served,
    nearest::{Near, Nearest},
    wait::Watch,
};
use crate::{
    base::pattern,
    faults::engine::Count,
    journal::{decision::Decision, entry::Kind, query::Cursor, record::Record, seen::Seen, tally::State},
    ops::{journal::meant_by, org::Org},
};

/// Entries that are taken out at a time.
const BATCH: usize = 128;
/// Requests that nobody serves, of which the report tells.
const UNMATCHED: usize = 50;

/// A request that nobody serves.
#[derive(Clone, Debug, Serialize)]
pub struct Unmatched {
    /// Such as `GET /api/v2/groups → 501`.
    pub request: String,
    /// How often it came.
    pub times: u64,
    /// The first of them.
    pub n: String,
}

/// What is seen.
pub struct Survey<'a> {
    /// Near misses of each expectation that does not hold.
    expected: Vec<Option<Nearest>>,
    /// Faults, and near misses of each that did not fire.
    faults: Vec<(Count, Option<Nearest>)>,
    unmatched: BTreeMap<String, Unmatched>,
    served: &'a [Served],
    touched: Vec<bool>,
}

impl<'a> Survey<'a> {
    /// Nothing is seen yet.
    pub fn new(watches: &[Watch<'_>], faults: Vec<Count>, asked: &Asked<'a>) -> Self {
        let expected = watches.iter().map(|watch| {
            let missing = watch.tally.state() == State::Open;
            watch.tally.awaited().filter(|_| missing).map(Nearest::to)
        });
        let faults = faults.into_iter().map(|count| {
            let about = (count.matched == 0).then(|| meant_by(&count.fault)).flatten();
            // of what is about everything, nothing is near
            let nearest = about.filter(|about| about.words() > 0).as_ref().map(Nearest::to);
            (count, nearest)
        });
        Self {
            expected: expected.collect(),
            faults: faults.collect(),
            unmatched: BTreeMap::new(),
            served: asked.served,
            touched: vec![false; asked.served.len()],
        }
    }

    /// Looks at all entries behind the cursor.
    pub fn look(&mut self, org: &Org, mut at: Cursor) {
        loop {
            let records = org.cell(|cell| cell.journal.read(&mut at, BATCH)).records;
            if records.is_empty() {
                return;
            }
            for record in &records {
                let correlation_id = |cause| org.correlation_id(cause);
                let seen = Seen::new(record, &correlation_id);
                let nearest = self.faults.iter_mut().map(|(_, nearest)| nearest).chain(&mut self.expected);
                nearest.flatten().for_each(|nearest| nearest.look(record, &seen));
                self.note(record);
            }
        }
    }

    fn note(&mut self, record: &Record) {
        let entry = record.entry();
        if entry.kind() != Kind::Http {
            return;
        }
        let path = record.path();
        if entry.decision() == Decision::Unserved {
            let request = format!("{} {path} \u{2192} {}", entry.method(), entry.status());
            if self.unmatched.len() < UNMATCHED || self.unmatched.contains_key(&request) {
                let n = entry.cause().to_string();
                let one = self.unmatched.entry(request.clone()).or_insert(Unmatched { request, times: 0, n });
                one.times += 1;
            }
            return;
        }
        for (served, touched) in self.served.iter().zip(&mut self.touched) {
            *touched |= served.method == entry.method().as_str() && pattern::fits(served.path, path);
        }
    }

    /// Near misses of the expectation of this place.
    pub fn near(&mut self, nth: usize) -> Vec<Near> {
        self.expected.get_mut(nth).and_then(Option::take).map(Nearest::told).unwrap_or_default()
    }

    /// Faults with near misses of those that did not fire.
    pub fn faults(&mut self) -> Vec<(Count, Vec<Near>)> {
        let faults = std::mem::take(&mut self.faults).into_iter();
        faults.map(|(count, nearest)| (count, nearest.map(Nearest::told).unwrap_or_default())).collect()
    }

    /// Requests that nobody serves, the first of each.
    pub fn unmatched(&mut self) -> Vec<Unmatched> {
        std::mem::take(&mut self.unmatched).into_values().collect()
    }

    /// Endpoints that nobody asked for.
    pub fn untouched(&self) -> Vec<String> {
        let all = self.served.iter().zip(&self.touched).filter(|(_, touched)| !**touched);
        all.map(|(served, _)| format!("{} {}", served.method, served.path)).collect()
    }
}
