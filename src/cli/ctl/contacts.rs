//! `ctl contacts`.

use clap::Args;

use super::{
    members::pair,
    session::{Session, filtered},
    show::{Column, Show, brief},
};
use crate::cli::admin::Failure;

/// Which contacts.
#[derive(Debug, Args)]
pub struct Contacts {
    /// Filters: limit=… after=…
    #[arg(value_name = "NAME=VALUE", value_parser = pair)]
    filters: Vec<(String, String)>,
}

const COLUMNS: &[Column] = &[
    ("ID", |one| brief(&one["id"])),
    ("TYPE", |one| brief(&one["type"])),
    ("NAME", |one| {
        let name = [brief(&one["firstName"]), brief(&one["lastName"])];
        name.join(" ").trim().to_owned()
    }),
    ("EMAIL", |one| brief(&one["email"])),
    ("EXTERNAL ID", |one| brief(&one["externalId"])),
    ("MERGED INTO", |one| brief(&one["mergedInto"])),
];

impl Contacts {
    /// Lists them.
    pub async fn run(&self, session: &Session<'_>) -> Result<(), Failure> {
        let page = session.ask("GET", &filtered("/contacts", &self.filters), None).await?;
        session.show(&page, &Show::Table(COLUMNS));
        Ok(())
    }
}
