//! What `serve` and `exec` can be told of an emulator: flags before variables before defaults.

use std::{path::PathBuf, str::FromStr};

use clap::{Args, ValueEnum};

use super::{ca::Place, logging};
use crate::{
    base::{clock::Rate, time::Timestamp},
    builder::Builder,
};

/// Where it listens, unless something else is said.
pub const LISTEN: &str = "127.0.0.1:4363";

/// Where clients reach what listens there.
pub fn reachable(listen: &str) -> String {
    // what listens on every address is asked on loopback
    format!("http://{}", listen.replacen("0.0.0.0", "127.0.0.1", 1).replacen("[::]", "[::1]", 1))
}

/// Whom the platform may ask.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Fetch {
    /// Anybody.
    Any,
    /// This machine alone.
    Loopback,
}

/// `on` or `off`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Switch {
    On,
    Off,
}

/// A number, or `random`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seed(pub u64);

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
pub enum ClockStart {
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

/// An `http` or `https` URL without a trailing slash.
pub fn public_url(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    match rest.filter(|rest| !rest.trim_matches('/').is_empty() && !rest.contains(['?', '#', ' '])) {
        Some(_) => Ok(text.trim_end_matches('/').to_owned()),
        None => Err(format!("`{text}` is not an http or https URL such as http://emulator:4363")),
    }
}

/// What an emulator can be told.
#[derive(Clone, Debug, Args)]
pub struct Settings {
    /// Are scenario files loaded again when they change? SIGHUP loads them again in any case
    #[arg(long, env = "GENESYS_EMULATOR_WATCH", value_name = "on|off", default_value = "off")]
    pub watch: Switch,
    /// Address to listen on; port 0 is a free one [default: 127.0.0.1:4363, with `exec` a free port]
    #[arg(long, env = "GENESYS_EMULATOR_LISTEN", value_name = "ADDR")]
    pub listen: Option<String>,
    /// A second address, which serves /__admin alone
    #[arg(long, env = "GENESYS_EMULATOR_ADMIN_LISTEN", value_name = "ADDR")]
    admin_listen: Option<String>,
    /// A built-in scenario or a file; repeatable, later ones lie over earlier ones [default: default]
    #[arg(long, env = "GENESYS_EMULATOR_SCENARIO", value_name = "NAME|FILE", value_delimiter = ',')]
    pub scenario: Vec<String>,
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
    /// Does the journal show credentials and custom attributes as they came? Findings, explanations and logs never do
    #[arg(long, env = "GENESYS_EMULATOR_SHOW_SECRETS", value_name = "on|off", default_value = "off")]
    show_secrets: Switch,
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
    /// Is TLS spoken on the port too?
    #[arg(long, env = "GENESYS_EMULATOR_TLS", value_name = "on|off", default_value = "on")]
    pub tls: Switch,
    #[command(flatten)]
    pub ca: Place,
    /// A host that is not the platform's and is reached through the proxy all the same; repeatable
    #[arg(long, env = "GENESYS_EMULATOR_PROXY_PASS", value_name = "HOST", value_delimiter = ',')]
    proxy_pass: Vec<String>,
    /// How logs look on stderr [default: text on a terminal, else json]
    #[arg(long, env = "GENESYS_EMULATOR_LOG_FORMAT", value_name = "text|json")]
    pub log_format: Option<logging::LogFormat>,
    /// The ready line is also written to this file
    #[arg(long, env = "GENESYS_EMULATOR_READY_FILE", value_name = "FILE")]
    pub ready_file: Option<PathBuf>,
}

impl Settings {
    /// An emulator that is as told; it listens there, unless something else was said.
    pub fn builder(&self, listen: &str) -> Builder {
        let told = self.clone();
        Builder {
            listen: told.listen.unwrap_or_else(|| listen.to_owned()),
            admin_listen: told.admin_listen,
            scenarios: told.scenario,
            seed: told.seed.map(|Seed(seed)| seed),
            clock: told.clock.map(|start| match start {
                ClockStart::System => None,
                ClockStart::At(at) => Some(at),
            }),
            clock_rate: told.clock_rate,
            limits: told.limits == Switch::On,
            inject: told.inject == Switch::On,
            show_secrets: told.show_secrets == Switch::On,
            public_url: told.public_url,
            allowed_hosts: told.allowed_host,
            admin_token: told.admin_token,
            confine_fetches: told.fetch == Fetch::Loopback,
            tls: told.tls == Switch::On,
            authority: told.ca.home(),
            domains: told.ca.domain,
            proxy_pass: told.proxy_pass.into_iter().map(|host| host.to_ascii_lowercase()).collect(),
            ..Builder::default()
        }
    }
}
