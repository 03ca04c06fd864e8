//! `missing_field`: a member of the answer's JSON is not there.

use serde::{Deserialize, Serialize};

use super::{Ask, Power, field_is_named};
use crate::faults::{
    point::Point,
    verdict::{AnswerVerdict, Verdict},
    when::When,
};

/// An answer that has no such member stays as it is.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct MissingField {
    /// The way to the member, such as `expires_in`, `webchat.guestId` or `entities.0.id`.
    field: String,
}

impl Power for MissingField {
    fn point(&self, _: &When) -> Point {
        Point::Request
    }

    fn may_follow(&self) -> bool {
        true
    }

    fn check(&self, _: &When) -> Result<(), String> {
        field_is_named(&self.field)
    }

    fn decides(&self) -> Option<String> {
        Some(format!("what becomes of `{}`", self.field))
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::OfAnswer(AnswerVerdict::Field(self.field.clone(), None)))
    }
}
