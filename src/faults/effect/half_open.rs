//! `half_open`: the connection stays, but the emulator is gone from it.

use serde::{Deserialize, Serialize};

use super::{Ask, HOW_IT_IS_SENT, Power};
use crate::{
    base::time::Span,
    faults::{
        effect::reset::At,
        point::Point,
        verdict::{Ending, Verdict},
        when::When,
    },
};

/// Nothing more comes over it, nothing more is read of it, and its client is not told. Of a messaging socket the org
/// knows from then on that it is closed. Unlike `stall` it lets the request not be handled.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct HalfOpen {
    /// Where. Default `before_head`; a frame has no such place.
    #[serde(default)]
    at: At,
}

impl Power for HalfOpen {
    fn point(&self, when: &When) -> Point {
        if when.is_about_frames() { Point::Frame } else { self.at.point() }
    }

    fn may_follow(&self) -> bool {
        true
    }

    fn check(&self, when: &When) -> Result<(), String> {
        match self.at {
            At::BeforeHead => Ok(()),
            _ if !when.is_about_frames() => Ok(()),
            _ => Err("`at` is of requests; this fault is on frames".into()),
        }
    }

    fn ends(&self) -> bool {
        true
    }

    fn decides(&self) -> Option<String> {
        Some(HOW_IT_IS_SENT.to_owned())
    }

    fn verdict(&self, ask: &mut Ask<'_>) -> Option<Verdict> {
        Some(match ask.facts.frame {
            Some(_) => Verdict::Drop(Ending::HalfOpen),
            None => Verdict::Cut { at: self.at.cut(), how: Ending::HalfOpen, after: Span::ZERO },
        })
    }
}
