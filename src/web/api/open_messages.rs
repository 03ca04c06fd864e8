//! What an application sends for people of Open Messaging.

use std::collections::BTreeMap;

use axum::{body::Bytes, response::Response};
use http::{StatusCode, Uri};
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};

use super::{
    communication_error::refused,
    conversations::WRITE,
    error::of_code,
    query::truth,
    request::{Refused, admitted, object},
};
use crate::{
    base::time::Timestamp,
    domain::{
        attachment::{MediaType, SentAttachment},
        content::Content,
        open_messaging::{LONGEST, ReceiptStatus, Recipient},
        visit::Refusal,
    },
    ops::{
        access::Proved,
        communications::CommunicationError,
        cx::Cx,
        open_messaging::{self as ops, Inbound},
    },
    web::{
        answer,
        extract::{Authorization, Id},
    },
};

const RECEIVE: &[&str] = &["conversation:message:receive"];
const OWN: &[&str] = &["not.a.client"];

/// The channel of everything that comes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ChannelRequest {
    from: Option<Recipient>,
    to: Option<Value>,
    time: Option<Timestamp>,
    message_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ContentRequest {
    attachment: Option<AttachmentRequest>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AttachmentRequest {
    id: Option<String>,
    media_type: Option<MediaType>,
    url: String,
    mime: Option<String>,
    filename: Option<String>,
    sha256: Option<String>,
    content_size_bytes: Option<u64>,
}

/// `OpenInboundNormalizedMessage` and its like, as they come.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    channel: ChannelRequest,
    text: Option<String>,
    #[serde(default)]
    content: Vec<ContentRequest>,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
    #[serde(default)]
    events: Vec<EventRequest>,
    button_response: Option<Box<RawValue>>,
    originating_message_id: Option<String>,
    id: Option<String>,
    status: Option<ReceiptStatus>,
    is_final_receipt: Option<bool>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EventRequest {
    event_type: EventType,
}

#[derive(Deserialize, Serialize)]
enum EventType {
    Typing,
}

/// `OpenMessageNormalizedMessage` and its like.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answered<'a> {
    id: &'a str,
    channel: Channel<'a>,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    events: Option<Vec<EventBody>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<ReceiptStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_final_receipt: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    direction: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conversation_id: Option<&'a str>,
}

impl<'a> Answered<'a> {
    /// What was taken in.
    fn of(id: &'a str, channel: Channel<'a>, kind: &'static str) -> Self {
        let (text, events, status, is_final_receipt, direction, conversation_id) = Default::default();
        Self { id, channel, kind, text, events, status, is_final_receipt, direction, conversation_id }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EventBody {
    event_type: EventType,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Channel<'a> {
    id: &'a str,
    platform: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<&'a str>,
    to: Value,
    from: Value,
    time: Timestamp,
}

/// Somebody at a time: what everything that comes says.
struct Who {
    from: Recipient,
    time: Timestamp,
    message_id: Option<String>,
}

fn who(cx: &Cx, channel: ChannelRequest) -> Result<Who, Refused> {
    let ChannelRequest { from, time, message_id, .. } = channel;
    let Some(time) = time else {
        cx.refuse(Refusal::new("body.invalid", "channel.time is missing"));
        return Err(of_code(cx, "missing.open.channel.date", "").into());
    };
    let Some(from) = from.filter(|from| !from.id.is_empty()) else {
        let words = "channel.from.id is missing".to_owned();
        return Err(refused(cx, CommunicationError::Invalid(words), OWN));
    };
    let long = message_id.as_ref().filter(|id| id.chars().count() > LONGEST).map(|_| "messageId".to_owned());
    if let Some(long) = from.too_long().map(|name| ["from.", name].concat()).or(long) {
        let words = format!("channel.{long} is longer than {LONGEST} characters");
        return Err(refused(cx, CommunicationError::Invalid(words), OWN));
    }
    Ok(Who { from, time, message_id })
}

fn platform(integration: &str) -> Value {
    serde_json::json!({ "id": integration, "idType": "Opaque" })
}

fn channel<'a>(integration: &'a str, who: &'a Who) -> Channel<'a> {
    Channel {
        id: integration,
        platform: "Open",
        kind: "Private",
        message_id: who.message_id.as_deref(),
        to: platform(integration),
        from: serde_json::to_value(&who.from).unwrap_or_default(),
        time: who.time.up_to_millis(),
    }
}

async fn caller(cx: &Cx, authorization: &Authorization) -> Result<Proved, Refused> {
    admitted(cx, authorization, WRITE, RECEIVE).await
}

fn sent(request: AttachmentRequest) -> SentAttachment {
    let AttachmentRequest { id, media_type, url, mime, filename, sha256, content_size_bytes } = request;
    let mime = mime.unwrap_or_else(|| "application/octet-stream".to_owned());
    SentAttachment {
        id: id.unwrap_or_default(),
        filename: filename.or_else(|| url.rsplit('/').next().map(str::to_owned)).unwrap_or_default(),
        media_type: media_type.unwrap_or_else(|| MediaType::of(&mime)),
        url,
        mime,
        file_size: content_size_bytes.unwrap_or_default(),
        sha256: sha256.unwrap_or_default(),
    }
}

fn receive(
    cx: &Cx,
    proved: &Proved,
    integration: &str,
    request: Request,
    prefetch: bool,
) -> Result<Response, Refused> {
    let Request { channel: from, text, content, metadata, .. } = request;
    let who = who(cx, from)?;
    let files: Vec<_> = content.into_iter().filter_map(|one| one.attachment).map(sent).collect();
    let text = text.filter(|text| !text.is_empty());
    if text.is_none() && files.is_empty() {
        let words = "text is missing, and there is no attachment in content".to_owned();
        return Err(refused(cx, CommunicationError::Invalid(words), OWN));
    }
    let content = if files.is_empty() { Content::None } else { Content::Attachments(files) };
    let (from, message_id) = (who.from.clone(), who.message_id.clone());
    let inbound = Inbound { from, message_id, text: text.clone(), content, metadata };
    let taken = ops::receive(cx, proved, integration, inbound).map_err(|error| refused(cx, error, OWN))?;
    let body = Answered {
        text: text.as_deref(),
        conversation_id: prefetch.then(|| taken.conversation.as_str()),
        ..Answered::of(&taken.message.id, channel(integration, &who), "Text")
    };
    Ok(answer::json(StatusCode::OK, &body))
}

/// A message.
pub async fn message(
    cx: Cx,
    authorization: Authorization,
    Id(integration): Id,
    uri: Uri,
    body: Bytes,
) -> Result<Response, Refused> {
    let proved = caller(&cx, &authorization).await?;
    let prefetch = truth(&cx, &uri, "prefetchConversationId")?;
    receive(&cx, &proved, &integration, object(&cx, &body)?, prefetch)
}

/// Somebody types.
pub async fn event(
    cx: Cx,
    authorization: Authorization,
    Id(integration): Id,
    body: Bytes,
) -> Result<Response, Refused> {
    let proved = caller(&cx, &authorization).await?;
    let request: Request = object(&cx, &body)?;
    let who = who(&cx, request.channel)?;
    if request.events.is_empty() {
        return Err(refused(&cx, CommunicationError::Invalid("events is missing or empty".to_owned()), OWN));
    }
    let id =
        ops::types(&cx, &proved, &integration, &who.from.id).map_err(|error| refused(&cx, error, OWN))?;
    let events = request.events.into_iter().map(|one| EventBody { event_type: one.event_type });
    let body = Answered {
        events: Some(events.collect()),
        ..Answered::of(&id, channel(&integration, &who), "Event")
    };
    Ok(answer::json(StatusCode::OK, &body))
}

/// The answer to something that was shown.
pub async fn structured(
    cx: Cx,
    authorization: Authorization,
    Id(integration): Id,
    body: Bytes,
) -> Result<Response, Refused> {
    let proved = caller(&cx, &authorization).await?;
    let request: Request = object(&cx, &body)?;
    let who = who(&cx, request.channel)?;
    let invalid = |words: &str| refused(&cx, CommunicationError::Invalid(words.to_owned()), OWN);
    let Some(response) = request.button_response else { return Err(invalid("buttonResponse is missing")) };
    let told: Value = serde_json::from_str(response.get()).unwrap_or_default();
    let (Some(text), Some(_)) = (told["text"].as_str(), told["payload"].as_str()) else {
        return Err(invalid("buttonResponse has text and payload"));
    };
    let original =
        request.originating_message_id.ok_or_else(|| invalid("originatingMessageId is missing"))?;
    let shown = format!(r#"[{{"contentType":"ButtonResponse","buttonResponse":{}}}]"#, response.get());
    let content = RawValue::from_string(shown).map_err(|_| invalid("buttonResponse cannot be read"))?;
    let inbound = Inbound {
        from: who.from.clone(),
        message_id: who.message_id.clone(),
        text: Some(text.to_owned()),
        content: Content::Client(content),
        metadata: request.metadata,
    };
    let taken =
        ops::receive(&cx, &proved, &integration, inbound).map_err(|error| refused(&cx, error, OWN))?;
    cx.journal(|draft| draft.note(format!("the answer to message {original}")));
    let body = Answered {
        direction: Some("Inbound"),
        ..Answered::of(&taken.message.id, channel(&integration, &who), "Structured")
    };
    Ok(answer::json(StatusCode::OK, &body))
}

/// What became of a message.
pub async fn receipt(
    cx: Cx,
    authorization: Authorization,
    Id(integration): Id,
    body: Bytes,
) -> Result<Response, Refused> {
    let proved = caller(&cx, &authorization).await?;
    settle(&cx, &proved, &integration, object(&cx, &body)?)
}

fn settle(cx: &Cx, proved: &Proved, integration: &str, request: Request) -> Result<Response, Refused> {
    let ChannelRequest { to, time, .. } = request.channel;
    let Some(time) = time else {
        cx.refuse(Refusal::new("body.invalid", "channel.time is missing"));
        return Err(of_code(cx, "missing.open.channel.date", "").into());
    };
    let (Some(id), Some(status)) = (request.id, request.status) else {
        let words = "id or status is missing".to_owned();
        return Err(refused(cx, CommunicationError::Invalid(words), OWN));
    };
    ops::receipt(cx, proved, integration, &id, status).map_err(|error| refused(cx, error, OWN))?;
    let to = to.filter(|to| to["id"].is_string()).unwrap_or_else(|| platform(integration));
    let channel = Channel {
        id: integration,
        platform: "Open",
        kind: "Private",
        message_id: Some(&id),
        to,
        from: platform(integration),
        time: time.up_to_millis(),
    };
    let body = Answered {
        status: Some(status),
        is_final_receipt: Some(request.is_final_receipt.unwrap_or(true)),
        direction: Some("Outbound"),
        ..Answered::of(&id, channel, "Receipt")
    };
    Ok(answer::json(StatusCode::OK, &body))
}

/// The older form of messages and receipts: the integration stands in the body.
pub async fn inbound(cx: Cx, authorization: Authorization, body: Bytes) -> Result<Response, Refused> {
    let proved = caller(&cx, &authorization).await?;
    let request: Request = object(&cx, &body)?;
    let to = request.channel.to.as_ref().and_then(|to| to["id"].as_str()).unwrap_or_default().to_owned();
    match request.kind.as_deref() {
        Some("Text") => receive(&cx, &proved, &to, request, false),
        Some("Receipt") => {
            let from = request.channel.from.as_ref().map(|from| from.id.clone()).unwrap_or_default();
            settle(&cx, &proved, &from, request)
        }
        _ => {
            let words = "type is Text or Receipt".to_owned();
            Err(refused(&cx, CommunicationError::Invalid(words), OWN))
        }
    }
}
