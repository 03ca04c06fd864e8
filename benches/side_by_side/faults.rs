//! What faults cost that do not bite: none at all, and a thousand that are about something else.

use std::{fmt::Write, fs, time::Duration};

use genesys_emulator::{Emulator, laboratory::Laboratory};

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
/// What asking for faults may cost of a request, where there are none.
const OF_A_REQUEST: f64 = 0.02;
/// In process, turns are short and many, so that both have the same luck.
const TURNS: u32 = 20;

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
    let mut rows = vec![Row {
        what: format!("GET config.json with {FAULTS} faults that are about other requests"),
        emulator: format!("{with:.0}/s"),
        beside: format!("{without:.0}/s without"),
        figure: format!("{:.2} x", with / without),
        goal: ">= 0.85 x",
        met: with >= SHARE * without,
    }];
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    rows.extend(runtime.block_on(in_process(plan, file.path(), &path))?);
    Ok(rows)
}

/// The same without a connection between, so that nothing hides what faults cost.
async fn in_process(plan: &Plan, many: &std::path::Path, path: &str) -> Outcome<Vec<Row>> {
    let many = many.to_str().ok_or("the path is no text")?;
    let (with, without) = (
        Emulator::builder().limits(false).scenario(many).start().await?,
        Emulator::builder().limits(false).start().await?,
    );
    let of = |emulator| Laboratory::of(emulator).ok_or("the world has an org");
    let (with, without) = (of(&with)?, of(&without)?);
    let (mut shares, mut asked) = (Vec::new(), Vec::new());
    let (mut rates, mut bare) = (Vec::new(), Vec::new());
    let span: Duration = plan.span / TURNS;
    let wrong = "a request is not answered";
    for _ in 0..TURNS * u32::try_from(plan.rounds)? {
        let ours = with.answers(path, span).await.ok_or(wrong)?;
        let theirs = without.answers(path, span).await.ok_or(wrong)?;
        let askings = without.askings(span);
        shares.push(ours / theirs);
        asked.push(theirs / askings);
        rates.push(ours);
        bare.push(theirs);
    }
    let (share, asked) = (median(&shares), median(&asked));
    let nanos = |rate: f64| 1e9 / rate;
    let (rate, bare) = (nanos(median(&rates)), nanos(median(&bare)));
    Ok(vec![
        Row {
            what: format!("GET config.json in process with {FAULTS} faults that are about other requests"),
            emulator: format!("{rate:.0} ns"),
            beside: format!("{bare:.0} ns without"),
            figure: format!("{:.1} % more", (1.0 / share - 1.0) * 100.0),
            goal: "<= 15 % more",
            met: share >= 1.0 / 1.15,
        },
        Row {
            what: "asking at six places for faults, none set, beside a GET config.json in process".to_owned(),
            emulator: format!("{:.0} ns", asked * bare),
            beside: format!("{bare:.0} ns"),
            figure: format!("{:.2} %", asked * 100.0),
            goal: "<= 2 %",
            met: asked <= OF_A_REQUEST,
        },
    ])
}
