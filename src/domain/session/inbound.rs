//! What the guest says.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::{Action, At, Session, blocks};
use crate::{
    base::ids::ConversationId,
    domain::{
        attachment::SentAttachment,
        bot::turn::Cue,
        content::Content,
        message::{Direction, Kind, Message, Presence},
    },
};

/// Longest text of a guest, in bytes.
pub const MAX_TEXT: usize = 4096;
/// Custom attributes of one message: keys and values together, in bytes.
pub const MAX_ATTRIBUTES: usize = 2048;

/// An event of a guest.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GuestEvent {
    /// The guest came.
    Join,
    /// The guest erases the conversation.
    Clear,
    /// The guest types, or types no more.
    Typing {
        /// Still?
        on: bool,
    },
}

/// What a guest sent with `onMessage`.
#[derive(Clone, Debug, Default)]
pub struct Inbound {
    /// `message.type`, when there is one.
    pub kind: Option<Kind>,
    /// `message.text`.
    pub text: Option<String>,
    /// `message.content`, untouched.
    pub content: Option<Box<RawValue>>,
    /// The ids of its blocks.
    pub block_ids: Vec<Option<String>>,
    /// Ids of the files among the contents, as the client gave them.
    pub attachment_ids: Vec<String>,
    /// The files of these ids.
    pub attachments: Vec<SentAttachment>,
    /// Is one of the contents an answer to a button, and what is its label?
    pub button: Option<String>,
    /// What the buttons among the contents carry.
    pub payloads: Vec<String>,
    /// `message.metadata`.
    pub metadata: BTreeMap<String, String>,
    /// What happened, of type `Event`.
    pub event: Option<GuestEvent>,
    /// Custom attributes, wherever the client put them.
    pub attributes: BTreeMap<String, String>,
}

impl Session {
    fn refusal(&self, inbound: &Inbound, at: &At<'_, '_>) -> Option<(u32, String)> {
        if self.read_only {
            return Some((409, "The conversation has ended and the session is read-only".to_owned()));
        }
        if matches!(inbound.event, Some(GuestEvent::Typing { .. })) && !at.rules.deployment.guest_typing {
            return Some((403, "Typing indicators are not enabled for this deployment".to_owned()));
        }
        let length = inbound.text.as_ref().map_or(0, String::len);
        if length > MAX_TEXT {
            return Some((4011, format!("Text has {length} bytes, limit {MAX_TEXT}")));
        }
        let size: usize = inbound.attributes.iter().map(|(key, value)| key.len() + value.len()).sum();
        if size > MAX_ATTRIBUTES {
            return Some((4013, format!("Custom attributes have {size} bytes, limit {MAX_ATTRIBUTES}")));
        }
        if at.rules.deployment.strict_message_ids
            && let Some(wrong) = blocks::wrong(&inbound.block_ids)
        {
            return Some((400, wrong));
        }
        let shows = inbound.content.is_some() || !inbound.attachments.is_empty();
        if length == 0 && !shows && inbound.event.is_none() {
            return Some((400, "message has neither text nor content".to_owned()));
        }
        None
    }

    pub(super) fn say(&mut self, inbound: Inbound, at: &mut At<'_, '_>) -> Vec<Action> {
        if inbound.event == Some(GuestEvent::Clear) {
            return self.clear(inbound.metadata, at);
        }
        if let Some((code, text)) = self.refusal(&inbound, at) {
            return at.error(code, text);
        }
        if let Some(GuestEvent::Typing { on }) = inbound.event {
            return self.conversation.iter().map(|_| Action::GuestTypes { on }).collect();
        }
        let mut actions = Vec::new();
        if self.conversation.is_none() || std::mem::take(&mut self.ended) {
            let known = self.conversation.take().or_else(|| self.reserved.take());
            let id = known.unwrap_or_else(|| ConversationId::from(at.mint.uuid("conversation")));
            self.conversation = Some(id.clone());
            actions.push(Action::Begin(id));
        }
        if !inbound.attributes.is_empty() {
            actions.push(Action::Attributes(inbound.attributes));
        }
        if inbound.event == Some(GuestEvent::Join) {
            let event = self.event(Presence::Join, inbound.metadata, at);
            actions.push(self.keep(event, at.tracing_id.clone(), at.rules));
            actions.extend(think(Cue::Join, at));
            return actions;
        }
        let text = inbound.text.filter(|text| !text.is_empty()).or_else(|| inbound.button.clone());
        // a file alone says nothing that a bot could answer
        let cue = text.clone().map(|text| Cue::Said { text, payloads: inbound.payloads });
        let files: Vec<_> = inbound.attachments.iter().map(|file| file.id.clone()).collect();
        let metadata = self.inbound_metadata(inbound.metadata, at);
        let message = Message {
            id: at.mint.hex32("message"),
            kind: match inbound.kind {
                _ if inbound.button.is_some() => Kind::Structured,
                // clients look for the events of an event
                Some(kind) if files.is_empty() && kind != Kind::Event => kind,
                _ => Kind::Text,
            },
            direction: Direction::Inbound,
            text,
            metadata,
            time: self.next_time(at.now),
            message_id: Some(at.mint.uuid("channel message")),
            from: None,
            content: match inbound.content {
                _ if !inbound.attachments.is_empty() => Content::Attachments(inbound.attachments),
                Some(raw) => Content::Client(raw),
                None => Content::None,
            },
            happening: None,
            originator: None,
            line: None,
        };
        actions.push(self.keep(message, at.tracing_id.clone(), at.rules));
        if !files.is_empty() {
            actions.push(Action::FilesSent(files));
        }
        actions.extend(cue.and_then(|cue| think(cue, at)));
        actions
    }

    /// The client's own keys, and the platform's.
    pub(super) fn inbound_metadata(
        &self,
        mut metadata: BTreeMap<String, String>,
        at: &mut At<'_, '_>,
    ) -> BTreeMap<String, String> {
        metadata.insert("correlationId".to_owned(), at.mint.uuid("correlation"));
        if self.person.is_some() {
            metadata.insert("authenticated".to_owned(), "true".to_owned());
        }
        metadata
    }
}

/// The bot thinks about what the guest did, if it has an answer.
fn think(cue: Cue, at: &At<'_, '_>) -> Option<Action> {
    let bot = at.rules.bot?;
    Some(Action::Think(at.now.plus(bot.delay), bot.turn(cue)?))
}
