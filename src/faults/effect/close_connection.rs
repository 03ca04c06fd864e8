//! `close_connection`: the connection ends in an orderly way, too early.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::faults::{
    effect::reset::At,
    point::Point,
    verdict::{Ending, Verdict},
    when::When,
};

/// `close_connection: {}`, `close_connection: { at: after_head }` or `close_connection: { at: { byte: 10 } }`. A client
/// that does not compare lengths takes the part for the whole.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CloseConnection {
    /// Where. Default `before_head`.
    #[serde(default)]
    at: At,
}

impl Power for CloseConnection {
    fn point(&self, _: &When) -> Point {
        self.at.point()
    }

    fn may_follow(&self) -> bool {
        true
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Cut(self.at.cut(), Ending::Close))
    }
}
