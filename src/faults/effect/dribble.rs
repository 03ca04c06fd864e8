//! `dribble`: the body comes in pieces, over some time of the org.

use serde::{Deserialize, Serialize};

use super::{Ask, HOW_IT_IS_SENT, Power};
use crate::{
    base::time::Span,
    faults::{
        point::Point,
        verdict::{AnswerVerdict, Pace, Verdict},
        when::When,
    },
};

/// The head comes with the first piece, at once.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Dribble {
    /// How many pieces, 2 to 1,000. Default 10.
    #[serde(default = "ten")]
    chunks: usize,
    /// From the first to the last.
    over: Span,
}

fn ten() -> usize {
    10
}

impl Power for Dribble {
    fn point(&self, _: &When) -> Point {
        Point::Request
    }

    fn may_follow(&self) -> bool {
        true
    }

    fn check(&self, _: &When) -> Result<(), String> {
        let sound = (2..=1_000).contains(&self.chunks);
        sound.then_some(()).ok_or_else(|| "`chunks` is between 2 and 1000".to_owned())
    }

    fn decides(&self) -> Option<String> {
        Some(HOW_IT_IS_SENT.to_owned())
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::OfAnswer(AnswerVerdict::Pace(Pace::Pieces { count: self.chunks, over: self.over })))
    }
}
