//! `reorder_frames`: frames to the client leave in another order than they were made in.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::{
    base::time::Span,
    domain::visit::Way,
    faults::{
        point::Point,
        verdict::{FrameVerdict, Verdict},
        when::When,
    },
};

/// Frames that the fault is about are held, for each connection by itself, until `window` of them have gathered or
/// `within` has passed since the first. Then they leave in an order that is drawn by seed, fault, session and the
/// number of the window; it is never the order in which they came, unless there is but one. Frames that the fault is
/// not about overtake the held ones.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ReorderFrames {
    /// How many are held at the most, 2 to 1000. Default 3.
    #[serde(default = "three")]
    window: usize,
    /// How long the first is held at the longest, in the org's time. Default 500 ms.
    #[serde(default = "half_a_second")]
    within: Span,
}

fn three() -> usize {
    3
}

fn half_a_second() -> Span {
    Span::from_millis(500)
}

impl Power for ReorderFrames {
    fn point(&self, _: &When) -> Point {
        Point::Frame
    }

    fn only(&self) -> Option<Way> {
        Some(Way::Out)
    }

    fn check(&self, _: &When) -> Result<(), String> {
        if !(2..=1000).contains(&self.window) {
            return Err(format!("`window` {} is not between 2 and 1000", self.window));
        }
        if self.within == Span::ZERO {
            return Err("`within` is longer than nothing".into());
        }
        Ok(())
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Frame(FrameVerdict::Hold { window: self.window, within: self.within }))
    }
}
