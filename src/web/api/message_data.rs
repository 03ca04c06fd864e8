//! Messages on the wire, as the Platform API has them: the old members, and the normalized message.

use std::collections::BTreeMap;

use serde::Serialize;

use super::conversation_body::{MESSAGES, Media, address, kind, status};
use crate::{
    base::time::Timestamp,
    domain::{
        message::{Direction, Message},
        shown::Shown,
    },
    ops::communications::Found,
    web::webmessaging::message_body::{Contents, Events},
};

/// `MessageData`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageData<'a> {
    id: &'a str,
    timestamp: Timestamp,
    from_address: &'a str,
    to_address: &'a str,
    direction: &'static str,
    messenger_type: &'static str,
    text_body: &'a str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    media: Option<Vec<Media<'a>>>,
    normalized_message: NormalizedMessage<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by: Option<UserRef<'a>>,
    conversation_id: &'a str,
    self_uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UserRef<'a> {
    id: &'a str,
    /// Whoever wants to change the user reads it first.
    version: u32,
    self_uri: String,
}

/// `ConversationNormalizedMessage`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NormalizedMessage<'a> {
    id: &'a str,
    channel: Channel<'a>,
    #[serde(rename = "type")]
    kind: crate::domain::message::Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Contents::is_absent")]
    content: Contents<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    events: Option<Events>,
    #[serde(skip_serializing_if = "Option::is_none")]
    originating_entity: Option<crate::domain::message::Originator>,
    direction: Direction,
    metadata: &'a BTreeMap<String, String>,
}

/// `ConversationMessagingChannel`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Channel<'a> {
    id: &'a str,
    platform: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    message_id: &'a str,
    to: Recipient<'a>,
    from: Recipient<'a>,
    time: Timestamp,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Recipient<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    nickname: Option<&'a str>,
    id: &'a str,
    id_type: &'static str,
}

impl<'a> NormalizedMessage<'a> {
    /// A message of this conversation.
    pub fn of(shown: &'a Shown, message: &'a Message) -> Self {
        let guest = Recipient { nickname: None, id: address(shown), id_type: "Opaque" };
        let nickname = message.from.as_ref().and_then(|from| from.nickname.as_deref());
        let deployment = shown.conversation.deployment.as_str();
        let platform = Recipient { nickname, id: deployment, id_type: "Opaque" };
        let (to, from) = match message.direction {
            Direction::Inbound => (platform, guest),
            Direction::Outbound => (guest, platform),
        };
        let message_id = message.message_id.as_deref().unwrap_or(&message.id);
        let platform = kind(shown).1;
        Self {
            id: &message.id,
            channel: Channel {
                id: deployment,
                platform,
                kind: "Private",
                message_id,
                to,
                from,
                time: message.time,
            },
            kind: message.kind,
            text: message.text.as_deref(),
            content: Contents::of(message),
            events: Events::of(message),
            originating_entity: message.originator,
            direction: message.direction,
            metadata: &message.metadata,
        }
    }
}

impl<'a> MessageData<'a> {
    /// Of a message. The old members may be left out as far as they need not be there.
    pub fn of(found: &'a Found, normalized: bool) -> Self {
        let Found { message, shown } = found;
        let (guest, platform) = (address(shown), shown.conversation.deployment.as_str());
        let (direction, from_address, to_address) = match message.direction {
            Direction::Inbound => ("inbound", guest, platform),
            Direction::Outbound => ("outbound", platform, guest),
        };
        let user = found.author().and_then(|author| author.user.as_ref());
        Self {
            id: &message.id,
            timestamp: message.time,
            from_address,
            to_address,
            direction,
            messenger_type: kind(shown).0,
            text_body: message.text.as_deref().unwrap_or_default(),
            status: status(shown, message),
            media: (!normalized).then(|| Media::of(message)),
            normalized_message: NormalizedMessage::of(shown, message),
            created_by: user.map(|id| UserRef {
                id: id.as_str(),
                version: 1,
                self_uri: format!("/api/v2/users/{id}"),
            }),
            conversation_id: shown.conversation.id.as_str(),
            self_uri: format!("{MESSAGES}/{}/messages/{}", shown.conversation.id, message.id),
        }
    }
}
