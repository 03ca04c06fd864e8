//! `/api/v2/conversations/chats`: web chats as agents see them, as far as they are otherwise than message conversations.

use std::collections::BTreeMap;

use axum::{body::Bytes, response::Response};
use http::{StatusCode, Uri};

use super::{
    body::Body,
    chat_body::{Home, LineBody, TypingBody, lines, said},
    chat_guest::line,
    communication_error::refused,
    conversations::{Names, READ, WRITE, named},
    medium::{Chats, is_of},
    message_conversation_body::MessageConversationBody,
    request::{Refused, admitted},
};
use crate::{
    domain::watched::Recording,
    ops::{
        communications as ops,
        cx::Cx,
        web_chat::{ForQueue, create_for_queue},
    },
    web::{
        answer,
        extract::{Authorization, Id},
    },
};

const CREATE: &[&str] = &["conversation:webchat:create"];
const RECORD: &[&str] = &["conversation:recording:pauseOthers"];
const NOT_FOUND: &[&str] = &["chat.error.not.found"];
const SAY: &[&str] = &[
    "chat.error.notnull.createconversationmessagerequest.body",
    "chat.error.conversation.state",
    "chat.error.member.state",
    "chat.error.bad.request",
    "chat.error.not.found",
];
const TYPE: &[&str] = &["chat.error.conversation.state", "chat.error.member.state", "chat.error.not.found"];
const NO_QUEUE: &[&str] = &["chat.error.queue.not.found"];
const RECORDED: &[&str] = &[
    "conversation.error.conversation.disconnected",
    "conversation.error.forbidden.not.active.participant",
    "conversation.error.conversation.not.found",
];

/// A chat that an application has elsewhere: `CreateWebChatRequest`.
pub async fn post(cx: Cx, authorization: Authorization, bytes: Bytes) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, CREATE).await?;
    let body = Body::read(&cx, &bytes)?;
    let queue = body.required("queueId", "chat.error.notnull.createconversationrequest.queueid")?.to_owned();
    let provider =
        body.required("provider", "chat.error.notnull.createconversationrequest.provider")?.to_owned();
    body.texts("skillIds")?;
    body.text("languageId")?;
    body.number("priority", i64::MIN..=i64::MAX)?;
    let mut attributes = BTreeMap::new();
    if let Some(given) = body.object("attributes")? {
        for name in given.members().keys() {
            attributes.extend(given.text(name)?.map(|value| (name.clone(), value.to_owned())));
        }
    }
    let name = body.text("customerName")?.map(str::to_owned);
    let shown = create_for_queue(&cx, ForQueue { queue, provider, name, attributes })
        .map_err(|error| refused(&cx, error, NO_QUEUE))?;
    Ok(answer::json(StatusCode::OK, &MessageConversationBody::of(&shown)))
}

/// What was said.
pub async fn messages(
    cx: Cx,
    authorization: Authorization,
    Id(id): Id,
    uri: Uri,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, &[]).await?;
    is_of::<Chats>(&cx, &id, NOT_FOUND)?;
    let shown = ops::conversation(&cx, &id).map_err(|error| refused(&cx, error, NOT_FOUND))?;
    lines(&cx, &uri, &shown, Home::Agent)
}

/// A line of it.
pub async fn message(cx: Cx, authorization: Authorization, names: Names) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, &[]).await?;
    let id = named(&names, "id");
    is_of::<Chats>(&cx, id, NOT_FOUND)?;
    let found = ops::message(&cx, id, named(&names, "message"));
    let found = found.map_err(|error| refused(&cx, error, NOT_FOUND))?;
    line(&cx, LineBody::of(&found.shown, &found.message, Home::Agent))
}

/// Says something.
pub async fn say(
    cx: Cx,
    authorization: Authorization,
    names: Names,
    bytes: Bytes,
) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, READ, &[]).await?;
    let said = said(&cx, &bytes)?;
    let whose = (named(&names, "id"), named(&names, "communication"));
    is_of::<Chats>(&cx, whose.0, SAY)?;
    let found = ops::say_in_chat(&cx, &proved, whose, said).map_err(|error| refused(&cx, error, SAY))?;
    line(&cx, LineBody::of(&found.shown, &found.message, Home::Agent))
}

/// Shows that somebody types.
pub async fn typing(cx: Cx, authorization: Authorization, names: Names) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, READ, &[]).await?;
    let (id, communication) = (named(&names, "id"), named(&names, "communication"));
    is_of::<Chats>(&cx, id, TYPE)?;
    let typing = ops::type_in_chat(&cx, &proved, id, communication);
    let typing = typing.map_err(|error| refused(&cx, error, TYPE))?;
    line(&cx, TypingBody::of(&typing, cx.now(), Home::Agent))
}

/// Says whether it is recorded: `SetRecordingState`.
pub async fn record(
    cx: Cx,
    authorization: Authorization,
    Id(id): Id,
    bytes: Bytes,
) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, RECORD).await?;
    let body = Body::read(&cx, &bytes)?;
    let state = match body.required("recordingState", "general.bad.request")? {
        "ACTIVE" => Recording::Active,
        "PAUSED" => Recording::Paused,
        "NONE" => Recording::None,
        _ => {
            let words = "recordingState is none of ACTIVE, PAUSED and NONE";
            return Err(body.refused("general.bad.request", words));
        }
    };
    is_of::<Chats>(&cx, &id, RECORDED)?;
    ops::record(&cx, &proved, &id, (state, false)).map_err(|error| refused(&cx, error, RECORDED))?;
    Ok(answer::json(StatusCode::ACCEPTED, &state))
}
