//! A JWT whose `exp` counts milliseconds.

use super::{Finding, Severity, history::History};

pub fn find(history: &History<'_>) -> Vec<Finding> {
    let seen = history.refused_by("exp.in.milliseconds");
    if seen.is_empty() {
        return Vec::new();
    }
    let summary = format!("`exp` of a JWT counts milliseconds, in {} requests", seen.len());
    vec![Finding::new("exp_in_milliseconds", Severity::Error, summary, seen).advice(
        "`exp` is seconds since 1970 (RFC 7519 section 2): divide Date.now() by 1000, and round down.",
    )]
}
