//! `demo`: a scenario, told to people while it is played.

use std::{
    fs,
    io::{self, IsTerminal, Read},
    path::Path,
    time::Duration,
};

use clap::Args;
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
use serde_json::{Value, json};

use super::Exit;
use crate::{
    base::clock::wall,
    emulator::StartError,
    play::{
        check::{boot, in_order, stage},
        mark::Mark,
        player::Player,
        report::ScriptReport,
        stage::Stage,
        tell::{Colours, Pace, Teller},
    },
    scenario::{builtin, load::Scenario},
};

/// What is told, and how fast.
#[derive(Debug, Args)]
pub struct Demo {
    /// A built-in scenario or a file: key-rotation, rate-limit, scope-403, nonce-mismatch, … (`scenarios` lists them)
    #[arg(value_name = "NAME|FILE", default_value = "rate-limit")]
    scenario: String,
    /// Play it on the default org of a running emulator, which starts anew
    #[arg(long, env = "GENESYS_EMULATOR_ATTACH", value_name = "URL")]
    attach: Option<String>,
    /// What the admin API of that emulator wants as bearer token
    #[arg(long, env = "GENESYS_EMULATOR_ADMIN_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    admin_token: Option<String>,
    /// How fast: 1 is the pace of a reader, 2 twice as fast, 0 without a pause [default: at a key press on a terminal,
    /// else 0]
    #[arg(long, env = "GENESYS_EMULATOR_SPEED", value_name = "N", value_parser = speed)]
    speed: Option<f64>,
}

fn speed(text: &str) -> Result<f64, String> {
    let wrong = || format!("`{text}` is not a speed; expected a number from 0 to 1000");
    text.parse().ok().filter(|speed| (0.0..=1_000.0).contains(speed)).ok_or_else(wrong)
}

/// How people keep up.
enum Tempo {
    /// At a key press.
    Key,
    /// So many times as fast as a reader.
    Times(f64),
    /// Not at all.
    Rush,
}

/// A reader takes so long for a character, and so long to look up.
const CHARACTER: Duration = Duration::from_millis(35);
const LOOK: Duration = Duration::from_millis(900);

impl Pace for Tempo {
    async fn pause(&mut self, characters: usize) -> bool {
        match self {
            Self::Rush => true,
            Self::Times(speed) => {
                let reading = LOOK + CHARACTER * u32::try_from(characters).unwrap_or(u32::MAX).min(2_000);
                wall::sleep(reading.div_f64(*speed)).await;
                true
            }
            Self::Key => tokio::task::spawn_blocking(key).await.unwrap_or(false),
        }
    }
}

/// Waits for a key, which is not shown. `q` is enough, and so is the end of the input.
fn key() -> bool {
    let stdin = io::stdin();
    let before = tcgetattr(&stdin).ok();
    if let Some(mut raw) = before.clone() {
        raw.local_modes -= LocalModes::ICANON | LocalModes::ECHO;
        raw.special_codes[SpecialCodeIndex::VMIN] = 1;
        set(&stdin, &raw);
    }
    let mut byte = [0];
    let read = stdin.lock().read(&mut byte);
    if let Some(before) = before {
        set(&stdin, &before);
    }
    matches!(read, Ok(1)) && !matches!(byte[0], b'q' | b'Q' | 4)
}

fn set(stdin: &io::Stdin, how: &Termios) {
    // a terminal that cannot be set shows the key, and wants the return key
    let _ = tcsetattr(stdin, OptionalActions::Now, how);
}

/// Unless `NO_COLOR` says otherwise (no-color.org).
fn wants_colour() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Tells it.
pub fn run(demo: &Demo) -> Exit {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("genesys-emulator: the runtime could not be started: {error}");
            return Exit::RunTime;
        }
    };
    match runtime.block_on(tell(demo)) {
        Ok(true) => Exit::Fine,
        Ok(false) => Exit::NotHeld,
        Err((exit, wrong)) => {
            eprintln!("genesys-emulator: {wrong}");
            exit
        }
    }
}

type Wrong = (Exit, String);

async fn tell(demo: &Demo) -> Result<bool, Wrong> {
    let unusable = |wrong: String| (Exit::Configuration, wrong);
    let scenario = Scenario::load(std::slice::from_ref(&demo.scenario))
        .map_err(|error| unusable(StartError::from(error).to_string()))?;
    if scenario.scripts.is_empty() {
        let stories: Vec<_> = builtin::ALIASES.iter().map(|(alias, _)| *alias).collect();
        return Err(unusable(format!(
            "the scenario {} has no script, so there is nothing to tell; try {}, or what `scenarios` lists",
            scenario.name,
            stories.join(", ")
        )));
    }
    let mut mark = Mark::default();
    match &demo.attach {
        Some(url) => {
            mark.begin(&format!("asking {url}"));
            let stage = attached(demo, url, &scenario).await?;
            mark.end();
            let held = play(demo, &scenario, &stage).await;
            stage.admin("PUT", "/clock", Some(&json!({ "resume": true }))).await;
            Ok(held)
        }
        None => {
            mark.begin("starting an emulator");
            let emulator = boot(&scenario).await.map_err(|error| (Exit::RunTime, error.to_string()))?;
            mark.end();
            let held = play(demo, &scenario, &stage(&emulator, &scenario).await).await;
            emulator.stop().await;
            Ok(held)
        }
    }
}

/// The default org of a running emulator, in this scenario. While it is played, its time is the player's.
async fn attached(demo: &Demo, url: &str, scenario: &Scenario) -> Result<Stage, Wrong> {
    let rest =
        url.strip_prefix("http://").and_then(|rest| rest.split('/').next()).filter(|rest| !rest.is_empty());
    let Some(address) = rest else {
        let wrong = format!("`{url}` is not the http URL of an emulator, such as http://127.0.0.1:4363");
        return Err((Exit::Configuration, wrong));
    };
    let address = match address.rsplit_once(':') {
        Some((_, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => address.to_owned(),
        _ => format!("{address}:80"),
    };
    let bare = Stage::new(&address, demo.admin_token.clone(), Value::Null, scenario);
    let applied = match builtin::find(&demo.scenario) {
        Some(_) => {
            let name = json!({ "name": scenario.name });
            bare.admin("POST", "/scenarios/apply", Some(&name)).await
        }
        None => {
            let text = fs::read_to_string(Path::new(&demo.scenario))
                .map_err(|error| (Exit::Configuration, format!("{}: {error}", demo.scenario)))?;
            bare.admin_text("POST", "/scenarios/apply", text).await
        }
    };
    match (applied["status"].as_u64(), &applied["body"]) {
        (Some(200), org) => {
            bare.admin("PUT", "/clock", Some(&json!({ "freeze": true }))).await;
            Ok(Stage::new(&address, demo.admin_token.clone(), org.clone(), scenario))
        }
        (Some(401), _) => Err((Exit::Configuration, format!("{url} wants an --admin-token"))),
        (Some(status), body) => {
            let detail = body["detail"].as_str().unwrap_or("it is no emulator");
            Err((Exit::RunTime, format!("{url} answers {status}: {detail}")))
        }
        (None, _) => Err((Exit::RunTime, format!("nobody answers at {url}: {}", applied["error"]))),
    }
}

async fn play(demo: &Demo, scenario: &Scenario, stage: &Stage) -> bool {
    let tempo = match demo.speed {
        Some(speed) if speed > 0.0 => Tempo::Times(speed),
        None if io::stdin().is_terminal() && io::stdout().is_terminal() => Tempo::Key,
        _ => Tempo::Rush,
    };
    if matches!(tempo, Tempo::Key) {
        eprintln!("(any key goes on, q ends)");
    }
    let mut teller = Teller::new(io::stdout(), Colours(wants_colour()), tempo, stage);
    teller.title(scenario, &format!("http://{}", stage.address)).await;
    let mut held = true;
    for (nth, (name, script)) in in_order(scenario).into_iter().enumerate() {
        if nth > 0 {
            stage.admin("POST", "/reset", None).await;
            // a clock that ran from the beginning runs again
            stage.admin("PUT", "/clock", Some(&json!({ "freeze": true }))).await;
        }
        teller.script(name);
        let report: ScriptReport = Player::new(stage).play(name, script, &mut teller).await;
        if teller.is_over() {
            break;
        }
        held &= report.held;
        teller.end(&report).await;
    }
    held
}
