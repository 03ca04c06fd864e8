//! A socket that is opened again with the token of the first time.

use super::{Finding, Severity, history::History};

pub fn find(history: &History<'_>) -> Vec<Finding> {
    let mut seen = history.refused_by("token.expired");
    seen.retain(|step| step.is("GET", "/v1"));
    if seen.is_empty() {
        return Vec::new();
    }
    let summary = format!("A socket was opened with a token whose end had come, {} times", seen.len());
    vec![
        Finding::new("reconnect_with_expired_token", Severity::Error, summary, seen)
            .advice("Ask for a token that still lives before each connection, not once for the page."),
    ]
}
