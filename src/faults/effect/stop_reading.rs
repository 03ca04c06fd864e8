//! `stop_reading`: nothing of a connection is read any more.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::{
    base::time::Span,
    faults::{
        point::Point,
        verdict::{FrameVerdict, Verdict},
        when::When,
    },
};

/// For how long. The frame itself is dealt with. What the client sends afterwards fills the buffers of the systems
/// until it cannot send any more; pings are not answered either. What goes to the client goes on.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct StopReading {
    /// In the org's time; then everything that has arrived is read. Default: for good.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    lasting: Option<Span>,
}

impl Power for StopReading {
    fn point(&self, _: &When) -> Point {
        Point::Frame
    }

    fn check(&self, _: &When) -> Result<(), String> {
        if self.lasting == Some(Span::ZERO) { Err("`for` is longer than nothing".into()) } else { Ok(()) }
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Frame(FrameVerdict::StopReading(self.lasting)))
    }
}
