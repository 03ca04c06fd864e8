//! Sockets of messaging and of notification channels beside sockets with nothing behind them.

pub mod client;
pub mod connecting;
pub mod echo;
pub mod fan_out;
pub mod history;
pub mod idle;
pub mod notifications;
pub mod slow_reader;

use rustix::process::{Resource, getrlimit, setrlimit};

use super::{Outcome, server::Server};

/// A deployment that no bot answers in; the rest is the default world.
pub const QUIET: &str = "00000000-0000-4000-8000-0000000000d0";
/// Connections of one session.
const CONNECTIONS: usize = 3;
/// Open files that are no sockets.
const OTHERS: usize = 256;

/// The emulator with [`QUIET`].
pub fn quiet_emulator() -> Outcome<Server> {
    let scenario = tempfile::NamedTempFile::with_suffix(".yaml")?;
    let world = format!("world: {{ orgs: [ {{ deployments: {{ quiet: {{ id: {QUIET} }} }} }} ] }}\n");
    std::fs::write(scenario.path(), world)?;
    Server::emulator_with(scenario.path())
}

/// Where a socket of a deployment is opened.
pub fn path(deployment: &str) -> String {
    format!("/v1?deploymentId={deployment}")
}

/// The token of a session.
pub fn token(nth: usize) -> String {
    format!("5e551010-0000-4000-8000-{nth:012}")
}

/// What a guest says.
fn message(token: &str, text: &str) -> Outcome<Vec<u8>> {
    let frame =
        format!(r#"{{"action":"onMessage","token":"{token}","message":{{"type":"Text","text":"{text}"}}}}"#);
    client::masked(&frame)
}

/// What a client asks to see whether the socket is there.
fn echo_request(token: &str, text: &str) -> Outcome<Vec<u8>> {
    let frame =
        format!(r#"{{"action":"echo","token":"{token}","message":{{"type":"Text","text":"{text}"}}}}"#);
    client::masked(&frame)
}

fn raise_open_files(sockets: usize) -> Outcome<()> {
    let needed = (sockets + OTHERS) as u64;
    let mut limit = getrlimit(Resource::Nofile);
    if limit.maximum.is_some_and(|maximum| maximum < needed) {
        let maximum = limit.maximum.unwrap_or_default();
        return Err(format!("{needed} open files are needed, the hard limit is {maximum}").into());
    }
    limit.current = limit.maximum;
    Ok(setrlimit(Resource::Nofile, limit)?)
}
