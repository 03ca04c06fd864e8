//! Roles, and the divisions within which they are held.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::permission::Permission;
use crate::base::ids::{DivisionId, RoleId};

/// The division that stands for all of them.
pub const ALL_DIVISIONS: &str = "*";

/// A set of permissions that clients and users may hold.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Role {
    /// Its id.
    pub id: RoleId,
    /// For people.
    pub name: String,
    /// For people, too.
    pub description: Option<String>,
    /// The name of the role that every org has, if it is that one.
    pub default_role_id: Option<String>,
    /// What it grants.
    pub permissions: Vec<Permission>,
}

/// A part of an org.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Division {
    /// Its id.
    pub id: DivisionId,
    /// For people.
    pub name: String,
    /// For people, too.
    pub description: String,
    /// Is it the one that everything is of which is of no other?
    pub home: bool,
}

/// Where somebody has a permission.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reach {
    /// Wherever something is.
    Everywhere,
    /// Within these divisions.
    Within(BTreeSet<DivisionId>),
}

/// A role that is held within a division.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RoleDivision {
    /// The role.
    pub role: RoleId,
    /// The division, or [`ALL_DIVISIONS`].
    pub division: DivisionId,
}
