//! What became of a script, as a value that is shown in several ways.

use std::fmt;

use serde::Serialize;

use crate::base::rules::Difference;

/// How a step ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// As it expected.
    Held,
    /// Otherwise than it expected.
    Differed,
    /// It could not be played.
    Broken,
}

/// A step that was played.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Played {
    /// Its number, from 1.
    pub step: usize,
    /// Its line in the file.
    pub line: u64,
    /// What was done, such as `POST /oauth/token`.
    pub did: String,
    /// What people are told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub say: Option<String>,
    /// What came, such as `429`.
    pub came: String,
    /// How it ended.
    pub outcome: Outcome,
    /// What is not as expected.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<Difference>,
}

/// A script that was played.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ScriptReport {
    /// Its name.
    pub name: String,
    /// Was it to fail?
    pub to_fail: bool,
    /// What such a client sees or does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// Did it end as it was to?
    pub held: bool,
    /// If not: why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// The line in the file that the problem is at; 0 is the file.
    pub line: u64,
    /// The steps, up to the one that ended it.
    pub steps: Vec<Played>,
    /// The end of the journal, if something is wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub journal: Vec<String>,
}

/// A scenario that was checked.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ScenarioReport {
    /// Its name.
    pub name: String,
    /// As it was asked for: a name or a file.
    pub source: String,
    /// What it says of itself.
    pub summary: String,
    /// Did everything hold?
    pub held: bool,
    /// Why the file could not be used at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What else is to be said, such as that there is no script.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The scripts.
    pub scripts: Vec<ScriptReport>,
}

impl ScriptReport {
    /// The step that ended it, if one did.
    pub fn last_difference(&self) -> Option<&Played> {
        self.steps.last().filter(|step| step.outcome != Outcome::Held)
    }
}

impl fmt::Display for Played {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.outcome {
            Outcome::Held => "ok  ",
            Outcome::Differed => "not ",
            Outcome::Broken => "bad ",
        };
        write!(f, "    {mark} {:2}  {}", self.step, self.did)?;
        if !self.came.is_empty() {
            write!(f, " \u{2192} {}", self.came)?;
        }
        if let Some(say) = &self.say {
            write!(f, "\n             {say}")?;
        }
        for Difference { at, expected, seen } in &self.differences {
            let at = if at.is_empty() { "it" } else { at };
            write!(
                f,
                "\n             {at}: expected {expected}\n             {:w$}  came {seen}",
                "",
                w = at.len()
            )?;
        }
        Ok(())
    }
}

impl fmt::Display for ScriptReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let must = if self.to_fail { "is to fail" } else { "is to pass" };
        writeln!(f, "  {} ({must})", self.name)?;
        for step in &self.steps {
            writeln!(f, "{step}")?;
        }
        match (&self.problem, self.to_fail) {
            (Some(problem), _) => {
                writeln!(f, "    WRONG  {problem}")?;
                if !self.journal.is_empty() {
                    writeln!(f, "    The journal around it:")?;
                }
                self.journal.iter().try_for_each(|line| writeln!(f, "      {line}"))
            }
            (None, true) => writeln!(f, "    It failed, as it was to."),
            (None, false) => Ok(()),
        }
    }
}

impl fmt::Display for ScenarioReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(error) = &self.error {
            return writeln!(f, "{}\n  CANNOT BE USED  {error}", self.source);
        }
        writeln!(f, "{}: {}", self.name, self.summary)?;
        self.scripts.iter().try_for_each(|script| write!(f, "{script}"))?;
        if let Some(note) = &self.note {
            writeln!(f, "  {note}")?;
        }
        match self.held {
            true => writeln!(f, "  holds"),
            false => writeln!(f, "  DOES NOT HOLD"),
        }
    }
}
