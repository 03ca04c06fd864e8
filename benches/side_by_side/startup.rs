//! From exec to the first answer, in fresh processes of both kinds by turns.

use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use super::{
    Outcome, Plan, bare, median,
    server::{self, Process, get, token_form},
    table::Row,
};

/// Between two attempts to connect.
const POLL: Duration = Duration::from_micros(50);
/// A server that does not answer by then does not answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// The document of the bare server.
const DOCUMENT: usize = 64;

pub fn measure(plan: &Plan) -> Outcome<Vec<Row>> {
    let health = get("/__admin/health", "");
    let token = token_form("/oauth/token", "emulator-client", "emulator-secret");
    let document = get(bare::DOCUMENT, "");
    let bare_token = token_form(bare::TOKEN, "a", "b");
    let mut took: [Vec<f64>; 4] = Default::default();
    for _ in 0..plan.starts {
        for (kind, request) in [&health, &document, &token, &bare_token].into_iter().enumerate() {
            let address = server::free_address()?;
            let command = match kind % 2 {
                0 => server::emulator(&address.to_string()),
                _ => bare::command(&address.to_string(), DOCUMENT)?,
            };
            took[kind].push(first_answer(command, address, request)?.as_secs_f64() * 1e3);
        }
    }
    let [health, document, token, bare_token] = took.map(|took| median(&took));
    let row = |what: &str, (emulator, bare): (f64, f64), figure, goal, met| Row {
        what: format!("exec to the first answer of {what}"),
        emulator: format!("{emulator:.2} ms"),
        beside: format!("bare {bare:.2} ms"),
        figure,
        goal,
        met,
    };
    Ok(vec![
        row(
            "/__admin/health",
            (health, document),
            format!("{:.2} x", health / document),
            "<= 2 x bare and <= 15 ms",
            health <= 2.0 * document && health <= 15.0,
        ),
        row(
            "/oauth/token",
            (token, bare_token),
            format!("+{:.2} ms", token - bare_token),
            "<= bare + 5 ms",
            token <= bare_token + 5.0,
        ),
    ])
}

fn first_answer(command: Command, address: SocketAddr, request: &[u8]) -> Outcome<Duration> {
    let begin = Instant::now();
    let _process = Process::silent(command)?;
    while begin.elapsed() < PATIENCE {
        match TcpStream::connect(address) {
            Ok(mut stream) => {
                stream.set_read_timeout(Some(PATIENCE))?;
                stream.write_all(request)?;
                let mut status = [0; 12];
                stream.read_exact(&mut status)?;
                return match &status {
                    b"HTTP/1.1 200" => Ok(begin.elapsed()),
                    other => Err(String::from_utf8_lossy(other).into()),
                };
            }
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => thread::sleep(POLL),
            Err(error) => return Err(error.into()),
        }
    }
    Err("a server did not begin to listen".into())
}
