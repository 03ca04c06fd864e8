//! `ctl scenarios`.

use std::{fs, path::Path};

use clap::Subcommand;
use serde_json::json;

use super::{
    session::{Session, text_of},
    show::{Column, Show, brief},
};
use crate::{cli::admin::Failure, scenario::builtin};

/// What to do with scenarios.
#[derive(Debug, Subcommand)]
pub enum Scenarios {
    /// Those that are built into the emulator
    List,
    /// Make orgs anew from one
    Apply {
        /// A built-in name, a file, or `-` for stdin
        #[arg(value_name = "NAME|FILE")]
        scenario: String,
    },
}

const COLUMNS: &[Column] = &[("NAME", |one| brief(&one["name"])), ("SUMMARY", |one| brief(&one["summary"]))];

impl Scenarios {
    /// Does it.
    pub async fn run(&self, session: &Session<'_>) -> Result<(), Failure> {
        let Self::Apply { scenario } = self else {
            session.show(&session.ask_emulator("GET", "/scenarios", None).await?, &Show::Table(COLUMNS));
            return Ok(());
        };
        // the emulator may have others built in than this program, so that it is asked about every name
        let text = match builtin::find(scenario).is_none() && Path::new(scenario).is_file() {
            true => fs::read_to_string(scenario)
                .map_err(|error| Failure::configuration(format!("`{scenario}` cannot be read: {error}")))?,
            false if scenario == "-" => text_of("-")?,
            false => json!({ "name": scenario }).to_string(),
        };
        let applied = session.send("POST", "/scenarios/apply", text).await?;
        let orgs = applied["orgs"].as_array().map(Vec::as_slice).unwrap_or_default();
        let orgs: Vec<_> = orgs.iter().map(|org| brief(&org["id"])).collect();
        let words = format!("{} is applied to {}", brief(&applied["scenario"]), orgs.join(", "));
        session.show(&applied, &Show::Done(&words));
        Ok(())
    }
}
