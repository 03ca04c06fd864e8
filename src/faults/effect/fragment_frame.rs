//! `fragment_frame`: a frame to the client comes in several fragments (RFC 6455 section 5.4).

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

/// How long the fragments are. The first says that it is text, the others that they go on, and only the last has FIN
/// set; a character may be spread over two. A client that takes each for a message of its own loses it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct FragmentFrame {
    /// Bytes of payload of each but the last. Default 16.
    #[serde(default = "sixteen")]
    size: usize,
}

fn sixteen() -> usize {
    16
}

impl Power for FragmentFrame {
    fn point(&self, _: &When) -> Point {
        Point::Frame
    }

    fn only(&self) -> Option<Way> {
        Some(Way::Out)
    }

    fn check(&self, _: &When) -> Result<(), String> {
        if self.size == 0 { Err("`size` is at least 1".into()) } else { Ok(()) }
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Frame(FrameVerdict::Bend(Bend::Fragment(self.size))))
    }
}
