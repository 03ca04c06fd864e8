//! What the journal costs of a request, without a connection between.

use std::time::Duration;

use genesys_emulator::{Emulator, laboratory::Laboratory};

use super::{Outcome, Plan, median, table::Row};

/// What it may cost.
const SHARE: f64 = 0.1;
/// In process, turns are short and many, so that both have the same luck.
const TURNS: u32 = 20;

pub fn measure(plan: &Plan) -> Outcome<Vec<Row>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(in_process(plan))
}

async fn in_process(plan: &Plan) -> Outcome<Vec<Row>> {
    let emulator = Emulator::builder().limits(false).start().await?;
    let laboratory = Laboratory::of(&emulator).ok_or("the world has an org")?;
    let deployment = emulator.deployment_id().ok_or("the org has a deployment")?;
    let path = format!("/webdeployments/v1/deployments/{deployment}/config.json");
    let span: Duration = plan.span / TURNS;
    let (mut shares, mut requests) = (Vec::new(), Vec::new());
    for _ in 0..TURNS * u32::try_from(plan.rounds)? {
        let answered = laboratory.answers(&path, span).await.ok_or("a request is not answered")?;
        let kept = laboratory.entries(&path, span).await.ok_or("a request is not answered")?;
        shares.push(answered / kept);
        requests.push(1e9 / answered);
    }
    let (share, request) = (median(&shares), median(&requests));
    Ok(vec![Row {
        what: "the journal's entry of a GET config.json in process, full".to_owned(),
        emulator: format!("{:.0} ns", share * request),
        beside: format!("{request:.0} ns the request"),
        figure: format!("{:.1} %", share * 100.0),
        goal: "<= 10 %",
        met: share <= SHARE,
    }])
}
