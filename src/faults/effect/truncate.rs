//! `truncate`: the body breaks off, and HTTP notices.

use serde::{Deserialize, Serialize};

use super::{Ask, HOW_IT_IS_SENT, Power};
use crate::{
    base::time::Span,
    faults::{
        point::Point,
        verdict::{Cut, Ending, Verdict},
        when::When,
    },
};

/// The head states the length of the whole body; the connection ends in an orderly way before all of it has come.
/// `invalid_json` is the same with a length that fits.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Truncate {
    /// How much comes of the body, in bytes. Default: half.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bytes: Option<usize>,
}

impl Power for Truncate {
    fn point(&self, _: &When) -> Point {
        Point::Request
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
        Some(Verdict::Cut {
            at: self.bytes.map_or(Cut::Half, Cut::Body),
            how: Ending::Close,
            after: Span::ZERO,
        })
    }
}
