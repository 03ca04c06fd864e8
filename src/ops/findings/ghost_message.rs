//! A message that is sent before it is known who sends it: before the session is configured, or before the sign-in has
//! finished where guest and person stay two.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, Severity, history::History};
use crate::{domain::deployment::Deployment, journal::about::About};

pub fn find(history: &History<'_>) -> Vec<Finding> {
    let mut ready = BTreeSet::new();
    let mut said: BTreeMap<String, Vec<_>> = BTreeMap::new();
    let (mut early, mut ghosts) = (Vec::new(), Vec::new());
    let apart: BTreeSet<String> = history.org.state(|state| {
        let apart = state.deployments.iter().filter(|(_, deployment)| keeps_apart(deployment));
        apart.map(|(id, _)| id.to_string()).collect()
    });
    for step in &history.steps {
        if step.tells("SessionResponse") {
            ready.insert(step.visit());
        }
        let says = step.acts("onMessage") && step.about() == Some(About::Message);
        if says && !ready.contains(&step.visit()) {
            early.push(step);
        }
        if let Some(session) =
            step.session().filter(|_| step.deployment().is_some_and(|id| apart.contains(id)))
        {
            if says {
                said.entry(session).or_default().push(step);
            } else if step.acts("configureAuthenticatedSession") {
                ghosts.extend(said.remove(&session).unwrap_or_default());
            }
        }
    }
    let mut found = Vec::new();
    if !early.is_empty() {
        let summary = format!("{} messages were sent before the session was configured", early.len());
        found.push(
            Finding::new("ghost_message", Severity::Error, summary, early)
                .advice("Wait for SessionResponse before the first message."),
        );
    }
    if !ghosts.is_empty() {
        let summary =
            format!("{} messages were sent as a guest, before the sign-in had finished", ghosts.len());
        found.push(
            Finding::new("ghost_message", Severity::Warning, summary, ghosts)
                .advice("Keep the chat shut until the sign-in is finished: what a guest has said stays with another contact."),
        );
    }
    found
}

/// Do guest and person stay two contacts?
fn keeps_apart(deployment: &Deployment) -> bool {
    !deployment.sign_in.merge_contacts
}
