//! `unknown_enum`: a member of the answer's JSON has a value that clients do not know.

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
pub struct UnknownEnum {
    /// The way to the member, such as `status` or `entities.0.state`.
    field: String,
    /// Its value. Default `FUTURE_VALUE`.
    #[serde(default = "future")]
    value: serde_json::Value,
}

fn future() -> serde_json::Value {
    "FUTURE_VALUE".into()
}

impl Power for UnknownEnum {
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
        Some(Verdict::OfAnswer(AnswerVerdict::Field(self.field.clone(), Some(self.value.clone()))))
    }
}
