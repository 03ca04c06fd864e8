//! `stall`: the answer stops, and the connection stays open.

use serde::{Deserialize, Serialize};

use super::{Ask, HOW_IT_IS_SENT, Power};
use crate::{
    base::time::Span,
    faults::{
        effect::reset::At,
        point::Point,
        verdict::{AnswerVerdict, Pace, Verdict},
        when::When,
    },
};

/// `stall: {}` never says anything; `stall: { at: { byte: 10 }, for: 20s }` goes on after that time of the org. At accept
/// nothing is read before the time has passed.
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
        self.at.point()
    }

    fn may_follow(&self) -> bool {
        true
    }

    fn decides(&self) -> Option<String> {
        matches!(self.at, At::AfterHead | At::Byte(_)).then(|| HOW_IT_IS_SENT.to_owned())
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        let span = self.lasting.unwrap_or(Span::FOREVER);
        Some(match self.at {
            At::Accept => Verdict::Wait(span),
            At::BeforeHead => Verdict::OfAnswer(AnswerVerdict::Late(span)),
            At::AfterHead => Verdict::OfAnswer(AnswerVerdict::Pace(Pace::Stall { after: 0, span })),
            At::Byte(after) => Verdict::OfAnswer(AnswerVerdict::Pace(Pace::Stall { after, span })),
        })
    }
}
