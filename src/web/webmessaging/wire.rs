//! Frames to clients, as the platform spells them. The strictest client drops a whole frame for one null or number in
//! the wrong place, so absent members are left out and metadata is always text.

use std::collections::BTreeMap;

use serde::Serialize;

use super::message_body::MessageBody;
use crate::{
    base::time::Timestamp,
    domain::{
        frame::{Body, ClosedReason, FileName, Frame, Media, SessionState},
        message::{Direction, Kind},
        session::MAX_ATTRIBUTES,
    },
    ops::app::Encoded,
    web::streaming,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'a, B> {
    #[serde(rename = "type")]
    kind: &'static str,
    class: &'static str,
    code: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    tracing_id: Option<&'a str>,
    body: B,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SessionBody<'a> {
    connected: bool,
    new_session: bool,
    read_only: bool,
    max_custom_data_bytes: usize,
    allowed_media: AllowedMedia<'a>,
    blocked_extensions: &'a [String],
    cleared_existing_session: bool,
    duration_seconds: i64,
    expiration_date: i64,
}

#[derive(Serialize)]
struct AllowedMedia<'a> {
    inbound: InboundMedia<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InboundMedia<'a> {
    file_types: Vec<FileType<'a>>,
    #[serde(rename = "maxFileSizeKB")]
    max_file_size_kb: u32,
}

#[derive(Serialize)]
struct FileType<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct HealthBody<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: Kind,
    direction: Direction,
    text: &'a str,
    metadata: HealthMetadata<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct HealthMetadata<'a> {
    duration_seconds: String,
    expiration_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_message_id: Option<&'a str>,
}

#[derive(Serialize)]
struct JwtBody<'a> {
    jwt: &'a str,
    exp: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TooManyRequests<'a> {
    retry_after: i64,
    error_code: u32,
    error_message: &'a str,
}

#[derive(Serialize)]
struct Nothing {}

/// One client reads the one member, one the other.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConnectionClosedBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason_code: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConfigurationBody<'a> {
    allowed_media: AllowedMedia<'a>,
    blocked_extensions: &'a [String],
    max_custom_data_bytes: usize,
    message_routing_enabled: bool,
    session_duration_seconds: i64,
}

/// What a frame of the client has done on the socket of a channel.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Subscription<'a> {
    result: String,
    status: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    correlation_id: Option<&'a str>,
}

/// Clients take one with headers for an upload, one without for a download.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PresignedUrlBody<'a> {
    attachment_id: &'a str,
    url: &'a str,
    headers: BTreeMap<&'static str, &'a str>,
    file_name: &'a str,
    file_size: u64,
    file_type: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UploadSuccessBody<'a> {
    attachment_id: &'a str,
    download_url: &'a str,
    timestamp: Timestamp,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AttachmentError<'a> {
    attachment_id: &'a str,
    error_code: u32,
    error_message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<Timestamp>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AttachmentDeletedBody<'a> {
    attachment_id: &'a str,
}

/// Spells a frame.
pub fn encode(frame: &Frame) -> Encoded {
    let out = Out { tracing_id: frame.tracing_id.as_deref() };
    match &frame.body {
        Body::Session(state) => out.frame("response", "SessionResponse", 200, session_body(state)),
        Body::Message(message) => out.frame("message", "StructuredMessage", 200, MessageBody::of(message)),
        Body::Health { id, text, custom_message_id, duration_secs, expires } => {
            let metadata = HealthMetadata {
                duration_seconds: duration_secs.to_string(),
                expiration_date: expires.seconds().to_string(),
                custom_message_id: custom_message_id.as_deref(),
            };
            let body = HealthBody { id, kind: Kind::Text, direction: Direction::Inbound, text, metadata };
            out.frame("response", "StructuredMessage", 200, body)
        }
        Body::Jwt { jwt, exp } => out.frame("response", "JwtResponse", 200, JwtBody { jwt, exp: *exp }),
        Body::Error { code, text, .. } => out.frame("response", "string", *code, text),
        Body::TooManyRequests { retry_after, text, .. } => {
            let body = TooManyRequests { retry_after: *retry_after, error_code: 4029, error_message: text };
            out.frame("response", "TooManyRequestsErrorMessage", 429, body)
        }
        Body::SessionExpired => out.frame("message", "SessionExpiredEvent", 200, Nothing {}),
        Body::SessionCleared => out.frame("message", "SessionClearedEvent", 200, Nothing {}),
        Body::Logout => out.frame("message", "LogoutEvent", 200, Nothing {}),
        Body::ConnectionClosed(reason) => {
            let reason = match reason {
                ClosedReason::None => None,
                ClosedReason::SignedIn => Some("signedIn"),
            };
            let body = ConnectionClosedBody { reason, reason_code: reason };
            out.frame("message", "ConnectionClosedEvent", 200, body)
        }
        Body::Configuration(media) => {
            out.frame("response", "GetConfigurationResponse", 200, configuration_body(media))
        }
        Body::PresignedUrl { file, url, headers } => {
            let FileName { attachment, name, mime, size } = file;
            let body = PresignedUrlBody {
                attachment_id: attachment,
                url,
                headers: headers.iter().map(|(name, value)| (*name, value.as_str())).collect(),
                file_name: name,
                file_size: *size,
                file_type: mime,
            };
            out.frame("response", "PresignedUrlResponse", 200, body)
        }
        Body::UploadSuccess { attachment, url, at } => {
            let body = UploadSuccessBody { attachment_id: attachment, download_url: url, timestamp: *at };
            out.frame("message", "UploadSuccessEvent", 200, body)
        }
        Body::UploadFailure { attachment, code, text, at } => {
            let body = attachment_error(attachment, *code, text, Some(*at));
            out.frame("message", "UploadFailureEvent", 400, body)
        }
        Body::GenerateUrlError { attachment, code, text } => {
            out.frame("response", "GenerateUrlError", 400, attachment_error(attachment, *code, text, None))
        }
        Body::Notification(told) => encoded(told.class, &streaming::notification(told)),
        Body::Subscription { result, status, correlation_id } => {
            let result = result.to_string();
            encoded(
                "subscription",
                &Subscription { result, status, correlation_id: correlation_id.as_deref() },
            )
        }
        Body::AttachmentDeleted { attachment } => {
            let body = AttachmentDeletedBody { attachment_id: attachment };
            out.frame("message", "AttachmentDeletedResponse", 200, body)
        }
    }
}

fn attachment_error<'a>(
    attachment: &'a str,
    code: u32,
    text: &'a str,
    timestamp: Option<Timestamp>,
) -> AttachmentError<'a> {
    AttachmentError { attachment_id: attachment, error_code: code, error_message: text, timestamp }
}

fn allowed(media: &Media) -> AllowedMedia<'_> {
    AllowedMedia {
        inbound: InboundMedia {
            file_types: media.types.iter().map(|kind| FileType { kind }).collect(),
            max_file_size_kb: media.max_kb,
        },
    }
}

fn session_body(state: &SessionState) -> SessionBody<'_> {
    SessionBody {
        connected: state.connected,
        new_session: state.new_session,
        read_only: state.read_only,
        max_custom_data_bytes: MAX_ATTRIBUTES,
        allowed_media: allowed(&state.media),
        blocked_extensions: &state.media.blocked_extensions,
        cleared_existing_session: state.cleared_existing,
        duration_seconds: state.media.duration_secs,
        expiration_date: state.expires.seconds(),
    }
}

fn configuration_body(media: &Media) -> ConfigurationBody<'_> {
    ConfigurationBody {
        allowed_media: allowed(media),
        blocked_extensions: &media.blocked_extensions,
        max_custom_data_bytes: MAX_ATTRIBUTES,
        message_routing_enabled: true,
        session_duration_seconds: media.duration_secs,
    }
}

/// Room for most frames.
const USUAL_FRAME: usize = 512;

struct Out<'a> {
    tracing_id: Option<&'a str>,
}

impl Out<'_> {
    fn frame(&self, kind: &'static str, class: &'static str, code: u32, body: impl Serialize) -> Encoded {
        let envelope = Envelope { kind, class, code, tracing_id: self.tracing_id, body };
        encoded(class, &envelope)
    }
}

fn encoded(class: &'static str, frame: &impl Serialize) -> Encoded {
    let mut json = Vec::with_capacity(USUAL_FRAME);
    // our wire types have no maps with other keys than text, so this does not fail
    let _ = serde_json::to_writer(&mut json, frame);
    // it may wait for its client for long, so it takes no more room than it needs
    Encoded { class, text: str::from_utf8(&json).unwrap_or_default().into() }
}
