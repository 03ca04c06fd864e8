//! An access token that was kept longer than it lives.

use super::{Finding, Severity, history::History};

pub fn find(history: &History<'_>) -> Vec<Finding> {
    let mut tokens = std::collections::BTreeMap::new();
    for step in history.refused_by("token.expired") {
        // of sockets another finding tells
        if let Some(mark) = step.credential().filter(|_| step.path() != "/v1") {
            tokens.entry(mark).or_insert_with(Vec::new).push(step);
        }
    }
    let find = |uses: Vec<_>| {
        let severity = if uses.len() > 1 { Severity::Error } else { Severity::Warning };
        let summary = format!("An access token was used after its end, {} times", uses.len());
        Finding::new("expired_token_used", severity, summary, uses)
            .advice("Keep `expires_in` with a token, and fetch the next one some time before the end.")
    };
    tokens.into_values().map(find).collect()
}
