//! `ctl keys`.

use clap::Subcommand;

use super::{
    members::{body, pair},
    session::{Session, path},
    show::{Column, Show, brief},
};
use crate::cli::admin::Failure;

/// What to do with signing keys.
#[derive(Debug, Subcommand)]
pub enum Keys {
    /// The rings
    List,
    /// Bring in the next key of a ring
    Rotate {
        /// `platform`, or `idp:` and the name of an identity provider
        #[arg(default_value = "platform")]
        ring: String,
        /// How: mode=graceful overlap=1h for=… fetches=… after=…
        #[arg(value_name = "NAME=VALUE", value_parser = pair)]
        how: Vec<(String, String)>,
    },
}

const COLUMNS: &[Column] = &[
    ("RING", |one| brief(&one["ring"])),
    ("SIGNS", |one| brief(&one["signing"]["kid"])),
    ("PUBLISHED", |one| brief(&one["published"])),
    ("STALE", |one| brief(&one["stale"])),
];

impl Keys {
    /// Does it.
    pub async fn run(&self, session: &Session<'_>) -> Result<(), Failure> {
        let rings = match self {
            Self::List => session.ask("GET", "/keys", None).await?,
            Self::Rotate { ring, how } => {
                session.ask("POST", &path(&["keys", ring, "rotate"]), Some(&body(how))).await?
            }
        };
        session.show(&rings, &Show::Table(COLUMNS));
        Ok(())
    }
}
