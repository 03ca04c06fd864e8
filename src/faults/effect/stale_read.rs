//! `stale_read`: a reader is given what it was given the last time.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::faults::{
    point::{Facts, Point},
    verdict::{AnswerVerdict, Verdict},
    when::When,
};

/// Has no options. It is about requests of `GET`. The first answer that a caller gets is true and is remembered; from
/// then on each is the one before, as of a replica that is one write behind.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct StaleRead {}

impl Power for StaleRead {
    fn point(&self, _: &When) -> Point {
        Point::Request
    }

    fn may_follow(&self) -> bool {
        true
    }

    fn concerns(&self, facts: &Facts<'_>) -> bool {
        facts.method == "GET"
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::OfAnswer(AnswerVerdict::Stale))
    }
}
