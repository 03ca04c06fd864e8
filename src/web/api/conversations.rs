//! `/api/v2/conversations`: what conversations of all media have in common.

use std::collections::BTreeMap;

use axum::{body::Bytes, extract::Path, response::Response};
use http::{Method, StatusCode, Uri};
use serde::{Deserialize, Serialize};

use super::{
    communication_error::refused,
    conversation_body::{CONVERSATIONS, ConversationBody},
    listing::{PAGES, Paging},
    request::{Refused, admitted, bad_parameter, object},
};
use crate::{
    base::codec::query_value,
    domain::communication::Medium,
    ops::{
        communications::{self as ops, Change, Given},
        cx::Cx,
    },
    web::{
        answer,
        extract::{Authorization, Id},
        root::unserved,
    },
};

/// The scopes of whoever only reads.
pub const READ: &[&str] = &["conversations", "conversations:readonly"];
/// The scope of whoever does something.
pub const WRITE: &[&str] = &["conversations"];
/// Any of these changes a participant.
pub const CHANGE: &[&str] =
    &["conversation:participant:wrapup", "conversation:call:record", "conversation:communication:disconnect"];
const VIEW: &[&str] = &["conversation:communication:view"];
const DISCONNECT: &[&str] = &["conversation:communication:disconnect"];
const NOT_FOUND: &[&str] = &["conversation.error.conversation.not.found"];
/// What the platform says to whoever has done something with a conversation.
pub const ENDED: &str = "\"\"";

/// Kinds of conversations that are not served.
const UNSERVED: &[&str] = &[
    "aftercallwork",
    "callbacks",
    "calls",
    "cobrowsesessions",
    "emails",
    "internalmessages",
    "screenshares",
    "socials",
    "videos",
];

/// The segments of a path by name; bytes that are no text are nobody's name.
pub type Names = Path<BTreeMap<String, String>>;

/// One of them.
pub fn named<'a>(Path(names): &'a Names, name: &str) -> &'a str {
    names.get(name).map(String::as_str).unwrap_or_default()
}

/// Conversation, participant and, where the path names one, communication.
pub fn whose(names: &Names) -> (&str, &str, Option<&str>) {
    let communication = Some(named(names, "communication")).filter(|one| !one.is_empty());
    (named(names, "id"), named(names, "participant"), communication)
}

/// Conversation and communication.
pub fn communication(names: &Names) -> (&str, &str) {
    (named(names, "id"), named(names, "communication"))
}

/// `MediaParticipantRequest`, as it comes.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ParticipantRequest {
    state: Option<String>,
    held: Option<bool>,
    muted: Option<bool>,
    confined: Option<bool>,
    recording: Option<bool>,
    wrapup: Option<WrapupRequest>,
    wrapup_skipped: Option<bool>,
}

/// `WrapupInput`, as it comes.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct WrapupRequest {
    code: Option<String>,
    notes: Option<String>,
    tags: Vec<String>,
    duration_seconds: Option<i64>,
    provisional: bool,
}

impl WrapupRequest {
    /// As ops take it.
    pub fn given(self) -> Given {
        let Self { code, notes, tags, duration_seconds: seconds, provisional } = self;
        Given { code, notes, tags, seconds, provisional }
    }
}

impl ParticipantRequest {
    /// As ops take it.
    pub fn change(self) -> Change {
        let Self { state, held, muted, confined, recording, wrapup, wrapup_skipped } = self;
        let of_calls = muted.or(confined).or(recording).is_some();
        Change { state, held, wrapup: wrapup.map(WrapupRequest::given), wrapup_skipped, of_calls }
    }
}

/// `ParticipantAttributes`.
#[derive(Deserialize, Serialize)]
pub struct Attributes {
    /// Names and values.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
}

/// A body that may be missing.
pub fn object_if_any<T: serde::de::DeserializeOwned + Default>(cx: &Cx, body: &[u8]) -> Result<T, Refused> {
    if body.is_empty() { Ok(T::default()) } else { object(cx, body) }
}

/// Those of the user who calls.
pub async fn list(cx: Cx, authorization: Authorization, uri: Uri) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, READ, &[]).await?;
    let page = Paging::read(&cx, CONVERSATIONS, &uri, PAGES)?;
    let kind = query_value(uri.query(), "communicationType");
    let known =
        ["call", "callback", "chat", "cobrowsesession", "email", "message", "socialExpression", "video"];
    let wanted = match kind.as_deref() {
        None => None,
        Some(kind) if known.iter().any(|known| known.eq_ignore_ascii_case(kind)) => Some(kind),
        Some(other) => return Err(bad_parameter(&cx, "communicationType", other, &known.join(", ")).into()),
    };
    let all = ops::active(&cx, &proved, |medium| {
        let own = if medium == Medium::Chat { "chat" } else { "message" };
        wanted.is_none_or(|wanted| wanted.eq_ignore_ascii_case(own))
    });
    Ok(answer::json(StatusCode::OK, &page.of(all.iter().map(|shown| ConversationBody::of(shown)))))
}

/// One. The kinds of conversations that are not served stand where ids do.
pub async fn get(cx: Cx, authorization: Authorization, Id(id): Id, uri: Uri) -> Result<Response, Refused> {
    if UNSERVED.contains(&id.as_str()) {
        return Ok(unserved(cx, Method::GET, uri).await);
    }
    admitted(&cx, &authorization, READ, VIEW).await?;
    let shown = ops::conversation(&cx, &id).map_err(|error| refused(&cx, error, &[]))?;
    Ok(answer::json(StatusCode::OK, &ConversationBody::of(&shown)))
}

/// Ends one for all, by a user.
pub async fn delete(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, DISCONNECT).await?;
    let own = ["not.a.user", NOT_FOUND[0]];
    ops::end(&cx, &proved, &id, true).map_err(|error| refused(&cx, error, &own))?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

/// Ends one for all.
pub async fn disconnect(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, DISCONNECT).await?;
    ops::end(&cx, &proved, &id, false).map_err(|error| refused(&cx, error, NOT_FOUND))?;
    Ok(answer::bytes(StatusCode::ACCEPTED, "application/json", ENDED))
}

/// Changes a participant.
pub async fn patch(
    cx: Cx,
    authorization: Authorization,
    names: Names,
    body: Bytes,
) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, CHANGE).await?;
    let request: ParticipantRequest = object(&cx, &body)?;
    let own = [
        "conversation.participant.update.invalid",
        "conversation.error.participant.no.active.conversations",
        "conversation.error.not.conversation.participant",
        "conversation.error.wrapup.code.required",
    ];
    ops::change(&cx, &proved, whose(&names), request.change()).map_err(|error| refused(&cx, error, &own))?;
    Ok(answer::empty(StatusCode::ACCEPTED))
}

/// Adds participant data.
pub async fn attributes(
    cx: Cx,
    authorization: Authorization,
    names: Names,
    body: Bytes,
) -> Result<Response, Refused> {
    let own = ["conversation.error.participant.not.found"];
    add_attributes(&cx, &authorization, &names, &body, &own, |_| Ok(())).await?;
    Ok(answer::empty(StatusCode::ACCEPTED))
}

/// Adds participant data, if the conversation is one that is meant. Answers all of it.
pub async fn add_attributes(
    cx: &Cx,
    authorization: &Authorization,
    names: &Names,
    body: &[u8],
    own: &[&'static str],
    is_right: impl FnOnce(&str) -> Result<(), Refused>,
) -> Result<Attributes, Refused> {
    admitted(cx, authorization, WRITE, &[]).await?;
    let Attributes { attributes } = object(cx, body)?;
    let (id, participant, _) = whose(names);
    is_right(id)?;
    let attributes =
        ops::attributes(cx, id, participant, attributes).map_err(|error| refused(cx, error, own))?;
    Ok(Attributes { attributes })
}
