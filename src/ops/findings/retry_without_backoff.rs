//! Retries that do not get rarer while it goes on.

use super::{
    Finding, Severity,
    history::{History, Step},
};
use crate::base::time::Span;

/// Failures in a row after which it can be told.
const IN_A_ROW: usize = 4;
/// Who waits this long may do so each time.
const LONG: Span = Span::from_secs(30);

pub fn find(history: &History<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for ((caller, what), steps) in history.by_caller() {
        for run in steps.chunk_by(|one, other| one.is_outage() && other.is_outage()) {
            if run.len() >= IN_A_ROW && run[0].is_outage() && !backs_off(history, run) {
                let summary = format!(
                    "{caller} tried {what} {} times in a row without waiting longer each time",
                    run.len()
                );
                found.push(
                    Finding::new("retry_without_backoff", Severity::Warning, summary, run.to_vec()).advice(
                        "Wait about twice as long after each failure, up to a limit, and vary it at random.",
                    ),
                );
                break;
            }
        }
    }
    found
}

fn backs_off(history: &History<'_>, run: &[&Step]) -> bool {
    let gap = |pair: &[&Step]| pair[1].at().since(pair[0].at());
    let asked = |pair: &[&Step]| pair[0].retry_after().is_some_and(|wait| gap(pair) >= wait);
    let pairs = || run.windows(2);
    if pairs().any(|pair| history.is_unknown(pair[0], pair[1])) || pairs().all(asked) {
        return true;
    }
    let (Some(first), Some(last)) = (pairs().next().map(gap), pairs().last().map(gap)) else { return true };
    last >= LONG || last.micros() > first.micros() + first.micros() / 2
}
