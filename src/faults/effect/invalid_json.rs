//! `invalid_json`: the answer's body breaks off, and HTTP says nothing of it.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::faults::{
    point::Point,
    verdict::{AnswerVerdict, Verdict},
    when::When,
};

/// The length that the head states is that of what is left.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct InvalidJson {
    /// How much is left of the body, in bytes. Default: half.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bytes: Option<usize>,
}

impl Power for InvalidJson {
    fn point(&self, _: &When) -> Point {
        Point::Request
    }

    fn may_follow(&self) -> bool {
        true
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::OfAnswer(AnswerVerdict::Truncate(self.bytes)))
    }
}
