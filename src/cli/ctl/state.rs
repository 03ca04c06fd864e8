//! `ctl state`.

use std::{
    fs,
    io::{self, Write},
};

use clap::Subcommand;

use super::{
    session::{Session, text_of},
    show::{Show, brief},
};
use crate::cli::admin::Failure;

/// What to do with snapshots.
#[derive(Debug, Subcommand)]
pub enum State {
    /// Write all that the org remembers to a file; it holds secrets
    Save {
        /// The file, or `-` for stdout
        file: String,
    },
    /// Put such a file back
    Restore {
        /// The file, or `-` for stdin
        file: String,
    },
}

impl State {
    /// Does it.
    pub async fn run(&self, session: &Session<'_>) -> Result<(), Failure> {
        match self {
            Self::Save { file } => {
                let text = session.ask("GET", "/state", None).await?.to_string() + "\n";
                let written = match file.as_str() {
                    "-" => io::stdout().write_all(text.as_bytes()),
                    file => fs::write(file, text),
                };
                written.map_err(|error| Failure::run_time(format!("`{file}` cannot be written: {error}")))
            }
            Self::Restore { file } => {
                let word = if file == "-" { file.clone() } else { format!("@{file}") };
                let org = session.send("PUT", "/state", text_of(&word)?).await?;
                session.show(&org, &Show::Done(&format!("{} is as it was then", brief(&org["id"]))));
                Ok(())
            }
        }
    }
}
