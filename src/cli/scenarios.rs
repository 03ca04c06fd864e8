//! `scenarios`: what is built in.

use clap::Args;
use serde::Serialize;

use super::{Exit, Output, stdout};
use crate::scenario::{builtin, load::Scenario};

/// How it is listed.
#[derive(Debug, Args)]
pub struct Scenarios {
    /// How the list is written
    #[arg(long, env = "GENESYS_EMULATOR_OUTPUT", value_name = "text|json", default_value = "text")]
    output: Output,
}

/// A built-in scenario.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    name: String,
    /// `stories`, `faults`, or nothing for a world.
    folder: &'static str,
    summary: String,
    /// What `check` plays and `demo` tells.
    scripts: Vec<String>,
    /// Shorter names.
    also: Vec<&'static str>,
}

/// Lists them.
pub fn run(asked: &Scenarios) -> Exit {
    let mut entries = Vec::new();
    for (path, _) in builtin::ALL {
        let name = builtin::name(path);
        let scenario = match Scenario::built_in(name) {
            Ok(scenario) => scenario,
            Err(error) => {
                eprintln!("genesys-emulator: {error}");
                return Exit::RunTime;
            }
        };
        entries.push(Entry {
            name: name.to_owned(),
            folder: path.split_once('/').map_or("", |(folder, _)| folder),
            summary: scenario.summary,
            scripts: scenario.scripts.into_keys().collect(),
            also: builtin::ALIASES.iter().filter(|(_, of)| *of == name).map(|(alias, _)| *alias).collect(),
        });
    }
    match asked.output {
        Output::Json => stdout::line(serde_json::to_string_pretty(&entries).unwrap_or_default()),
        Output::Text => {
            for (folder, title) in [
                ("", "Worlds"),
                ("stories", "Stories: `check` plays them, `demo` tells them"),
                ("faults", "Faults, one each"),
            ] {
                stdout::line(title);
                for entry in entries.iter().filter(|entry| entry.folder == folder) {
                    let also = entry.also.iter().map(|also| format!(" (also `{also}`)")).collect::<String>();
                    stdout::line(format_args!("  {:30} {}{also}", entry.name, entry.summary));
                }
                stdout::line("");
            }
        }
    }
    Exit::Fine
}
