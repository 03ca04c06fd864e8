//! What a verification found: for people as text, for programs as JSON.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::{
    Asked,
    nearest::Near,
    survey::{Survey, Unmatched},
    wait::{Place, Watch},
};
use crate::{
    base::{ids::FaultId, time::Timestamp},
    journal::expectation::{Expectation, Timing},
};

/// What a verification found.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Is all as it is to be?
    pub(crate) held: bool,
    /// What is not, a sentence for each.
    pub(crate) problems: Vec<String>,
    /// Each expectation.
    pub(crate) expectations: Vec<Judged>,
    /// The faults that are set.
    pub(crate) faults: Faults,
    /// Requests that nobody serves.
    pub(crate) unmatched: Vec<Unmatched>,
    /// Endpoints that are served and that nobody asked for.
    pub(crate) untouched: Vec<String>,
    /// How many entries are gone unread because the journal is bounded.
    pub(crate) gaps: u64,
    /// The cursor behind all that was looked at.
    pub(crate) next: String,
}

/// Faults that are set.
#[derive(Clone, Debug, Serialize)]
pub struct Faults {
    /// Those that bit.
    pub(crate) fired: Vec<Tallied>,
    /// Those that never did.
    pub(crate) unfired: Vec<Tallied>,
}

/// A fault with its counters.
#[derive(Clone, Debug, Serialize)]
pub struct Tallied {
    /// Its id.
    pub(crate) id: FaultId,
    /// Requests or frames that it was about.
    pub(crate) matched: u64,
    /// How often it bit.
    pub(crate) fired: u64,
    /// Why it never did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<&'static str>,
    /// What it was nearly about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) nearest: Vec<Near>,
}

/// An expectation and what came of it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Judged {
    /// In words.
    pub(crate) name: String,
    /// As it was written.
    pub(crate) expectation: Value,
    /// How many were to be, such as `exactly 1`.
    pub(crate) expected: String,
    /// How many there are; of an order, how far it came.
    pub(crate) found: u64,
    /// Their numbers, at most 100.
    pub(crate) entries: Vec<String>,
    /// Is it as it is to be?
    pub(crate) held: bool,
    /// What is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) problem: Option<String>,
    /// What came nearest to what is missing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) nearest: Vec<Near>,
}

impl Report {
    pub(super) fn new(
        asked: &Asked<'_>,
        watches: Vec<Watch<'_>>,
        mut survey: Survey<'_>,
        place: &Place,
    ) -> Self {
        let verification = asked.verification;
        let gaps = place.gaps;
        let oldest = asked.org.cell(|cell| cell.journal.oldest());
        let judged = watches.into_iter().enumerate().map(|(nth, watch)| {
            let blind = gaps > 0 && !verification.allow_gaps && !is_after(&watch, oldest);
            Judged::new(&watch, blind.then_some(gaps), survey.near(nth))
        });
        let expectations: Vec<_> = judged.collect();
        let mut problems: Vec<_> = expectations.iter().filter_map(|one| one.problem.clone()).collect();
        let mut faults = Faults { fired: Vec::new(), unfired: Vec::new() };
        for (count, nearest) in survey.faults() {
            let id = count.fault.id();
            if count.fired == 0 && !verification.allow_unfired.allows(&count) {
                problems.push(never_fired(&id, count.matched));
            }
            let why = (count.fired == 0).then(|| why(count.matched));
            let tallied = Tallied { id, matched: count.matched, fired: count.fired, why, nearest };
            if count.fired == 0 { faults.unfired.push(tallied) } else { faults.fired.push(tallied) }
        }
        let unmatched = survey.unmatched();
        if !verification.allow_unmatched {
            problems.extend(
                unmatched.iter().map(|one| format!("nobody serves {}, {} times", one.request, one.times)),
            );
        }
        Self {
            held: problems.is_empty(),
            problems,
            expectations,
            faults,
            unmatched,
            untouched: survey.untouched(),
            gaps,
            next: place.at.to_string(),
        }
    }

    /// Is all as it is to be?
    #[must_use]
    pub fn held(&self) -> bool {
        self.held
    }

    /// All of it as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

fn never_fired(id: &FaultId, matched: u64) -> String {
    format!("fault `{id}` never fired: {}", why(matched))
}

impl fmt::Display for Tallied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", never_fired(&self.id, self.matched))?;
        near(f, &self.nearest)
    }
}

fn why(matched: u64) -> &'static str {
    match matched {
        0 => "nothing came that it is about",
        _ => "what it is about came, and its schedule or its effect let it pass",
    }
}

/// Is it only about what came after the oldest entry that is kept?
fn is_after(watch: &Watch<'_>, oldest: Option<Timestamp>) -> bool {
    oldest.is_some_and(|oldest| watch.tally.matchers().iter().all(|matcher| matcher.begins_after(oldest)))
}

impl Judged {
    fn new(watch: &Watch<'_>, gaps: Option<u64>, nearest: Vec<Near>) -> Self {
        let Watch { expectation, tally, .. } = watch;
        let name = name(watch);
        let problem = match (watch.held(), gaps) {
            (true, None) => None,
            (true, Some(gaps)) => Some(format!(
                "{gaps} entries are gone from the journal unread, so nobody knows; `after` or `since` leaves them out of account"
            )),
            (false, _) => Some(problem(watch)),
        };
        Self {
            held: problem.is_none(),
            problem: problem.map(|problem| format!("{name}: {problem}")),
            name,
            expectation: serde_json::to_value(expectation).unwrap_or_default(),
            expected: expected(expectation),
            found: tally.count(),
            entries: tally.numbers().to_vec(),
            nearest,
        }
    }
}

fn name(watch: &Watch<'_>) -> String {
    let told = || watch.tally.matchers().iter().map(ToString::to_string).collect::<Vec<_>>().join(", then ");
    watch.expectation.say.clone().unwrap_or_else(told)
}

fn expected(expectation: &Expectation) -> String {
    let number = match expectation.times() {
        Some(times) => times.to_string(),
        None if expectation.order.is_empty() => "none from now on".to_owned(),
        None if expectation.strict => format!("these {} in this order and no other", expectation.order.len()),
        None => format!("these {} in this order", expectation.order.len()),
    };
    let of = if expectation.clock == Timing::Virtual { " of the org's time" } else { "" };
    let within = expectation.within.map(|span| format!(" within {span}{of}")).unwrap_or_default();
    let quiet = expectation.never_for.map(|span| format!(", then none for {span}{of}")).unwrap_or_default();
    format!("{number}{within}{quiet}")
}

fn problem(watch: &Watch<'_>) -> String {
    let Watch { expectation, tally, .. } = watch;
    let wanted = expected(expectation);
    if let Some(intruder) = &watch.intruder {
        return format!("expected {wanted}, and {intruder} came");
    }
    if let Some(astray) = tally.astray() {
        return format!("expected {wanted}; after {} of them {astray} came", tally.count());
    }
    if watch.stood {
        return format!("expected {wanted}, and the org's clock did not get there while it was waited for");
    }
    let numbers = match tally.numbers() {
        [] => String::new(),
        some => format!(" ({})", some.join(", ")),
    };
    match (&expectation.order[..], tally.awaited()) {
        ([_, ..], Some(awaited)) => {
            format!(
                "expected {wanted}; {} of them came{numbers}, and then nothing with {awaited}",
                tally.count()
            )
        }
        _ => format!("expected {wanted}, found {}{numbers}", tally.count()),
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (faults, all) = (&self.faults, self.expectations.len());
        match self.problems.len() {
            0 => write!(
                f,
                "verified: expectations that hold: {all}, faults that fired: {}",
                faults.fired.len()
            )?,
            n => write!(
                f,
                "verification failed: {n} {} to be",
                if n == 1 { "thing is not as it is" } else { "things are not as they are" }
            )?,
        }
        for one in self.expectations.iter() {
            if let Some(problem) = &one.problem {
                write!(f, "\n- {problem}")?;
                near(f, &one.nearest)?;
            }
        }
        for problem in &self.problems {
            if !self.expectations.iter().any(|one| one.problem.as_ref() == Some(problem)) {
                write!(f, "\n- {problem}")?;
                let fault =
                    faults.unfired.iter().find(|one| problem.starts_with(&format!("fault `{}` ", one.id)));
                near(f, fault.map(|one| &one.nearest[..]).unwrap_or_default())?;
            }
        }
        for one in self.unmatched.iter().filter(|_| !self.held) {
            write!(f, "\n  nobody serves {}, {} times, first in {}", one.request, one.times, one.n)?;
        }
        Ok(())
    }
}

fn near(f: &mut fmt::Formatter<'_>, nearest: &[Near]) -> fmt::Result {
    for one in nearest {
        write!(f, "\n    nearest: {} ({})", one.n, one.entry)?;
        for difference in &one.differences {
            write!(f, "\n      {difference}")?;
        }
    }
    Ok(())
}
