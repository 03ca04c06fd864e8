//! Message conversations and web chats on the wire: one communication a participant. Notifications refer to messages
//! otherwise than answers do.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    chat_conversation_body::OfChat,
    conversation_body::{
        Address, CHATS, Details, MESSAGES, Media, WrapupState, address, end, kind, provider, state, status,
    },
};
use crate::{
    base::time::Timestamp,
    domain::{
        communication::{CommunicationState, DisconnectType},
        conversation::{Participant, Purpose},
        message::{Kind, Message},
        shown::Shown,
    },
};

/// `MessageConversation` or `ChatConversation`, or its event.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageConversationBody<'a> {
    id: &'a str,
    participants: Vec<ParticipantBody<'a>>,
    other_media_uris: [(); 0],
    #[serde(skip_serializing_if = "Option::is_none")]
    recent_transfers: Option<[(); 0]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    self_uri: Option<String>,
}

#[derive(Serialize)]
struct Ref<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
}

/// `MessageMediaParticipant` or `ChatMediaParticipant`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ParticipantBody<'a> {
    id: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<&'a str>,
    start_time: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_alerting_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    connected_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_hold_time: Option<Timestamp>,
    purpose: Purpose,
    state: CommunicationState,
    #[serde(skip_serializing_if = "Option::is_none")]
    initial_state: Option<CommunicationState>,
    direction: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    disconnect_type: Option<DisconnectType>,
    held: bool,
    #[serde(flatten)]
    wrapup: WrapupState<'a>,
    media_roles: [&'static str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<Ref<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    queue: Option<Ref<'a>>,
    attributes: &'a BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alerting_timeout_ms: Option<i64>,
    provider: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_contact: Option<Ref<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    park_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resume_time: Option<Timestamp>,
    #[serde(flatten)]
    of_messages: Option<OfMessages<'a>>,
    #[serde(flatten)]
    of_chat: Option<OfChat<'a>>,
}

/// What chats do not have.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OfMessages<'a> {
    to_address: Address<'a>,
    from_address: Address<'a>,
    messages: Messages<'a>,
    #[serde(rename = "type")]
    kind: &'static str,
    authenticated: bool,
}

/// What somebody said.
#[derive(Serialize)]
#[serde(untagged)]
enum Messages<'a> {
    Answered(Vec<Details<'a>>),
    Told(Vec<ToldDetails<'a>>),
}

/// A message as notifications refer to it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ToldDetails<'a> {
    message: Ref<'a>,
    message_time: Timestamp,
    message_status: &'static str,
    message_segment_count: u32,
    media: Vec<Media<'a>>,
    message_metadata: Metadata,
}

#[derive(Serialize)]
struct Metadata {
    #[serde(rename = "type")]
    kind: Kind,
    events: [(); 0],
    content: [(); 0],
}

fn told<'a>(shown: &Shown, message: &'a Message) -> ToldDetails<'a> {
    ToldDetails {
        message: Ref { id: &message.id, name: None },
        message_time: message.time,
        message_status: status(shown, message),
        message_segment_count: 1,
        media: Media::of(message),
        message_metadata: Metadata { kind: message.kind, events: [], content: [] },
    }
}

fn participant<'a>(shown: &'a Shown, one: &'a Participant, answered: bool) -> ParticipantBody<'a> {
    let communication = &one.communication;
    let at = |time: Option<Timestamp>| time.map(Timestamp::up_to_millis);
    let guest = one.side.purpose == Purpose::Customer;
    let user = one.user.as_ref();
    let offered = communication.alerted.is_some();
    let initial = if offered { CommunicationState::Alerting } else { CommunicationState::Connected };
    ParticipantBody {
        id: &one.side.id,
        name: &one.side.name,
        address: guest.then(|| address(shown)),
        start_time: one.joined.up_to_millis(),
        start_alerting_time: at(communication.alerted),
        connected_time: at(communication.connected),
        end_time: end(shown, one),
        start_hold_time: at(communication.held),
        purpose: one.side.purpose,
        state: state(shown, one),
        initial_state: (!answered).then_some(initial),
        direction: "inbound",
        disconnect_type: communication.disconnect.filter(|_| shown.is_over(one)),
        held: communication.held.is_some(),
        wrapup: WrapupState::of(shown, one),
        media_roles: ["full"],
        user: user.map(|id| Ref { id: id.as_str(), name: shown.users.get(id).map(String::as_str) }),
        queue: shown.queue(one).map(|queue| Ref { id: &queue.id, name: Some(&queue.name) }),
        attributes: &one.attributes,
        alerting_timeout_ms: shown.queue(one).filter(|_| offered).map(|queue| queue.alerting_ms),
        provider: provider(shown),
        external_contact: shown
            .conversation
            .contact
            .as_ref()
            .filter(|_| guest)
            .map(|id| Ref { id: id.as_str(), name: None }),
        park_time: at(communication.parked.map(|(since, _)| since)),
        resume_time: at(communication.parked.and_then(|(_, until)| until)),
        of_messages: shown.conversation.chat.is_none().then(|| of_messages(shown, one, answered)),
        of_chat: OfChat::of(shown, one),
    }
}

fn of_messages<'a>(shown: &'a Shown, one: &'a Participant, answered: bool) -> OfMessages<'a> {
    let said = shown.conversation.said_by(&one.side.id);
    OfMessages {
        to_address: Address::of_platform(shown),
        from_address: Address::of_guest(shown),
        messages: match answered {
            true => Messages::Answered(said.map(|said| Details::of(shown, said)).collect()),
            false => Messages::Told(said.map(|said| told(shown, said)).collect()),
        },
        kind: kind(shown).0,
        authenticated: shown.authenticated,
    }
}

impl<'a> MessageConversationBody<'a> {
    /// As answers have it.
    pub fn of(shown: &'a Shown) -> Self {
        Self {
            id: shown.conversation.id.as_str(),
            participants: shown
                .conversation
                .participants()
                .map(|one| participant(shown, one, true))
                .collect(),
            other_media_uris: [],
            recent_transfers: Some([]),
            address: None,
            self_uri: Some(match shown.conversation.chat {
                Some(_) => format!("{CHATS}/{}", shown.conversation.id),
                None => format!("{MESSAGES}/{}", shown.conversation.id),
            }),
        }
    }

    /// As notifications have it.
    pub fn told(shown: &'a Shown) -> Self {
        Self {
            id: shown.conversation.id.as_str(),
            participants: shown
                .conversation
                .participants()
                .map(|one| participant(shown, one, false))
                .collect(),
            other_media_uris: [],
            recent_transfers: None,
            address: Some(address(shown)),
            self_uri: None,
        }
    }
}
