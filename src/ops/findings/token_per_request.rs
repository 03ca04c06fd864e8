//! An access token is fetched for each request.

use super::{
    Finding, Severity,
    history::{History, Step},
};
use crate::base::time::Span;

/// Tokens that were fetched in vain before it is told.
const TOLD: usize = 3;

pub fn find(history: &History<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (client, steps) in history.by(|step| step.client().map(str::to_owned)) {
        let mut last: Option<(&Step, usize)> = None;
        let mut vain = Vec::new();
        for step in steps {
            if is_fetch(step) {
                if let Some((before, 1)) = last
                    && step.at() < half_life(before)
                {
                    vain.push(step);
                }
                last = Some((step, 0));
            } else if let Some((_, uses)) = last.as_mut().filter(|_| step.method().is_some()) {
                *uses += 1;
            }
        }
        if vain.len() >= TOLD {
            let summary = format!(
                "Client {client} fetched {} access tokens though the one before had been used once and was still good",
                vain.len()
            );
            found.push(Finding::new("token_per_request", Severity::Warning, summary, vain).advice(
                "Keep the token until shortly before its end: tokens are limited to 300 a minute and client.",
            ));
        }
    }
    found
}

/// Was an application's own access token granted by it? Each user who signs in needs another one.
pub fn is_fetch(step: &Step) -> bool {
    step.is("POST", "/oauth/token")
        && step.status() == 200
        && step.grant_type().is_none_or(|grant| grant == "client_credentials")
}

/// When half of the token's life is over.
pub fn half_life(step: &Step) -> crate::base::time::Timestamp {
    let lifetime = step.lifetime().unwrap_or(Span::from_secs(3600));
    step.at().plus(Span::from_micros(lifetime.micros() / 2))
}
