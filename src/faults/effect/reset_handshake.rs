//! `reset_handshake`: the connection ends in the middle of the handshake of TLS.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::{
    base::time::Span,
    faults::{
        point::Point,
        verdict::{Cut, Ending, Verdict},
        when::When,
    },
};

/// The client's first message is read, and never answered.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ResetHandshake {
    /// How it ends. Default `reset`.
    #[serde(default)]
    how: Ending,
}

impl Power for ResetHandshake {
    fn point(&self, _: &When) -> Point {
        Point::Handshake
    }

    fn ends(&self) -> bool {
        true
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Cut { at: Cut::Accept, how: self.how, after: Span::ZERO })
    }
}
