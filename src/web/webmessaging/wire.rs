//! Frames to clients, as the platform spells them. The strictest client drops a whole frame for one null or number in
//! the wrong place, so absent members are left out and metadata is always text.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    base::time::Timestamp,
    domain::{
        frame::{Body, Frame, SessionState},
        message::{Card, Content, Direction, Kind, Message, Originator, Presence, QuickReply},
        session::MAX_ATTRIBUTES,
    },
    ops::app::Encoded,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'a, B> {
    #[serde(rename = "type")]
    kind: &'static str,
    class: &'static str,
    code: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    tracing_id: Option<&'a str>,
    body: B,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SessionBody<'a> {
    connected: bool,
    new_session: bool,
    read_only: bool,
    max_custom_data_bytes: usize,
    allowed_media: AllowedMedia<'a>,
    blocked_extensions: &'a [String],
    cleared_existing_session: bool,
    duration_seconds: i64,
    expiration_date: i64,
}

#[derive(Serialize)]
struct AllowedMedia<'a> {
    inbound: InboundMedia<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InboundMedia<'a> {
    file_types: Vec<FileType<'a>>,
    #[serde(rename = "maxFileSizeKB")]
    max_file_size_kb: u32,
}

#[derive(Serialize)]
struct FileType<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
}

/// A message, in a frame and in the history alike.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageBody<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    direction: Direction,
    channel: ChannelBody<'a>,
    #[serde(skip_serializing_if = "ContentBody::is_absent")]
    content: ContentBody<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    events: Option<[EventBody; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    originating_entity: Option<Originator>,
    metadata: &'a BTreeMap<String, String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChannelBody<'a> {
    time: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<&'a str>,
}

/// The content of a message: the client's own as it came, ours item by item.
enum ContentBody<'a> {
    Absent,
    Client(&'a RawValue),
    Ours(Vec<Item<'a>>),
}

impl ContentBody<'_> {
    fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

impl Serialize for ContentBody<'_> {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent => s.collect_seq([(); 0]),
            Self::Client(raw) => raw.serialize(s),
            Self::Ours(items) => items.serialize(s),
        }
    }
}

#[derive(Serialize)]
#[serde(tag = "contentType")]
enum Item<'a> {
    QuickReply {
        #[serde(rename = "quickReply")]
        quick_reply: QuickReplyBody<'a>,
    },
    Card {
        card: &'a Card,
    },
    Carousel {
        carousel: CarouselBody<'a>,
    },
}

#[derive(Serialize)]
struct QuickReplyBody<'a> {
    text: &'a str,
    payload: &'a str,
    action: &'static str,
}

#[derive(Serialize)]
struct CarouselBody<'a> {
    cards: &'a [Card],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EventBody {
    event_type: &'static str,
    presence: PresenceBody,
}

#[derive(Serialize)]
struct PresenceBody {
    #[serde(rename = "type")]
    kind: Presence,
}

impl<'a> MessageBody<'a> {
    /// As the platform spells it.
    pub fn of(message: &'a Message) -> Self {
        let quick_reply = |reply: &'a QuickReply| Item::QuickReply {
            quick_reply: QuickReplyBody { text: &reply.text, payload: &reply.payload, action: "Message" },
        };
        let content = match &message.content {
            Content::None => ContentBody::Absent,
            Content::Client(raw) => ContentBody::Client(raw),
            Content::QuickReplies(replies) => ContentBody::Ours(replies.iter().map(quick_reply).collect()),
            Content::Card(card) => ContentBody::Ours(vec![Item::Card { card }]),
            Content::Carousel(cards) => {
                ContentBody::Ours(vec![Item::Carousel { carousel: CarouselBody { cards } }])
            }
        };
        let event = |kind| [EventBody { event_type: "Presence", presence: PresenceBody { kind } }];
        Self {
            id: &message.id,
            kind: message.kind,
            text: message.text.as_deref(),
            direction: message.direction,
            channel: ChannelBody { time: message.time, message_id: message.message_id.as_deref() },
            content,
            events: message.presence.map(event),
            originating_entity: message.originator,
            metadata: &message.metadata,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct HealthBody<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: Kind,
    direction: Direction,
    text: &'a str,
    metadata: HealthMetadata<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct HealthMetadata<'a> {
    duration_seconds: String,
    expiration_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_message_id: Option<&'a str>,
}

#[derive(Serialize)]
struct JwtBody<'a> {
    jwt: &'a str,
    exp: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TooManyRequests<'a> {
    retry_after: i64,
    error_code: u32,
    error_message: &'a str,
}

#[derive(Serialize)]
struct Nothing {}

/// Spells a frame.
pub fn encode(frame: &Frame) -> Encoded {
    let out = Out { tracing_id: frame.tracing_id.as_deref() };
    match &frame.body {
        Body::Session(state) => out.frame("response", "SessionResponse", 200, session_body(state)),
        Body::Message(message) => out.frame("message", "StructuredMessage", 200, MessageBody::of(message)),
        Body::Health { id, text, custom_message_id, duration_secs, expires } => {
            let metadata = HealthMetadata {
                duration_seconds: duration_secs.to_string(),
                expiration_date: expires.seconds().to_string(),
                custom_message_id: custom_message_id.as_deref(),
            };
            let body = HealthBody { id, kind: Kind::Text, direction: Direction::Inbound, text, metadata };
            out.frame("response", "StructuredMessage", 200, body)
        }
        Body::Jwt { jwt, exp } => out.frame("response", "JwtResponse", 200, JwtBody { jwt, exp: *exp }),
        Body::Error { code, text } => out.frame("response", "string", *code, text),
        Body::TooManyRequests { retry_after, text } => {
            let body = TooManyRequests { retry_after: *retry_after, error_code: 4029, error_message: text };
            out.frame("response", "TooManyRequestsErrorMessage", 429, body)
        }
        Body::SessionExpired => out.frame("message", "SessionExpiredEvent", 200, Nothing {}),
        Body::ConnectionClosed => out.frame("message", "ConnectionClosedEvent", 200, Nothing {}),
    }
}

fn session_body(state: &SessionState) -> SessionBody<'_> {
    SessionBody {
        connected: state.connected,
        new_session: state.new_session,
        read_only: state.read_only,
        max_custom_data_bytes: MAX_ATTRIBUTES,
        allowed_media: AllowedMedia {
            inbound: InboundMedia {
                file_types: state.attachment_types.iter().map(|kind| FileType { kind }).collect(),
                max_file_size_kb: state.attachment_max_kb,
            },
        },
        blocked_extensions: &state.blocked_extensions,
        cleared_existing_session: false,
        duration_seconds: state.duration_secs,
        expiration_date: state.expires.seconds(),
    }
}

struct Out<'a> {
    tracing_id: Option<&'a str>,
}

impl Out<'_> {
    fn frame(&self, kind: &'static str, class: &'static str, code: u32, body: impl Serialize) -> Encoded {
        let envelope = Envelope { kind, class, code, tracing_id: self.tracing_id, body };
        Encoded { class, text: serde_json::to_string(&envelope).unwrap_or_default() }
    }
}
