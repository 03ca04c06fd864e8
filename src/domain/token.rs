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

/// What is known of a token that speaks for a user.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OfUser {
    /// Whom.
    pub user: UserId,
    /// The key of what the user granted.
    pub granted: String,
    /// When it was used last.
    pub used: Timestamp,
}

/// Why an access token that was issued is worth nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Worthless {
    /// It was taken back.
    Revoked,
    /// What it was issued for was taken back.
    GrantRevoked,
    /// Its time is over.
    Expired,
    /// Nobody has used it for longer than the org allows.
    Idle,
    /// Its client is no more.
    ClientGone,
    /// Its client does not work.
    ClientInactive,
    /// Its user is no more.
    UserGone,
}

/// An access token that was issued. It is stored under its text, or under a hash of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccessToken {
    /// The client that it was issued to, with the scopes of that moment.
    pub client: Arc<Client>,
    /// The user that it speaks for; `None` of an application's own.
    pub user: Option<Box<OfUser>>,
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
        self.user.as_ref().map(|of| &of.user)
    }
}

impl From<Worthless> for TokenState {
    fn from(why: Worthless) -> Self {
        match why {
            Worthless::Expired | Worthless::Idle => Self::Expired,
            _ => Self::Revoked,
        }
    }
}
