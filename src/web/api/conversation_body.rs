//! Conversations and their participants on the wire, as all media have them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::chat_conversation_body::ChatBody;
use crate::{
    base::time::Timestamp,
    domain::{
        communication::{CommunicationState, DisconnectType, Medium, Wrapup},
        content::Content,
        conversation::{Participant, Purpose},
        message::{Direction, Message},
        open_messaging::ReceiptStatus,
        shown::Shown,
        watched::Recording,
    },
};

/// Where conversations are.
pub const CONVERSATIONS: &str = "/api/v2/conversations";
/// Where message conversations are.
pub const MESSAGES: &str = "/api/v2/conversations/messages";
/// Where web chats are.
pub const CHATS: &str = "/api/v2/conversations/chats";

/// Who carries a conversation.
pub fn provider(shown: &Shown) -> &str {
    shown.conversation.chat.as_ref().map_or("PureCloud Messaging", |chat| &chat.provider)
}

/// `Conversation`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConversationBody<'a> {
    id: &'a str,
    start_time: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time: Option<Timestamp>,
    address: &'a str,
    participants: Vec<ParticipantBody<'a>>,
    conversation_ids: [(); 0],
    recording_state: Recording,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_tag: Option<&'a str>,
    state: CommunicationState,
    #[serde(skip_serializing_if = "Option::is_none")]
    self_uri: Option<String>,
}

/// `Participant`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ParticipantBody<'a> {
    id: &'a str,
    start_time: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    connected_time: Option<Timestamp>,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_contact_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    queue_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    queue_name: Option<&'a str>,
    purpose: Purpose,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<&'a str>,
    #[serde(flatten)]
    wrapup: WrapupState<'a>,
    media_roles: [&'static str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    alerting_timeout_ms: Option<i64>,
    attributes: &'a BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    messages: Option<[MessageBody<'a>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    chats: Option<[ChatBody<'a>; 1]>,
}

/// What an agent has said, or has to say.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WrapupState<'a> {
    wrapup_required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    wrapup_prompt: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wrapup_skipped: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wrapup: Option<WrapupBody<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_acw_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_acw_time: Option<Timestamp>,
}

/// `Wrapup`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WrapupBody<'a> {
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notes: Option<&'a str>,
    tags: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_seconds: Option<i64>,
    end_time: Timestamp,
    provisional: bool,
}

impl<'a> WrapupBody<'a> {
    /// Of what was said.
    pub fn of(said: &'a Wrapup) -> Self {
        Self {
            code: &said.code,
            name: said.name.as_deref(),
            notes: said.notes.as_deref(),
            tags: &said.tags,
            duration_seconds: said.duration.map(|span| span.secs()),
            end_time: said.end.up_to_millis(),
            provisional: said.provisional,
        }
    }
}

impl<'a> WrapupState<'a> {
    /// Of a participant.
    pub fn of(shown: &'a Shown, one: &'a Participant) -> Self {
        let agent = one.side.purpose == Purpose::Agent;
        let queue = shown.queue(one).filter(|_| agent);
        let said = one.communication.wrapup.as_ref();
        let owed =
            queue.is_some_and(|queue| queue.wrapup.is_required()) && one.communication.connected.is_some();
        Self {
            wrapup_required: queue.is_some_and(|queue| queue.wrapup.is_required()),
            wrapup_prompt: queue.map(|queue| queue.wrapup.of_participant()),
            wrapup_skipped: one.communication.wrapup_skipped.then_some(true),
            wrapup: said.map(WrapupBody::of),
            start_acw_time: one.left.filter(|_| owed).map(Timestamp::up_to_millis),
            end_acw_time: said.filter(|said| owed && !said.provisional).map(|said| said.end.up_to_millis()),
        }
    }
}

/// `Message`: a communication of a participant.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MessageBody<'a> {
    state: CommunicationState,
    initial_state: CommunicationState,
    id: &'a str,
    held: bool,
    direction: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    disconnect_type: Option<DisconnectType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_hold_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_alerting_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    connected_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disconnected_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    park_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resume_time: Option<Timestamp>,
    provider: &'a str,
    authenticated: bool,
    #[serde(rename = "type")]
    kind: &'static str,
    to_address: Address<'a>,
    from_address: Address<'a>,
    messages: Vec<Details<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wrapup: Option<WrapupBody<'a>>,
    after_call_work_required: bool,
}

/// `Address`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Address<'a> {
    name: &'a str,
    address_normalized: &'a str,
    address_raw: &'a str,
}

impl<'a> Address<'a> {
    /// The guest's.
    pub fn of_guest(shown: &'a Shown) -> Self {
        let name = shown.conversation.participants().next().map_or("", |guest| &guest.side.name);
        let address = address(shown);
        Self { name, address_normalized: address, address_raw: address }
    }

    /// That of where the guest came in.
    pub fn of_platform(shown: &'a Shown) -> Self {
        let address = shown.conversation.deployment.as_str();
        Self { name: "", address_normalized: address, address_raw: address }
    }
}

/// What kind of messages they are, and of which platform.
pub fn kind(shown: &Shown) -> (&'static str, &'static str) {
    if shown.conversation.open.is_some() { ("open", "Open") } else { ("webmessaging", "WebMessaging") }
}

/// By what the guest is known: whoever it is over all conversations, or for its application.
pub fn address(shown: &Shown) -> &str {
    if let Some(open) = &shown.conversation.open {
        return &open.from.id;
    }
    let guest = || shown.conversation.participants().next().map_or("", |guest| guest.side.id.as_str());
    shown.conversation.contact.as_ref().map_or_else(guest, |contact| contact.as_str())
}

/// `MessageDetails`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Details<'a> {
    message_id: &'a str,
    #[serde(rename = "messageURI")]
    message_uri: String,
    message_status: &'static str,
    message_segment_count: u32,
    message_time: Timestamp,
    media: Vec<Media<'a>>,
}

impl<'a> Details<'a> {
    /// Of a message of this conversation.
    pub fn of(shown: &Shown, message: &'a Message) -> Self {
        Self {
            message_id: &message.id,
            message_uri: format!("{MESSAGES}/{}/messages/{}", shown.conversation.id, message.id),
            message_status: status(shown, message),
            message_segment_count: 1,
            message_time: message.time,
            media: Media::of(message),
        }
    }
}

/// What became of a message.
pub fn status(shown: &Shown, message: &Message) -> &'static str {
    match (shown.conversation.receipts.get(&message.id), message.direction) {
        (Some(ReceiptStatus::Delivered), _) => "delivery-success",
        (Some(ReceiptStatus::Failed), _) => "delivery-failed",
        (Some(ReceiptStatus::Published), _) => "published",
        (Some(ReceiptStatus::Removed), _) => "removed",
        (Some(ReceiptStatus::Sent), _) | (None, Direction::Outbound) => "sent",
        (None, Direction::Inbound) => "received",
    }
}

/// `MessageMedia`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Media<'a> {
    url: &'a str,
    media_type: &'a str,
    content_length_bytes: u64,
    name: &'a str,
    id: &'a str,
}

impl<'a> Media<'a> {
    /// The files of a message.
    pub fn of(message: &'a Message) -> Vec<Self> {
        let Content::Attachments(files) = &message.content else { return Vec::new() };
        let each = files.iter().map(|file| Self {
            url: &file.url,
            media_type: &file.mime,
            content_length_bytes: file.file_size,
            name: &file.filename,
            id: &file.id,
        });
        each.collect()
    }
}

/// How far a participant is, in a conversation that may be over.
pub fn state(shown: &Shown, one: &Participant) -> CommunicationState {
    one.communication.state(shown.is_over(one))
}

/// When a participant's part was over.
pub fn end(shown: &Shown, one: &Participant) -> Option<Timestamp> {
    one.left.or(shown.conversation.ended.map(|(at, _)| at)).map(Timestamp::up_to_millis)
}

fn message_body<'a>(shown: &'a Shown, one: &'a Participant) -> MessageBody<'a> {
    let communication = &one.communication;
    let at = |time: Option<Timestamp>| time.map(Timestamp::up_to_millis);
    let offered = communication.alerted.is_some();
    MessageBody {
        state: state(shown, one),
        initial_state: if offered { CommunicationState::Alerting } else { CommunicationState::Connected },
        id: &communication.id,
        held: communication.held.is_some(),
        direction: "inbound",
        disconnect_type: communication.disconnect.filter(|_| shown.is_over(one)),
        start_hold_time: at(communication.held),
        start_alerting_time: at(communication.alerted),
        connected_time: at(communication.connected),
        disconnected_time: end(shown, one),
        park_time: at(communication.parked.map(|(since, _)| since)),
        resume_time: at(communication.parked.and_then(|(_, until)| until)),
        provider: provider(shown),
        authenticated: shown.authenticated,
        kind: kind(shown).0,
        to_address: Address::of_platform(shown),
        from_address: Address::of_guest(shown),
        messages: shown.conversation.said_by(&one.side.id).map(|said| Details::of(shown, said)).collect(),
        wrapup: communication.wrapup.as_ref().map(WrapupBody::of),
        after_call_work_required: shown.owes_wrapup(one),
    }
}

fn participant<'a>(shown: &'a Shown, one: &'a Participant) -> ParticipantBody<'a> {
    let queue = shown.queue(one);
    let guest = one.side.purpose == Purpose::Customer;
    let is_chat = shown.conversation.medium() == Medium::Chat;
    ParticipantBody {
        id: &one.side.id,
        start_time: one.joined.up_to_millis(),
        end_time: end(shown, one),
        connected_time: one.communication.connected.map(Timestamp::up_to_millis),
        name: &one.side.name,
        user_uri: one.user.as_ref().map(|user| format!("/api/v2/users/{user}")),
        user_id: one.user.as_ref().map(|user| user.as_str()),
        external_contact_id: shown.conversation.contact.as_ref().filter(|_| guest).map(|id| id.as_str()),
        queue_id: queue.map(|queue| queue.id.as_str()),
        queue_name: queue.map(|queue| queue.name.as_str()),
        purpose: one.side.purpose,
        address: guest.then(|| address(shown)),
        wrapup: WrapupState::of(shown, one),
        media_roles: ["full"],
        alerting_timeout_ms: queue.filter(|_| one.communication.alerted.is_some()).map(|one| one.alerting_ms),
        attributes: &one.attributes,
        messages: (!is_chat).then(|| [message_body(shown, one)]),
        chats: is_chat.then(|| [ChatBody::of(shown, one)]),
    }
}

impl<'a> ConversationBody<'a> {
    /// As answers have it.
    pub fn of(shown: &'a Shown) -> Self {
        let self_uri = Some(format!("{CONVERSATIONS}/{}", shown.conversation.id));
        Self { self_uri, ..Self::told(shown) }
    }

    /// As notifications have it.
    pub fn told(shown: &'a Shown) -> Self {
        let conversation = &shown.conversation;
        let over = conversation.ended.is_some();
        Self {
            id: conversation.id.as_str(),
            start_time: conversation.started.up_to_millis(),
            end_time: conversation.ended.map(|(at, _)| at.up_to_millis()),
            address: address(shown),
            participants: conversation.participants().map(|one| participant(shown, one)).collect(),
            conversation_ids: [],
            recording_state: conversation.watched.recording,
            external_tag: conversation.watched.tag.as_deref(),
            state: if over { CommunicationState::Disconnected } else { CommunicationState::Connected },
            self_uri: None,
        }
    }
}
