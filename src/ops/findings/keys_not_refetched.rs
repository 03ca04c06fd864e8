//! Keys that were fetched once, and not again after a rotation.

use super::{
    Finding, Severity,
    history::{History, Rotated, Step},
    keys_fetched_per_request::{is_fetch, is_platform},
};

pub fn find(history: &History<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    // only the last rotation of a ring counts: who has come after it is well again
    let last: std::collections::BTreeMap<_, _> =
        history.rotations.iter().map(|rotated| (rotated.ring.as_str(), rotated)).collect();
    for (ring, rotated) in last {
        let Some(kid) = &rotated.kid else { continue };
        let fetches = history.steps.iter().filter(|step| {
            is_fetch(step)
                && is_of(step, ring)
                && !is_platform(&step.header("user-agent").unwrap_or_default())
        });
        let fetches: Vec<_> = fetches.collect();
        let before: Vec<_> = fetches.iter().copied().filter(|step| step.at() <= rotated.at).collect();
        let came_back = fetches.iter().any(|step| step.answer_text().contains(kid.as_str()));
        let signed: Vec<_> = history.steps.iter().filter(|step| is_signed(step, ring, rotated)).collect();
        if before.is_empty() || came_back || signed.is_empty() {
            continue;
        }
        let summary = format!(
            "Keys of `{ring}` were fetched before they were rotated at {}, and not since, though {} tokens were signed with the new one",
            rotated.at,
            signed.len()
        );
        let evidence = before.last().copied().into_iter().chain(signed).collect();
        found.push(
            Finding::new("keys_not_refetched", Severity::Error, summary, evidence)
                .advice("Fetch the key set again when a token names a `kid` that is not in it: keys are rotated, announced or not."),
        );
    }
    found
}

fn is_of(step: &Step, ring: &str) -> bool {
    match ring.strip_prefix("idp:") {
        Some(provider) => step.path() == format!("/idp/{provider}/jwks"),
        None => !step.path().starts_with("/idp/"),
    }
}

/// Was a token signed by it, with the new key?
fn is_signed(step: &Step, ring: &str, rotated: &Rotated) -> bool {
    let made = match ring.strip_prefix("idp:") {
        Some(provider) => step.is("POST", &format!("/idp/{provider}/token")),
        None => step.is("POST", "/api/v2/webchat/guest"),
    };
    made && step.status() == 200 && step.at() >= rotated.at
}
