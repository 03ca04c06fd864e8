//! Checks scenarios: loads, boots, and plays each script on an emulator of its own, whose time stands until the client
//! waits.

use std::fmt;

use serde_json::{Value, json};

use super::{
    player::{Nobody, Player},
    report::{ScenarioReport, ScriptReport},
    stage::Stage,
};
use crate::{
    base::{clock::Rate, time::Timestamp, way::plain},
    builder::Builder,
    emulator::{Emulator, StartError},
    journal::expectation::Expectation,
    scenario::{
        load::{Part, Scenario},
        script::{Ending, Script},
    },
};

/// Where clocks stand if a scenario says nothing: 2026-01-02T03:04:05Z.
const START: Timestamp = Timestamp::from_micros(1_767_323_045_000_000);

/// Entries of the journal that are shown around a failure.
const AROUND: usize = 12;

/// An emulator in this scenario whose time only moves when it is moved.
pub async fn boot(scenario: &Scenario) -> Result<Emulator, StartError> {
    boot_at(scenario, Builder::default()).await
}

pub(super) async fn boot_at(scenario: &Scenario, builder: Builder) -> Result<Emulator, StartError> {
    let mut scenario = scenario.clone();
    scenario.clock = scenario.clock.or(Some(START));
    Builder { clock_rate: Rate::Times(0.0), ..builder }.start_in(scenario).await
}

/// The default org of a running emulator as a stage.
pub async fn stage(emulator: &Emulator, scenario: &Scenario) -> Stage {
    let address = emulator.address().to_string();
    let bare = Stage::new(&address, None, Value::Null, scenario);
    let id = emulator.org_id().unwrap_or_default();
    let org = bare.admin("GET", &format!("/orgs/{id}"), None).await;
    Stage::new(&address, None, org["body"].clone(), scenario)
}

/// Checks a scenario by its name or file; see [`play`]. With `prove`, each part of the file is also taken out, and then it
/// must not hold any more: what nobody misses is decoration.
pub async fn check(source: &str, prove: bool) -> Result<ScenarioReport, StartError> {
    let scenario = Scenario::load(&[source.to_owned()])?;
    let mut report = play(&scenario, source).await?;
    if !prove || !report.held || report.scripts.is_empty() {
        return Ok(report);
    }
    // a world that faults are shown in is scenery
    let faults = scenario.parts.iter().any(|part| *part != Part::World);
    let mut missed = 0;
    for part in scenario.parts.iter().filter(|part| !faults || **part != Part::World) {
        if play(&Scenario::load_without(source, *part)?, source).await?.held {
            report.held = false;
            let what = match part {
                Part::World => "what it says of the world".to_owned(),
                Part::Fault(nth) => format!("fault {}", nth + 1),
                Part::Timeline(nth) => format!("entry {} of its timeline", nth + 1),
            };
            report.note = Some(format!("it holds without {what} too, so its scripts prove nothing of that"));
            return Ok(report);
        }
        missed += 1;
    }
    report.note = Some(match missed {
        1 => "proved: it does not hold without what makes it".to_owned(),
        n => format!("proved: it does not hold without any of the {n} things that make it"),
    });
    Ok(report)
}

/// The same of a scenario that could not be used, in the place of its report.
pub fn unusable(source: &str, error: &StartError) -> ScenarioReport {
    ScenarioReport {
        name: source.to_owned(),
        source: source.to_owned(),
        summary: String::new(),
        held: false,
        error: Some(error.to_string()),
        note: None,
        scripts: Vec::new(),
    }
}

/// Plays every script of a scenario, those that are to fail first, each on an emulator of its own.
pub async fn play(scenario: &Scenario, source: &str) -> Result<ScenarioReport, StartError> {
    let mut scripts = Vec::new();
    for (name, script) in in_order(scenario) {
        let emulator = boot(scenario).await?;
        let stage = stage(&emulator, scenario).await;
        let mut report = Player::new(&stage).play(name, script, &mut Nobody).await;
        if report.held && script.expect == Ending::Pass {
            report.problem = journal_differs(&stage, &scenario.expect).await;
            report.held = report.problem.is_none();
        }
        if !report.held {
            report.journal = journal(&stage).await;
        }
        scripts.push(report);
        emulator.stop().await;
    }
    let note =
        scripts.is_empty().then_some("has no script; the file is valid, and an emulator started with it");
    if note.is_some() {
        boot(scenario).await?.stop().await;
    }
    Ok(ScenarioReport {
        name: scenario.name.clone(),
        source: source.to_owned(),
        summary: scenario.summary.clone(),
        error: None,
        held: scripts.iter().all(|script: &ScriptReport| script.held),
        note: note.map(str::to_owned),
        scripts,
    })
}

/// Those that are to fail first: the trap, then the way around it.
pub fn in_order(scenario: &Scenario) -> Vec<(&String, &Script)> {
    let mut scripts: Vec<_> = scenario.scripts.iter().collect();
    scripts.sort_by_key(|(_, script)| script.expect == Ending::Pass);
    scripts
}

/// What the journal does not hold.
async fn journal_differs(stage: &Stage, expect: &[Expectation]) -> Option<String> {
    if expect.is_empty() {
        return None;
    }
    // scripts say themselves what a fault did to them
    let asked = json!({ "expect": expect, "allowUnfired": true });
    let told = stage.admin("POST", "/verify", Some(&asked)).await;
    if told["status"] == 200 {
        return None;
    }
    let problems = told["body"]["problems"].as_array().map(|all| all.iter().map(plain).collect::<Vec<_>>());
    Some(problems.map_or_else(|| plain(&told["body"]["detail"]), |all| all.join("; ")))
}

/// The end of the journal, a line an entry.
async fn journal(stage: &Stage) -> Vec<String> {
    let page = stage.admin("GET", "/journal?limit=1000", None).await;
    let entries = page["body"]["entities"].as_array().map(Vec::as_slice).unwrap_or_default();
    entries[entries.len().saturating_sub(AROUND)..].iter().map(line).collect()
}

fn line(entry: &Value) -> String {
    let time = entry["at"].as_str().and_then(|at| at.get(11..23)).unwrap_or_default();
    let what = match entry["kind"].as_str() {
        Some("http") => format!("{} {}", plain(&entry["method"]), plain(&entry["target"])),
        Some("frameIn") => format!("\u{2190} {}", plain(&entry["target"])),
        _ => format!("\u{2192} {}", plain(&entry["target"])),
    };
    let mut line = format!("{:>6}  {time}  {what}", plain(&entry["n"]));
    if let Some(status) = entry.get("status") {
        line += &format!(" \u{2192} {status}");
    }
    if let Some(refusal) = entry.get("refusal") {
        line += &format!("  refused: {} ({})", plain(&refusal["rule"]), plain(&refusal["reason"]));
    }
    for fault in entry["faults"].as_array().into_iter().flatten() {
        line += &format!("  fault: {}", plain(fault));
    }
    line
}

/// What became of a scenario's scripts; printed, it tells every step.
#[derive(Clone, Debug)]
pub struct Checked(ScenarioReport);

impl Checked {
    /// Did every script end as it was to?
    #[must_use]
    pub fn holds(&self) -> bool {
        self.0.held
    }
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Plays the scripts of a scenario, by its built-in name or the path of its file, each on an emulator of its own.
///
/// ```no_run
/// # async fn example() -> Result<(), genesys_emulator::StartError> {
/// let checked = genesys_emulator::check("guest-429").await?;
/// assert!(checked.holds(), "{checked}");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// When the scenario is not usable or no emulator could be started.
pub async fn check_scenario(scenario: &str) -> Result<Checked, StartError> {
    check(scenario, false).await.map(Checked)
}
