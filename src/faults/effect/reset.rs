//! `reset`: ends the TCP connection with a reset.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::faults::{
    point::Point,
    verdict::{Cut, Verdict},
    when::When,
};

/// Where it happens.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum At {
    /// Nothing of the answer is sent.
    #[default]
    BeforeHead,
    /// The head is sent.
    AfterHead,
    /// The head and so many bytes of the body are sent.
    Byte(usize),
}

/// `reset: {}`, `reset: { at: after_head }` or `reset: { at: { byte: 10 } }`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Reset {
    /// Where. Default `before_head`.
    #[serde(default)]
    at: At,
}

impl Power for Reset {
    fn point(&self, _: &When) -> Point {
        Point::Request
    }

    fn may_follow(&self) -> bool {
        true
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Reset(match self.at {
            At::BeforeHead => Cut::BeforeHead,
            At::AfterHead => Cut::Body(0),
            At::Byte(bytes) => Cut::Body(bytes),
        }))
    }
}
