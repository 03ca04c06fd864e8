//! `check`: plays scenarios, and says in one of several ways what came of it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use futures_util::{StreamExt, stream};

use super::{Exit, stdout};
use crate::{
    emulator::StartError,
    play::{check, format, report::ScenarioReport},
    scenario::builtin,
};

/// How the result is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// One object.
    Json,
    /// A file of JUnit's, for most CI systems.
    Junit,
    /// Annotations of GitHub Actions, and the text.
    Github,
}

/// What is checked.
#[derive(Debug, Args)]
pub struct Check {
    /// Built-in scenarios, files, or folders of files
    #[arg(required = true, value_name = "NAME|FILE")]
    scenarios: Vec<String>,
    /// How the result is written on stdout
    #[arg(long, env = "GENESYS_EMULATOR_FORMAT", value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Take each fault out too, or the world where there is none: the scenario must not hold then
    #[arg(long, env = "GENESYS_EMULATOR_PROVE")]
    prove: bool,
}

/// A folder stands for the files in it.
fn sources(asked: &[String]) -> Vec<String> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            match path.extension().and_then(|extension| extension.to_str()) {
                _ if path.is_dir() => walk(&path, found),
                Some("yaml" | "yml") => found.push(path),
                _ => {}
            }
        }
    }
    let mut sources = Vec::new();
    for one in asked {
        if builtin::find(one).is_none() && Path::new(one).is_dir() {
            let mut found = Vec::new();
            walk(Path::new(one), &mut found);
            found.sort();
            sources.extend(found.iter().map(|path| path.to_string_lossy().into_owned()));
        } else {
            sources.push(one.clone());
        }
    }
    sources
}

/// Checks one after the other.
pub fn run(asked: &Check) -> Exit {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("genesys-emulator: the runtime could not be started: {error}");
            return Exit::RunTime;
        }
    };
    runtime.block_on(all(asked))
}

/// Scenarios that are played at the same time.
const AT_ONCE: usize = 4;

async fn all(asked: &Check) -> Exit {
    let mut reports: Vec<ScenarioReport> = Vec::new();
    let (mut unusable, mut broken) = (false, false);
    let prove = asked.prove;
    let playing = sources(&asked.scenarios).into_iter().map(|source| async move {
        let checked = tokio::spawn({
            let source = source.clone();
            async move { check::check(&source, prove).await }
        });
        (source, checked.await)
    });
    let mut playing = stream::iter(playing).buffered(AT_ONCE);
    while let Some((source, checked)) = playing.next().await {
        let report = match checked.unwrap_or_else(|died| Err(StartError::Io(died.into()))) {
            Ok(report) => report,
            Err(error) => {
                match error {
                    StartError::Configuration(_) => unusable = true,
                    _ => broken = true,
                }
                check::unusable(&source, &error)
            }
        };
        if asked.format == Format::Text {
            stdout::line(&report);
        }
        reports.push(report);
    }
    match asked.format {
        Format::Text => stdout::line(format::total(&reports)),
        Format::Json => stdout::line(format::json(&reports)),
        Format::Junit => stdout::put(format::junit("genesys-emulator check", &reports)),
        Format::Github => stdout::put(format::github(&reports)),
    }
    match (unusable, broken, reports.iter().all(|report| report.held)) {
        (true, ..) => Exit::Configuration,
        (_, true, _) => Exit::RunTime,
        (.., false) => Exit::NotHeld,
        (.., true) => Exit::Fine,
    }
}
