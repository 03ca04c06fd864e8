//! Access tokens: opaque to clients or a JWT, a row to us.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::client::Client;
use crate::base::{ids::UserId, time::Timestamp};

/// What has become of an access token, as faults ask for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenState {
    /// No token came.
    None,
    /// It is good.
    Live,
    /// It has expired.
    Expired,
    /// It was taken back.
    Revoked,
    /// It is not one that was issued here, or is long forgotten.
    Unknown,
}

/// An access token that was issued. It is stored under its text, or under a hash of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccessToken {
    /// The client that it was issued to, with the scopes of that moment.
    pub client: Arc<Client>,
    /// The user that it speaks for, unless it is the application's own.
    pub user: Option<UserId>,
    /// When it was issued.
    pub issued: Timestamp,
    /// From then on it is dead.
    pub expires: Timestamp,
    /// Was it taken back?
    pub revoked: bool,
}

impl AccessToken {
    /// The user that it speaks for.
    pub fn user_id(&self) -> Option<&UserId> {
        self.user.as_ref()
    }

    /// Does it have this permission?
    pub fn has_permission(&self, wanted: &str) -> bool {
        self.client.permissions.iter().any(|permission| permission.grants(wanted))
    }

    /// What has become of it.
    pub fn state(&self, now: Timestamp) -> TokenState {
        match now >= self.expires {
            _ if self.revoked => TokenState::Revoked,
            true => TokenState::Expired,
            false => TokenState::Live,
        }
    }
}
