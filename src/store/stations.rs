//! Stations of an org. Each user has one in its browser, which is written down when somebody first asks.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    base::ids::UserId,
    domain::station::{OfUser, Station},
};

/// All of them, and who uses which.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stations {
    /// By id.
    pub all: BTreeMap<String, Station>,
    /// By user.
    pub of: BTreeMap<UserId, OfUser>,
    /// Are those of all users written down?
    pub complete: bool,
}

impl Stations {
    /// The one that a user can be called at: the one that it uses, or that it uses by default unless somebody else does.
    pub fn effective(&self, user: &UserId) -> Option<&Station> {
        let of = self.of.get(user)?;
        let of_default = || {
            let station = self.all.get(of.default.as_ref()?)?;
            station.user.is_none().then_some(station)
        };
        of.associated.as_ref().and_then(|id| self.all.get(id)).or_else(of_default)
    }
}
