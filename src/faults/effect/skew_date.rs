//! `skew_date`: the clock of whoever answers goes wrong, and the `Date` of the answer tells.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::{
    base::time::Span,
    faults::{
        point::Point,
        verdict::{AnswerVerdict, Verdict},
        when::When,
    },
};

/// `Date` is that of the org's clock, and so much ahead or behind. Nothing else of the answer is; tokens are skewed by
/// `claims`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SkewDate {
    /// How far ahead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ahead: Option<Span>,
    /// How far behind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    behind: Option<Span>,
}

impl Power for SkewDate {
    fn point(&self, _: &When) -> Point {
        Point::Request
    }

    fn may_follow(&self) -> bool {
        true
    }

    fn check(&self, _: &When) -> Result<(), String> {
        match (self.ahead, self.behind) {
            (Some(_), None) | (None, Some(_)) => Ok(()),
            _ => Err("give `ahead` or `behind`".to_owned()),
        }
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        let micros = |span: Option<Span>| span.map_or(0, Span::micros);
        Some(Verdict::OfAnswer(AnswerVerdict::Skew(micros(self.ahead) - micros(self.behind))))
    }
}
