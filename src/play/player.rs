//! Plays a script: step by step, as a client of the stage.

use std::{collections::BTreeMap, time::Duration};

use serde_json::{Value, json};

use super::{
    act,
    report::{Outcome, Played, ScriptReport},
    socket::ClientSocket,
    stage::Stage,
};
use crate::{
    base::{
        rules::{Difference, differences},
        time::Span,
        way::find,
    },
    scenario::{
        script::{Ending, Script},
        step::{Step, Verb},
        template::{self, Names},
    },
};

/// Who looks on while a script is played.
pub trait Audience {
    /// A step is about to be played; `curl` does the same from a shell, where there is such a thing.
    fn before(&mut self, n: usize, step: &Step, did: &str, curl: Option<&str>) -> impl Future<Output = ()>;
    /// A step was played.
    fn after(&mut self, played: &Played, told: &Value) -> impl Future<Output = ()>;
    /// Nobody looks on any more, so that it need not be played to its end.
    fn has_left(&self) -> bool {
        false
    }
}

/// Nobody looks on.
pub struct Nobody;

impl Audience for Nobody {
    async fn before(&mut self, _n: usize, _step: &Step, _did: &str, _curl: Option<&str>) {}
    async fn after(&mut self, _played: &Played, _told: &Value) {}
}

/// Frames may take so long, in the org's time.
const WITHIN: Span = Span::from_secs(60);
/// The least that time moves by.
const TICK: Span = Span::from_millis(1);
/// A socket whose pings are not answered may take so long, in real time.
const MUTE: Duration = Duration::from_millis(100);

/// A client while it plays.
pub struct Player<'a> {
    pub(super) stage: &'a Stage,
    pub(super) names: Names,
    pub(super) sockets: BTreeMap<String, ClientSocket>,
    /// The socket last spoken of.
    pub(super) last: String,
    pub(super) sign_ins: u64,
}

/// What came of a step before it was judged.
pub(super) struct Came {
    /// As scripts see it.
    pub told: Value,
    /// In a few words.
    pub words: String,
    /// What is expected if the step says nothing else; null is anything.
    pub usual: Value,
}

impl<'a> Player<'a> {
    /// A new client.
    pub fn new(stage: &'a Stage) -> Self {
        let (sockets, last) = (BTreeMap::new(), "socket".to_owned());
        Self { stage, names: stage.names(), sockets, last, sign_ins: 0 }
    }

    /// Plays a script to its end, or to the first step that does not go as it expects.
    pub async fn play(mut self, name: &str, script: &Script, audience: &mut impl Audience) -> ScriptReport {
        let mut steps: Vec<Played> = Vec::new();
        let mut seen = Vec::new();
        for (n, step) in (1..).zip(&script.steps) {
            if audience.has_left() {
                break;
            }
            let (played, told) = self.step(n, step, step.spot.line, audience).await;
            audience.after(&played, &told).await;
            let over = played.outcome != Outcome::Held;
            steps.push(played);
            if over {
                if let Some(sees) = &step.sees {
                    seen =
                        self.judged(sees, &told).unwrap_or_else(|wrong| vec![Difference::new("", wrong, "")]);
                }
                break;
            }
        }
        let problem = problem(script, &steps, &seen);
        let line = match (&problem, steps.last()) {
            (Some(_), Some(last)) if last.outcome != Outcome::Held => last.line,
            _ => 0,
        };
        for (_, socket) in std::mem::take(&mut self.sockets) {
            socket.close().await;
        }
        ScriptReport {
            name: name.to_owned(),
            to_fail: script.expect == Ending::Fail,
            summary: script.summary.clone(),
            held: problem.is_none(),
            problem,
            line,
            steps,
            journal: Vec::new(),
        }
    }

    async fn step(
        &mut self,
        n: usize,
        step: &Step,
        line: u64,
        audience: &mut impl Audience,
    ) -> (Played, Value) {
        let mut played = Played {
            step: n,
            line,
            did: String::new(),
            say: step.say.clone(),
            came: String::new(),
            outcome: Outcome::Held,
            differences: Vec::new(),
        };
        let mut told = Value::Null;
        for nth in 1..=step.times.unwrap_or(1) {
            self.names.insert("n".to_owned(), nth.into());
            if let Ok(now) = self.stage.now().await {
                self.names.insert("now".to_owned(), json!(now.now));
            }
            let done = async {
                let doing = act::doing(self, step)?;
                if nth == 1 {
                    played.did = match step.times {
                        Some(times) if times > 1 => format!("{} ({times} times)", doing.did),
                        _ => doing.did.clone(),
                    };
                    audience.before(n, step, &doing.did, doing.curl.as_deref()).await;
                }
                let came = act::act(self, step, doing).await?;
                played.came = came.words;
                told = came.told;
                played.differences = self.expected(step, &came.usual, &told)?;
                Ok::<(), String>(())
            };
            if let Err(wrong) = done.await {
                played.outcome = Outcome::Broken;
                played.differences = vec![Difference::new("", "a step that can be played", wrong)];
            } else if !played.differences.is_empty() {
                played.outcome = Outcome::Differed;
            }
            if played.outcome != Outcome::Held {
                break;
            }
        }
        (played, told)
    }

    /// What is not as the step expects; then what the client keeps.
    fn expected(&mut self, step: &Step, usual: &Value, told: &Value) -> Result<Vec<Difference>, String> {
        let mut found = Vec::new();
        let expect = step.expect.as_ref().map(|expect| template::fill(expect, &self.names)).transpose()?;
        match &expect {
            Some(expect) if step.in_any_order == Some(true) => found.extend(any_order(expect, told)),
            Some(expect) => found.extend(differences(expect, told)),
            None => {}
        }
        // who says nothing of the end expects a good one
        let mut usual = usual.clone();
        if let (Value::Object(usual), Some(Value::Object(said))) = (&mut usual, &expect) {
            usual.retain(|key, _| {
                !said.keys().any(|one| one.split(['.', ' ']).next() == Some(key) || one == "error")
            });
        }
        if !usual.is_null() {
            found.extend(differences(&usual, told));
        }
        if !found.is_empty() {
            return Ok(found);
        }
        for (name, place) in &step.capture {
            let place = template::fill_text(place, &self.names)?;
            match find(told, &place) {
                Ok(Some(value)) => drop(self.names.insert(name.clone(), value)),
                Ok(None) => {
                    found.push(Difference::new(&place, format!("something to keep as `{name}`"), "nothing"))
                }
                Err(wrong) => {
                    found.push(Difference::new(&place, format!("something to keep as `{name}`"), wrong))
                }
            }
        }
        Ok(found)
    }

    fn judged(&self, expect: &Value, told: &Value) -> Result<Vec<Difference>, String> {
        let expect = template::fill(expect, &self.names)?;
        Ok(differences(&expect, told))
    }

    /// What comes next on a socket, if anything does. Time passes while nothing comes.
    pub(super) async fn next(&mut self, name: &str, within: Option<Span>) -> Option<Value> {
        let limit = self.stage.now().await.ok()?.now.plus(within.unwrap_or(WITHIN));
        loop {
            if let Some(came) = self.heard(name).await {
                return Some(came);
            }
            if self.sockets.get(name)?.is_over() {
                return None;
            }
            let now = self.stage.now().await.ok()?;
            match now.next_due {
                // what is due this very moment fires when there is a next one
                Some(due) if due <= limit => self.stage.move_to(due.max(now.now.plus(TICK))).await,
                _ => break,
            }
        }
        let socket = self.sockets.get_mut(name)?;
        socket.wait(MUTE).await;
        socket.next()
    }

    /// What has come on a socket by now.
    pub(super) async fn heard(&mut self, name: &str) -> Option<Value> {
        if let Some(came) = self.sockets.get_mut(name)?.next() {
            return Some(came);
        }
        // twice: what one socket sent may have gone to another that was looked at before
        for _ in 0..2 {
            for socket in self.sockets.values_mut() {
                socket.settle().await;
            }
        }
        self.sockets.get_mut(name)?.next()
    }
}

/// A list of frames that may come in any order: each is taken by one that fits it.
fn any_order(expect: &Value, told: &Value) -> Vec<Difference> {
    let (Value::Array(wanted), Value::Array(came)) = (expect, told) else {
        return differences(expect, told);
    };
    let mut left: Vec<&Value> = came.iter().collect();
    let mut found = Vec::new();
    for one in wanted {
        match left.iter().position(|frame| differences(one, frame).is_empty()) {
            Some(at) => drop(left.remove(at)),
            None => found.push(Difference::new("", format!("a frame like {one}"), json!(left).to_string())),
        }
    }
    found
}

/// Why a script did not end as it was to.
fn problem(script: &Script, steps: &[Played], seen: &[Difference]) -> Option<String> {
    let last = steps.last();
    if let Some(broken) = last.filter(|step| step.outcome == Outcome::Broken) {
        let wrong = broken.differences.first().map(|one| one.seen.clone()).unwrap_or_default();
        return Some(format!("step {} cannot be played: {wrong}", broken.step));
    }
    let differed = last.filter(|step| step.outcome == Outcome::Differed);
    let trap = (1..).zip(&script.steps).find(|(_, step)| step.sees.is_some()).map(|(n, _)| n);
    match (script.expect, differed, trap) {
        (Ending::Pass, None, _) => None,
        (Ending::Pass, Some(step), _) => Some(format!("step {} did not go as expected", step.step)),
        (Ending::Fail, None, _) => Some("every step went well, and it was to fail".to_owned()),
        (Ending::Fail, Some(step), Some(trap)) if step.step != trap => {
            Some(format!("it was to fail at step {trap}, and failed at step {}", step.step))
        }
        (Ending::Fail, Some(step), Some(_)) => seen.first().map(|Difference { at, expected, seen }| {
            format!(
                "step {} failed, but not as `sees` says: {at}: expected {expected}, came {seen}",
                step.step
            )
        }),
        (Ending::Fail, Some(_), None) => None,
    }
}

/// Does a verb wait for frames?
pub(super) fn waits(verb: &Verb<'_>, step: &Step) -> bool {
    matches!(verb, Verb::Expect) || matches!(verb, Verb::Send(_)) && step.expect.is_some()
}
