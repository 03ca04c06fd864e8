//! Guests of the guide dialect: `POST /api/v2/webchat/guest` makes one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::guest_token::WebchatClaim;
use crate::base::ids::{ClientId, ConversationId, GuestId};

/// Someone who chats without an account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Guest {
    /// `sub` and `webchat.guestId`.
    pub id: GuestId,
    /// The client that asked for it, if that is known.
    pub client: Option<ClientId>,
    /// Display name.
    pub name: String,
    /// Address, if the proxy knew one.
    pub email: Option<String>,
    /// What the proxy attached: an object, kept as it was written.
    pub custom_attributes: Option<Box<RawValue>>,
    /// The conversation that all tokens of this guest go on with.
    pub conversation: ConversationId,
    /// How often a renewal has said something else of it.
    #[serde(default)]
    pub changes: u32,
}

/// Who says no name.
const NAMELESS: &str = "Anonymous Guest";

impl Guest {
    /// A guest of whom this is told.
    pub fn of(
        id: GuestId,
        client: Option<ClientId>,
        conversation: ConversationId,
        told: WebchatClaim,
    ) -> Self {
        let WebchatClaim { name, email, custom_attributes, .. } = told;
        let name = name.unwrap_or_else(|| NAMELESS.to_owned());
        Self { id, client, name, email, custom_attributes, conversation, changes: 0 }
    }

    /// A proxy says more of it.
    pub fn renew(&mut self, told: WebchatClaim) {
        let WebchatClaim { name, email, custom_attributes, .. } = told;
        let before = (self.name.clone(), self.participant_data());
        if let Some(name) = name {
            self.name = name;
        }
        self.email = email.or_else(|| self.email.take());
        self.custom_attributes = custom_attributes.or_else(|| self.custom_attributes.take());
        self.changes += u32::from(before != (self.name.clone(), self.participant_data()));
    }

    /// The attributes as participant data: every value as text.
    pub fn participant_data(&self) -> BTreeMap<String, String> {
        let Some(raw) = &self.custom_attributes else {
            return BTreeMap::new();
        };
        let map: BTreeMap<String, serde_json::Value> = serde_json::from_str(raw.get()).unwrap_or_default();
        map.into_iter()
            .map(|(key, value)| match value {
                serde_json::Value::String(text) => (key, text),
                other => (key, other.to_string()),
            })
            .collect()
    }
}
