//! Messages and events of a web messaging session, apart from how a frame or the history spells them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{content::Content, person::full_name, web_chat::Line};
use crate::base::time::{Span, Timestamp};

/// Who it is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Direction {
    /// From the guest.
    Inbound,
    /// To the guest.
    Outbound,
}

/// What it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Kind {
    /// Words.
    Text,
    /// Buttons, cards, answers to them.
    Structured,
    /// Something happened.
    Event,
}

/// Who spoke to the guest.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum Originator {
    /// A person.
    #[default]
    Human,
    /// A flow.
    Bot,
}

/// How somebody is shown: `channel.from`.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Persona {
    /// Shown name of an agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    /// Given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// URL of a picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
}

impl Persona {
    fn size(&self) -> usize {
        let names = [&self.nickname, &self.first_name, &self.last_name, &self.image];
        names.into_iter().flatten().map(String::len).sum()
    }

    /// The name that a participant has.
    pub fn shown(&self) -> String {
        let known = self.nickname.clone().or_else(|| full_name(&self.first_name, &self.last_name));
        known.unwrap_or_else(|| "Agent".to_owned())
    }
}

/// Coming and going.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Presence {
    /// The guest came.
    Join,
    /// The flow or an agent ended the conversation.
    Disconnect,
    /// The guest erased the conversation.
    Clear,
    /// The guest signed in.
    SignIn,
}

/// What happened, in a message of kind `Event`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Happening {
    /// Somebody came or went.
    Presence(Presence),
    /// Somebody types. Never in the history.
    Typing {
        /// Still, or not any more?
        on: bool,
        /// How long it is shown.
        lasting: Option<Span>,
    },
}

/// One message or event.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Message {
    /// Platform id, 32 hexadecimal digits.
    pub id: String,
    /// What it is.
    pub kind: Kind,
    /// Who it is for.
    pub direction: Direction,
    /// Its words.
    pub text: Option<String>,
    /// Unique in its session and strictly increasing by at least a millisecond: clients tell messages apart by it.
    pub time: Timestamp,
    /// `channel.messageId`: of the guest's messages only.
    pub message_id: Option<String>,
    /// Who is shown as its sender.
    pub from: Option<Persona>,
    /// What it shows besides.
    pub content: Content,
    /// What happened.
    pub happening: Option<Happening>,
    /// Client keys and ours; values are always text.
    pub metadata: BTreeMap<String, String>,
    /// Who spoke, of messages to the guest.
    pub originator: Option<Originator>,
    /// What it is in a web chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<Box<Line>>,
}

impl Message {
    /// How many bytes it takes in memory, more or less.
    pub fn size(&self) -> usize {
        let text = self.text.as_ref().map_or(0, String::len);
        let metadata: usize = self.metadata.iter().map(|(key, value)| key.len() + value.len()).sum();
        let from = self.from.as_ref().map_or(0, Persona::size);
        let ids = self.id.len() + self.message_id.as_ref().map_or(0, String::len);
        let line = self.line.as_ref().map_or(0, |line| size_of::<Line>() + line.sender.len());
        size_of::<Self>() + ids + text + metadata + from + line + self.content.size()
    }

    /// Is it gone once it was seen, hence in no history?
    pub fn passes(&self) -> bool {
        matches!(self.happening, Some(Happening::Typing { .. }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_of_a_message_takes_room() {
        let plain = Message {
            id: String::new(),
            kind: Kind::Text,
            direction: Direction::Inbound,
            text: None,
            time: Timestamp::default(),
            message_id: None,
            from: None,
            content: Content::None,
            happening: None,
            metadata: BTreeMap::new(),
            originator: None,
            line: None,
        };
        let long = || "x".repeat(1_000);
        let named = Persona { nickname: Some(long()), ..Persona::default() };
        for more in [
            Message { id: long(), ..plain.clone() },
            Message { text: Some(long()), ..plain.clone() },
            Message { message_id: Some(long()), ..plain.clone() },
            Message { from: Some(named), ..plain.clone() },
            Message { metadata: BTreeMap::from([(String::new(), long())]), ..plain.clone() },
        ] {
            assert_eq!(more.size(), plain.size() + 1_000);
        }
    }
}
