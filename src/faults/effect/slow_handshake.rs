//! `slow_handshake`: the client's first message of TLS is answered later.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::{
    base::time::Span,
    faults::{point::Point, verdict::Verdict, when::When},
};

/// The time is that of the default org.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SlowHandshake {
    /// So much later.
    #[serde(rename = "for")]
    lasting: Span,
}

impl Power for SlowHandshake {
    fn point(&self, _: &When) -> Point {
        Point::Handshake
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Wait(self.lasting))
    }
}
