//! `/api/v2/webchat/guest/conversations/{id}`: what guests do in their chats.

use axum::{body::Bytes, response::Response};
use http::{StatusCode, Uri};
use serde::Serialize;

use super::{
    body::Body,
    chat_body::{Home, LineBody, MemberBody, TypingBody, lines, said},
    communication_error::refused,
    conversations::{Names, named},
    error::{challenged, of_code},
    listing::{PAGES, Paging},
    query::truth,
    request::Refused,
};
use crate::{
    domain::web_chat::{MediaRequest, MediaType, RequestState},
    ops::{
        communications::{self, CommunicationError},
        cx::Cx,
        web_chat::{
            access::{GuestAccessError, admit},
            guest as ops,
        },
    },
    web::{answer, extract::Authorization},
};

const NOT_FOUND: &[&str] = &["chat.error.not.found"];
/// What is wrong with whoever does something.
const STATE: &[&str] = &["chat.error.conversation.state", "chat.error.member.state"];
const SAY: &[&str] = &[
    "chat.error.notnull.createconversationmessagerequest.body",
    "chat.error.conversation.state",
    "chat.error.member.state",
    "chat.error.bad.request",
];
const ANSWER: &[&str] = &["chat.error.conversation.state", "chat.error.not.found"];

/// The answer to a call that is nobody's; `own` are the endpoint's own codes.
pub fn of_access(cx: &Cx, error: &GuestAccessError, own: &[&'static str]) -> Refused {
    let code = match error {
        GuestAccessError::Missing => "authentication.required",
        GuestAccessError::Expired => "credentials.expired",
        GuestAccessError::Bad => "bad.credentials",
        GuestAccessError::NotOwn if own.contains(&NOT_FOUND[0]) => NOT_FOUND[0],
        GuestAccessError::NotOwn => "not.found",
    };
    challenged(of_code(cx, code, &error.to_string())).into()
}

/// Lets the guest of the path's conversation in. Answers the conversation's id, and the member that the path names.
async fn admitted<'a>(
    cx: &Cx,
    authorization: &Authorization,
    names: &'a Names,
    own: &[&'static str],
) -> Result<(&'a str, &'a str), Refused> {
    let (id, member) = (named(names, "id"), named(names, "member"));
    let who = Some(member).filter(|member| !member.is_empty());
    admit(cx, authorization.text(), id, who).await.map_err(|error| of_access(cx, &error, own))?;
    Ok((id, member))
}

/// A page of the members.
pub async fn members(
    cx: Cx,
    authorization: Authorization,
    names: Names,
    uri: Uri,
) -> Result<Response, Refused> {
    let (id, _) = admitted(&cx, &authorization, &names, &[]).await?;
    let path = format!("{}/members", Home::Guest.of(id));
    let page = Paging::read(&cx, &path, &uri, PAGES)?;
    let only_there = truth(&cx, &uri, "excludeDisconnectedMembers")?;
    let shown = communications::conversation(&cx, id).map_err(|error| refused(&cx, error, &[]))?;
    let all = shown.conversation.participants().filter(|one| !only_there || one.left.is_none());
    let all: Vec<_> = all.map(|one| MemberBody::of(&shown, one)).collect();
    Ok(answer::json(StatusCode::OK, &page.of(all.into_iter())))
}

/// One of them.
pub async fn member(cx: Cx, authorization: Authorization, names: Names) -> Result<Response, Refused> {
    let (id, member) = admitted(&cx, &authorization, &names, NOT_FOUND).await?;
    let shown = communications::conversation(&cx, id).map_err(|error| refused(&cx, error, NOT_FOUND))?;
    let one = shown.conversation.participant(member);
    let one =
        one.ok_or_else(|| super::body::refused(&cx, NOT_FOUND[0], "The chat has no member of this id"))?;
    Ok(answer::json(StatusCode::OK, &MemberBody::of(&shown, one)))
}

/// The guest leaves.
pub async fn leave(cx: Cx, authorization: Authorization, names: Names) -> Result<Response, Refused> {
    let (id, member) = admitted(&cx, &authorization, &names, &[]).await?;
    ops::leave(&cx, id, member).map_err(|error| refused(&cx, error, STATE))?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

/// The guest says something.
pub async fn say(
    cx: Cx,
    authorization: Authorization,
    names: Names,
    bytes: Bytes,
) -> Result<Response, Refused> {
    let whose = admitted(&cx, &authorization, &names, &[]).await?;
    let said = said(&cx, &bytes)?;
    let found = ops::say(&cx, whose, said).map_err(|error| refused(&cx, error, SAY))?;
    line(&cx, LineBody::of(&found.shown, &found.message, Home::Guest))
}

/// What is told of a line, or a member who types.
pub fn line<T: Serialize>(cx: &Cx, body: Option<T>) -> Result<Response, Refused> {
    let body = body.ok_or_else(|| refused(cx, CommunicationError::NoMessage, NOT_FOUND))?;
    Ok(answer::json(StatusCode::OK, &body))
}

/// The guest types.
pub async fn typing(cx: Cx, authorization: Authorization, names: Names) -> Result<Response, Refused> {
    let (id, member) = admitted(&cx, &authorization, &names, &[]).await?;
    let typing = ops::types(&cx, id, member).map_err(|error| refused(&cx, error, STATE))?;
    line(&cx, TypingBody::of(&typing, cx.now(), Home::Guest))
}

/// What was said.
pub async fn messages(
    cx: Cx,
    authorization: Authorization,
    names: Names,
    uri: Uri,
) -> Result<Response, Refused> {
    let (id, _) = admitted(&cx, &authorization, &names, &[]).await?;
    let shown = communications::conversation(&cx, id).map_err(|error| refused(&cx, error, &[]))?;
    lines(&cx, &uri, &shown, Home::Guest)
}

/// A line of it.
pub async fn message(cx: Cx, authorization: Authorization, names: Names) -> Result<Response, Refused> {
    let (id, _) = admitted(&cx, &authorization, &names, NOT_FOUND).await?;
    let found = communications::message(&cx, id, named(&names, "message"))
        .map_err(|error| refused(&cx, error, NOT_FOUND))?;
    line(&cx, LineBody::of(&found.shown, &found.message, Home::Guest))
}

/// `WebChatGuestMediaRequest`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RequestBody<'a> {
    id: &'a str,
    types: &'a [MediaType],
    state: RequestState,
    communication_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    security_key: Option<&'a str>,
    self_uri: String,
}

#[derive(Serialize)]
struct Requests<'a> {
    entities: Vec<RequestBody<'a>>,
}

fn request<'a>(id: &str, one: &'a MediaRequest) -> RequestBody<'a> {
    RequestBody {
        id: &one.id,
        types: &one.types,
        state: one.state,
        communication_id: &one.communication,
        security_key: one.security_key.as_deref(),
        self_uri: format!("{}/mediarequests/{}", Home::Guest.of(id), one.id),
    }
}

/// What the guest was asked to share.
pub async fn requests(cx: Cx, authorization: Authorization, names: Names) -> Result<Response, Refused> {
    let (id, _) = admitted(&cx, &authorization, &names, &[]).await?;
    let shown = communications::conversation(&cx, id).map_err(|error| refused(&cx, error, &[]))?;
    let all = shown.conversation.chat.iter().flat_map(|chat| chat.requests());
    let entities = all.map(|one| request(id, one)).collect();
    Ok(answer::json(StatusCode::OK, &Requests { entities }))
}

/// One of these.
pub async fn get_request(cx: Cx, authorization: Authorization, names: Names) -> Result<Response, Refused> {
    let (id, _) = admitted(&cx, &authorization, &names, NOT_FOUND).await?;
    let shown = communications::conversation(&cx, id).map_err(|error| refused(&cx, error, NOT_FOUND))?;
    let one = communications::request(&shown, named(&names, "request"));
    line(&cx, one.map(|one| request(id, one)))
}

/// The guest says what becomes of it.
pub async fn patch_request(
    cx: Cx,
    authorization: Authorization,
    names: Names,
    bytes: Bytes,
) -> Result<Response, Refused> {
    let (id, _) = admitted(&cx, &authorization, &names, NOT_FOUND).await?;
    let body = Body::read(&cx, &bytes)?;
    let state = body.required("state", "constraint.validation")?;
    let expected = "one of PENDING, ACCEPTED, DECLINED, TIMEDOUT, CANCELLED and ERRORED";
    let state = RequestState::named(state).ok_or_else(|| body.wrong("state", expected))?;
    let one =
        ops::answer(&cx, id, named(&names, "request"), state).map_err(|error| refused(&cx, error, ANSWER))?;
    Ok(answer::json(StatusCode::OK, &request(id, &one)))
}
