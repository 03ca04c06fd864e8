//! What an integration of Open Messaging is sent: a normalized message. Some samples verify signatures over their own spelling of
//! it, so it is compact, in this order, and nothing is escaped that need not be.

use serde::Serialize;

use crate::{
    base::time::Timestamp,
    domain::{
        conversation::Conversation,
        message::{Direction, Kind, Message, Originator},
        open_messaging::{IdType, Recipient},
    },
    web::webmessaging::message_body::{Contents, Events},
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outbound<'a> {
    id: &'a str,
    channel: Channel<'a>,
    #[serde(rename = "type")]
    kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Contents::is_absent")]
    content: Contents<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    events: Option<Events>,
    #[serde(skip_serializing_if = "Option::is_none")]
    originating_entity: Option<Originator>,
    direction: Direction,
    conversation_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Channel<'a> {
    id: &'a str,
    platform: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    to: &'a Recipient,
    from: From<'a>,
    time: Timestamp,
    message_id: &'a str,
}

/// Spelled with a capital N here, unlike everywhere else.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct From<'a> {
    #[serde(rename = "nickName", skip_serializing_if = "Option::is_none")]
    nickname: Option<&'a str>,
    id: &'a str,
    id_type: IdType,
}

/// What is sent of a message; nothing of a conversation of anything else.
pub fn webhook(known: &Conversation, message: &Message) -> Option<String> {
    let open = known.open.as_ref()?;
    let nickname = message.from.as_ref().and_then(|from| from.nickname.as_deref());
    let outbound = Outbound {
        id: &message.id,
        channel: Channel {
            id: &open.integration,
            platform: "Open",
            kind: "Private",
            to: &open.from,
            from: From { nickname, id: &open.integration, id_type: IdType::Opaque },
            time: message.time.up_to_millis(),
            message_id: &message.id,
        },
        kind: message.kind,
        text: message.text.as_deref(),
        content: Contents::of(message),
        events: Events::of(message),
        originating_entity: message.originator,
        direction: message.direction,
        conversation_id: known.id.as_str(),
    };
    serde_json::to_string(&outbound).ok()
}
