//! The command line: flags before variables before defaults. The only reader of arguments and environment.

mod check;
mod demo;
mod health;
mod logging;
mod scenarios;
mod serve;
mod watch;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// A standalone emulator of Genesys Cloud for tests: OAuth, guest tokens, web messaging, and every failure on demand.
#[derive(Debug, Parser)]
#[command(name = "genesys-emulator", version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: serve::Serve,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the emulator and stay (also without any command)
    Serve(serve::Serve),
    /// Play the scripts of scenarios on fresh emulators; exit 0 only if every expectation held
    Check(check::Check),
    /// Tell a scenario while it is played: who sends what to whom, what comes back, and why
    Demo(demo::Demo),
    /// List the built-in scenarios
    Scenarios(scenarios::Scenarios),
    /// Print the JSON Schema of scenario files
    Schema,
    /// Ask a running emulator whether it is well; exit 0 if it is
    Health(health::Health),
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

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Runs the command line of this process.
#[must_use]
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    match cli.command {
        None => serve::run(cli.serve).into(),
        Some(Command::Serve(serve)) => serve::run(serve).into(),
        Some(Command::Check(check)) => check::run(&check).into(),
        Some(Command::Demo(demo)) => demo::run(&demo).into(),
        Some(Command::Scenarios(scenarios)) => scenarios::run(&scenarios).into(),
        Some(Command::Schema) => {
            print!("{}", crate::scenario::schema::TEXT);
            Exit::Fine.into()
        }
        Some(Command::Health(health)) => health::run(&health).into(),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent_and_every_flag_of_serve_has_its_variable() {
        Cli::command().debug_assert();
        let command = serve::Serve::augment(clap::Command::new("serve"));
        for flag in command.get_arguments() {
            let name = flag.get_long().unwrap().replace('-', "_").to_uppercase();
            let variable = flag.get_env().map(|name| name.to_string_lossy().into_owned());
            assert_eq!(variable, Some(format!("GENESYS_EMULATOR_{name}")));
        }
    }
}
