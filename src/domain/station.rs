//! Stations: what users take calls at.

use serde::{Deserialize, Serialize};

use crate::base::{ids::UserId, time::Timestamp};

/// The type of stations in browsers.
pub const WEBRTC: &str = "inin_webrtc_softphone";

/// A station.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Station {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// In whose browser it is.
    pub owner: UserId,
    /// Who uses it, and since when.
    pub user: Option<(UserId, Timestamp)>,
    /// Who uses it unless it says otherwise.
    pub default_user: Option<UserId>,
    /// The id of its line.
    pub line: String,
}

/// The stations of a user, by their ids.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OfUser {
    /// The one that it uses.
    pub associated: Option<String>,
    /// The one that it uses unless it says otherwise.
    pub default: Option<String>,
    /// The one that it used last.
    pub last: Option<String>,
}
