//! How long it takes until another key signs.

use std::{
    thread,
    time::{Duration, Instant},
};

use super::{
    Outcome, Plan,
    load::Connection,
    median,
    server::{Server, post},
    table::Row,
};

/// What a rotation may take, in milliseconds.
const LONGEST: f64 = 1.0;
/// Rotations within the committed pool, which has sixteen keys, and behind it.
const ROTATIONS: [usize; 2] = [14, 8];
/// The pause before each one behind the pool: keys are made meanwhile.
const PAUSE: Duration = Duration::from_secs(2);

pub fn measure(_: &Plan) -> Outcome<Vec<Row>> {
    let emulator = Server::emulator()?;
    let bearer = format!("Authorization: Bearer {}\r\n", emulator.access_token()?);
    let token = post("/api/v2/webchat/guest", "application/json", &bearer, r#"{"name":"Ann"}"#);
    let rotate = post("/__admin/keys/platform/rotate", "application/json", "", r#"{"mode":"hard"}"#);
    let mut connection = Connection::open(emulator.address)?;
    let mut timed = |requests: &[&[u8]]| -> Outcome<f64> {
        let begin = Instant::now();
        for request in requests {
            connection.ask(request)?;
        }
        Ok(begin.elapsed().as_secs_f64() * 1e3)
    };
    timed(&[&token])?;
    let mut rows = Vec::new();
    for (what, rotations, pause) in
        [("within the pool", ROTATIONS[0], Duration::ZERO), ("behind the pool", ROTATIONS[1], PAUSE)]
    {
        let (mut usual, mut turned) = (Vec::new(), Vec::new());
        for _ in 0..rotations {
            thread::sleep(pause);
            usual.push(timed(&[&token])?);
            turned.push(timed(&[&rotate, &token])?);
        }
        let (usual, turned) = (median(&usual), median(&turned));
        let more = turned - usual;
        rows.push(Row {
            what: format!("a hard rotation and the next guest token, {what}, p50"),
            emulator: format!("{turned:.2} ms"),
            beside: format!("the token alone {usual:.2} ms"),
            figure: format!("+ {more:.2} ms"),
            goal: "<= + 1 ms",
            met: more <= LONGEST,
        });
    }
    Ok(rows)
}
