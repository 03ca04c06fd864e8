//! `duplicate_frame`: a frame is sent, or taken in, again.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::faults::{
    point::Point,
    verdict::{FrameVerdict, Verdict},
    when::When,
};

/// How often again. To the client the same bytes leave several times; a frame from the client is done several times,
/// each time with ids of its own. The journal has it once.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DuplicateFrame {
    /// How many beside the first, 1 to 100. Default 1.
    #[serde(default = "once")]
    copies: u32,
}

fn once() -> u32 {
    1
}

impl Power for DuplicateFrame {
    fn point(&self, _: &When) -> Point {
        Point::Frame
    }

    fn check(&self, _: &When) -> Result<(), String> {
        match self.copies {
            1..=100 => Ok(()),
            copies => Err(format!("`copies` {copies} is not between 1 and 100")),
        }
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Frame(FrameVerdict::Again(self.copies)))
    }
}
