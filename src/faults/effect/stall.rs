//! `stall`: the answer stops, and the connection stays open.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::{
    base::time::Span,
    faults::{
        effect::reset::At,
        point::Point,
        verdict::{AnswerVerdict, Cut, Pace, Verdict},
        when::When,
    },
};

/// `stall: {}` never says anything; `stall: { at: { byte: 10 }, for: 20s }` goes on after that time of the org.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Stall {
    /// Where. Default `before_head`.
    #[serde(default)]
    at: At,
    /// For how long. Default: for ever.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    lasting: Option<Span>,
}

impl Power for Stall {
    fn point(&self, _: &When) -> Point {
        Point::Request
    }

    fn may_follow(&self) -> bool {
        true
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        let span = self.lasting.unwrap_or(Span::FOREVER);
        Some(Verdict::OfAnswer(match self.at.cut() {
            Cut::BeforeHead => AnswerVerdict::Late(span),
            Cut::Body(after) => AnswerVerdict::Pace(Pace::Stall { after, span }),
        }))
    }
}
