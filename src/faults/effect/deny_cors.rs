//! `deny_cors`: a page may not read the answer.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::faults::{
    point::Point,
    verdict::{AnswerVerdict, Verdict},
    when::When,
};

/// Has no options. The answer, or that to a preflight, carries no `Access-Control-*` header.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DenyCors {}

impl Power for DenyCors {
    fn point(&self, _: &When) -> Point {
        Point::Request
    }

    fn may_follow(&self) -> bool {
        true
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::OfAnswer(AnswerVerdict::NoCors))
    }
}
