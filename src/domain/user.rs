//! Agents and the queues that they work in.

use serde::{Deserialize, Serialize};

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
}
