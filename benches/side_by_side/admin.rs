//! How long the admin API takes while everything else is busy and every fault bites.

use std::{
    fs,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    thread,
    time::Duration,
};

use super::{
    Outcome, Plan,
    load::{Until, paced, saturate},
    server::{Server, get, token_request},
    table::Row,
};

/// Questions a second.
const PACE: u32 = 200;
/// Of the time that it takes on an idle emulator.
const TIMES: u32 = 3;
/// Or less than this.
const LIMIT: Duration = Duration::from_millis(5);

/// Two faults that bite at each request of the load.
const SCENARIO: &str = "name: busy\nfaults:\n  \
    - { id: late, when: { path: /oauth/token }, effect: { skew_date: { ahead: 1m } } }\n  \
    - { id: other, when: { surface: cdn }, effect: { respond: { status: 200, body: '{}' } } }\n";

fn p90(mut took: Vec<Duration>) -> Outcome<Duration> {
    took.sort_unstable();
    Ok(*took.get(took.len() * 9 / 10).ok_or("nothing was asked")?)
}

/// The ninth of ten answers while `work` goes on.
fn asked(server: &Server, work: impl FnOnce() -> Outcome<()>) -> Outcome<Duration> {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let probes = scope.spawn(|| paced(server.address, &get("/__admin/faults", ""), PACE, &stop));
        let worked = work();
        stop.store(true, Relaxed);
        let took = probes.join().map_err(|_| "the probes panicked")??;
        worked.and_then(|()| p90(took))
    })
}

pub fn measure(plan: &Plan) -> Outcome<Vec<Row>> {
    let file = tempfile::Builder::new().suffix(".yaml").tempfile()?;
    fs::write(file.path(), SCENARIO)?;
    let server = Server::emulator_with(file.path())?;
    let org = server.org()?;
    let config = get(&format!("/webdeployments/v1/deployments/{}/config.json", org.deployment_id), "");
    let requests = [token_request(org), config];
    let idle = asked(&server, || {
        thread::sleep(plan.span);
        Ok(())
    })?;
    let mut rate = 0.0;
    let busy = asked(&server, || {
        rate = saturate(server.address, &requests, Until::Passed(plan.span))?;
        Ok(())
    })?;
    let millis = |took: Duration| took.as_secs_f64() * 1e3;
    Ok(vec![Row {
        what: format!("GET /__admin/faults, p90, beside {rate:.0} requests/s at which faults bite"),
        emulator: format!("{:.2} ms", millis(busy)),
        beside: format!("{:.2} ms idle", millis(idle)),
        figure: format!("{:.1} x", millis(busy) / millis(idle)),
        goal: "<= 3 x or <= 5 ms",
        met: busy <= TIMES * idle || busy <= LIMIT,
    }])
}
