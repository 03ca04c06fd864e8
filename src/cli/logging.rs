//! Logs go to stderr; stdout carries data only.

use std::{
    env,
    io::{self, IsTerminal},
};

use clap::ValueEnum;
use tracing_subscriber::{
    Layer, Registry, filter::Targets, fmt, layer::SubscriberExt, util::SubscriberInitExt,
};

/// Selects what is logged.
const VARIABLE: &str = "RUST_LOG";

/// How logs look.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One object a line.
    Json,
}

/// Begins logging. `RUST_LOG` selects levels, of all or of a target each; without it, this level and what is graver.
#[expect(clippy::disallowed_methods, reason = "the command line's own environment")]
pub fn start(format: Option<LogFormat>, level: &str) {
    let terminal = io::stderr().is_terminal();
    let asked = env::var(VARIABLE).ok().filter(|text| !text.is_empty());
    let usual = || level.parse::<Targets>().unwrap_or_default();
    let (targets, wrong) = match asked.as_deref().map(str::parse) {
        None => (usual(), None),
        Some(Ok(targets)) => (targets, None),
        Some(Err(error)) => (usual(), Some(error)),
    };
    let layer = fmt::layer::<Registry>().with_writer(io::stderr);
    let layer = match format.unwrap_or(if terminal { LogFormat::Text } else { LogFormat::Json }) {
        LogFormat::Text => layer.with_ansi(terminal).with_target(false).boxed(),
        LogFormat::Json => layer.json().boxed(),
    };
    if tracing_subscriber::registry().with(layer).with(targets).try_init().is_err() {
        eprintln!("logging was started already");
    }
    if let Some(error) = wrong {
        tracing::warn!(
            variable = VARIABLE,
            %error,
            "not used; expected levels such as `debug`, or `info,genesys_emulator::ops=debug`"
        );
    }
}
