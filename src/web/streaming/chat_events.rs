//! What happens in a web chat, as its guest and whoever is subscribed hear of it.

use serde::{Serialize, Serializer};

use crate::{
    base::time::Timestamp,
    domain::{
        notification::{ChatEvent, ChatTold},
        web_chat::BodyType,
    },
    web::api::chat_body::state,
};

#[derive(Serialize)]
struct Id<'a> {
    id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Said<'a> {
    id: &'a str,
    conversation: Id<'a>,
    sender: Id<'a>,
    body: &'a str,
    body_type: BodyType,
    timestamp: Timestamp,
}

#[derive(Serialize)]
struct Typing<'a> {
    id: &'a str,
    conversation: Id<'a>,
    sender: Id<'a>,
    timestamp: Timestamp,
}

#[derive(Serialize)]
struct Changed<'a> {
    conversation: Id<'a>,
    member: Member<'a>,
    timestamp: Timestamp,
}

#[derive(Serialize)]
struct Member<'a> {
    id: &'a str,
    state: &'static str,
}

/// The body of such a notification.
pub struct ChatBody<'a>(pub &'a ChatTold);

impl Serialize for ChatBody<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let ChatTold { conversation, event } = self.0;
        let conversation = Id { id: conversation.as_str() };
        match event {
            ChatEvent::Said(message) => {
                let line = message.line.as_deref();
                Said {
                    id: &message.id,
                    conversation,
                    sender: Id { id: line.map_or("", |line| &line.sender) },
                    body: message.text.as_deref().unwrap_or_default(),
                    body_type: line.map(|line| line.body_type).unwrap_or_default(),
                    timestamp: message.time,
                }
                .serialize(s)
            }
            ChatEvent::Types { id, sender, at } => {
                Typing { id, conversation, sender: Id { id: sender }, timestamp: *at }.serialize(s)
            }
            ChatEvent::Member { member, state: how, at } => {
                let member = Member { id: member, state: state(*how) };
                Changed { conversation, member, timestamp: *at }.serialize(s)
            }
        }
    }
}
