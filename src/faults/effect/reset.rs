//! `reset`: ends the TCP connection with a reset.

use serde::{Deserialize, Serialize};

use super::{Ask, HOW_IT_IS_SENT, Power};
use crate::{
    base::time::Span,
    faults::{
        point::Point,
        verdict::{Cut, Ending, Verdict},
        when::When,
    },
};

/// Where it happens.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum At {
    /// Nothing of the request is read.
    Accept,
    /// Nothing of the answer is sent.
    #[default]
    BeforeHead,
    /// The head is sent.
    AfterHead,
    /// The head and so many bytes of the body are sent.
    Byte(usize),
}

impl At {
    /// What happens at accept happens before there is a request.
    pub fn point(self) -> Point {
        if self == Self::Accept { Point::Accept } else { Point::Request }
    }

    /// The same as the hallway takes it.
    pub fn cut(self) -> Cut {
        match self {
            Self::Accept => Cut::Accept,
            Self::BeforeHead => Cut::BeforeHead,
            Self::AfterHead => Cut::Body(0),
            Self::Byte(bytes) => Cut::Body(bytes),
        }
    }
}

/// `reset: {}`, `reset: { at: accept }`, `reset: { at: after_head }` or `reset: { at: { byte: 10 } }`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Reset {
    /// Where. Default `before_head`.
    #[serde(default)]
    at: At,
    /// So much of the org's time passes first. Default: none.
    #[serde(default, skip_serializing_if = "is_none")]
    after: Span,
}

/// Does no time pass?
pub(super) fn is_none(after: &Span) -> bool {
    *after == Span::ZERO
}

impl Power for Reset {
    fn point(&self, _: &When) -> Point {
        self.at.point()
    }

    fn may_follow(&self) -> bool {
        true
    }

    fn ends(&self) -> bool {
        true
    }

    fn decides(&self) -> Option<String> {
        Some(HOW_IT_IS_SENT.to_owned())
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Cut { at: self.at.cut(), how: Ending::Reset, after: self.after })
    }
}
