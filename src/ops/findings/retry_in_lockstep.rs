//! Callers that failed together and come back together.

use std::collections::BTreeMap;

use super::{
    Finding, Severity,
    history::{History, Step},
};
use crate::base::time::Span;

/// Callers in one step.
const MANY: usize = 3;
/// Waits that are shorter show nothing.
const SHORTEST: Span = Span::from_millis(500);

pub fn find(history: &History<'_>) -> Vec<Finding> {
    // where time only moves by hand, everybody waits equally long
    if history.stands {
        return Vec::new();
    }
    let mut retries: BTreeMap<String, Vec<(&Step, Span)>> = BTreeMap::new();
    for ((_, what), steps) in history.by_caller() {
        let retry = steps.windows(2).find(|pair| pair[0].is_outage());
        if let Some(pair) = retry {
            let gap = pair[1].at().since(pair[0].at());
            if gap >= SHORTEST {
                retries.entry(what).or_default().push((pair[1], gap));
            }
        }
    }
    let mut found = Vec::new();
    for (what, mut all) in retries {
        all.sort_by_key(|(step, gap)| (*gap, step.n()));
        let alike = |from: &Span, gap: &Span| gap.micros() - from.micros() <= from.micros() / 20;
        let together = (0..all.len()).map(|first| {
            let from = all[first].1;
            all[first..]
                .iter()
                .take_while(|(_, gap)| alike(&from, gap))
                .map(|(step, _)| *step)
                .collect::<Vec<_>>()
        });
        let Some(most) = together.max_by_key(Vec::len).filter(|most| most.len() >= MANY) else { continue };
        let summary = format!("{} callers came back to {what} after equally long waits", most.len());
        found.push(Finding::new("retry_in_lockstep", Severity::Warning, summary, most).advice(
            "Vary each wait at random (jitter), so that those who failed together do not come back together.",
        ));
    }
    found
}
