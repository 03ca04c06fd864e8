//! A credential that a logger had replaced before it was sent.

use super::{Finding, Severity, history::History};
use crate::journal::redact;

/// What loggers put in the place of secrets.
const STAND_INS: [&str; 6] = ["[REDACTED]", "REDACTED", "<redacted>", "[FILTERED]", "***", "*****"];

pub fn find(history: &History<'_>) -> Vec<Finding> {
    let marks = STAND_INS.map(redact::mark);
    let is = |value: &str| marks.iter().any(|mark| value == mark || value.ends_with(&format!(" {mark}")));
    let sent = |step: &&super::Step| step.header("authorization").is_some_and(|value| is(&value));
    let seen: Vec<_> = history.steps.iter().filter(sent).collect();
    if seen.is_empty() {
        return Vec::new();
    }
    let summary =
        format!("The literal that a logger writes for a secret was sent as credential, {} times", seen.len());
    vec![
        Finding::new("redacted_authorization", Severity::Error, summary, seen)
            .advice("Let the logger redact a copy of the headers, never those that are sent."),
    ]
}
