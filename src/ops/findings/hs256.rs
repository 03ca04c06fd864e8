//! A JWT that is signed with a shared secret.

use super::{Finding, Severity, history::History};
use crate::domain::visit::Refusal;

pub fn find(history: &History<'_>) -> Vec<Finding> {
    let mut seen = history.refused_by("alg.not.allowed");
    seen.retain(|step| step.refusal().is_some_and(|refusal| names(refusal, "HS256")));
    if seen.is_empty() {
        return Vec::new();
    }
    let summary = format!("A JWT is signed with HS256, in {} requests", seen.len());
    vec![
        Finding::new("hs256", Severity::Error, summary, seen)
            .advice("Sign with RS256 and a private key: whoever can verify HS256 can also forge it."),
    ]
}

fn names(refusal: &Refusal, algorithm: &str) -> bool {
    refusal.reason.contains(algorithm) || refusal.seen.as_ref().is_some_and(|seen| seen.contains(algorithm))
}
