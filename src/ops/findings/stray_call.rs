//! Asking the proxy for hosts that are none of the platform's.

use serde_json::json;

use super::{Finding, Severity, history::History};

pub fn find(history: &History<'_>) -> Vec<Finding> {
    let asked = history.by(|step| {
        step.refusal().filter(|refusal| refusal.rule == "proxy.stray")?;
        let target = step.path().split_once("://").map_or(step.path(), |(_, rest)| rest);
        Some(target.split('/').next().unwrap_or_default().to_owned())
    });
    let found = asked.into_iter().map(|(host, steps)| {
        let summary = format!("{host} was asked for {} times, which is no host of the platform", steps.len());
        Finding::new("stray_call", Severity::Warning, summary, steps)
            .advice(
                "Nobody was asked: a test that works must not need it. `--proxy-pass` lets a host through, and what runs \
                 on this machine is reached without a proxy (NO_PROXY).",
            )
            .details(json!({ "host": host }))
    });
    found.collect()
}
