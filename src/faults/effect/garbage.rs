//! `garbage`: bytes that are no HTTP come instead of the answer.

use serde::{Deserialize, Serialize};

use super::{Ask, HOW_IT_IS_SENT, Power};
use crate::faults::{
    point::Point,
    verdict::{AnswerVerdict, Verdict},
    when::When,
};

/// The bytes are drawn: the same seed sends the same. Then the connection is closed.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Garbage {
    /// How many, 1 to 65,536. Default 64.
    #[serde(default = "usual")]
    bytes: usize,
}

fn usual() -> usize {
    64
}

impl Power for Garbage {
    fn point(&self, _: &When) -> Point {
        Point::Request
    }

    fn may_follow(&self) -> bool {
        true
    }

    fn check(&self, _: &When) -> Result<(), String> {
        let sound = (1..=1 << 16).contains(&self.bytes);
        sound.then_some(()).ok_or_else(|| "`bytes` is between 1 and 65536".to_owned())
    }

    fn decides(&self) -> Option<String> {
        Some(HOW_IT_IS_SENT.to_owned())
    }

    fn verdict(&self, ask: &mut Ask<'_>) -> Option<Verdict> {
        let mut drawn = Vec::with_capacity(self.bytes);
        for nth in 0.. {
            let left = self.bytes - drawn.len();
            if left == 0 {
                break;
            }
            let piece = ask.bytes("garbage", nth);
            drawn.extend_from_slice(&piece[..left.min(piece.len())]);
        }
        Some(Verdict::OfAnswer(AnswerVerdict::Garbage(drawn.into())))
    }
}
