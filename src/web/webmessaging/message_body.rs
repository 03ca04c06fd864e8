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
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'a Persona>,
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
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent => s.collect_seq([(); 0]),
            Self::Client(raw) => raw.serialize(s),
            Self::Ours(items) => items.serialize(s),
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

impl EventBody {
    fn of(happening: Happening) -> [Self; 1] {
        [match happening {
            Happening::Presence(kind) => Self::Presence { presence: PresenceBody { kind } },
            Happening::Typing { on, lasting } => {
                let kind = if on { "On" } else { "Off" };
                let duration = lasting.map(|span| span.micros() / 1_000);
                Self::Typing { typing: TypingBody { kind, duration } }
            }
        }]
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
        let content = match &message.content {
            Content::None => ContentBody::Absent,
            Content::Client(raw) => ContentBody::Client(raw),
            Content::Rich(rich) => ContentBody::Ours(items(rich)),
            Content::Attachments(files) => {
                ContentBody::Ours(files.iter().map(|attachment| Item::Attachment { attachment }).collect())
            }
        };
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
            content,
            events: message.happening.map(EventBody::of),
            originating_entity: message.originator,
            metadata: &message.metadata,
        }
    }
}
