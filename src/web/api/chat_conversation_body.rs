//! What conversations and participants of web chats have on the wire that others have not.

use serde::Serialize;

use super::conversation_body::{WrapupBody, end, provider, state};
use crate::{
    base::time::Timestamp,
    domain::{
        communication::{CommunicationState, DisconnectType},
        conversation::{Participant, Purpose},
        shown::Shown,
    },
};

/// `ConversationChat`: a communication of a participant.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChatBody<'a> {
    state: CommunicationState,
    initial_state: CommunicationState,
    id: &'a str,
    room_id: &'a str,
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
    provider: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    avatar_image_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wrapup: Option<WrapupBody<'a>>,
    after_call_work_required: bool,
}

/// The picture of the guest.
fn avatar<'a>(shown: &'a Shown, one: &Participant) -> Option<&'a str> {
    let chat = shown.conversation.chat.as_ref().filter(|_| one.side.purpose == Purpose::Customer)?;
    chat.member.avatar_image_url.as_deref()
}

impl<'a> ChatBody<'a> {
    /// Of a participant.
    pub fn of(shown: &'a Shown, one: &'a Participant) -> Self {
        let communication = &one.communication;
        let at = |time: Option<Timestamp>| time.map(Timestamp::up_to_millis);
        let initial = match communication.alerted {
            Some(_) => CommunicationState::Alerting,
            None => CommunicationState::Connected,
        };
        Self {
            state: state(shown, one),
            initial_state: initial,
            id: &communication.id,
            room_id: shown.conversation.id.as_str(),
            held: communication.held.is_some(),
            direction: "inbound",
            // chats have no word of their own for an offer that nobody took
            disconnect_type: communication.disconnect.filter(|_| shown.is_over(one)).map(|how| match how {
                DisconnectType::NoAnswer => DisconnectType::Transfer,
                how => how,
            }),
            start_hold_time: at(communication.held),
            start_alerting_time: at(communication.alerted),
            connected_time: at(communication.connected),
            disconnected_time: end(shown, one),
            provider: provider(shown),
            avatar_image_url: avatar(shown, one),
            wrapup: communication.wrapup.as_ref().map(WrapupBody::of),
            after_call_work_required: shown.owes_wrapup(one),
        }
    }
}

/// What is of a `ChatMediaParticipant` alone.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OfChat<'a> {
    room_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    avatar_image_url: Option<&'a str>,
}

impl<'a> OfChat<'a> {
    /// Of a participant; nothing where it is no chat.
    pub fn of(shown: &'a Shown, one: &Participant) -> Option<Self> {
        shown.conversation.chat.as_ref()?;
        Some(Self { room_id: shown.conversation.id.as_str(), avatar_image_url: avatar(shown, one) })
    }
}
