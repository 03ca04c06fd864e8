//! What integrations do with events and stories.

use serde::{Deserialize, Serialize};

use super::client::Actor;
use crate::base::time::Timestamp;

/// In the vendor's spelling.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Toggle {
    /// It is done.
    Enabled,
    /// It is not.
    Disabled,
}

/// What is done; what is not said is done as usual.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Toggles {
    /// Mentions in stories come.
    pub mention: Option<Toggle>,
    /// Replies to stories come.
    pub reply: Option<Toggle>,
    /// That somebody outside types comes.
    pub typing_inbound: Option<Toggle>,
    /// That an agent types goes.
    pub typing_outbound: Option<Toggle>,
}

/// One of them.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MessagingSetting {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What is done.
    pub toggles: Toggles,
    /// How often it was written.
    pub version: u32,
    /// When it was made.
    pub created: Timestamp,
    /// By whom.
    pub created_by: Actor,
    /// When it was changed last.
    pub modified: Timestamp,
    /// By whom.
    pub modified_by: Actor,
}

/// How long somebody who writes again goes on with the same conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ThreadingWindow {
    /// Where messages come from.
    pub messenger_type: String,
    /// In minutes.
    pub timeout_in_minutes: i64,
}

impl ThreadingWindow {
    /// Where messages can come from.
    pub const MESSENGERS: [&str; 7] =
        ["webmessaging", "open", "whatsapp", "facebook", "instagram", "sms", "apple"];
    /// The longest that can be said, in minutes: 72 h.
    pub const LONGEST: i64 = 4_320;
}
