//! `refuse_connection`: a connection is ended as it is accepted, as if nobody was there to serve it.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::{
    base::time::Span,
    faults::{
        point::Point,
        verdict::{Cut, Ending, Verdict},
        when::When,
    },
};

/// It is of the emulator as a whole. Connections to the admin API are let in and not counted, and while there is such a
/// fault they end with the answer, so that nothing else comes on them; those that are open already stay open.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RefuseConnection {
    /// How it ends. Default `reset`.
    #[serde(default)]
    how: Ending,
}

impl Power for RefuseConnection {
    fn point(&self, _: &When) -> Point {
        Point::Accept
    }

    fn ends(&self) -> bool {
        true
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Cut { at: Cut::Accept, how: self.how, after: Span::ZERO })
    }
}
