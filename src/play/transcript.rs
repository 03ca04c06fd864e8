//! Not for users: everything that came and went while scripts were played, to be compared with another time.

use std::time::Duration;

use serde_json::Value;

use super::{
    check::{boot_at, in_order, stage},
    player::{Audience, Player},
    report::Played,
    stage::Stage,
};
use crate::{
    base::clock::wall,
    builder::Builder,
    emulator::StartError,
    scenario::{load::Scenario, step::Step},
};

/// How often it is looked whether somebody still waits, and how long that takes.
const LOOK: Duration = Duration::from_millis(10);
const LOOKS: u32 = 500;

/// Writes down what each step was told.
struct Scribe(String);

impl Audience for Scribe {
    async fn before(&mut self, _n: usize, _step: &Step, _did: &str, _curl: Option<&str>) {}

    async fn after(&mut self, played: &Played, told: &Value) {
        let mut told = told.clone();
        scrub(&mut told);
        self.0 += &format!("{} {}: {told}\n", played.step, played.did);
    }
}

/// Leaves out what a client draws for each upgrade, and what answers it.
fn scrub(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| !matches!(name.as_str(), "sec-websocket-key" | "sec-websocket-accept"));
            members.values_mut().for_each(scrub);
        }
        Value::Array(items) => items.iter_mut().for_each(scrub),
        _ => {}
    }
}

/// Waits until the server has noticed that clients are gone which did not wait for their answers, so that the journal has them.
async fn all_gone(stage: &Stage) {
    for _ in 0..LOOKS {
        let waits = stage.now().await.ok().is_some_and(|now| now.awaited.is_some());
        wall::sleep(LOOK).await;
        if !waits {
            return;
        }
    }
}

/// Plays every script of a scenario on emulators like this. Answers where the last one listened; and what each step was
/// told and the journal held, but for how long it took in real time.
pub async fn transcript(source: &str, mut builder: Builder) -> Result<(String, String), StartError> {
    let scenario = Scenario::load(&[source.to_owned()])?;
    let (mut address, mut said) = (String::new(), String::new());
    for (name, script) in in_order(&scenario) {
        let emulator = boot_at(&scenario, builder.clone()).await?;
        address = emulator.address().to_string();
        // the next one listens there, too
        builder = builder.listen(&address);
        let stage = stage(&emulator, &scenario).await;
        let mut scribe = Scribe(String::new());
        let report = Player::new(&stage).play(name, script, &mut scribe).await;
        said += &format!("{name}: {:?}\n{}", report.problem, scribe.0);
        all_gone(&stage).await;
        let page = stage.admin("GET", "/journal?limit=1000", None).await;
        for mut entry in page["body"]["entities"].as_array().cloned().unwrap_or_default() {
            entry.as_object_mut().and_then(|entry| entry.remove("elapsedUs"));
            scrub(&mut entry);
            said += &format!("{entry}\n");
        }
        emulator.stop().await;
    }
    Ok((address, said))
}
