//! One guest token for two sessions.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, Severity, history::History};

pub fn find(history: &History<'_>) -> Vec<Finding> {
    let opened = history
        .steps
        .iter()
        .filter(|step| step.is("GET", "/v1") && step.status() == 101 && step.guest().is_some());
    let tokens: BTreeMap<u64, String> =
        opened.filter_map(|step| Some((step.visit(), step.credential()?))).collect();
    let mut sessions: BTreeMap<&String, (BTreeSet<String>, Vec<_>)> = BTreeMap::new();
    for step in history.steps.iter().filter(|step| step.acts("configureSession")) {
        let (Some(token), Some(session)) = (tokens.get(&step.visit()), step.session()) else { continue };
        let (known, evidence) = sessions.entry(token).or_default();
        if known.insert(session) {
            evidence.push(step);
        }
    }
    let several = sessions.into_values().filter(|(known, _)| known.len() > 1);
    let find = |(known, evidence): (BTreeSet<String>, Vec<_>)| {
        let summary = format!("One guest token was used for {} sessions", known.len());
        Finding::new("guest_token_shared", Severity::Warning, summary, evidence)
            .advice("A guest token is of one guest in one session: fetch another one for another session.")
    };
    several.map(find).collect()
}
