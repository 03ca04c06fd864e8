//! What came of all runs, for programs: in the formats that `check` has too.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use clap::ValueEnum;

use super::{command::Ended, verdict::Verdict};
use crate::{
    cli::admin::Failure,
    play::{
        format,
        report::{ScenarioReport, ScriptReport},
    },
};

/// How it is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Format {
    /// A file of JUnit's, for most CI systems.
    Junit,
    /// One object.
    Json,
    /// Annotations of GitHub Actions.
    Github,
}

/// A run as a scenario that was checked: the command and all that was verified are its scripts.
pub fn of_run(
    scenarios: &[String],
    command: &str,
    ended: Ended,
    verdict: Option<&Verdict>,
) -> ScenarioReport {
    let name = if scenarios.is_empty() { "default".to_owned() } else { scenarios.join("+") };
    let script = |(name, problem): (String, Option<String>)| ScriptReport {
        name,
        to_fail: false,
        summary: None,
        held: problem.is_none(),
        problem,
        line: 0,
        steps: Vec::new(),
        journal: Vec::new(),
    };
    let ended_badly = (ended.code != 0).then(|| format!("`{command}` ended with {}", ended.code));
    let verified = verdict.map(Verdict::parts).unwrap_or_default();
    let scripts: Vec<_> =
        [("command".to_owned(), ended_badly)].into_iter().chain(verified).map(script).collect();
    ScenarioReport {
        source: name.clone(),
        name,
        summary: command.to_owned(),
        held: scripts.iter().all(|script| script.held),
        error: None,
        note: None,
        scripts,
    }
}

/// Writes all runs to a file, else to stdout behind what the command wrote.
pub fn write(format: Format, runs: &[ScenarioReport], file: Option<&Path>) -> Result<(), Failure> {
    let text = match format {
        Format::Junit => format::junit("genesys-emulator exec", runs),
        Format::Json => format::json(runs) + "\n",
        Format::Github => format::github(runs),
    };
    let written = match file {
        Some(file) => fs::write(file, text),
        None => io::stdout().write_all(text.as_bytes()),
    };
    written.map_err(|error| Failure::run_time(format!("the report could not be written: {error}")))
}
