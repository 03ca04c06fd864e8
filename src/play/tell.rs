//! Tells a script to people while it is played: who sends what to whom, what comes back, and why.

use std::{fmt::Write as _, io::Write};

use serde_json::Value;

use super::{
    mark::Mark,
    player::Audience,
    report::{Outcome, Played, ScriptReport},
    stage::Stage,
};
use crate::{
    base::way::plain,
    scenario::{
        load::Scenario,
        step::{Step, Verb},
    },
};

/// How fast it is told.
pub trait Pace {
    /// Waits until people have read a text of so many characters. `false`: they have seen enough.
    fn pause(&mut self, characters: usize) -> impl Future<Output = bool>;
}

/// Escape sequences, or nothing.
#[derive(Clone, Copy, Debug)]
pub struct Colours(pub bool);

impl Colours {
    fn paint(self, code: &str, text: &str) -> String {
        match self.0 {
            true => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            false => text.to_owned(),
        }
    }

    fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }

    fn good(self, text: &str) -> String {
        self.paint("32", text)
    }

    fn bad(self, text: &str) -> String {
        self.paint("31", text)
    }

    fn who(self, text: &str) -> String {
        self.paint("36", text)
    }
}

/// Longer answers are cut.
const LONGEST: usize = 220;

/// Who tells.
pub struct Teller<'a, W, P> {
    out: W,
    colours: Colours,
    pace: P,
    stage: &'a Stage,
    /// Where the journal was read up to.
    cursor: String,
    over: bool,
    /// While a step is played.
    mark: Mark,
}

impl<'a, W: Write, P: Pace> Teller<'a, W, P> {
    /// Tells to `out`.
    pub fn new(out: W, colours: Colours, pace: P, stage: &'a Stage) -> Self {
        Self { out, colours, pace, stage, cursor: String::new(), over: false, mark: Mark::default() }
    }

    /// People have seen enough.
    pub fn is_over(&self) -> bool {
        self.over
    }

    fn line(&mut self, text: &str) {
        // nobody may be there to read it any more, which is no reason to stop
        let _ = writeln!(self.out, "{text}");
        let _ = self.out.flush();
    }

    /// What it is about, and where it is played.
    pub async fn title(&mut self, scenario: &Scenario, url: &str) {
        let title = self.colours.bold(&scenario.name);
        self.line(&title);
        self.line(&scenario.summary);
        self.line("");
        self.line(&format!(
            "The emulator is at {url}; what begins with $ can be typed in a second terminal."
        ));
        self.wait(scenario.summary.len()).await;
    }

    /// A script begins.
    pub fn script(&mut self, name: &str) {
        self.cursor.clear();
        let title = format!("\u{2500}\u{2500} The {name} client ");
        let rule = "\u{2500}".repeat(60_usize.saturating_sub(title.chars().count()));
        let title = self.colours.bold(&format!("{title}{rule}"));
        self.line(&format!("\n{title}"));
    }

    /// A script is over.
    pub async fn end(&mut self, report: &ScriptReport) {
        self.line("");
        let summary = report.summary.clone().unwrap_or_default();
        let told = match (&report.problem, report.to_fail) {
            (Some(problem), _) => self.colours.bad(&format!("This did not go as the story says: {problem}")),
            (None, true) => format!("{} {summary}", self.colours.bad("What this client sees:")),
            (None, false) => format!("{} {summary}", self.colours.good("What a correct client does:")),
        };
        self.line(&told);
        self.wait(summary.len()).await;
    }

    async fn wait(&mut self, characters: usize) {
        if !self.over && !self.pace.pause(characters).await {
            self.over = true;
        }
    }

    /// Why the last request or frame was refused or disturbed, in the words of the journal.
    async fn why(&mut self) -> Vec<String> {
        let after = match self.cursor.is_empty() {
            true => String::new(),
            false => format!("&after={}", self.cursor),
        };
        let page = self.stage.admin("GET", &format!("/journal?limit=1000{after}"), None).await;
        if let Some(next) = page["body"]["next"].as_str() {
            next.clone_into(&mut self.cursor);
        }
        let mut why = Vec::new();
        for entry in page["body"]["entities"].as_array().into_iter().flatten() {
            let faults: Vec<_> = entry["faults"].as_array().into_iter().flatten().map(plain).collect();
            let mut text = String::new();
            if let Some(refusal) = entry.get("refusal") {
                let _ = write!(text, "{} ({})", plain(&refusal["reason"]), plain(&refusal["rule"]));
            }
            if !faults.is_empty() {
                let by = format!("fault {}", faults.join(", "));
                text = if text.is_empty() { by } else { format!("{text}, {by}") };
            }
            if !text.is_empty() && !why.contains(&text) {
                why.push(text);
            }
        }
        why
    }
}

impl<W: Write, P: Pace> Audience for Teller<'_, W, P> {
    async fn before(&mut self, n: usize, step: &Step, did: &str, curl: Option<&str>) {
        let say = step.say.as_deref().unwrap_or_default();
        self.line("");
        if say.is_empty() {
            self.line(&format!("{n:2}  {} {did}", self.colours.who(&whom(step))));
        } else {
            self.line(&format!("{n:2}  {}", self.colours.bold(say)));
            self.line(&format!("    {} {did}", self.colours.who(&whom(step))));
        }
        if let Some(curl) = curl {
            let prompt = if matches!(step.verb(), Ok(Verb::Send(_))) { ">" } else { "$" };
            self.line(&self.colours.dim(&format!("    {prompt} {curl}")));
        }
        self.wait(say.len()).await;
        self.mark.begin(did);
    }

    async fn after(&mut self, played: &Played, told: &Value) {
        self.mark.end();
        let why = self.why().await;
        let came = match told {
            Value::Array(frames) => frames.iter().map(excerpt).collect(),
            Value::Null => Vec::new(),
            told => vec![excerpt(told)],
        };
        for line in came.iter().filter(|line| !line.is_empty()) {
            let arrow = match played.outcome {
                Outcome::Held => self.colours.good("\u{2190}"),
                _ => self.colours.bad("\u{2190}"),
            };
            self.line(&format!("    {arrow} {line}"));
        }
        for line in why {
            self.line(&format!("    {} {line}", self.colours.who("why:")));
        }
        for one in &played.differences {
            let at = if one.at.is_empty() { "what comes" } else { &one.at };
            let text = format!("The client expected {at} to be {}, and it is {}.", one.expected, one.seen);
            self.line(&format!("    {}", self.colours.bad(&text)));
        }
    }

    fn has_left(&self) -> bool {
        self.over
    }
}

/// To whom a step speaks.
fn whom(step: &Step) -> String {
    let of_path = |line: &str| {
        let path = line.split(' ').next_back().unwrap_or_default();
        match path.trim_start_matches('/').split('/').next() {
            Some("oauth" | ".well-known") => "the login service",
            Some("api") => "the platform's API",
            Some("idp") => "the identity provider",
            Some("webdeployments") => "the file server",
            Some("v1") => "the messaging socket",
            _ => "the platform",
        }
    };
    match step.verb() {
        Ok(Verb::Http(line)) => format!("client \u{2192} {}:", of_path(line)),
        Ok(Verb::Open(_) | Verb::Send(_)) => "client \u{2192} the messaging socket:".to_owned(),
        Ok(Verb::Expect) => "the messaging socket \u{2192} client:".to_owned(),
        Ok(Verb::SignIn(_)) => "browser \u{2192} the identity provider:".to_owned(),
        Ok(Verb::Admin(_)) => "you \u{2192} the emulator:".to_owned(),
        Ok(Verb::Clock(_)) => "time passes:".to_owned(),
        _ => "the client:".to_owned(),
    }
}

/// What came, in one line.
fn excerpt(told: &Value) -> String {
    let status = told.get("status").map(|status| format!("{} ", plain(status))).unwrap_or_default();
    let shown = match told {
        Value::Object(members) if members.is_empty() => String::new(),
        Value::Object(members) if members.contains_key("error") => plain(&told["error"]),
        Value::Object(members) if members.contains_key("bytes") => {
            let retry = told["headers"].get("retry-after").map(plain);
            let retry = retry.map(|wait| format!("Retry-After: {wait}  ")).unwrap_or_default();
            format!("{retry}{}", plain(&told["body"]))
        }
        other => plain(other),
    };
    let shown = shown.trim();
    match shown.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{status}{}\u{2026}", &shown[..at]),
        None => format!("{status}{shown}").trim_end().to_owned(),
    }
}
