//! Variables with our prefix that are none of ours.

use clap::CommandFactory;

use super::{
    Cli,
    way_in::{NAMES, PREFIX},
};
use crate::base::suggest;

/// The variables of all flags.
fn known(command: &clap::Command, names: &mut Vec<String>) {
    let variables = command.get_arguments().filter_map(clap::Arg::get_env);
    names.extend(variables.map(|name| name.to_string_lossy().into_owned()));
    command.get_subcommands().for_each(|command| known(command, names));
}

/// Orchestrators invent variables, so an unknown one is no error; but it may be a mistyped one.
#[expect(clippy::disallowed_methods, reason = "the command line's own environment")]
pub fn warn() {
    let ours: Vec<String> = std::env::vars_os()
        .map(|(name, _)| name.to_string_lossy().into_owned())
        .filter(|name| name.starts_with(PREFIX))
        .collect();
    if ours.is_empty() {
        return;
    }
    let mut names = Vec::new();
    let mut command = Cli::command();
    // commands are described when they are asked for
    command.build();
    known(&command, &mut names);
    for name in ours {
        if !names.contains(&name) && !NAMES.contains(&&name[PREFIX.len()..]) {
            let near = suggest::nearest(&name, names.iter().map(String::as_str));
            tracing::warn!(variable = %name, did_you_mean = near, "unknown variable, not used");
        }
    }
}
