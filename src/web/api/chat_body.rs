//! Lines and members of web chats on the wire, as guests and agents are answered.

use std::{collections::BTreeMap, sync::Arc};

use axum::response::Response;
use http::{StatusCode, Uri};
use serde::Serialize;

use super::{
    body::Body,
    query::given,
    request::{Refused, bad_parameter, page},
};
use crate::{
    base::time::Timestamp,
    domain::{
        communication::CommunicationState,
        conversation::{Participant, Purpose},
        message::Message,
        shown::Shown,
        web_chat::BodyType,
    },
    ops::{
        communications::Typing,
        cx::Cx,
        web_chat::guest::{Part, Wanted, part},
    },
    web::answer,
};

/// Lines of a page, at most and unless it says how many.
const MOST: usize = 100;

/// How far a member is, in the words of chats.
pub fn state(state: CommunicationState) -> &'static str {
    match state {
        CommunicationState::Alerting => "ALERTING",
        CommunicationState::Connected | CommunicationState::Parked => "CONNECTED",
        CommunicationState::Disconnected => "DISCONNECTED",
    }
}

/// `WebChatMemberInfo`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MemberBody<'a> {
    id: &'a str,
    display_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    avatar_image_url: Option<&'a str>,
    role: &'static str,
    join_date: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    leave_date: Option<Timestamp>,
    authenticated_guest: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_fields: Option<&'a BTreeMap<String, String>>,
    state: &'static str,
}

impl<'a> MemberBody<'a> {
    /// Of a participant.
    pub fn of(shown: &'a Shown, one: &'a Participant) -> Self {
        let chat = shown.conversation.chat.as_ref().filter(|_| one.side.purpose == Purpose::Customer);
        let told = chat.map(|chat| &chat.member);
        Self {
            id: &one.side.id,
            display_name: &one.side.name,
            first_name: told.and_then(|told| told.first_name.as_deref()),
            last_name: told.and_then(|told| told.last_name.as_deref()),
            email: told.and_then(|told| told.email.as_deref()),
            phone_number: told.and_then(|told| told.phone_number.as_deref()),
            avatar_image_url: told.and_then(|told| told.avatar_image_url.as_deref()),
            role: match one.side.purpose {
                Purpose::Customer => "CUSTOMER",
                Purpose::Workflow => "WORKFLOW",
                Purpose::Acd => "ACD",
                Purpose::Agent => "AGENT",
            },
            join_date: one.joined.up_to_millis(),
            leave_date: one.left.map(Timestamp::up_to_millis),
            authenticated_guest: chat.is_some_and(|chat| chat.authenticated),
            custom_fields: told.map(|told| &told.custom_fields).filter(|fields| !fields.is_empty()),
            state: state(one.state()),
        }
    }
}

/// Where the lines of a chat are.
#[derive(Clone, Copy)]
pub enum Home {
    /// Where guests are.
    Guest,
    /// Where agents are.
    Agent,
}

impl Home {
    /// The path of a chat.
    pub fn of(self, id: &str) -> String {
        match self {
            Self::Guest => format!("/api/v2/webchat/guest/conversations/{id}"),
            Self::Agent => format!("/api/v2/conversations/chats/{id}"),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConversationRef<'a> {
    id: &'a str,
    self_uri: String,
}

/// `WebChatMessage`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LineBody<'a> {
    id: &'a str,
    conversation: ConversationRef<'a>,
    sender: MemberBody<'a>,
    body: &'a str,
    body_type: BodyType,
    timestamp: Timestamp,
    self_uri: String,
}

impl<'a> LineBody<'a> {
    /// Of a message; nothing of one whose sender is forgotten.
    pub fn of(shown: &'a Shown, message: &'a Message, home: Home) -> Option<Self> {
        let conversation = &shown.conversation;
        let self_uri = home.of(conversation.id.as_str());
        Some(Self {
            id: &message.id,
            sender: MemberBody::of(shown, conversation.author(message)?),
            body: message.text.as_deref().unwrap_or_default(),
            body_type: message.line.as_ref()?.body_type,
            timestamp: message.time,
            conversation: ConversationRef { id: conversation.id.as_str(), self_uri: self_uri.clone() },
            self_uri: format!("{self_uri}/messages/{}", message.id),
        })
    }
}

/// `WebChatTyping`.
#[derive(Serialize)]
pub struct TypingBody<'a> {
    id: &'a str,
    conversation: ConversationRef<'a>,
    sender: MemberBody<'a>,
    timestamp: Timestamp,
}

impl<'a> TypingBody<'a> {
    /// Of somebody who types.
    pub fn of(typing: &'a Typing, at: Timestamp, home: Home) -> Option<Self> {
        let Typing { id, sender, shown } = typing;
        let conversation = &shown.conversation;
        Some(Self {
            id,
            sender: MemberBody::of(shown, conversation.participant(sender)?),
            conversation: ConversationRef {
                id: conversation.id.as_str(),
                self_uri: home.of(conversation.id.as_str()),
            },
            timestamp: at.up_to_millis(),
        })
    }
}

/// `WebChatMessageEntityList`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Lines<'a> {
    page_size: usize,
    entities: Vec<LineBody<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_page: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    self_uri: String,
}

/// A page of the lines of a chat.
pub fn lines(cx: &Cx, uri: &Uri, shown: &Shown, home: Home) -> Result<Response, Refused> {
    let descending = match given(uri, "sortOrder").as_deref() {
        None | Some("ascending") => false,
        Some("descending") => true,
        Some(other) => return Err(bad_parameter(cx, "sortOrder", other, "ascending or descending").into()),
    };
    let most = match given(uri, "maxResults") {
        None => MOST,
        Some(text) => match text.parse().ok().filter(|most| (1..=MOST).contains(most)) {
            Some(most) => most,
            None => return Err(bad_parameter(cx, "maxResults", &text, &format!("1 to {MOST}")).into()),
        },
    };
    let wanted = Wanted { after: given(uri, "after"), before: given(uri, "before"), descending, most };
    let all: Vec<_> = shown.conversation.messages().map(Arc::clone).collect();
    let Some(Part { lines, before, after }) = part(&all, &wanted) else {
        let (name, seen) = match &wanted.after {
            Some(id) if !all.iter().any(|line| line.id == *id) => ("after", id.as_str()),
            _ => ("before", wanted.before.as_deref().unwrap_or_default()),
        };
        return Err(bad_parameter(cx, name, seen, "the id of a message of this chat").into());
    };
    let path = format!("{}/messages", home.of(shown.conversation.id.as_str()));
    let (oldest, newest) = match descending {
        true => (lines.last(), lines.first()),
        false => (lines.first(), lines.last()),
    };
    let older =
        oldest.filter(|_| before).map(|line| page(&path, uri, &[("before", &line.id), ("after", "")]));
    let newer = newest.filter(|_| after).map(|line| page(&path, uri, &[("after", &line.id), ("before", "")]));
    let (previous_page, next) = if descending { (newer, older) } else { (older, newer) };
    let entities: Vec<_> = lines.iter().filter_map(|line| LineBody::of(shown, line, home)).collect();
    let self_uri = page(&path, uri, &[]);
    let listing = Lines { page_size: most, entities, previous_page, next, self_uri };
    Ok(answer::json(StatusCode::OK, &listing))
}

/// `CreateWebChatMessageRequest`: what is said, and as what.
pub fn said(cx: &Cx, bytes: &[u8]) -> Result<(BodyType, String), Refused> {
    let body = Body::read(cx, bytes)?;
    let words = body.text("body")?.filter(|words| !words.is_empty());
    let words = words.ok_or_else(|| {
        body.refused("chat.error.notnull.createconversationmessagerequest.body", "body is missing")
    })?;
    let words = words.to_owned();
    let body_type = match body.text("bodyType")? {
        None | Some("standard") => BodyType::Standard,
        Some("notice") => BodyType::Notice,
        Some("member-join") => BodyType::MemberJoin,
        Some("member-leave") => BodyType::MemberLeave,
        Some("media-request") => BodyType::MediaRequest,
        Some(_) => {
            let words = "bodyType is none of standard, notice, member-join, member-leave and media-request";
            return Err(body.refused("chat.error.bad.request", words));
        }
    };
    Ok((body_type, words))
}
