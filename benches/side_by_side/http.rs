//! Answers a second, beside those of the bare server.

use super::{
    Outcome, Plan, bare,
    load::{Until, once, saturate},
    median,
    server::{Server, get, token_form, token_request},
    table::Row,
};

/// What the emulator has to reach of the bare server's rate.
const SHARE: f64 = 0.6;

pub fn measure(plan: &Plan) -> Outcome<Vec<Row>> {
    let emulator = Server::emulator()?;
    let org = emulator.org()?;
    let config = get(&format!("/webdeployments/v1/deployments/{}/config.json", org.deployment_id), "");
    let bytes = once(emulator.address, &config)?.len();
    let bare = Server::bare(bytes)?;
    let pairs = [
        (format!("GET config.json, {bytes} bytes"), [config], [get(bare::DOCUMENT, "")]),
        (
            "POST /oauth/token".to_owned(),
            [token_request(org)],
            [token_form(bare::TOKEN, &org.client_id, &org.client_secret)],
        ),
    ];
    let mut rates: [[Vec<f64>; 2]; 2] = Default::default();
    for _ in 0..plan.rounds {
        for ((_, ours, theirs), rates) in pairs.iter().zip(&mut rates) {
            let until = Until::Passed(plan.span);
            rates[0].push(saturate(emulator.address, ours, until)?);
            rates[1].push(saturate(bare.address, theirs, until)?);
        }
    }
    let row = |((what, ..), rates): (&(String, _, _), [Vec<f64>; 2])| {
        let [ours, theirs] = rates.map(|rates| median(&rates));
        Row {
            what: what.clone(),
            emulator: format!("{ours:.0}/s"),
            beside: format!("bare {theirs:.0}/s"),
            figure: format!("{:.2} x", ours / theirs),
            goal: ">= 0.6 x bare",
            met: ours >= SHARE * theirs,
        }
    };
    Ok(pairs.iter().zip(rates).map(row).collect())
}
