//! `slow_close`: the answer says `Connection: close`, and the connection is not closed for a while.

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

/// A client that reads to the end waits for so much of the org's time.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SlowClose {
    /// How long; Toxiproxy calls it `delay`.
    #[serde(alias = "delay")]
    after: Span,
}

impl Power for SlowClose {
    fn point(&self, _: &When) -> Point {
        Point::Request
    }

    fn may_follow(&self) -> bool {
        true
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::OfAnswer(AnswerVerdict::SlowClose(self.after)))
    }
}
