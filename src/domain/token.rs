//! Access tokens: opaque to clients or a JWT, a row to us.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::client::Client;
use crate::base::time::Timestamp;

/// An access token that was issued. It is stored under its text, or under a hash of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccessToken {
    /// The client that it was issued to, with the scopes of that moment.
    pub client: Arc<Client>,
    /// When it was issued.
    pub issued: Timestamp,
    /// From then on it is dead.
    pub expires: Timestamp,
    /// Was it taken back?
    pub revoked: bool,
}
