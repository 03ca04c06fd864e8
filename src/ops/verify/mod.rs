//! Did it happen as it was to? [`Verification`] is what is asked, [`report::Report`] the answer. [`wait`] waits for what is
//! still to come, [`survey`] looks at all of the journal once more for what people have to know.

pub mod nearest;
pub mod report;
mod survey;
pub mod verification;
mod wait;

use std::sync::Arc;

use super::{app::App, org::Org};
use crate::{
    faults::engine::Count,
    journal::{matching::BadMatch, query::BadCursor, tally::Tally},
};
use report::Report;
use survey::Survey;
pub use verification::Verification;
use wait::Watch;

/// An endpoint of the platform that is served.
#[derive(Clone, Copy, Debug)]
pub struct Served {
    /// HTTP method.
    pub method: &'static str,
    /// Path; `{name}` is one segment.
    pub path: &'static str,
}

/// Why nothing could be verified.
#[derive(Debug, thiserror::Error)]
pub enum NotVerified {
    /// There is nothing that could be otherwise.
    #[error(
        "there is nothing to verify: no expectation is given, and no fault is set that could have failed to fire"
    )]
    Nothing,
    /// An expectation cannot be meant.
    #[error("expectation {nth}: {bad}")]
    Expectation {
        /// Its number, from 1.
        nth: usize,
        /// What is wrong.
        bad: BadMatch,
    },
    /// The cursor is none.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// There is no such fault.
    #[error("there is no fault `{0}` that could be left out of account")]
    Unknown(String),
    /// The org was reset or taken away meanwhile.
    #[error("the org was reset or taken away while it was waited for")]
    Over,
    /// The scenario has no org.
    #[error("the scenario has no org, so nothing has happened")]
    NoOrg,
}

/// Whose faults are looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    /// The org's.
    Org,
    /// Also those of the emulator as a whole.
    Emulator,
    /// The same, and what is set in several orgs has fired when it fired in one of them.
    Everywhere,
}

/// What is verified, and against what.
pub struct Asked<'a> {
    /// What is asked.
    pub verification: &'a Verification,
    /// Whose journal.
    pub org: &'a Arc<Org>,
    /// Whose faults are looked at.
    pub reach: Reach,
    /// All that is served.
    pub served: &'a [Served],
}

/// Verifies, and waits for what is asked to be waited for: until all is as it is to be, or something never will.
pub async fn verify(app: &App, asked: &Asked<'_>) -> Result<Report, NotVerified> {
    let mut run = Run::new(app, asked)?;
    wait::wait(app, asked.org, &mut run.watches, &mut run.at).await?;
    run.finish(app, asked)
}

/// Verifies without waiting: what has not come by now never does.
pub fn verify_now(app: &App, asked: &Asked<'_>) -> Result<Report, NotVerified> {
    let mut run = Run::new(app, asked)?;
    wait::catch_up(asked.org, &mut run.watches, &mut run.at)?;
    run.finish(app, asked)
}

struct Run<'a> {
    watches: Vec<Watch<'a>>,
    start: crate::journal::query::Cursor,
    at: wait::Place,
}

impl<'a> Run<'a> {
    fn new(app: &App, asked: &Asked<'a>) -> Result<Self, NotVerified> {
        let Asked { verification, org, .. } = *asked;
        let faults = counts(app, asked);
        let looks_at_faults = faults.iter().any(|count| !verification.allow_unfired.allows(count));
        if verification.expect.is_empty() && !looks_at_faults && verification.allow_unmatched {
            return Err(NotVerified::Nothing);
        }
        let elsewhere = match asked.reach {
            Reach::Everywhere => app.counted_elsewhere(&org.id).into_keys().collect(),
            Reach::Org | Reach::Emulator => Vec::new(),
        };
        let is_known = |id: &str| {
            faults.iter().any(|count| count.is(id)) || elsewhere.iter().any(|known| known.as_str() == id)
        };
        if let Some(unknown) = verification.allow_unfired.unknown(is_known) {
            return Err(NotVerified::Unknown(unknown));
        }
        let mut watches = Vec::with_capacity(verification.expect.len());
        for (nth, expectation) in (1..).zip(&verification.expect) {
            let tally = Tally::new(expectation).map_err(|bad| NotVerified::Expectation { nth, bad })?;
            watches.push(Watch::new(expectation, tally, org));
        }
        let (start, end) = org.cell(|cell| {
            let start = match &verification.after {
                Some(after) => cell.journal.after(after),
                None => Ok(cell.journal.origin()),
            };
            start.map(|start| (start, cell.journal.end()))
        })?;
        Ok(Self { watches, start, at: wait::Place { at: start, old: end, gaps: 0 } })
    }

    fn finish(self, app: &App, asked: &Asked<'_>) -> Result<Report, NotVerified> {
        let mut survey = Survey::new(&self.watches, counts(app, asked), asked);
        survey.look(asked.org, self.start);
        Ok(Report::new(asked, self.watches, survey, &self.at))
    }
}

/// The faults that are looked at.
fn counts(app: &App, asked: &Asked<'_>) -> Vec<Count> {
    let mut counts = if asked.reach == Reach::Org { Vec::new() } else { app.gate.lock().counts() };
    let own = asked.org.cell(|cell| cell.faults.counts());
    if asked.reach == Reach::Everywhere {
        let elsewhere = app.counted_elsewhere(&asked.org.id);
        counts.extend(own.into_iter().map(|mut count| {
            if let Some(more) = elsewhere.get(&count.fault.id()) {
                (count.matched, count.fired) = (count.matched + more.matched, count.fired + more.fired);
            }
            count
        }));
    } else {
        counts.extend(own);
    }
    counts
}
