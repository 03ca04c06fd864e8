//! `truncate_frame`: the text of a frame to the client ends too early.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::{
    domain::visit::Way,
    faults::{
        point::Point,
        verdict::{Bend, FrameVerdict, Verdict},
        when::When,
    },
};

/// How much of it is left. It is a valid WebSocket frame, cut between two characters; its JSON is not whole.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TruncateFrame {
    /// Bytes that are left at the most; a shorter text stays as it is. Default: half of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bytes: Option<usize>,
}

impl Power for TruncateFrame {
    fn point(&self, _: &When) -> Point {
        Point::Frame
    }

    fn only(&self) -> Option<Way> {
        Some(Way::Out)
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Frame(FrameVerdict::Bend(Bend::Truncate(self.bytes))))
    }
}
