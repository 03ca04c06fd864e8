//! `lose_response`: the work is done, and the answer never comes.

use serde::{Deserialize, Serialize};

use super::{Ask, HOW_IT_IS_SENT, Power};
use crate::faults::{
    point::Point,
    verdict::{AnswerVerdict, Ending, Verdict},
    when::When,
};

/// Unlike `reset` it lets the request be handled first, whatever the phase.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LoseResponse {
    /// How the connection ends. Default `reset`.
    #[serde(default)]
    how: Ending,
}

impl Power for LoseResponse {
    fn point(&self, _: &When) -> Point {
        Point::Request
    }

    fn may_follow(&self) -> bool {
        true
    }

    fn decides(&self) -> Option<String> {
        Some(HOW_IT_IS_SENT.to_owned())
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::OfAnswer(AnswerVerdict::Lost(self.how)))
    }
}
