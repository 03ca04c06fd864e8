//! `corrupt_frame`: a frame to the client is broken in one named way.

use std::fmt;

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

/// The ways in which a frame can be broken. The first four are against RFC 6455 or RFC 8259.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Corruption {
    /// A byte that UTF-8 does not have stands in the middle of the text.
    BadUtf8,
    /// The first colon is an equals sign.
    BadJson,
    /// The bit RSV1 is set, although no extension was negotiated.
    ReservedBits,
    /// The payload is masked, as only a client's may be.
    Masked,
    /// `class` is one that nobody knows, `EmulatorUnknown`.
    UnknownClass,
    /// `body` is null.
    NullBody,
}

/// As it is written in a fault.
impl fmt::Display for Corruption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// How it is broken.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CorruptFrame {
    /// In which way.
    mode: Corruption,
}

impl Power for CorruptFrame {
    fn point(&self, _: &When) -> Point {
        Point::Frame
    }

    fn only(&self) -> Option<Way> {
        Some(Way::Out)
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Frame(FrameVerdict::Bend(Bend::Corrupt(self.mode))))
    }
}
