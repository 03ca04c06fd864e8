//! `evict`: the connection of a frame is closed by an event, as one connection too many does to the oldest.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::faults::{
    point::{Facts, Point},
    verdict::{FrameVerdict, Verdict},
    when::When,
};

/// Has no options. The frame goes its way; then its connection is told `ConnectionClosedEvent` and stands for no
/// session until it configures one again. The TCP connection stays: clients close it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Evict {}

impl Power for Evict {
    fn point(&self, _: &When) -> Point {
        Point::Frame
    }

    fn concerns(&self, facts: &Facts<'_>) -> bool {
        facts.claimed.session.is_some()
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Frame(FrameVerdict::Evict))
    }
}
