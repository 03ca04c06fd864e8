//! Asking for what this emulator does not serve.

use serde_json::json;

use super::{Finding, Severity, history::History};

/// The rule of a path of the platform's API that nobody serves, or not with this method.
const UNSERVED: [&str; 2] = ["path.unserved", "method.unserved"];

pub fn find(history: &History<'_>) -> Vec<Finding> {
    let asked = history.by(|step| {
        step.refusal().filter(|refusal| UNSERVED.contains(&refusal.rule))?;
        Some(format!("{} {}", step.method()?, step.path()))
    });
    let found = asked.into_iter().map(|(what, steps)| {
        let summary =
            format!("{what} was asked for {} times, and this emulator does not serve it", steps.len());
        Finding::new("not_emulated", Severity::Info, summary, steps)
            .advice("What hangs on it is not tested here. `genesys-emulator routes` lists what is served.")
            .details(json!({ "request": what }))
    });
    found.collect()
}
