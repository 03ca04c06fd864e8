//! `deny_permission`: a permission counts as missing although the client's roles have it.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::{
    domain::permission::Permission,
    faults::{
        point::{Facts, Point},
        verdict::Verdict,
        when::When,
    },
};

/// Which permission; `webchat:*` denies all that it grants.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DenyPermission {
    /// The permission.
    permission: Permission,
}

impl Power for DenyPermission {
    fn point(&self, _: &When) -> Point {
        Point::Permission
    }

    fn check(&self, _: &When) -> Result<(), String> {
        self.permission.grants_known().map_err(|near| {
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            format!("nothing asks for a permission that `{}` grants{near}", self.permission)
        })
    }

    fn concerns(&self, facts: &Facts<'_>) -> bool {
        self.permission.grants(facts.required)
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::DenyPermission)
    }
}
