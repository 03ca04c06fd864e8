//! `ctl integrations`.

use clap::Subcommand;

use super::{
    session::{Session, path},
    show::{Column, Show, brief},
};
use crate::cli::admin::Failure;

/// What to do with the trust in identity providers.
#[derive(Debug, Subcommand)]
pub enum Integrations {
    /// All, with what was fetched of them
    List,
    /// Forget the documents of a provider, so that they are fetched again
    Flush {
        /// Its local name
        name: String,
    },
}

const COLUMNS: &[Column] = &[
    ("NAME", |one| brief(&one["name"])),
    ("PROVIDER", |one| brief(&one["provider"])),
    ("CLIENT", |one| brief(&one["clientId"])),
    ("DISCOVERY FETCHES", |one| brief(&one["discoveryFetches"])),
    ("KEY SET FETCHES", |one| brief(&one["keySetFetches"])),
    ("KEYS UNTIL", |one| brief(&one["keySetUntil"])),
];

impl Integrations {
    /// Does it.
    pub async fn run(&self, session: &Session<'_>) -> Result<(), Failure> {
        let all = match self {
            Self::List => session.ask("GET", "/integrations", None).await?,
            Self::Flush { name } => {
                session.ask("POST", &path(&["integrations", name, "flush"]), None).await?
            }
        };
        session.show(&all, &Show::Table(COLUMNS));
        Ok(())
    }
}
