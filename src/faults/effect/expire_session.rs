//! `expire_session`: the session of a frame expires before the frame is dealt with.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::faults::{
    point::{Facts, Point},
    verdict::{FrameVerdict, Verdict},
    when::When,
};

/// Has no options. Every connection of the session is told `SessionExpiredEvent`; then the frame goes its way: what
/// the guest says is answered once more with the event, a `configureSession` begins a new session.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ExpireSession {}

impl Power for ExpireSession {
    fn point(&self, _: &When) -> Point {
        Point::Frame
    }

    fn concerns(&self, facts: &Facts<'_>) -> bool {
        facts.claimed.session.is_some()
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Frame(FrameVerdict::Expire))
    }
}
