//! What came of all runs, for programs: in the formats that `check` has too.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use clap::ValueEnum;

use super::command::Ended;
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

/// A run as a scenario that was checked; the command is its only script.
pub fn of_run(scenarios: &[String], command: &str, ended: Ended) -> ScenarioReport {
    let name = if scenarios.is_empty() { "default".to_owned() } else { scenarios.join("+") };
    let held = ended.code == 0;
    let command_itself = ScriptReport {
        name: "command".to_owned(),
        to_fail: false,
        summary: None,
        held,
        problem: (!held).then(|| format!("`{command}` ended with {}", ended.code)),
        line: 0,
        steps: Vec::new(),
        journal: Vec::new(),
    };
    ScenarioReport {
        source: name.clone(),
        name,
        summary: command.to_owned(),
        held,
        error: None,
        note: None,
        scripts: vec![command_itself],
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
