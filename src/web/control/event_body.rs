//! What happened, as JSON.

use serde::Serialize;

use crate::{
    base::{ids::ConnectionId, time::Timestamp},
    domain::{
        conversation::{Ending, Side},
        message::Originator,
    },
    events::event::{Event, What},
    journal::redact::mark,
};

/// What happened, for whoever reads it as JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventBody<'a> {
    time: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    conversation_id: Option<&'a str>,
    /// A fingerprint: the token itself is a credential.
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deployment_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    guest_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    connection: Option<ConnectionId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<&'a str>,
    #[serde(flatten)]
    details: Details<'a>,
}

#[derive(Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
enum Details<'a> {
    None {},
    Session {
        new_session: bool,
        read_only: bool,
    },
    Ending {
        ending: Ending,
    },
    Participant {
        participant: &'a Side,
    },
    Message {
        message_id: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        text: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        originating_entity: Option<Originator>,
    },
    Typing {
        typing: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        originating_entity: Option<Originator>,
    },
    Uploaded {
        attachment_id: &'a str,
        file_name: &'a str,
    },
    Failed {
        attachment_id: &'a str,
        error_code: u32,
        error_message: &'a str,
    },
    Person {
        subject: &'a str,
    },
    Key {
        ring: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        kid: Option<&'a str>,
    },
    Fault {
        fault: &'a str,
        target: &'a str,
    },
}

impl<'a> EventBody<'a> {
    /// What there is to tell of an event; nothing secret.
    pub fn of(event: &'a Event) -> Self {
        let about = &event.about;
        Self {
            time: event.at,
            conversation_id: about.conversation.as_ref().map(|id| id.as_str()),
            session: about.session.as_ref().map(|token| mark(token.as_str())),
            deployment_id: about.deployment.as_ref().map(|id| id.as_str()),
            guest_id: about.guest.as_ref().map(|id| id.as_str()),
            connection: about.connection,
            client_id: about.client.as_ref().map(|id| id.as_str()),
            details: Details::of(&event.what),
        }
    }
}

impl<'a> Details<'a> {
    fn of(what: &'a What) -> Self {
        match what {
            What::SessionConfigured { new, read_only } => {
                Self::Session { new_session: *new, read_only: *read_only }
            }
            What::ConversationEnded(ending) => Self::Ending { ending: *ending },
            What::ParticipantJoined(participant) | What::ParticipantLeft(participant) => {
                Self::Participant { participant }
            }
            What::Message(_, said) | What::Presence(_, said) => Self::Message {
                message_id: &said.id,
                text: said.text.as_deref(),
                originating_entity: said.originator,
            },
            What::AgentTypes { on, originator } => {
                Self::Typing { typing: typing(*on), originating_entity: *originator }
            }
            What::GuestTypes { on } => Self::Typing { typing: typing(*on), originating_entity: None },
            What::AttachmentUploaded { attachment, name } => {
                Self::Uploaded { attachment_id: attachment, file_name: name }
            }
            What::AttachmentFailed { attachment, code, reason } => {
                Self::Failed { attachment_id: attachment, error_code: *code, error_message: reason }
            }
            What::PersonSignedIn { subject } => Self::Person { subject },
            What::KeyRotated { ring, kid } => Self::Key { ring, kid: kid.as_deref() },
            What::FaultFired { fault, target } => Self::Fault { fault: fault.as_str(), target },
            What::TokenIssued
            | What::GuestCreated
            | What::ConnectionOpened
            | What::ConnectionEvicted
            | What::ConnectionClosed
            | What::SessionCleared
            | What::SessionExpired
            | What::ConversationStarted
            | What::ConversationResumed
            | What::PersonSignedOut => Self::None {},
        }
    }
}

fn typing(on: bool) -> &'static str {
    if on { "On" } else { "Off" }
}
