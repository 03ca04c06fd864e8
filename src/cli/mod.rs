//! The command line: flags before variables before defaults. The only reader of arguments and environment.

mod admin;
mod ca;
mod check;
mod completions;
mod ctl;
mod demo;
mod env;
mod exec;
mod health;
mod later;
mod logging;
mod quote;
mod routes;
mod scenarios;
mod serve;
mod settings;
mod stdout;
mod strange;
mod table;
mod watch;
mod way_in;

use std::process::ExitCode;

use admin::Failure;
use clap::{Parser, Subcommand, ValueEnum};
use later::Later;

use crate::emulator::StartError;

/// A standalone emulator of Genesys Cloud for tests: OAuth, guest tokens, web messaging, and every failure on demand.
#[derive(Debug, Parser)]
#[command(name = "genesys-emulator", version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: settings::Settings,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the emulator and stay (also without any command)
    Serve(Later<settings::Settings>),
    /// Run a command with an emulator of its own, which it finds by variables; its exit code is the command's
    Exec(Later<exec::Exec>),
    /// What `exec` starts
    #[command(hide = true)]
    Supervise(Later<exec::supervise::Supervise>),
    /// Play the scripts of scenarios on fresh emulators; exit 0 only if every expectation held
    Check(Later<check::Check>),
    /// Tell a scenario while it is played: who sends what to whom, what comes back, and why
    Demo(Later<demo::Demo>),
    /// Ask the admin API of a running emulator
    Ctl(Later<ctl::Ctl>),
    /// Print the variables and settings that point clients at an emulator
    Env(Later<env::Env>),
    /// The certificate authority that clients have to trust when they speak TLS
    Ca(Later<ca::Ca>),
    /// List the built-in scenarios
    Scenarios(Later<scenarios::Scenarios>),
    /// Print the JSON Schema of scenario files
    Schema,
    /// List what is emulated, and whose interface that is
    Routes(Later<routes::Routes>),
    /// Print completions for a shell
    Completions(Later<completions::Completions>),
    /// Ask a running emulator whether it is well; exit 0 if it is
    Health(Later<health::Health>),
}

/// How data is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Output {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// How a command ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Exit {
    Fine = 0,
    RunTime = 1,
    Configuration = 2,
    NotHeld = 3,
    AddressInUse = 4,
}

impl Exit {
    /// That of an emulator that did not start.
    fn of(error: &StartError) -> Self {
        match error {
            StartError::AddressInUse(_) => Self::AddressInUse,
            StartError::Configuration(_) | StartError::Listen { .. } => Self::Configuration,
            StartError::Io(_) => Self::RunTime,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Does it on a runtime of its own.
fn on_runtime<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let failed = |error| Failure::run_time(format!("the runtime could not be started: {error}"));
    runtime.map_err(failed)?.block_on(work)
}

/// Runs the command line of this process.
#[must_use]
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    match cli.command {
        None => serve::run(&cli.serve).into(),
        Some(Command::Serve(serve)) => serve::run(&serve).into(),
        Some(Command::Exec(exec)) => exec::run(&exec),
        Some(Command::Supervise(asked)) => exec::supervise::run(&asked),
        Some(Command::Check(check)) => check::run(&check).into(),
        Some(Command::Demo(demo)) => demo::run(&demo).into(),
        Some(Command::Ctl(ctl)) => ctl::run(&ctl).into(),
        Some(Command::Env(env)) => env::run(&env).into(),
        Some(Command::Ca(ca)) => ca::run(&ca).into(),
        Some(Command::Scenarios(scenarios)) => scenarios::run(&scenarios).into(),
        Some(Command::Schema) => {
            stdout::put(crate::scenario::schema::TEXT);
            Exit::Fine.into()
        }
        Some(Command::Routes(routes)) => routes::run(&routes).into(),
        Some(Command::Completions(asked)) => completions::run(&asked).into(),
        Some(Command::Health(health)) => health::run(&health).into(),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    /// Flags of these commands that are about one call, and have no variable.
    const OF_A_CALL: [&str; 3] = ["ctl", "completions", "supervise"];

    fn check(command: &clap::Command) {
        for flag in command.get_arguments() {
            let Some(name) = flag.get_long().filter(|name| !["help", "version"].contains(name)) else {
                continue;
            };
            let variable = flag.get_env().map(|name| name.to_string_lossy().into_owned());
            let name = name.replace('-', "_").to_uppercase();
            let known = [format!("GENESYS_EMULATOR_{name}"), format!("GENESYS_EMULATOR_ADMIN_{name}")];
            assert!(variable.as_ref().is_some_and(|one| known.contains(one)), "{name}: {variable:?}");
        }
        let others = command.get_subcommands().filter(|command| !OF_A_CALL.contains(&command.get_name()));
        others.for_each(check);
    }

    #[test]
    fn the_command_line_is_consistent_and_every_flag_has_its_variable() {
        let mut command = Cli::command();
        command.build();
        check(&command);
        command.debug_assert();
    }
}
