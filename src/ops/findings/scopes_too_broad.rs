//! Scopes that a client has and does not use.

use std::collections::BTreeSet;

use serde_json::json;

use super::{Finding, Severity, history::History};
use crate::domain::scope::{Scope, any_covers};

pub fn find(history: &History<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (client, steps) in
        history.by(|step| step.client().filter(|_| step.method().is_some()).map(str::to_owned))
    {
        let Some(granted) = granted(history, &client) else { continue };
        let (mut used, mut missing, mut evidence) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
        let mut unused: Vec<&Scope> = granted.iter().collect();
        for step in steps {
            if let Some(refusal) = step.refusal().filter(|refusal| refusal.rule == "scope.missing") {
                missing.extend(refusal.expected.clone());
            }
            let covered = step.scopes().iter().filter(|scope| any_covers(&granted, scope)).copied().next();
            if step.status() < 400
                && let Some(scope) = covered
            {
                if used.insert(scope) {
                    evidence.push(step);
                }
                // one that covers more than is used is too broad all the same
                unused.retain(|granted| granted.to_string() != *scope);
            }
        }
        if used.is_empty() || unused.is_empty() {
            continue;
        }
        let list = |scopes: &BTreeSet<&str>| scopes.iter().copied().collect::<Vec<_>>().join(" ");
        let unused: Vec<_> = unused.iter().map(ToString::to_string).collect();
        let summary =
            format!("Client {client} has scopes that it did not need here; it needed {}", list(&used));
        let details = json!({
            "client": client,
            "granted": granted.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "used": used,
            "unused": unused,
            "missing": missing,
        });
        found.push(
            Finding::new("scopes_too_broad", Severity::Info, summary, evidence)
                .advice("Give the client the scopes under `used` alone: what leaks then opens less.")
                .details(details),
        );
    }
    found
}

fn granted(history: &History<'_>, client: &str) -> Option<Vec<Scope>> {
    history.org.state(|state| state.clients.get(client).map(|client| client.scopes.clone()))
}
