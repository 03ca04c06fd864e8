//! A message as the platform spells it, in a frame and in the history alike.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::{
    base::time::Timestamp,
    domain::{
        attachment::SentAttachment,
        content::{Card, Content, DatePicker, Form, ListPicker, QuickReply, Rich},
        message::{Direction, Happening, Kind, Message, Originator, Persona, Presence},
    },
};

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
    #[serde(skip_serializing_if = "Contents::is_absent")]
    content: Contents<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    events: Option<Events>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'a Persona>,
}

/// The content of a message: the client's own as it came, ours item by item.
pub struct Contents<'a>(ContentBody<'a>);

enum ContentBody<'a> {
    Absent,
    Client(&'a RawValue),
    Ours(Vec<Item<'a>>),
}

impl<'a> Contents<'a> {
    /// Of a message.
    pub fn of(message: &'a Message) -> Self {
        Self(match &message.content {
            Content::None => ContentBody::Absent,
            Content::Client(raw) => ContentBody::Client(raw),
            Content::Rich(rich) => ContentBody::Ours(items(rich)),
            Content::Attachments(files) => {
                ContentBody::Ours(files.iter().map(|attachment| Item::Attachment { attachment }).collect())
            }
        })
    }

    /// Is there none?
    pub fn is_absent(&self) -> bool {
        matches!(self.0, ContentBody::Absent)
    }
}

impl Serialize for Contents<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            ContentBody::Absent => s.collect_seq([(); 0]),
            ContentBody::Client(raw) => raw.serialize(s),
            ContentBody::Ours(items) => items.serialize(s),
        }
    }
}

#[derive(Serialize)]
#[serde(tag = "contentType", rename_all_fields = "camelCase")]
enum Item<'a> {
    QuickReply { quick_reply: QuickReplyBody<'a> },
    Card { card: &'a Card },
    Carousel { carousel: CarouselBody<'a> },
    DatePicker { date_picker: &'a DatePicker },
    ListPicker { list_picker: &'a ListPicker },
    Form { form: &'a Form },
    Attachment { attachment: &'a SentAttachment },
}

#[derive(Serialize)]
struct QuickReplyBody<'a> {
    #[serde(flatten)]
    reply: &'a QuickReply,
    action: &'static str,
}

#[derive(Serialize)]
struct CarouselBody<'a> {
    cards: &'a [Card],
}

/// What happened, of a message of kind `Event`.
#[derive(Serialize)]
#[serde(transparent)]
pub struct Events([EventBody; 1]);

#[derive(Serialize)]
#[serde(tag = "eventType")]
enum EventBody {
    Presence { presence: PresenceBody },
    Typing { typing: TypingBody },
}

#[derive(Serialize)]
struct PresenceBody {
    #[serde(rename = "type")]
    kind: Presence,
}

#[derive(Serialize)]
struct TypingBody {
    #[serde(rename = "type")]
    kind: &'static str,
    /// Milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<i64>,
}

impl Events {
    /// Of a message.
    pub fn of(message: &Message) -> Option<Self> {
        let event = match message.happening? {
            Happening::Presence(kind) => EventBody::Presence { presence: PresenceBody { kind } },
            Happening::Typing { on, lasting } => {
                let kind = if on { "On" } else { "Off" };
                let duration = lasting.map(|span| span.micros() / 1_000);
                EventBody::Typing { typing: TypingBody { kind, duration } }
            }
        };
        Some(Self([event]))
    }
}

fn items(rich: &Rich) -> Vec<Item<'_>> {
    match rich {
        Rich::QuickReplies(replies) => replies
            .iter()
            .map(|reply| Item::QuickReply { quick_reply: QuickReplyBody { reply, action: "Message" } })
            .collect(),
        Rich::Card(card) => vec![Item::Card { card }],
        Rich::Carousel(cards) => vec![Item::Carousel { carousel: CarouselBody { cards } }],
        Rich::DatePicker(date_picker) => vec![Item::DatePicker { date_picker }],
        Rich::ListPicker(list_picker) => vec![Item::ListPicker { list_picker }],
        Rich::Form(form) => vec![Item::Form { form }],
    }
}

impl<'a> MessageBody<'a> {
    /// As the platform spells it.
    pub fn of(message: &'a Message) -> Self {
        Self {
            id: &message.id,
            kind: message.kind,
            text: message.text.as_deref(),
            direction: message.direction,
            channel: ChannelBody {
                time: message.time,
                message_id: message.message_id.as_deref(),
                from: message.from.as_ref(),
            },
            content: Contents::of(message),
            events: Events::of(message),
            originating_entity: message.originator,
            metadata: &message.metadata,
        }
    }
}
