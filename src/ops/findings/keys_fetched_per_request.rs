//! Keys are fetched again and again, though they are still the same.

use super::{
    Finding, Severity,
    history::{History, Step},
};
use crate::{base::time::Span, journal::about::About};

/// Fetches in vain before it is told.
const TOLD: usize = 3;
/// So long keys may be kept by everybody.
const KEPT: Span = Span::from_secs(300);

pub fn find(history: &History<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for ((_, path), steps) in history.by(|step| {
        let agent = step.header("user-agent").unwrap_or_default();
        (is_fetch(step) && !is_platform(&agent)).then(|| (agent, step.path().to_owned()))
    }) {
        let vain = steps.windows(2).filter(|pair| {
            pair[1].at().since(pair[0].at()) < KEPT && pair[0].answer_text() == pair[1].answer_text()
        });
        let vain: Vec<_> = vain.map(|pair| pair[1]).collect();
        if vain.len() >= TOLD {
            let summary = format!(
                "The same keys were fetched from {path} again within five minutes, {} times",
                vain.len()
            );
            found.push(
                Finding::new("keys_fetched_per_request", Severity::Warning, summary, vain)
                    .advice("Keep the key set, and fetch it again when a token names a `kid` that is not in it, at most once in a while."),
            );
        }
    }
    found
}

/// Did keys come by it?
pub fn is_fetch(step: &Step) -> bool {
    step.about() == Some(About::KeySet) && step.status() == 200
}

/// Is it the platform that asks, and no client?
pub fn is_platform(agent: &str) -> bool {
    agent.starts_with("genesys-emulator/")
}
