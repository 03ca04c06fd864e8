//! Many access tokens are fetched at a time where one would do.

use super::{
    Finding, Severity,
    history::{History, Step},
    token_per_request::is_fetch,
};
use crate::base::time::Span;

/// Tokens at a time that are a stampede.
const MANY: usize = 3;
/// What is at a time.
const AT_A_TIME: Span = Span::from_secs(1);

pub fn find(history: &History<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (client, steps) in
        history.by(|step| step.client().filter(|_| step.method().is_some()).map(str::to_owned))
    {
        let mut worst: Vec<&Step> = Vec::new();
        let mut run: Vec<&Step> = Vec::new();
        for step in steps {
            let goes_on = run.first().is_none_or(|first| step.at().since(first.at()) <= AT_A_TIME);
            match (is_fetch(step), goes_on) {
                (true, true) => run.push(step),
                (true, false) => run = vec![step],
                (false, _) => run.clear(),
            }
            if run.len() > worst.len() {
                worst.clone_from(&run);
            }
        }
        if worst.len() >= MANY {
            let summary = format!("Client {client} fetched {} access tokens at a time", worst.len());
            found.push(Finding::new("token_stampede", Severity::Warning, summary, worst).advice(
                "Let whoever needs a token wait for the fetch that is under way: one promise for all.",
            ));
        }
    }
    found
}
