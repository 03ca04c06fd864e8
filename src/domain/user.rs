//! Agents and the queues that they work in.

use serde::{Deserialize, Serialize};

use super::{permission::Permission, role::RoleDivision};
use crate::base::ids::UserId;

/// A person who answers guests.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// Shown to guests as nickname.
    pub name: String,
    /// Its address, which is also its user name.
    pub email: String,
    /// The queue that it is a member of.
    pub queue: String,
    /// Roles that it holds.
    pub roles: Vec<RoleDivision>,
    /// Permissions that it has beside those of its roles.
    pub permissions: Vec<Permission>,
}

impl User {
    /// Is it the one that somebody means by this id or address?
    pub fn is_called(&self, name: &str) -> bool {
        self.id.as_str() == name || !self.email.is_empty() && self.email.eq_ignore_ascii_case(name)
    }
}
