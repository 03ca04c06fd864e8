//! `malformed_chunk`: the body comes in chunks, and the second has no length.

use serde::{Deserialize, Serialize};

use super::{Ask, HOW_IT_IS_SENT, Power};
use crate::faults::{
    point::Point,
    verdict::{AnswerVerdict, Verdict},
    when::When,
};

/// Has no options. The head and half of the body are sound; then the connection is closed.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct MalformedChunk {}

impl Power for MalformedChunk {
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
        Some(Verdict::OfAnswer(AnswerVerdict::MalformedChunk))
    }
}
