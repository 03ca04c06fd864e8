//! `stop_pong`: pings of a connection are not answered any more.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::faults::{
    point::Point,
    verdict::{FrameVerdict, Verdict},
    when::When,
};

/// Has no options. From the frame on, the pings of its connection stay without a pong; everything else goes on.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct StopPong {}

impl Power for StopPong {
    fn point(&self, _: &When) -> Point {
        Point::Frame
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Frame(FrameVerdict::StopPong))
    }
}
