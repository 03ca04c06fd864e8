//! Messages and events of a web messaging session, apart from how a frame or the history spells them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::base::time::Timestamp;

/// Who it is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
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
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub enum Originator {
    /// A flow.
    Bot,
}

/// A button that answers with its payload.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuickReply {
    /// Its label.
    pub text: String,
    /// What it sends.
    pub payload: String,
}

/// A card. `description` and every action's `text` are mandatory, because the strictest client drops cards without.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// First line.
    pub title: String,
    /// Below it.
    pub description: String,
    /// URL of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Its buttons.
    pub actions: Vec<CardAction>,
}

/// A button of a card.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "type", deny_unknown_fields)]
pub enum CardAction {
    /// Opens a page.
    Link {
        /// Its label.
        text: String,
        /// The page.
        url: String,
    },
    /// Answers with its payload.
    Postback {
        /// Its label.
        text: String,
        /// What it sends.
        payload: String,
    },
}

/// What a message shows besides its text.
#[derive(Clone, Debug, Serialize)]
pub enum Content {
    /// Nothing.
    None,
    /// What the client sent, untouched.
    Client(Box<RawValue>),
    /// Buttons.
    QuickReplies(Vec<QuickReply>),
    /// A card.
    Card(Card),
    /// Cards.
    Carousel(Vec<Card>),
}

/// What happened, in a message of kind `Event`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub enum Presence {
    /// The guest came.
    Join,
    /// The flow or an agent ended the conversation.
    Disconnect,
}

/// One message or event.
#[derive(Clone, Debug, Serialize)]
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
    /// What it shows besides.
    pub content: Content,
    /// What happened.
    pub presence: Option<Presence>,
    /// Client keys and ours; values are always text.
    pub metadata: BTreeMap<String, String>,
    /// Who spoke, of messages to the guest.
    pub originator: Option<Originator>,
}
