//! A guest token that is used until its end, instead of being renewed ten minutes before.

use super::{Finding, Severity, history::History};
use crate::base::time::Span;

/// So long before its end a token is renewed.
const BEFORE: Span = Span::from_secs(600);

pub fn find(history: &History<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (guest, steps) in history.by(|step| step.guest().map(str::to_owned)) {
        let mut late = Vec::new();
        let mut due = None;
        for step in steps {
            if step.is("POST", "/api/v2/webchat/guest") && step.status() == 200 {
                // who gets tokens shorter than that cannot renew them earlier
                let span = step.lifetime().filter(|span| *span > BEFORE);
                due = span.map(|span| step.at().plus(Span::from_micros(span.micros() - BEFORE.micros())));
            } else if due.is_some_and(|due| step.at() > due) {
                late.push(step);
            }
        }
        if !late.is_empty() {
            let summary =
                format!("Guest {guest} went on with a token that ended within ten minutes, or had ended");
            found.push(
                Finding::new("guest_token_not_renewed", Severity::Warning, summary, late)
                    .advice("Renew a guest token (`guestId` or the old token in the body) ten minutes before `exp`, while it is still good."),
            );
        }
    }
    found
}
