//! `ctl orgs`.

use clap::Subcommand;

use super::{
    members::{body, pair},
    session::{Session, path},
    show::{Column, Show, brief},
};
use crate::cli::admin::Failure;

/// What to do with orgs.
#[derive(Debug, Subcommand)]
pub enum Orgs {
    /// All
    List,
    /// One, with all its ids by local name
    Get {
        /// Its id [default: that of --org, else the default org]
        id: Option<String>,
    },
    /// Make a copy of the scenario's first org, with ids and secrets of its own
    Create {
        /// name=… scenario=… seed=… clock=… ttl=10m
        #[arg(value_name = "NAME=VALUE", value_parser = pair)]
        members: Vec<(String, String)>,
    },
    /// Take these away
    #[command(visible_alias = "delete")]
    Rm {
        /// Their ids
        #[arg(required = true)]
        ids: Vec<String>,
    },
}

const COLUMNS: &[Column] = &[
    ("ID", |one| brief(&one["id"])),
    ("NAME", |one| brief(&one["name"])),
    ("NOW", |one| brief(&one["now"])),
    ("SEED", |one| brief(&one["seed"])),
    ("CLIENT", |one| brief(&one["clientId"])),
    ("URL", |one| brief(&one["url"])),
];

impl Orgs {
    /// Does it.
    pub async fn run(&self, session: &Session<'_>) -> Result<(), Failure> {
        match self {
            Self::List => {
                session.show(&session.ask_emulator("GET", "/orgs", None).await?, &Show::Table(COLUMNS))
            }
            Self::Get { id } => {
                let id = match id.clone().or(session.target.place()?.1) {
                    Some(id) => id,
                    None => {
                        let orgs = session.ask_emulator("GET", "/orgs", None).await?;
                        let id = orgs["default"].as_str().map(str::to_owned);
                        id.ok_or_else(|| Failure::run_time("there is no default org"))?
                    }
                };
                let org = session.ask_emulator("GET", &path(&["orgs", &id]), None).await?;
                session.show(&org, &Show::Members);
            }
            Self::Create { members } => {
                let org = session.ask_emulator("POST", "/orgs", Some(&body(members))).await?;
                session.show(&org, &Show::Members);
            }
            Self::Rm { ids } => {
                for id in ids {
                    let done = session.ask_emulator("DELETE", &path(&["orgs", id]), None).await?;
                    session.show(&done, &Show::Done(&format!("{id} is gone")));
                }
            }
        }
        Ok(())
    }
}
