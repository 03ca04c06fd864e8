//! Open Messaging: conversations with people whom an application of the customer talks to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base::time::Timestamp;

/// The shortest secret that outbound messages are signed with is longer than this.
pub const SHORT_SECRET: usize = 15;
/// Headers that outbound messages may carry besides.
pub const MOST_HEADERS: usize = 20;

/// Characters of a name, address or id that an application gives.
pub const LONGEST: usize = 256;

/// What kind of id somebody has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum IdType {
    /// An address.
    Email,
    /// A number.
    Phone,
    /// The application's own.
    #[default]
    Opaque,
}

/// Somebody outside.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Recipient {
    /// Shown name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    /// The id that the application has for it.
    pub id: String,
    /// What kind of id that is.
    pub id_type: IdType,
    /// Given name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Family name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

impl Recipient {
    /// A member that is longer than anybody means, if there is one.
    pub fn too_long(&self) -> Option<&'static str> {
        let members = [
            ("id", Some(&self.id)),
            ("nickname", self.nickname.as_ref()),
            ("firstName", self.first_name.as_ref()),
            ("lastName", self.last_name.as_ref()),
            ("email", self.email.as_ref()),
        ];
        let long = |text: &String| text.chars().count() > LONGEST;
        members.into_iter().find(|(_, text)| text.is_some_and(long)).map(|(name, _)| name)
    }

    /// The name that a participant has.
    pub fn shown(&self) -> String {
        let full = super::person::full_name(&self.first_name, &self.last_name);
        self.nickname.clone().or(full).unwrap_or_else(|| self.id.clone())
    }
}

/// The guest of a conversation of an integration.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenGuest {
    /// The integration.
    pub integration: String,
    /// Who it is.
    pub from: Recipient,
}

/// What became of a message, as the application says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum ReceiptStatus {
    /// It is on its way.
    Sent,
    /// It is there.
    Delivered,
    /// It is not.
    Failed,
    /// Everybody can see it.
    Published,
    /// Nobody can any more.
    Removed,
}

/// An application that talks to people for the org.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenIntegration {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where outbound messages go.
    pub webhook_url: String,
    /// What they are signed with.
    pub secret: String,
    /// What they carry besides.
    pub headers: BTreeMap<String, String>,
    /// The profile of what may come and go; nothing is the default.
    pub supported_content: Option<String>,
    /// What is done with events; nothing is the default.
    pub messaging_setting: Option<String>,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub modified: Timestamp,
}
