//! Resident memory: at rest, and while requests go on and on.

use std::{thread, time::Duration};

use super::{
    Outcome, Plan,
    load::{Until, once, saturate},
    server::{Server, get, token_request},
    table::Row,
};

/// Start-up work in the background is over by then.
const SETTLED: Duration = Duration::from_secs(1);

fn mib(kib: u64) -> f64 {
    kib as f64 / 1024.0
}

/// After start and one request.
pub fn idle(_: &Plan) -> Outcome<Vec<Row>> {
    let (emulator, bare) = (Server::emulator()?, Server::bare(64)?);
    once(emulator.address, &get("/__admin/health", ""))?;
    once(bare.address, &get(super::bare::DOCUMENT, ""))?;
    thread::sleep(SETTLED);
    let (resident, beside) = (mib(emulator.process.resident()?), mib(bare.process.resident()?));
    Ok(vec![Row {
        what: "resident memory, idle".to_owned(),
        emulator: format!("{resident:.1} MiB"),
        beside: format!("bare {beside:.1} MiB"),
        figure: format!("{resident:.1} MiB"),
        goal: "<= 12 MiB",
        met: resident <= 12.0,
    }])
}

/// Half token POSTs, half GETs with a token.
pub fn under_load(plan: &Plan) -> Outcome<Vec<Row>> {
    let emulator = Server::emulator()?;
    let bearer = format!("Authorization: Bearer {}\r\n", emulator.access_token()?);
    let requests = [token_request(emulator.org()?), get("/api/v2/oauth/publickey", &bearer)];
    let (early, late) = plan.requests;
    saturate(emulator.address, &requests, Until::Answered(early))?;
    let before = mib(emulator.process.resident()?);
    saturate(emulator.address, &requests, Until::Answered(late - early))?;
    let after = mib(emulator.process.resident()?);
    Ok(vec![Row {
        what: format!("resident memory after {} k requests", late / 1000),
        emulator: format!("{after:.1} MiB"),
        beside: format!("{before:.1} MiB after {} k", early / 1000),
        figure: format!("{:.2} x", after / before),
        goal: "<= 1.1 x",
        met: after <= 1.1 * before,
    }])
}
