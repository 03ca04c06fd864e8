//! `ctl journal`.

use clap::Subcommand;
use serde_json::Value;

use super::{
    events,
    members::pair,
    session::{Session, filtered, path},
    show::{Column, Show, brief},
};
use crate::cli::admin::Failure;

/// What to do with the journal.
#[derive(Debug, Subcommand)]
pub enum Journal {
    /// Entries in the order of closing
    List {
        /// Filters such as status=429 client=… limit=10 after=…; what there are is in the README
        #[arg(value_name = "NAME=VALUE", value_parser = pair)]
        filters: Vec<(String, String)>,
    },
    /// One, with headers and bodies
    Get {
        /// The number of a visit, such as 7, or of a frame, such as 7.3; a correlation id or a tracing id
        n: String,
    },
    /// Entries as they close
    Stream {
        /// The same filters
        #[arg(value_name = "NAME=VALUE", value_parser = pair)]
        filters: Vec<(String, String)>,
        /// Only what there is already
        #[arg(long)]
        no_follow: bool,
    },
    /// Forget everything
    Clear,
}

fn what(entry: &Value) -> String {
    match entry["kind"].as_str() {
        Some("frameIn") => format!("\u{2192} {}", brief(&entry["target"])),
        Some("frameOut") => format!("\u{2190} {}", brief(&entry["target"])),
        _ => format!("{} {}", brief(&entry["method"]), brief(&entry["target"])),
    }
}

fn told(event: &str, entry: &Value) -> String {
    match event {
        "entry" => {
            let words = [&entry["n"], &entry["at"], &entry["status"]].map(brief);
            let [n, at, status] = words;
            let why = [&entry["refusal"]["rule"], &entry["faults"]].map(brief).join("  ");
            format!("{n:8}  {at}  {status:3}  {}  {why}", what(entry))
        }
        other => format!("{other}  {}", brief(entry)),
    }
}

const COLUMNS: &[Column] = &[
    ("N", |one| brief(&one["n"])),
    ("AT", |one| brief(&one["at"])),
    ("STATUS", |one| brief(&one["status"])),
    ("WHAT", what),
    ("CLIENT", |one| brief(&one["client"])),
    ("FAULTS", |one| brief(&one["faults"])),
    ("REFUSED", |one| brief(&one["refusal"]["rule"])),
];

impl Journal {
    /// Does it.
    pub async fn run(&self, session: &Session<'_>) -> Result<(), Failure> {
        match self {
            Self::List { filters } => {
                let page = session.ask("GET", &filtered("/journal", filters), None).await?;
                session.show(&page, &Show::Table(COLUMNS));
            }
            Self::Stream { filters, no_follow } => {
                events::follow(session, "/journal/stream", filters, *no_follow, told).await?;
            }
            Self::Get { n } => {
                session.show(&session.ask("GET", &path(&["journal", n]), None).await?, &Show::Members);
            }
            Self::Clear => {
                let done = session.ask("DELETE", "/journal", None).await?;
                session.show(&done, &Show::Done("the journal is empty"));
            }
        }
        Ok(())
    }
}
