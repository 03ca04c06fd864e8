//! Asking again and again for what a socket would tell.

use super::{Finding, Severity, history::History};
use crate::base::{pattern, time::Span};

/// Requests in a row that are polling.
const MANY: usize = 6;
/// Who asks more rarely may.
const RARELY: Span = Span::from_secs(30);

/// What sockets and notifications tell.
const TOLD: [&str; 3] =
    ["/api/v2/webmessaging/messages", "/api/v2/conversations/**", "/api/v2/webchat/guest/conversations/**"];

pub fn find(history: &History<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for ((caller, what), steps) in history.by_caller() {
        let Some(path) = what.strip_prefix("GET ") else { continue };
        if !TOLD.iter().any(|told| pattern::fits(told, path)) {
            continue;
        }
        let runs = steps.chunk_by(|one, other| other.at().since(one.at()) <= RARELY);
        if let Some(run) = runs.max_by_key(|run| run.len()).filter(|run| run.len() >= MANY) {
            let summary = format!("{caller} asked {} times in a row: {what}", run.len());
            found.push(
                Finding::new("polling", Severity::Warning, summary, run.to_vec())
                    .advice("Listen on the messaging socket; ask for the history once, after a reconnect."),
            );
        }
    }
    found
}
