//! What an idle messaging session costs: an open socket with a session of its own. And what is left of it afterwards.
//! The journal, which is bounded and belongs to no session, is full before.

use std::{net::SocketAddr, thread, time::Duration};

use super::{
    super::{Outcome, Plan, bare, server::Server, table::Row},
    client::{self, Client},
    echo_request, path, raise_open_files, token,
};

/// Sockets opened before memory is looked at for the first time.
const WARM: usize = 64;
/// By then what was opened or closed last is at rest.
const SETTLED: Duration = Duration::from_millis(300);
/// How often all of them are opened and closed. The sessions stay the same: they outlive their sockets.
const TIMES: usize = 3;
/// Frames that fill a journal, with their answers.
const FILLING: usize = 10_000;

/// Resident memory, in KiB.
struct Held {
    before: u64,
    open: Vec<u64>,
    closed: Vec<u64>,
}

impl Held {
    fn each(&self, sockets: usize) -> f64 {
        self.open[0].saturating_sub(self.before) as f64 / sockets as f64
    }
}

pub fn measure(plan: &Plan) -> Outcome<Vec<Row>> {
    raise_open_files(plan.sockets + WARM)?;
    let (emulator, bare) = (Server::emulator()?, Server::bare(64)?);
    let deployment = emulator.org()?.deployment_id.clone();
    let path = path(&deployment);
    let session = |address: SocketAddr, nth: usize| -> Outcome<Client> {
        let mut client = Client::upgrade(address, &path)?;
        client.configure(&deployment, &token(nth))?;
        Ok(client)
    };
    let mut guest = session(emulator.address, plan.sockets + WARM)?;
    guest.exchange(&echo_request(&token(plan.sockets + WARM), &"x".repeat(300))?, FILLING)?;
    let held = held(&emulator, plan.sockets, TIMES, session)?;
    let echo = bare::sockets::echo(64);
    let beside =
        self::held(&bare, plan.sockets, 1, |address, _| Client::upgrade(address, &echo))?.each(plan.sockets);
    let each = held.each(plan.sockets);
    let [first, .., last] = held.closed.as_slice() else { return Err("nothing was closed".into()) };
    let left = *last as f64 / *first as f64;
    let mib = |kib: u64| kib as f64 / 1024.0;
    Ok(vec![
        Row {
            what: format!("an idle configured session, of {}", plan.sockets),
            emulator: format!("{:.1} MiB in all", mib(held.open[0])),
            beside: format!("a bare socket {beside:.1} KiB"),
            figure: format!("{each:.1} KiB"),
            goal: "<= 12 KiB",
            met: each <= 12.0,
        },
        Row {
            what: format!("resident memory after they were closed {TIMES} times"),
            emulator: format!("{:.1} MiB", mib(*last)),
            beside: format!("{:.1} MiB after the first time", mib(*first)),
            figure: format!("{left:.2} x"),
            goal: "<= 1.1 x",
            met: left <= 1.1,
        },
    ])
}

/// Opens and closes so many sockets so often.
fn held(
    server: &Server,
    sockets: usize,
    times: usize,
    one: impl Fn(SocketAddr, usize) -> Outcome<Client> + Sync,
) -> Outcome<Held> {
    let one = |nth| one(server.address, nth);
    let _warm = client::open(0..WARM, one)?;
    thread::sleep(SETTLED);
    let files = server.process.open_files()?;
    let mut held = Held { before: server.process.resident()?, open: Vec::new(), closed: Vec::new() };
    for _ in 0..times {
        let all = client::open(WARM..WARM + sockets, one)?;
        thread::sleep(SETTLED);
        held.open.push(server.process.resident()?);
        all.iter().try_for_each(Client::is_idle)?;
        drop(all);
        server.process.closes_down_to(files)?;
        thread::sleep(SETTLED);
        held.closed.push(server.process.resident()?);
    }
    Ok(held)
}
