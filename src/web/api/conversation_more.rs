//! What else is done with message conversations: begun, looked on at, recorded, answered in public.

use axum::{body::Bytes, response::Response};
use http::{StatusCode, Uri};
use serde::{Deserialize, Serialize};

use super::{
    body::{Body, refused as not_done},
    communication_error::refused,
    conversation_body::CONVERSATIONS,
    conversation_messages::NOT_FOUND,
    conversations::{ENDED, Names, READ, WRITE, named},
    medium::{Any, Media, Messages, is_of},
    message_data::MessageData,
    query::truth,
    request::{Refused, admitted, object},
};
use crate::{
    domain::watched::Recording,
    ops::{
        communications::{self as ops, CommunicationError, NotBegun, Said},
        cx::Cx,
    },
    web::{
        answer,
        extract::{Authorization, Id},
    },
};

const CREATE: &[&str] = &["conversation:message:create"];
const MONITOR: &[&str] = &["conversation:message:monitor"];
const TAG: &[&str] = &["conversation:externalTag:edit"];
const PAUSE: &[&str] = &["conversation:recording:pauseOthers"];
const PUBLISH: &[&str] = &["conversation:socialmedia:create"];
const OVER: &str = "conversation.error.conversation.disconnected";
const NOT_ACTIVE: &str = "conversation.error.forbidden.not.active.participant";
/// Digits of a number that somebody can be reached at.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// `CreateOutboundMessagingConversationResponse`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Begun {
    id: String,
    self_uri: String,
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    DIGITS.contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit())
}

/// Begins a conversation with somebody outside. There are messages by Open Messaging only.
pub async fn post(cx: Cx, authorization: Authorization, body: Bytes) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, CREATE).await?;
    let body = Body::read(&cx, &body)?;
    let queue = body.required("queueId", "constraint.validation")?;
    let address = body.required("toAddress", "constraint.validation")?;
    let kind = body.required("toAddressMessengerType", "constraint.validation")?;
    let may_go_on = body.flag("useExistingConversation")?.unwrap_or(false);
    let no_address = NotBegun::NoAddress.to_string();
    match kind {
        "open" => {}
        "sms" if !is_number(address) => {
            return Err(body.refused("invalid.phone.number", &format!("{address} is no phone number")));
        }
        "whatsapp" if !is_number(address) => {
            return Err(body.refused("invalid.whatsapp.address", &format!("{address} is no number")));
        }
        "sms" | "whatsapp" => return Err(body.refused("queue.address.required", &no_address)),
        _ => return Err(body.wrong("toAddressMessengerType", "sms, open or whatsapp").into()),
    }
    let begun = ops::begin_with(&cx, &proved, queue, (address, may_go_on)).map_err(|error| {
        let code = match error {
            NotBegun::NoQueue => "bad.request",
            NotBegun::NoAddress => "queue.address.required",
            NotBegun::NotMember => "queue.membership.required",
            NotBegun::UnderWay(_) => "active.conversation",
        };
        not_done(&cx, code, &error.to_string())
    })?;
    let (id, self_uri) = (begun.to_string(), format!("{CONVERSATIONS}/{begun}"));
    Ok(answer::json(StatusCode::OK, &Begun { id, self_uri }))
}

/// A user looks on.
pub async fn monitor(cx: Cx, authorization: Authorization, names: Names) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, READ, MONITOR).await?;
    let own = ["not.a.user", "conversation.error.monitor.own.conversation", "too.many.monitors"];
    is_of::<Messages>(&cx, named(&names, "id"), &own)?;
    ops::monitor(&cx, &proved, named(&names, "id"), named(&names, "participant"))
        .map_err(|error| refused(&cx, error, &own))?;
    Ok(answer::empty(StatusCode::CREATED))
}

/// `SetRecordingState`, as it comes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RecordingRequest {
    recording_state: Option<Recording>,
}

fn recording(cx: &Cx, body: &Bytes, own: &[&'static str]) -> Result<Recording, Refused> {
    let RecordingRequest { recording_state } = object(cx, body)?;
    let missing = || {
        let code = if own.contains(&"general.bad.request") { "general.bad.request" } else { "bad.request" };
        not_done(cx, code, "recordingState is missing")
    };
    recording_state.ok_or_else(missing)
}

/// Records a conversation of a medium, or not; with `wants_user`, users alone do so.
async fn recorded<M: Media>(
    cx: &Cx,
    authorization: &Authorization,
    id: &str,
    body: &Bytes,
    (own, wants_user): (&[&'static str], bool),
) -> Result<Recording, Refused> {
    let proved = admitted(cx, authorization, WRITE, PAUSE).await?;
    let recording = recording(cx, body, own)?;
    is_of::<M>(cx, id, own)?;
    ops::record(cx, &proved, id, (recording, wants_user)).map_err(|error| refused(cx, error, own))
}

/// Records a message conversation, or not.
pub async fn record(
    cx: Cx,
    authorization: Authorization,
    Id(id): Id,
    body: Bytes,
) -> Result<Response, Refused> {
    let own = ["general.bad.request", OVER, NOT_ACTIVE, NOT_FOUND[0]];
    let recording = recorded::<Messages>(&cx, &authorization, &id, &body, (&own, false)).await?;
    Ok(answer::json(StatusCode::OK, &recording))
}

/// Records a conversation of any medium, or not. Users do so.
pub async fn record_any(
    cx: Cx,
    authorization: Authorization,
    Id(id): Id,
    body: Bytes,
) -> Result<Response, Refused> {
    let own = ["not.a.user", OVER, NOT_ACTIVE, NOT_FOUND[0]];
    recorded::<Any>(&cx, &authorization, &id, &body, (&own, true)).await?;
    Ok(answer::empty(StatusCode::ACCEPTED))
}

/// `ConversationTagsUpdate`, as it comes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TagsUpdate {
    #[serde(default)]
    external_tag: String,
}

/// Applications call a conversation so.
pub async fn tag(cx: Cx, authorization: Authorization, Id(id): Id, body: Bytes) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, TAG).await?;
    let TagsUpdate { external_tag } = object(&cx, &body)?;
    ops::tag(&cx, &id, &external_tag).map_err(|error| refused(&cx, error, NOT_FOUND))?;
    Ok(answer::bytes(StatusCode::ACCEPTED, "application/json", ENDED))
}

/// `AdditionalSocialMediaMessage`, as it comes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SocialMessage {
    #[serde(default)]
    text_body: String,
    #[serde(default)]
    media_ids: Vec<String>,
    in_reply_to_message_id: Option<String>,
}

/// Answers a message in public. The conversation is one by messages like any other here.
pub async fn publish(
    cx: Cx,
    authorization: Authorization,
    names: Names,
    uri: Uri,
    body: Bytes,
) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, PUBLISH).await?;
    let normalized = truth(&cx, &uri, "useNormalizedMessage")?;
    let SocialMessage { text_body: text, media_ids: media, in_reply_to_message_id } = object(&cx, &body)?;
    let (id, communication) = (named(&names, "id"), named(&names, "communication"));
    let own = &["max.length.exceeded"];
    is_of::<Messages>(&cx, id, own)?;
    let refused = |error: CommunicationError| refused(&cx, error, own);
    let answered = in_reply_to_message_id.filter(|id| !id.is_empty());
    let missing = || CommunicationError::Invalid("inReplyToMessageId is missing".to_owned());
    ops::message(&cx, id, &answered.ok_or_else(missing).map_err(refused)?).map_err(refused)?;
    let found = ops::say(&cx, &proved, id, communication, Said { text, media }).map_err(refused)?;
    Ok(answer::json(StatusCode::OK, &MessageData::of(&found, normalized)))
}
