//! Personal data among custom attributes, which everybody in the org can read. By their keys, never by their values.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Finding, Severity, history::History};
use crate::journal::redact;

pub fn find(history: &History<'_>) -> Vec<Finding> {
    let mut keys: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    let mut evidence = Vec::new();
    for step in &history.steps {
        let before = keys.len();
        let mut seen = false;
        if let Some(body) = step.body().filter(|_| step.method().is_some() || step.acts("onMessage")) {
            search(body, "", false, &mut |key, kind| {
                seen = true;
                keys.entry(key.to_owned()).or_default().insert(kind);
            });
        }
        if seen && (keys.len() > before || evidence.is_empty()) {
            evidence.push(step);
        }
    }
    if keys.is_empty() {
        return Vec::new();
    }
    let told: Vec<_> = keys
        .iter()
        .map(|(key, kinds)| format!("{key} ({})", kinds.iter().copied().collect::<Vec<_>>().join(", ")))
        .collect();
    let summary = format!("Custom attributes hold personal data: {}", told.join(", "));
    vec![
        Finding::new("personal_data", Severity::Warning, summary, evidence)
            .advice("Send a reference that your own systems can resolve; attributes are stored, shown to agents and exported.")
            .details(json!({ "keys": keys })),
    ]
}

/// Looks for what the journal's redactor says of values that it has left out.
fn search<'a>(value: &'a Value, key: &'a str, inside: bool, found: &mut impl FnMut(&str, &'static str)) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            let attributes =
                name.eq_ignore_ascii_case("customAttributes") || name.eq_ignore_ascii_case("customFields");
            search(value, name, inside || attributes, found);
        }),
        Value::Array(items) => items.iter().for_each(|item| search(item, key, inside, found)),
        Value::String(text) if inside => {
            if let Some(kind) = redact::personal_kind(text) {
                found(key, kind);
            }
        }
        _ => {}
    }
}
