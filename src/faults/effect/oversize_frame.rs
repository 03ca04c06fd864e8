//! `oversize_frame`: a frame to the client is much longer than it need be.

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

/// The longest that can be asked for.
const LONGEST: usize = 16 << 20;

/// How long. The JSON stays valid: it has one member more, `padding`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct OversizeFrame {
    /// Bytes of the text, at most 16 MiB; a longer one stays as it is. Default 262144 (256 KiB).
    #[serde(default = "quarter_of_a_mebibyte")]
    bytes: usize,
}

fn quarter_of_a_mebibyte() -> usize {
    256 << 10
}

impl Power for OversizeFrame {
    fn point(&self, _: &When) -> Point {
        Point::Frame
    }

    fn only(&self) -> Option<Way> {
        Some(Way::Out)
    }

    fn check(&self, _: &When) -> Result<(), String> {
        if self.bytes > LONGEST { Err(format!("`bytes` is at most {LONGEST}")) } else { Ok(()) }
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Frame(FrameVerdict::Bend(Bend::Pad(self.bytes))))
    }
}
