//! A retry that comes sooner than was asked.

use super::{Finding, Severity, history::History};

pub fn find(history: &History<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for ((caller, what), steps) in history.by_caller() {
        let early: Vec<_> = steps
            .windows(2)
            .filter(|pair| {
                let wait = pair[0].retry_after().filter(|_| pair[0].is_outage());
                wait.is_some_and(|wait| pair[1].at().since(pair[0].at()) < wait)
                    && !history.is_unknown(pair[0], pair[1])
            })
            .map(|pair| pair[1])
            .collect();
        if !early.is_empty() {
            let summary =
                format!("{caller} came back to {what} before Retry-After was over, {} times", early.len());
            found.push(
                Finding::new("retry_before_retry_after", Severity::Warning, summary, early)
                    .advice("Wait as long as Retry-After says, and a little of your own: who comes early may be held off longer."),
            );
        }
    }
    found
}
