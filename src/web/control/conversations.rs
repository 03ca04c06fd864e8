//! `/conversations`: what the platform knows of each, for tests that look behind the socket.

use std::{collections::BTreeMap, sync::Arc};

use axum::{extract::Path, response::Response};
use http::StatusCode;
use serde::Serialize;

use super::{error::Problem, subject::TheOrg};
use crate::{
    base::time::Timestamp,
    domain::{
        conversation::{Conversation, Participant, Purpose},
        message::Message,
    },
    web::{answer, webmessaging::message_body::MessageBody},
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConversationView<'a> {
    id: &'a str,
    deployment_id: &'a str,
    start_time: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time: Option<Timestamp>,
    participants: Vec<ParticipantView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    messages: Option<Vec<MessageBody<'a>>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ParticipantView<'a> {
    id: &'a str,
    purpose: Purpose,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    guest_id: Option<&'a str>,
    attributes: &'a BTreeMap<String, String>,
    start_time: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time: Option<Timestamp>,
}

#[derive(Serialize)]
struct Listing<'a> {
    entities: Vec<ConversationView<'a>>,
    next: Option<String>,
}

fn participant(side: &Participant) -> ParticipantView<'_> {
    ParticipantView {
        id: &side.id,
        purpose: side.purpose,
        name: &side.name,
        guest_id: side.guest.as_ref().map(|id| id.as_str()),
        attributes: &side.attributes,
        start_time: side.joined,
        end_time: side.left,
    }
}

fn view<'a>(conversation: &'a Conversation, messages: Option<&'a [Arc<Message>]>) -> ConversationView<'a> {
    ConversationView {
        id: conversation.id.as_str(),
        deployment_id: conversation.deployment.as_str(),
        start_time: conversation.started,
        end_time: conversation.ended,
        participants: conversation.participants.iter().map(participant).collect(),
        messages: messages.map(|all| all.iter().map(|message| MessageBody::of(message)).collect()),
    }
}

/// All, in the order of beginning.
pub async fn list(TheOrg(org): TheOrg) -> Response {
    let all: Vec<_> = org.state(|state| state.conversations.iter().map(|(_, one)| one.clone()).collect());
    let entities = all.iter().map(|conversation| view(conversation, None)).collect();
    answer::json(StatusCode::OK, &Listing { entities, next: None })
}

/// One, with its messages, oldest first.
pub async fn get(
    TheOrg(org): TheOrg,
    Path(names): Path<BTreeMap<String, String>>,
) -> Result<Response, Problem> {
    let id = names.get("id").map(String::as_str).unwrap_or_default();
    let found = org.state(|state| {
        let conversation = state.conversations.get(id)?.clone();
        let session = state.sessions.get(&conversation.session);
        let messages: Vec<_> =
            session.map(|session| session.messages().cloned().collect()).unwrap_or_default();
        Some((conversation, messages))
    });
    let (conversation, messages) = found.ok_or_else(|| Problem::not_found("conversation", id))?;
    Ok(answer::json(StatusCode::OK, &view(&conversation, Some(&messages))))
}
