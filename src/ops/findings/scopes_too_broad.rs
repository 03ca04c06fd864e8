//! Scopes that a client has and does not use.

use std::collections::BTreeSet;

use serde_json::json;

use super::{Finding, Severity, history::History};
use crate::{
    base::pattern,
    domain::scope::{Scope, any_covers},
};

/// Which scope an endpoint asks for, any of them.
pub const NEEDED: &[(&str, &str, &[&str])] = &[
    ("POST", "/api/v2/webchat/guest", &["webchat:guest:write"]),
    ("GET", "/api/v2/webchat/guest/{id}", &["webchat:guest:read"]),
    ("GET", "/api/v2/organizations/me", &["organization", "organization:readonly"]),
    ("GET", "/api/v2/tokens/me", &["user-basic-info"]),
    ("HEAD", "/api/v2/tokens/me", &["user-basic-info"]),
];

/// Which scopes a request that was granted needed.
fn needed(method: &str, path: &str) -> Option<&'static [&'static str]> {
    let exact = NEEDED.iter().find(|(known, place, _)| *known == method && pattern::fits(place, path));
    let contacts = path.starts_with("/api/v2/externalcontacts/");
    exact.map(|(.., scopes)| *scopes).or(match (contacts, method) {
        (true, "GET") => Some(&["external-contacts:readonly", "external-contacts"]),
        (true, _) => Some(&["external-contacts"]),
        _ => None,
    })
}

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
            let Some(needed) = step.method().and_then(|method| needed(method, step.path())) else { continue };
            let covered = needed.iter().filter(|scope| any_covers(&granted, scope)).copied().next();
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
