//! Answers a second, beside those of the bare server.

use super::{
    Outcome, Plan, bare,
    load::{Until, once, saturate},
    server::{Server, get, token_form, token_request},
    table::{Row, Share},
};

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
    let row = |((what, ..), rates): (&(String, _, _), _)| Row::of_rates(what.clone(), &rates, Share::MOST);
    Ok(pairs.iter().zip(rates).map(row).collect())
}
