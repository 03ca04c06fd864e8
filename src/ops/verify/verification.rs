//! What is asked of a verification, and how it is read.

use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::{Map, Value};

use crate::{
    base::{
        document::{self, Document},
        suggest,
    },
    faults::engine::Count,
    journal::{expectation::Expectation, matching::BadMatch},
};

/// What is to be so. Every fault that is set is to have fired, unless that is allowed.
///
/// It is read from YAML or JSON: one expectation, a list of them, or an object with the members below.
///
/// ```
/// let verification = genesys_emulator::Verification::read(
///     "expect: [ { match: { method: POST, path: /oauth/token }, times: 1 } ]",
/// )?;
/// # Ok::<(), genesys_emulator::BadVerification>(())
/// ```
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Verification {
    /// What the journal is to hold.
    pub(crate) expect: Vec<Expectation>,
    /// Only what closed after this cursor of the journal counts.
    pub(crate) after: Option<String>,
    /// May faults never have fired? `true`, or the ids of those that may.
    pub(crate) allow_unfired: Allowed,
    /// May requests have come for what is not served? Default: yes.
    pub(crate) allow_unmatched: bool,
    /// May entries have gone unread, because the journal is bounded? Default: no.
    pub(crate) allow_gaps: bool,
}

impl Default for Verification {
    fn default() -> Self {
        Self {
            expect: Vec::new(),
            after: None,
            allow_unfired: Allowed::None,
            allow_unmatched: true,
            allow_gaps: false,
        }
    }
}

/// What cannot be verified, and why.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{at}: {wrong}")]
pub struct BadVerification {
    /// Where, such as `expect[0].match.path`.
    pub at: String,
    /// What is wrong, and what was expected.
    pub wrong: String,
}

/// Members of [`Verification`], which may stand beside those of one expectation.
const MEMBERS: [&str; 5] = ["expect", "after", "allowUnfired", "allowUnmatched", "allowGaps"];

impl Verification {
    /// Reads YAML or JSON.
    ///
    /// # Errors
    /// When it cannot be meant; the error says where and what was meant perhaps.
    pub fn read(text: &str) -> Result<Self, BadVerification> {
        let value = Document::yaml(text).and_then(|document| document.read());
        let value: Value = value.map_err(|wrong| {
            let (at, wrong) = ("the text".to_owned(), wrong.shown(text, None));
            BadVerification { at, wrong }
        })?;
        Self::of(value)
    }

    /// The same with every fault allowed to never have fired.
    #[must_use]
    pub fn allow_unfired(mut self) -> Self {
        self.allow_unfired = Allowed::All;
        self
    }

    /// Reads a value.
    pub(crate) fn of(value: Value) -> Result<Self, BadVerification> {
        let read: Self = document::from_value(&whole(value)).map_err(|wrong| {
            let (at, wrong) = (wrong.way(), suggest::explained(&wrong.to_string()));
            BadVerification { at, wrong }
        })?;
        for (nth, expectation) in read.expect.iter().enumerate() {
            expectation.matchers().map_err(|BadMatch { at, wrong }| BadVerification {
                at: format!("expect[{nth}].{at}"),
                wrong,
            })?;
        }
        Ok(read)
    }

    /// Expectations that can only be met by waiting.
    pub(crate) fn needs_time(&self) -> bool {
        self.expect.iter().any(|expectation| expectation.never_for.is_some())
    }
}

/// One expectation, or a list of them, as an object that has them.
fn whole(value: Value) -> Value {
    let of = |expect: Value| Value::Object(Map::from_iter([("expect".to_owned(), expect)]));
    match value {
        Value::Array(_) => of(value),
        Value::Object(members) if members.contains_key("match") || members.contains_key("order") => {
            let (mut whole, mut one) = (Map::new(), Map::new());
            for (name, member) in members {
                match MEMBERS.contains(&name.as_str()) {
                    true => whole.insert(name, member),
                    false => one.insert(name, member),
                };
            }
            let first = Value::Object(one);
            match whole.get_mut("expect") {
                Some(Value::Array(more)) => more.insert(0, first),
                _ => drop(whole.insert("expect".to_owned(), vec![first].into())),
            }
            Value::Object(whole)
        }
        Value::Null => Value::Object(Map::new()),
        other => other,
    }
}

/// Which faults may never have fired.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(untagged)]
pub enum Allowed {
    /// None.
    #[default]
    None,
    /// All.
    All,
    /// Those of these ids.
    These(Vec<String>),
}

impl Allowed {
    /// May this one never have fired?
    pub fn allows(&self, count: &Count) -> bool {
        match self {
            Self::None => false,
            Self::All => true,
            Self::These(ids) => ids.iter().any(|id| count.is(id)),
        }
    }

    /// The same of an id.
    pub fn allows_id(&self, id: &str) -> bool {
        match self {
            Self::None => false,
            Self::All => true,
            Self::These(ids) => ids.iter().any(|allowed| allowed == id),
        }
    }

    /// The first id that no fault has.
    pub fn unknown(&self, is_known: impl Fn(&str) -> bool) -> Option<String> {
        let Self::These(ids) = self else { return None };
        ids.iter().find(|id| !is_known(id)).cloned()
    }
}

impl<'de> Deserialize<'de> for Allowed {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        match Value::deserialize(d)? {
            Value::Bool(true) => Ok(Self::All),
            Value::Bool(false) => Ok(Self::None),
            Value::Array(ids) => {
                let texts: Option<Vec<_>> = ids.iter().map(|id| id.as_str().map(str::to_owned)).collect();
                texts.map(Self::These).ok_or_else(|| de::Error::custom("ids of faults are texts"))
            }
            _ => Err(de::Error::custom("expected `true`, `false`, or a list of ids of faults")),
        }
    }
}
