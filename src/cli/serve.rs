//! `serve`: starts the emulator and stays.

use std::{fs, io::Write, path::PathBuf, str::FromStr};

use clap::{Args, ValueEnum};
use serde::Serialize;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{Exit, logging, watch};
use crate::{
    base::{clock::Rate, suggest, time::Timestamp},
    emulator::{Builder, Emulator, StartError},
    net::limits::raise_open_files,
};

/// Whom the platform may ask.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Fetch {
    /// Anybody.
    Any,
    /// This machine alone.
    Loopback,
}

/// `on` or `off`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Switch {
    On,
    Off,
}

/// A number, or `random`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Seed(u64);

impl FromStr for Seed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "random" {
            return Ok(Self(fresh_seed()));
        }
        text.parse().map(Self).map_err(|_| format!("`{text}` is not a seed; expected a number or `random`"))
    }
}

#[expect(clippy::disallowed_methods, reason = "`--seed random` asks for it; the seed is in the ready line")]
fn fresh_seed() -> u64 {
    u64::from(rand::random::<u32>())
}

/// `system`, or a time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum ClockStart {
    System,
    At(Timestamp),
}

impl FromStr for ClockStart {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "system" => Ok(Self::System),
            time => time.parse().map(Self::At).map_err(|error| format!("{error}, or `system`")),
        }
    }
}

fn rate(text: &str) -> Result<Rate, String> {
    match text.parse::<f64>() {
        _ if text == "auto" => Ok(Rate::Auto),
        Ok(times) if (0.0..=1_000_000.0).contains(&times) => Ok(Rate::Times(times)),
        _ => {
            Err(format!("`{text}` is not a rate; expected a number from 0 (frozen) to 1,000,000, or `auto`"))
        }
    }
}

fn public_url(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    match rest.filter(|rest| !rest.trim_matches('/').is_empty() && !rest.contains(['?', '#', ' '])) {
        Some(_) => Ok(text.trim_end_matches('/').to_owned()),
        None => Err(format!("`{text}` is not an http or https URL such as http://emulator:4363")),
    }
}

/// What `serve` can be told.
#[derive(Debug, Args)]
pub struct Serve {
    /// Are scenario files loaded again when they change? SIGHUP loads them again in any case
    #[arg(long, env = "GENESYS_EMULATOR_WATCH", value_name = "on|off", default_value = "off")]
    watch: Switch,
    /// Address to listen on; port 0 is a free one
    #[arg(long, env = "GENESYS_EMULATOR_LISTEN", value_name = "ADDR", default_value = "127.0.0.1:4363")]
    listen: String,
    /// A second address, which serves /__admin alone
    #[arg(long, env = "GENESYS_EMULATOR_ADMIN_LISTEN", value_name = "ADDR")]
    admin_listen: Option<String>,
    /// A built-in scenario or a file; repeatable, later ones lie over earlier ones
    #[arg(
        long,
        env = "GENESYS_EMULATOR_SCENARIO",
        value_name = "NAME|FILE",
        value_delimiter = ',',
        default_value = "default"
    )]
    scenario: Vec<String>,
    /// Seed of everything that looks random [default: the scenario's, else 1]
    #[arg(long, env = "GENESYS_EMULATOR_SEED", value_name = "N|random")]
    seed: Option<Seed>,
    /// Where org clocks start: `system` or an RFC 3339 time [default: the scenario's, else system]
    #[arg(long, env = "GENESYS_EMULATOR_CLOCK", value_name = "TIME")]
    clock: Option<ClockStart>,
    /// How fast org clocks go: 0 is frozen, `auto` jumps to the next timer when nothing else is to be done
    #[arg(long, env = "GENESYS_EMULATOR_CLOCK_RATE", value_name = "N|auto", default_value = "1", value_parser = rate)]
    clock_rate: Rate,
    /// Do emulated rate limits answer? `off` is for load tests
    #[arg(long, env = "GENESYS_EMULATOR_LIMITS", value_name = "on|off", default_value = "on")]
    limits: Switch,
    /// May a request ask for a fault by `X-Emulator-Inject`?
    #[arg(long, env = "GENESYS_EMULATOR_INJECT", value_name = "on|off", default_value = "on")]
    inject: Switch,
    /// What absolute URLs and `iss` start with [default: the request's own base]
    #[arg(long, env = "GENESYS_EMULATOR_PUBLIC_URL", value_name = "URL", value_parser = public_url)]
    public_url: Option<String>,
    /// A further host name that pages may use /__admin from; repeatable
    #[arg(long, env = "GENESYS_EMULATOR_ALLOWED_HOST", value_name = "HOST", value_delimiter = ',')]
    allowed_host: Vec<String>,
    /// /__admin then wants `Authorization: Bearer TOKEN`
    #[arg(long, env = "GENESYS_EMULATOR_ADMIN_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    admin_token: Option<String>,
    /// Whom the platform may ask for documents of identity providers: anybody, or loopback alone
    #[arg(long, env = "GENESYS_EMULATOR_FETCH", value_name = "any|loopback", default_value = "any")]
    fetch: Fetch,
    /// How logs look on stderr [default: text on a terminal, else json]
    #[arg(long, env = "GENESYS_EMULATOR_LOG_FORMAT", value_name = "text|json")]
    log_format: Option<logging::LogFormat>,
    /// The ready line is also written to this file
    #[arg(long, env = "GENESYS_EMULATOR_READY_FILE", value_name = "FILE")]
    ready_file: Option<PathBuf>,
}

#[cfg(test)]
impl Serve {
    pub(super) fn augment(command: clap::Command) -> clap::Command {
        <Self as clap::Args>::augment_args(command)
    }
}

/// The line that says that everything is bound and ready.
#[derive(Serialize)]
struct Ready {
    event: &'static str,
    url: String,
    admin: String,
    seed: u64,
    org: Option<ReadyOrg>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReadyOrg {
    id: String,
    client_id: Option<String>,
    client_secret: Option<String>,
    deployment_id: Option<String>,
}

impl Ready {
    fn of(emulator: &Emulator) -> Self {
        let org = emulator.org_id().map(|id| {
            let (client_id, client_secret) = emulator.client().unzip();
            ReadyOrg { id, client_id, client_secret, deployment_id: emulator.deployment_id() }
        });
        Self { event: "ready", url: emulator.url(), admin: emulator.admin_url(), seed: emulator.seed(), org }
    }
}

/// Starts, stays until a signal, stops.
pub fn run(serve: Serve) -> Exit {
    logging::start(serve.log_format);
    warn_of_strange_variables();
    raise_open_files();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!(%error, "the runtime could not be started");
            return Exit::RunTime;
        }
    };
    runtime.block_on(stay(serve))
}

/// Orchestrators invent variables, so an unknown one is no error; but it may be a mistyped one.
#[expect(clippy::disallowed_methods, reason = "the command line's own environment")]
fn warn_of_strange_variables() {
    const PREFIX: &str = "GENESYS_EMULATOR_";
    let ours: Vec<String> = std::env::vars_os()
        .map(|(name, _)| name.to_string_lossy().into_owned())
        .filter(|name| name.starts_with(PREFIX))
        .collect();
    if ours.is_empty() {
        return;
    }
    let command = <Serve as clap::Args>::augment_args(clap::Command::new("serve"));
    let known: Vec<String> = command
        .get_arguments()
        .filter_map(|flag| Some(flag.get_env()?.to_string_lossy().into_owned()))
        .collect();
    const EXPORTED: [&str; 8] = [
        "URL",
        "ADMIN_URL",
        "ORG_ID",
        "CLIENT_ID",
        "CLIENT_SECRET",
        "DEPLOYMENT_ID",
        "AUTH_DEPLOYMENT_ID",
        "IDP_URL",
    ];
    for name in ours {
        if !known.contains(&name) && !EXPORTED.contains(&&name[PREFIX.len()..]) {
            let near = suggest::nearest(&name, known.iter().map(String::as_str));
            tracing::warn!(variable = %name, did_you_mean = near, "unknown variable, not used");
        }
    }
}

async fn stay(serve: Serve) -> Exit {
    let builder = Builder {
        listen: serve.listen,
        admin_listen: serve.admin_listen,
        scenarios: serve.scenario,
        seed: serve.seed.map(|Seed(seed)| seed),
        clock: serve.clock.map(|start| match start {
            ClockStart::System => None,
            ClockStart::At(at) => Some(at),
        }),
        clock_rate: serve.clock_rate,
        limits: serve.limits == Switch::On,
        inject: serve.inject == Switch::On,
        public_url: serve.public_url,
        allowed_hosts: serve.allowed_host,
        admin_token: serve.admin_token,
        confine_fetches: serve.fetch == Fetch::Loopback,
        ..Builder::default()
    };
    let signals = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()].map(signal);
    let [Ok(mut terminate), Ok(mut interrupt), Ok(mut hangup)] = signals else {
        tracing::error!("signals cannot be listened to");
        return Exit::RunTime;
    };
    let emulator = match builder.clone().start().await {
        Ok(emulator) => emulator,
        Err(error) => {
            eprintln!("genesys-emulator: {error}");
            return match error {
                StartError::AddressInUse(_) => Exit::AddressInUse,
                StartError::Configuration(_) | StartError::Listen { .. } => Exit::Configuration,
                StartError::Io(_) => Exit::RunTime,
            };
        }
    };
    if let Err(error) = announce(&emulator, serve.ready_file.as_ref()) {
        tracing::error!(%error, "the ready line could not be written");
        return Exit::RunTime;
    }
    let mut files = emulator.scenario_files();
    loop {
        tokio::select! {
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
            _ = hangup.recv() => {}
            () = watch::changed(&mut files), if serve.watch == Switch::On => {}
        }
        if reload(&builder, &emulator) {
            files = emulator.scenario_files();
        }
    }
    tracing::info!("stopping");
    tokio::select! {
        () = emulator.stop() => Exit::Fine,
        code = second(&mut terminate, &mut interrupt) => std::process::exit(code),
    }
}

async fn second(terminate: &mut Signal, interrupt: &mut Signal) -> i32 {
    tokio::select! {
        _ = terminate.recv() => 128 + 15,
        _ = interrupt.recv() => 128 + 2,
    }
}

/// Loads the scenario files again. Was that done?
fn reload(builder: &Builder, emulator: &Emulator) -> bool {
    match emulator.reload(builder) {
        Ok(()) => tracing::info!("the scenario files were loaded again"),
        Err(error) => {
            tracing::error!(%error, "the scenario files were not loaded again; everything stays as it was");
            return false;
        }
    }
    true
}

fn announce(emulator: &Emulator, file: Option<&PathBuf>) -> std::io::Result<()> {
    let line = serde_json::to_string(&Ready::of(emulator)).map_err(std::io::Error::other)?;
    if let Some(file) = file {
        // whoever waits for the file must not read half of it
        let part = file.with_extension("part");
        fs::write(&part, format!("{line}\n"))?;
        fs::rename(part, file)?;
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()?;
    tracing::info!(url = emulator.url(), admin = emulator.admin_url(), "ready");
    Ok(())
}
