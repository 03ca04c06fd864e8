//! `drop_frame`: a frame is lost.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::faults::{
    point::Point,
    verdict::{FrameVerdict, Verdict},
    when::When,
};

/// Has no options. A frame to the client is numbered and journalled, but not sent; one from the client is journalled,
/// but the platform never sees it. Nothing else can become of a lost frame: faults behind this one are not asked.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DropFrame {}

impl Power for DropFrame {
    fn point(&self, _: &When) -> Point {
        Point::Frame
    }

    fn ends(&self) -> bool {
        true
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Frame(FrameVerdict::Lose))
    }
}
