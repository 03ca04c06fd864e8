//! `completions`: commands and flags at the tab key.

use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

use super::{Cli, Exit, stdout};

const NAME: &str = "genesys-emulator";

/// For which shell.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    shell: Shell,
}

/// Prints them.
pub fn run(asked: &Completions) -> Exit {
    let mut script = Vec::new();
    if asked.shell == Shell::Bash {
        // with a hyphen in the program's name, the script asks for parts of itself by other names than they have
        generate(asked.shell, &mut Cli::command(), NAME.replace('-', "_"), &mut script);
        let script = String::from_utf8_lossy(&script);
        stdout::put(script.replace(" genesys_emulator\n", &format!(" {NAME}\n")));
    } else {
        generate(asked.shell, &mut Cli::command(), NAME, &mut script);
        stdout::put(String::from_utf8_lossy(&script));
    }
    Exit::Fine
}
