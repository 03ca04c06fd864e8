//! `bandwidth`: the body comes no faster than this, in the org's time.

use serde::{Deserialize, Serialize};

use super::{Ask, HOW_IT_IS_SENT, Power};
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bytes_per_second: Option<u32>,
    /// The same in thousands of bytes, as Toxiproxy has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rate: Option<u32>,
}

impl Power for Bandwidth {
    fn point(&self, _: &When) -> Point {
        Point::Request
    }

    fn may_follow(&self) -> bool {
        true
    }

    fn check(&self, _: &When) -> Result<(), String> {
        match (self.bytes_per_second, self.rate) {
            (Some(10..), None) | (None, Some(1..=4_000_000)) => Ok(()),
            (Some(_), None) => Err("`bytesPerSecond` is at least 10".to_owned()),
            (None, Some(_)) => Err("`rate` is between 1 and 4000000".to_owned()),
            _ => Err("give `bytesPerSecond`, or `rate` in thousands of bytes".to_owned()),
        }
    }

    fn decides(&self) -> Option<String> {
        Some(HOW_IT_IS_SENT.to_owned())
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        let bytes = self.bytes_per_second.or(self.rate.map(|thousands| thousands * 1_000))?;
        Some(Verdict::OfAnswer(AnswerVerdict::Pace(Pace::Rate(bytes))))
    }
}
