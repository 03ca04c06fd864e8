//! What is told of a conversation besides all of it: that somebody types, and what has happened to one participant.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    base::time::Timestamp,
    domain::{
        communication::{DisconnectType, Medium},
        conversation::Purpose,
        detail_event::{DetailEvent, Happened},
        shown::Shown,
    },
    web::api::conversation_body::{address, kind},
};

/// How long somebody is shown that a guest types, in milliseconds.
const TYPING: u32 = 5_000;

/// A guest types.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TypingBody<'a> {
    conversation_id: &'a str,
    normalized_message: Typing<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Typing<'a> {
    id: &'a str,
    channel: Channel<'a>,
    #[serde(rename = "type")]
    kind: &'static str,
    events: [Event; 1],
    direction: &'static str,
}

#[derive(Serialize)]
struct Channel<'a> {
    platform: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    to: Id<'a>,
    from: Id<'a>,
    time: Timestamp,
}

#[derive(Serialize)]
struct Id<'a> {
    id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    event_type: &'static str,
    typing: Lasting,
}

#[derive(Serialize)]
struct Lasting {
    #[serde(rename = "type")]
    kind: &'static str,
    duration: u32,
}

impl<'a> TypingBody<'a> {
    /// In this conversation.
    pub fn of(shown: &'a Shown, id: &'a str, at: Timestamp) -> Self {
        Self {
            conversation_id: shown.conversation.id.as_str(),
            normalized_message: Typing {
                id,
                channel: Channel {
                    platform: kind(shown).1,
                    kind: "Private",
                    to: Id { id: shown.conversation.deployment.as_str() },
                    from: Id { id: address(shown) },
                    time: at.up_to_millis(),
                },
                kind: "Event",
                events: [Event { event_type: "Typing", typing: Lasting { kind: "On", duration: TYPING } }],
                direction: "Inbound",
            },
        }
    }
}

/// What has happened to a participant. Times are epoch milliseconds, words are constants.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DetailBody<'a> {
    event_time: i64,
    conversation_id: &'a str,
    participant_id: &'a str,
    session_id: &'a str,
    media_type: &'static str,
    direction: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    queue_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flow_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disconnect_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    interacting_duration_ms: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wrapup_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wrapup_notes: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<&'a BTreeMap<String, String>>,
}

fn constant(how: DisconnectType) -> String {
    let word = serde_json::to_value(how).unwrap_or_default();
    word.as_str().unwrap_or_default().to_uppercase().replace('.', "_")
}

impl<'a> DetailBody<'a> {
    /// Of what has happened.
    pub fn of(detail: &'a DetailEvent) -> Self {
        let DetailEvent { happened, at, conversation, participant, queue, medium } = detail;
        let communication = &participant.communication;
        let is = |wanted: Happened| *happened == wanted;
        let said = communication.wrapup.as_ref().filter(|_| is(Happened::Wrapup));
        let lasted = || Some((participant.left?.since(communication.connected?).micros() / 1_000).max(0));
        Self {
            event_time: at.millis(),
            conversation_id: conversation.as_str(),
            participant_id: &participant.side.id,
            session_id: &communication.id,
            media_type: if *medium == Medium::Chat { "CHAT" } else { "MESSAGE" },
            direction: "INBOUND",
            message_type: match medium {
                Medium::Webmessaging => Some("WEBMESSAGING"),
                Medium::Open => Some("OPEN"),
                Medium::Chat => None,
            },
            user_id: participant.user.as_ref().map(|user| user.as_str()),
            queue_id: queue.as_deref(),
            flow_id: (participant.side.purpose == Purpose::Workflow).then_some(&participant.side.name),
            disconnect_type: communication.disconnect.filter(|_| is(Happened::End)).map(constant),
            interacting_duration_ms: is(Happened::End).then(lasted).flatten(),
            wrapup_code: said.map(|said| said.code.as_str()),
            wrapup_notes: said.and_then(|said| said.notes.as_deref()),
            attributes: is(Happened::Attributes).then_some(&participant.attributes),
        }
    }
}
