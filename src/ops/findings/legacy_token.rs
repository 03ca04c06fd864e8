//! The token of an older chat at the messaging socket.

use super::{Finding, Severity, history::History};

pub fn find(history: &History<'_>) -> Vec<Finding> {
    let seen: Vec<_> = history
        .steps
        .iter()
        .filter(|step| {
            let refused = step.refusal().filter(|refusal| refusal.fault.is_none());
            step.is("GET", "/v1")
                && step.token_parameter() == Some("zChatToken")
                && refused.is_some_and(|refusal| refusal.rule != "token.expired")
        })
        .collect();
    if seen.is_empty() {
        return Vec::new();
    }
    let summary =
        format!("A token of another chat was brought to the messaging socket, {} times", seen.len());
    vec![
        Finding::new("legacy_token", Severity::Error, summary, seen).advice(
            "Fetch a guest token in the backend for each chat; whom the old token stood for can be a custom attribute.",
        ),
    ]
}
