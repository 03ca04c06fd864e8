//! `evict`: the connection of a frame is closed by an event, as one connection too many does to the oldest.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::{
    domain::visit::Surface,
    faults::{
        point::{Facts, Point},
        verdict::{FrameVerdict, Verdict},
        when::When,
    },
};

/// Has no options. The frame goes its way. Then its connection is told `ConnectionClosedEvent` and stands for no session until
/// it configures one again; clients close it. The socket of a channel is told that another one has taken its place, and is
/// closed.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Evict {}

impl Power for Evict {
    fn point(&self, _: &When) -> Point {
        Point::Frame
    }

    fn concerns(&self, facts: &Facts<'_>) -> bool {
        facts.claimed.session.is_some() || facts.surface == Surface::Streaming
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Frame(FrameVerdict::Evict))
    }
}
