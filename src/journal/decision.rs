//! What was decided about a request or frame, in one word.

use serde::{Deserialize, Serialize};

use super::entry::{Entry, Kind};

/// What was decided.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It was done, or sent, as it was meant to be.
    Granted,
    /// A rule of the platform spoke against it.
    Refused,
    /// Nothing is served there, or not with this method.
    Unserved,
    /// A fault refused it.
    Injected,
    /// A fault ended the connection before an answer.
    Ended,
    /// The client went away before its answer, or the org was reset.
    Abandoned,
}

/// Rules by which a request is refused because nobody is there to grant it.
const UNSERVED: &[&str] = &["path.unserved", "path.unknown", "method.unserved"];

impl Entry {
    /// What was decided.
    pub fn decision(&self) -> Decision {
        match self.refusal() {
            _ if self.abandoned => Decision::Abandoned,
            _ if self.kind() == Kind::Http && self.status() == 0 => Decision::Ended,
            None => Decision::Granted,
            Some(refusal) if refusal.fault.is_some() => Decision::Injected,
            Some(refusal) if UNSERVED.contains(&refusal.rule) => Decision::Unserved,
            Some(_) => Decision::Refused,
        }
    }
}
