//! `deny_scope`: a scope counts as missing although the client has it.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::{
    domain::scope::Scope,
    faults::{
        point::{Facts, Point},
        verdict::Verdict,
        when::When,
    },
};

/// Which scope; a pattern such as `webchat:guest:*` denies all that it covers.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DenyScope {
    /// The scope.
    scope: Scope,
}

impl Power for DenyScope {
    fn point(&self, _: &When) -> Point {
        Point::Scope
    }

    fn concerns(&self, facts: &Facts<'_>) -> bool {
        self.scope.covers(facts.required)
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::DenyScope)
    }
}
