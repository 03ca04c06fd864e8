//! `bandwidth`: the body comes no faster than this, in the org's time.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::faults::{
    point::Point,
    verdict::{AnswerVerdict, Pace, Verdict},
    when::When,
};

/// It is sent in pieces of a tenth of a second. The head is sent at once.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Bandwidth {
    /// Bytes a second, at least 10.
    bytes_per_second: u32,
}

impl Power for Bandwidth {
    fn point(&self, _: &When) -> Point {
        Point::Request
    }

    fn may_follow(&self) -> bool {
        true
    }

    fn check(&self, _: &When) -> Result<(), String> {
        let sound = self.bytes_per_second >= 10;
        sound.then_some(()).ok_or_else(|| "`bytesPerSecond` is at least 10".to_owned())
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::OfAnswer(AnswerVerdict::Pace(Pace::Rate(self.bytes_per_second))))
    }
}
