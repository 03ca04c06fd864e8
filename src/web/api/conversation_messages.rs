//! `/api/v2/conversations/messages`: conversations by messages, and what is said in them. What is alike for web chats is theirs,
//! too.

use axum::{body::Bytes, response::Response};
use http::{StatusCode, Uri};
use serde::{Deserialize, Serialize};

use super::{
    communication_error::refused,
    conversation_body::ConversationBody,
    conversations::{
        CHANGE, Names, ParticipantRequest, READ, WRITE, WrapupRequest, add_attributes, communication, named,
        object_if_any, whose,
    },
    listing::{PAGES, Paging},
    medium::{Media, Messages, is_of},
    message_conversation_body::MessageConversationBody,
    message_data::MessageData,
    query::truth,
    request::{Refused, admitted, object, read},
    wrapup_codes::{WrapupCodeBody, assigned},
};
use crate::{
    base::time::{Span, Timestamp},
    domain::communication::Medium,
    ops::{
        communications::{self as ops, CommunicationError, Found, Said, To},
        cx::Cx,
    },
    web::{
        answer,
        extract::{Authorization, Id},
    },
};

/// Any of these says something.
pub const SPEAK: &[&str] = &["conversation:message:create", "conversation:webmessaging:create"];
/// Any of these reads what was said.
pub const VIEW: &[&str] = &["conversation:message:view", "conversation:webmessaging:view"];
const WRAPUP: &[&str] = &["conversation:participant:wrapup"];
const TRANSFER: &[&str] = &["conversation:communication:blindTransfer"];
const PARK: &[&str] = &["conversation:message:park"];
/// What conversations that are not there have for a code.
pub const NOT_FOUND: &[&str] = &["conversation.error.conversation.not.found"];

#[derive(Serialize)]
struct Listing<T> {
    entities: Vec<T>,
}

#[derive(Serialize)]
struct Empty {}

/// `Conversation`, as far as it is changed.
#[derive(Default, Deserialize)]
#[serde(default)]
struct StateRequest {
    state: Option<String>,
}

/// `AdditionalMessage`, as it comes.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct AdditionalMessage {
    text_body: String,
    media_ids: Vec<String>,
}

/// `MessageTypingEventRequest`, as it comes.
#[derive(Deserialize)]
struct TypingRequest {
    typing: Typing,
}

#[derive(Deserialize)]
struct Typing {
    #[serde(rename = "type")]
    _kind: TypingType,
    /// Milliseconds.
    duration: Option<i64>,
}

#[derive(Deserialize)]
enum TypingType {
    On,
}

/// `TransferRequest`, as it comes.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct TransferRequest {
    queue_id: Option<String>,
    user_id: Option<String>,
}

/// `ParkingStateRequest`, as it comes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ParkingRequest {
    state: String,
    resume_time: Option<Timestamp>,
}

/// Those of the user who calls.
pub async fn list<M: Media>(cx: Cx, authorization: Authorization, uri: Uri) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, READ, &[]).await?;
    let page = Paging::read(&cx, M::HOME, &uri, PAGES)?;
    let all = ops::active(&cx, &proved, |medium| M::CHAT.is_none_or(|chat| chat == (medium == Medium::Chat)));
    Ok(answer::json(StatusCode::OK, &page.of(all.iter().map(|shown| MessageConversationBody::of(shown)))))
}

/// One.
pub async fn get<M: Media>(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, &[]).await?;
    is_of::<M>(&cx, &id, NOT_FOUND)?;
    let shown = ops::conversation(&cx, &id).map_err(|error| refused(&cx, error, NOT_FOUND))?;
    Ok(answer::json(StatusCode::OK, &MessageConversationBody::of(&shown)))
}

/// Ends one for all.
pub async fn patch<M: Media>(
    cx: Cx,
    authorization: Authorization,
    Id(id): Id,
    body: Bytes,
) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, M::END).await?;
    let StateRequest { state } = object(&cx, &body)?;
    if state.as_deref() != Some("disconnected") {
        let words = "state is missing, or another one than disconnected".to_owned();
        return Err(refused(&cx, CommunicationError::Invalid(words), &[]));
    }
    is_of::<M>(&cx, &id, M::CONVERSATION)?;
    ops::end(&cx, &proved, &id, false).map_err(|error| refused(&cx, error, M::CONVERSATION))?;
    let shown = ops::conversation(&cx, &id).map_err(|error| refused(&cx, error, &[]))?;
    Ok(answer::json(StatusCode::OK, &ConversationBody::of(&shown)))
}

/// Changes a participant.
pub async fn patch_participant<M: Media>(
    cx: Cx,
    authorization: Authorization,
    names: Names,
    body: Bytes,
) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, CHANGE).await?;
    let request: ParticipantRequest = object_if_any(&cx, &body)?;
    let whose = whose(&names);
    is_of::<M>(&cx, whose.0, M::PARTICIPANT)?;
    ops::change(&cx, &proved, whose, request.change())
        .map_err(|error| refused(&cx, error, M::PARTICIPANT))?;
    Ok(answer::empty(StatusCode::ACCEPTED))
}

/// Changes a communication.
pub async fn patch_communication<M: Media>(
    cx: Cx,
    authorization: Authorization,
    names: Names,
    body: Bytes,
) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, &[]).await?;
    let request: ParticipantRequest = object(&cx, &body)?;
    let whose = whose(&names);
    is_of::<M>(&cx, whose.0, M::COMMUNICATION)?;
    ops::change(&cx, &proved, whose, request.change())
        .map_err(|error| refused(&cx, error, M::COMMUNICATION))?;
    Ok(answer::json(StatusCode::OK, &Empty {}))
}

/// Adds participant data. Answers all of it.
pub async fn attributes<M: Media>(
    cx: Cx,
    authorization: Authorization,
    names: Names,
    body: Bytes,
) -> Result<Response, Refused> {
    let is_right = |id: &str| is_of::<M>(&cx, id, M::ATTRIBUTES);
    let all = add_attributes(&cx, &authorization, &names, &body, M::ATTRIBUTES, is_right).await?;
    Ok(answer::json(StatusCode::ACCEPTED, &all))
}

/// Says something.
pub async fn post_message(
    cx: Cx,
    authorization: Authorization,
    names: Names,
    uri: Uri,
    body: Bytes,
) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, SPEAK).await?;
    let normalized = truth(&cx, &uri, "useNormalizedMessage")?;
    let AdditionalMessage { text_body: text, media_ids: media } = object(&cx, &body)?;
    let (id, communication) = communication(&names);
    is_of::<Messages>(&cx, id, &[])?;
    let found = ops::say(&cx, &proved, id, communication, Said { text, media })
        .map_err(|error| refused(&cx, error, &["max.length.exceeded"]))?;
    Ok(answer::json(StatusCode::OK, &MessageData::of(&found, normalized)))
}

/// Shows that somebody types.
pub async fn typing(
    cx: Cx,
    authorization: Authorization,
    names: Names,
    body: Bytes,
) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, SPEAK).await?;
    let TypingRequest { typing } = object(&cx, &body)?;
    let (id, communication) = communication(&names);
    is_of::<Messages>(&cx, id, &[])?;
    let lasting = typing.duration.map(Span::from_millis);
    ops::types(&cx, &proved, id, communication, lasting).map_err(|error| refused(&cx, error, &[]))?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

/// A message of a conversation.
pub async fn message(
    cx: Cx,
    authorization: Authorization,
    names: Names,
    uri: Uri,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let (id, message) = (named(&names, "id"), named(&names, "message"));
    is_of::<Messages>(&cx, id, &[])?;
    one(&cx, &uri, || ops::message(&cx, id, message))
}

/// Several of them.
pub async fn bulk(
    cx: Cx,
    authorization: Authorization,
    Id(id): Id,
    uri: Uri,
    body: Bytes,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let normalized = truth(&cx, &uri, "useNormalizedMessage")?;
    let wanted: Vec<String> = if body.is_empty() { Vec::new() } else { read(&cx, &body)? };
    is_of::<Messages>(&cx, &id, &[])?;
    let found = ops::messages(&cx, &id, &wanted).map_err(|error| refused(&cx, error, &[]))?;
    let entities = found.iter().map(|found| MessageData::of(found, normalized)).collect();
    Ok(answer::json(StatusCode::OK, &Listing { entities }))
}

/// A message, whichever conversation it is of.
pub async fn details(
    cx: Cx,
    authorization: Authorization,
    Id(message): Id,
    uri: Uri,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    one(&cx, &uri, || ops::details(&cx, &message))
}

fn one(
    cx: &Cx,
    uri: &Uri,
    found: impl FnOnce() -> Result<Found, CommunicationError>,
) -> Result<Response, Refused> {
    let normalized = truth(cx, uri, "useNormalizedMessage")?;
    let found = found().map_err(|error| refused(cx, error, &[]))?;
    Ok(answer::json(StatusCode::OK, &MessageData::of(&found, normalized)))
}

/// What a participant can say that it was about.
pub async fn codes<M: Media>(
    cx: Cx,
    authorization: Authorization,
    names: Names,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, &[]).await?;
    is_of::<M>(&cx, named(&names, "id"), M::CODES)?;
    let codes = ops::codes(&cx, named(&names, "id"), named(&names, "participant"))
        .map_err(|error| refused(&cx, error, M::CODES))?;
    let codes: Vec<_> = codes.iter().map(|code| WrapupCodeBody::of(code)).collect();
    Ok(answer::json(StatusCode::OK, &codes))
}

/// What a participant, or a communication of it, said that it was about.
pub async fn wrapup<M: Media>(
    cx: Cx,
    authorization: Authorization,
    names: Names,
    uri: Uri,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, &[]).await?;
    let provisional = truth(&cx, &uri, "provisional")?;
    let whose = whose(&names);
    let own = if whose.2.is_some() { NOT_FOUND } else { M::WRAPUP };
    is_of::<M>(&cx, whose.0, own)?;
    let said = ops::wrapup(&cx, whose, provisional).map_err(|error| refused(&cx, error, own))?;
    Ok(assigned(&cx, said))
}

/// Says what it was about.
pub async fn wrap_up<M: Media>(
    cx: Cx,
    authorization: Authorization,
    names: Names,
    body: Bytes,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, WRAPUP).await?;
    let request: WrapupRequest = object_if_any(&cx, &body)?;
    let whose = (named(&names, "id"), named(&names, "participant"), named(&names, "communication"));
    is_of::<M>(&cx, whose.0, &[])?;
    ops::wrap_up(&cx, whose, request.given())
        .map_err(|error| refused(&cx, error, &["missing.wrapup.code"]))?;
    Ok(answer::empty(StatusCode::ACCEPTED))
}

/// Somebody else goes on.
pub async fn replace<M: Media>(
    cx: Cx,
    authorization: Authorization,
    names: Names,
    body: Bytes,
) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, TRANSFER).await?;
    let TransferRequest { queue_id, user_id } = object(&cx, &body)?;
    let to = match (queue_id, user_id) {
        (Some(queue), None) => To::Queue(queue),
        (None, Some(user)) => To::User(user),
        _ => {
            let words = "one of queueId and userId is to be said; addresses are of calls".to_owned();
            return Err(refused(&cx, CommunicationError::Invalid(words), M::TRANSFER));
        }
    };
    is_of::<M>(&cx, named(&names, "id"), M::TRANSFER)?;
    ops::replace(&cx, &proved, named(&names, "id"), named(&names, "participant"), &to)
        .map_err(|error| refused(&cx, error, M::TRANSFER))?;
    Ok(answer::empty(StatusCode::ACCEPTED))
}

/// Puts a communication aside, or takes it up again.
pub async fn park(
    cx: Cx,
    authorization: Authorization,
    names: Names,
    body: Bytes,
) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, PARK).await?;
    let ParkingRequest { state, resume_time } = object(&cx, &body)?;
    let own = [
        "conversation.error.conversation.disconnected",
        "conversation.error.unexpected.parking.state",
        "conversation.error.forbidden.not.active.participant",
        NOT_FOUND[0],
        "conversation.error.participant.not.found",
    ];
    let (id, participant) = (named(&names, "id"), named(&names, "participant"));
    is_of::<Messages>(&cx, id, &own)?;
    ops::park(&cx, &proved, id, participant, (&state, resume_time))
        .map_err(|error| refused(&cx, error, &own))?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}
