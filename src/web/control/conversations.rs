//! `/conversations`: what the platform knows of each, for tests that look behind the socket.

use std::collections::BTreeMap;

use axum::{extract::Path, response::Response};
use http::{StatusCode, Uri};
use serde::{Deserialize, Serialize};

use super::{
    error::Problem,
    query::{self, MOST, USUAL_LIMIT},
    subject::TheOrg,
};
use crate::{
    base::time::Timestamp,
    domain::conversation::{Conversation, Ending, Participant, Purpose},
    journal::redact::mark,
    ops::conversations::{self, Wanted},
    web::{answer, webmessaging::message_body::MessageBody},
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConversationView<'a> {
    id: &'a str,
    deployment_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact_id: Option<&'a str>,
    /// A fingerprint: the token itself is a credential. Empty where there is no session.
    session: String,
    start_time: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ending: Option<Ending>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    queue: Option<&'a str>,
    attributes: &'a BTreeMap<String, String>,
    start_time: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time: Option<Timestamp>,
}

#[derive(Serialize)]
struct Listing<'a> {
    entities: Vec<ConversationView<'a>>,
    next: Option<&'a str>,
}

fn participant(one: &Participant) -> ParticipantView<'_> {
    ParticipantView {
        id: &one.side.id,
        purpose: one.side.purpose,
        name: &one.side.name,
        guest_id: one.guest.as_ref().map(|id| id.as_str()),
        user_id: one.user.as_ref().map(|id| id.as_str()),
        queue: one.queue.as_deref(),
        attributes: &one.attributes,
        start_time: one.joined,
        end_time: one.left,
    }
}

impl<'a> ConversationView<'a> {
    /// All but what was said.
    fn head(conversation: &'a Conversation) -> Self {
        let (end_time, ending) = conversation.ended.unzip();
        Self {
            id: conversation.id.as_str(),
            deployment_id: conversation.deployment.as_str(),
            contact_id: conversation.contact.as_ref().map(|id| id.as_str()),
            session: match conversation.session.as_str() {
                "" => String::new(),
                token => mark(token),
            },
            start_time: conversation.started,
            end_time,
            ending,
            participants: conversation.participants().map(participant).collect(),
            messages: None,
        }
    }

    /// With what was said, oldest first.
    pub fn whole(conversation: &'a Conversation) -> Self {
        let messages = conversation.messages().map(|message| MessageBody::of(message)).collect();
        Self { messages: Some(messages), ..Self::head(conversation) }
    }
}

pub const PARAMETERS: [&str; 5] = ["deploymentId", "session", "guestId", "after", "limit"];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Query {
    deployment_id: Option<String>,
    session: Option<String>,
    guest_id: Option<String>,
    after: Option<String>,
    limit: Option<usize>,
}

/// In the order of beginning.
pub async fn list(TheOrg(org): TheOrg, uri: Uri) -> Result<Response, Problem> {
    let query: Query = query::read(uri.query(), &PARAMETERS, &["limit"])?;
    let limit = query.limit.unwrap_or(USUAL_LIMIT);
    if !(1..=MOST).contains(&limit) {
        return Err(Problem::field("limit", format!("`limit` is between 1 and {MOST}")));
    }
    let Query { deployment_id: deployment, session, guest_id: guest, after, .. } = query;
    let page = conversations::find(&org, &Wanted { deployment, session, guest, after }, limit);
    let page = page.ok_or_else(|| {
        Problem::field("after", "there is no such conversation any more; take `next` of an earlier answer")
    })?;
    let entities = page.conversations.iter().map(ConversationView::head).collect();
    let next = page.next.as_ref().map(|id| id.as_str());
    Ok(answer::json(StatusCode::OK, &Listing { entities, next }))
}

/// One, with its messages, oldest first.
pub async fn get(
    TheOrg(org): TheOrg,
    Path(names): Path<BTreeMap<String, String>>,
) -> Result<Response, Problem> {
    let id = names.get("id").map(String::as_str).unwrap_or_default();
    let conversation = conversations::get(&org, id).ok_or_else(|| Problem::not_found("conversation", id))?;
    Ok(answer::json(StatusCode::OK, &ConversationView::whole(&conversation)))
}
