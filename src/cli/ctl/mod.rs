//! `ctl`: the admin API as commands. Each group is a file.

mod clock;
mod contacts;
mod conversations;
mod events;
mod faults;
mod integrations;
mod journal;
mod keys;
mod members;
mod orgs;
mod person_token;
mod plain;
mod scenarios;
mod session;
mod show;
mod state;
mod verify;

use clap::{Args, Subcommand};
use session::Session;

use super::{Exit, Output, admin::Target};

/// Which emulator, and what is wanted of it.
#[derive(Debug, Args)]
pub struct Ctl {
    #[command(flatten)]
    target: Target,
    /// How answers are written on stdout
    #[arg(
        long,
        global = true,
        env = "GENESYS_EMULATOR_OUTPUT",
        value_name = "text|json",
        default_value = "text"
    )]
    output: Output,
    #[command(subcommand)]
    group: Group,
}

#[derive(Debug, Subcommand)]
enum Group {
    /// What goes wrong
    #[command(subcommand)]
    Faults(faults::Faults),
    /// The org's time
    #[command(subcommand)]
    Clock(clock::Clock),
    /// Signing keys
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Orgs
    #[command(subcommand)]
    Orgs(orgs::Orgs),
    /// What happened
    #[command(subcommand)]
    Journal(journal::Journal),
    /// Did it happen as it was to? Ends with 3 if not
    Verify(verify::Verify),
    /// What the journal shows of clients' habits that will hurt
    Findings(verify::Findings),
    /// What happens, as it happens
    Events(events::Events),
    /// Conversations, and the agent's side by hand
    #[command(subcommand)]
    Conversations(conversations::Conversations),
    /// Whom the platform knows outside
    Contacts(contacts::Contacts),
    /// Trust in identity providers
    #[command(subcommand)]
    Integrations(integrations::Integrations),
    /// The JWT of somebody who has signed in
    PersonToken(person_token::PersonToken),
    /// Scenarios: built in, and applying one
    #[command(subcommand)]
    Scenarios(scenarios::Scenarios),
    /// Snapshots of an org
    #[command(subcommand)]
    State(state::State),
    #[command(flatten)]
    Plain(plain::Plain),
}

/// Asks, and shows what came.
pub fn run(ctl: &Ctl) -> Exit {
    let session = Session { target: &ctl.target, output: ctl.output };
    let done = super::on_runtime(async {
        match &ctl.group {
            Group::Faults(faults) => faults.run(&session).await,
            Group::Clock(clock) => clock.run(&session).await,
            Group::Keys(keys) => keys.run(&session).await,
            Group::Orgs(orgs) => orgs.run(&session).await,
            Group::Journal(journal) => journal.run(&session).await,
            Group::Verify(verify) => verify.run(&session).await,
            Group::Findings(findings) => findings.run(&session).await,
            Group::Events(events) => events.run(&session).await,
            Group::Conversations(conversations) => conversations.run(&session).await,
            Group::Contacts(contacts) => contacts.run(&session).await,
            Group::Integrations(integrations) => integrations.run(&session).await,
            Group::PersonToken(person) => person.run(&session).await,
            Group::Scenarios(scenarios) => scenarios.run(&session).await,
            Group::State(state) => state.run(&session).await,
            Group::Plain(plain) => plain.run(&session).await,
        }
    });
    done.map_or_else(|failure| failure.told(), |()| Exit::Fine)
}
