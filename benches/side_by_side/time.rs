//! How long a year takes in which ten thousand timers are due, and how long an org takes to be put back.

use std::time::Instant;

use super::{
    Outcome, Plan,
    load::Connection,
    median,
    server::{Server, get},
    sockets::{QUIET, client::Client, path, quiet_emulator, token},
    table::Row,
};

/// Sessions, each of which expires once.
const TIMERS: usize = 10_000;
/// Sessions of an org that is put back.
const ENTITIES: usize = 1_000;

/// So many configured sessions, whose sockets are closed again.
fn sessions(emulator: &Server, count: usize) -> Outcome<()> {
    for nth in 0..count {
        Client::upgrade(emulator.address, &path(QUIET))?.configure(QUIET, &token(nth))?;
    }
    Ok(())
}

fn put(path: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("PUT {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

pub fn measure(plan: &Plan) -> Outcome<Vec<Row>> {
    let emulator = quiet_emulator()?;
    sessions(&emulator, TIMERS)?;
    let mut connection = Connection::open(emulator.address)?;
    let begin = Instant::now();
    let answer = connection.ask(&put("/__admin/clock", br#"{"advance":"8760h"}"#))?;
    let year = begin.elapsed().as_secs_f64() * 1e3;
    let fired = String::from_utf8_lossy(answer).into_owned();
    if !fired.contains(&format!(r#""fired":{TIMERS}"#)) {
        return Err(format!("not {TIMERS} timers: {fired}").into());
    }
    let emulator = quiet_emulator()?;
    sessions(&emulator, ENTITIES)?;
    let mut connection = Connection::open(emulator.address)?;
    let snapshot = connection.ask(&get("/__admin/state", ""))?.to_vec();
    let restore = put("/__admin/state", &snapshot);
    let mut took = Vec::new();
    for _ in 0..plan.rounds.max(5) {
        let begin = Instant::now();
        connection.ask(&restore)?;
        took.push(begin.elapsed().as_secs_f64() * 1e3);
    }
    let restored = median(&took);
    Ok(vec![
        Row {
            what: format!("a year in which {TIMERS} timers are due"),
            emulator: format!("{year:.0} ms"),
            beside: String::new(),
            figure: String::new(),
            goal: "< 100 ms",
            met: year < 100.0,
        },
        Row {
            what: format!("putting back a snapshot of {ENTITIES} sessions ({} KiB)", snapshot.len() / 1024),
            emulator: format!("{restored:.1} ms"),
            beside: String::new(),
            figure: String::new(),
            goal: "<= 5 ms",
            met: restored <= 5.0,
        },
    ])
}
