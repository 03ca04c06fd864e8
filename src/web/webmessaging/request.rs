//! Frames of clients, as they spell them. Unknown members are passed over.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::{Value, value::RawValue};

use super::blocks::Blocks;
use crate::domain::{
    attachment::{Announcement, Refused, refused},
    message::Kind,
    session::{GuestEvent, Inbound},
};

/// A frame: every member that any action has.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", expecting = "an object")]
pub struct Request {
    pub action: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub token: Option<String>,
    pub tracing_id: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub deployment_id: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub start_new: bool,
    #[serde(deserialize_with = "or_default")]
    pub close_all_connections: bool,
    pub data: Option<Data>,
    pub attachment_id: Option<String>,
    pub file_name: Option<String>,
    pub file_type: Option<String>,
    file_size: Option<Value>,
    /// Where old clients name the files of a message.
    #[serde(deserialize_with = "or_default")]
    attachment_ids: Vec<String>,
    pub message: Option<ClientMessage>,
    pub channel: Option<Channel>,
}

/// Some clients put other things there when they configure a guest's session.
#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "an object")]
pub struct Data {
    /// The JWT of somebody who has signed in.
    pub code: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "an object")]
pub struct ClientMessage {
    #[serde(rename = "type", deserialize_with = "lenient_kind")]
    pub kind: Option<Kind>,
    pub text: Option<String>,
    pub content: Option<Box<RawValue>>,
    #[serde(deserialize_with = "or_default")]
    pub events: Vec<ClientEvent>,
    #[serde(deserialize_with = "texts")]
    pub metadata: BTreeMap<String, String>,
    pub channel: Option<Channel>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "an object")]
pub struct Channel {
    metadata: Option<ChannelMetadata>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", expecting = "an object")]
struct ChannelMetadata {
    #[serde(deserialize_with = "texts")]
    custom_attributes: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", expecting = "an object")]
pub struct ClientEvent {
    event_type: String,
    presence: Option<Typed>,
    typing: Option<Typed>,
}

/// What kind of presence or typing.
#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "an object")]
struct Typed {
    #[serde(rename = "type")]
    kind: String,
}

impl ClientEvent {
    /// What happened, or what it is called when nobody serves it.
    fn read(&self) -> Result<GuestEvent, String> {
        let kind = |typed: &Option<Typed>| typed.as_ref().map(|typed| typed.kind.clone()).unwrap_or_default();
        match self.event_type.as_str() {
            "Presence" => match kind(&self.presence).as_str() {
                "Join" => Ok(GuestEvent::Join),
                "Clear" => Ok(GuestEvent::Clear),
                other => Err(format!("Presence {other}").trim_end().to_owned()),
            },
            "Typing" => match kind(&self.typing).as_str() {
                "On" | "" => Ok(GuestEvent::Typing { on: true }),
                "Off" => Ok(GuestEvent::Typing { on: false }),
                other => Err(format!("Typing {other}")),
            },
            other => Err(other.to_owned()),
        }
    }
}

/// Null is as good as absent.
fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(d: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(d)?.unwrap_or_default())
}

/// Nothing is as good as absent.
fn filled<'de, D: Deserializer<'de>>(d: D) -> Result<Option<String>, D::Error> {
    Ok(Option::deserialize(d)?.filter(|text: &String| !text.is_empty()))
}

/// Maps of texts; other values are kept as their JSON, null is nothing.
fn texts<'de, D: Deserializer<'de>>(d: D) -> Result<BTreeMap<String, String>, D::Error> {
    let map: Option<BTreeMap<String, serde_json::Value>> = Option::deserialize(d)?;
    let text = |value| match value {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    };
    Ok(map.unwrap_or_default().into_iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k, text(v))).collect())
}

/// Kinds that nobody serves count as none.
fn lenient_kind<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Kind>, D::Error> {
    let text: Option<String> = Option::deserialize(d)?;
    Ok(text.and_then(|text| match text.as_str() {
        "Text" => Some(Kind::Text),
        "Structured" => Some(Kind::Structured),
        "Event" => Some(Kind::Event),
        _ => None,
    }))
}

/// What kind of client frames there are that ask for nothing that the session knows.
pub enum Asked {
    /// The guest says something.
    Say(Inbound),
    /// An event of this type that is not served.
    Unserved(String),
    /// Contents that cannot be read, or do not go together.
    Wrong(String),
}

impl Request {
    /// Reads a frame. Only an object is one, although serde would take an array's items for its members.
    pub fn read(text: &str) -> Result<Self, serde_json::Error> {
        if text.trim_start().starts_with('[') {
            return Err(serde::de::Error::custom("it is an array, not an object"));
        }
        serde_json::from_str(text)
    }

    /// The file that is announced, or the member that is missing.
    pub fn announcement(&mut self) -> Result<Announcement, Refused> {
        let missing = |name| refused(4020, format!("{name} is missing"));
        let name = self.file_name.take().ok_or_else(|| missing("fileName"))?;
        let mime = self.file_type.take().ok_or_else(|| missing("fileType"))?;
        let size = self.file_size.take().ok_or_else(|| missing("fileSize"))?;
        let size = size.as_u64().ok_or_else(|| refused(4020, "fileSize is not a whole number of bytes"))?;
        Ok(Announcement { name, mime, size })
    }

    /// The guest's message, if there is one.
    pub fn inbound(&mut self) -> Option<Asked> {
        let message = self.message.take()?;
        // small clients leave the type out, or send a text beside the event
        let is_event = message.kind == Some(Kind::Event) || message.text.is_none();
        let event = match message.events.first().filter(|_| is_event).map(ClientEvent::read).transpose() {
            Ok(event) => event,
            Err(unserved) => return Some(Asked::Unserved(unserved)),
        };
        let content = message.content.filter(|raw| !matches!(raw.get(), "null" | "[]"));
        let blocks = match Blocks::read(content.as_deref(), std::mem::take(&mut self.attachment_ids)) {
            Ok(blocks) => blocks,
            Err(wrong) => return Some(Asked::Wrong(wrong)),
        };
        let mut attributes = BTreeMap::new();
        for channel in [message.channel, self.channel.take()].into_iter().flatten() {
            attributes.extend(channel.metadata.unwrap_or_default().custom_attributes);
        }
        Some(Asked::Say(Inbound {
            kind: message.kind,
            text: message.text,
            content,
            block_ids: blocks.ids,
            attachment_ids: blocks.files,
            attachments: Vec::new(),
            button: blocks.button,
            payloads: blocks.payloads,
            metadata: message.metadata,
            event,
            attributes,
        }))
    }
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
