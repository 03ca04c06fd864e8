//! `close_connection`: the connection ends in an orderly way, too early.

use serde::{Deserialize, Serialize};

use super::{Ask, HOW_IT_IS_SENT, Power};
use crate::{
    base::time::Span,
    faults::{
        effect::reset::{At, is_none},
        point::Point,
        verdict::{Ending, Verdict},
        when::When,
    },
};

/// `close_connection: {}`, `close_connection: { at: after_head }` or `close_connection: { at: { byte: 10 } }`. A client
/// that does not compare lengths takes the part for the whole.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CloseConnection {
    /// Where. Default `before_head`.
    #[serde(default)]
    at: At,
    /// So much of the org's time passes first. Default: none.
    #[serde(default, skip_serializing_if = "is_none")]
    after: Span,
}

impl Power for CloseConnection {
    fn point(&self, _: &When) -> Point {
        self.at.point()
    }

    fn may_follow(&self) -> bool {
        true
    }

    fn ends(&self) -> bool {
        true
    }

    fn decides(&self) -> Option<String> {
        Some(HOW_IT_IS_SENT.to_owned())
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Cut { at: self.at.cut(), how: Ending::Close, after: self.after })
    }
}
