//! `ctl person-token`.

use clap::Args;
use serde_json::json;

use super::{
    members::{body, pair},
    session::Session,
    show::Show,
};
use crate::cli::admin::Failure;

/// Whose token.
#[derive(Debug, Args)]
pub struct PersonToken {
    /// `sub` of the person
    subject: String,
    /// More: person.firstName=… person.email=… deploymentId=… lifetime=30m mode=expired
    #[arg(value_name = "NAME=VALUE", value_parser = pair)]
    more: Vec<(String, String)>,
}

impl PersonToken {
    /// Prints the JWT, and nothing else.
    pub async fn run(&self, session: &Session<'_>) -> Result<(), Failure> {
        let mut wanted = body(&self.more);
        wanted["person"]["subject"] = json!(self.subject);
        let made = session.ask("POST", "/person-tokens", Some(&wanted)).await?;
        session.show(&made, &Show::Member("jwt"));
        Ok(())
    }
}
