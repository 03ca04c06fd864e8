//! What came of a run, for people.

use std::{ffi::OsString, fmt, time::Duration};

use super::command::Ended;
use crate::{cli::quote, emulator::Emulator, journal::count::Counted};

/// One run.
pub struct Summary<'a> {
    /// The command.
    pub command: &'a [OsString],
    /// The scenarios that were asked for.
    pub scenarios: &'a [String],
    /// How the command ended.
    pub ended: Ended,
    /// How long it took.
    pub took: Duration,
    /// Where it ran.
    pub emulator: &'a Emulator,
}

/// A command as a shell would want it.
pub fn spelled(command: &[OsString]) -> String {
    let words: Vec<_> = command.iter().map(|word| quote::shell(&word.to_string_lossy())).collect();
    words.join(" ")
}

/// `3 requests`, `1 request`.
fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// How often each of these, if there are any.
fn each<'a>(what: impl Iterator<Item = (&'a str, u64)>) -> Option<String> {
    let all: Vec<_> = what.map(|(name, times)| format!("{name} {times}×")).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let command = spelled(self.command);
        let took = self.took.as_secs_f64();
        writeln!(f, "genesys-emulator: `{command}` ended with {} after {took:.1} s", self.ended.code)?;

        let orgs = self.emulator.app().all_orgs();
        let (mut happened, mut faults) = (Counted::default(), Vec::new());
        for org in &orgs {
            org.cell(|cell| {
                cell.journal.count_into(&mut happened);
                faults.extend(cell.faults.counts());
            });
        }
        let made = self.emulator.app().made_at_run_time();
        let places = match (orgs.len(), made) {
            (1, 0) => String::new(),
            (left, 0) => format!(" in {left} orgs"),
            (left, made) => format!(" in the orgs that are left, {left}; made meanwhile: {made}"),
        };
        let (requests, frames) = (counted(happened.requests, "request"), counted(happened.frames, "frame"));
        write!(f, "  {requests} and {frames}{places}")?;
        if let Some(refused) = each(happened.refused.iter().map(|(rule, times)| (*rule, *times))) {
            write!(f, "; refused: {refused}")?;
        }
        if let Some(faults) =
            each(faults.iter().filter_map(|one| Some((one.fault.id.as_ref()?.as_str(), one.fired))))
        {
            write!(f, "; faults: {faults}")?;
        }
        let seed = self.emulator.seed();
        let scenarios =
            if self.scenarios.is_empty() { "default".to_owned() } else { self.scenarios.join(", ") };
        writeln!(f, "\n  scenario {scenarios}, seed {seed}: --seed {seed} draws the same again")
    }
}
