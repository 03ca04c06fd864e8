//! What a thousand faults cost that are about something else.

use std::{fmt::Write, fs};

use super::{
    Outcome, Plan,
    load::{Until, once, saturate},
    median,
    server::{Server, get},
    table::Row,
};

/// Faults that are set.
const FAULTS: usize = 1_000;
/// What they leave of the rate.
const SHARE: f64 = 0.85;

/// A scenario file with so many faults of every kind of condition, none of which is about a configuration.
fn scenario() -> String {
    let mut text = "name: many\nfaults:\n".to_owned();
    for nth in 0..FAULTS {
        let when = match nth % 4 {
            0 => format!("path: /api/v2/users/{nth}"),
            1 => format!("path: \"/api/v2/users/*/skills/{nth}\""),
            2 => format!("surface: api, header: {{ x-nth: \"{nth}\" }}"),
            _ => format!("action: onMessage, session: session-{nth}"),
        };
        let effect = if nth % 4 == 3 { "close_socket: {}" } else { "respond: { status: 503 }" };
        let _ = writeln!(text, "  - {{ id: f{nth}, when: {{ {when} }}, effect: {{ {effect} }} }}");
    }
    text
}

pub fn measure(plan: &Plan) -> Outcome<Vec<Row>> {
    let file = tempfile::Builder::new().suffix(".yaml").tempfile()?;
    fs::write(file.path(), scenario())?;
    let (with, without) = (Server::emulator_with(file.path())?, Server::emulator()?);
    let path = format!("/webdeployments/v1/deployments/{}/config.json", without.org()?.deployment_id);
    let config = [get(&path, "")];
    let mut rates: [Vec<f64>; 2] = Default::default();
    once(with.address, &config[0])?;
    for _ in 0..plan.rounds {
        for (server, rates) in [&with, &without].into_iter().zip(&mut rates) {
            rates.push(saturate(server.address, &config, Until::Passed(plan.span))?);
        }
    }
    let [with, without] = rates.each_ref().map(|rates| median(rates));
    Ok(vec![Row {
        what: format!("GET config.json with {FAULTS} faults that are about other requests"),
        emulator: format!("{with:.0}/s"),
        beside: format!("{without:.0}/s without"),
        figure: format!("{:.2} x", with / without),
        goal: ">= 0.85 x",
        met: with >= SHARE * without,
    }])
}
