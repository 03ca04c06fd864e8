//! `POST /api/v2/webchat/guest/conversations`: a guest begins a chat.

use axum::{body::Bytes, response::Response};
use http::{HeaderMap, StatusCode, header};
use serde::Serialize;

use super::{
    body::{Body, refused},
    chat_body::MemberBody,
    chat_guest::of_access,
    communication_error,
    error::plain,
    request::Refused,
};
use crate::{
    domain::web_chat::MemberInfo,
    ops::{
        cx::Cx,
        web_chat::{Asked, ChatError, create},
    },
    web::{answer, extract::Authorization},
};

/// What most codes of a missing member begin with.
macro_rules! notnull {
    ($member:literal) => {
        concat!("chat.error.notnull.createconversationrequest.", $member)
    };
}

const BAD: &str = "chat.error.bad.request";

/// `CreateWebChatConversationResponse`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    id: &'a str,
    jwt: &'a str,
    event_stream_uri: String,
    member: MemberBody<'a>,
}

/// Is it a UUID, as far as its shape goes?
fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

/// `GuestMemberInfo`.
fn member(body: &Body<'_>) -> Result<MemberInfo, Refused> {
    const NAME: &str = notnull!("memberinfo.displayname");
    let Some(info) = body.object("memberInfo")? else {
        return Err(body.refused(NAME, "memberInfo.displayName is missing"));
    };
    let text = |name: &str| Ok::<_, Refused>(info.text(name)?.map(str::to_owned));
    let mut member = MemberInfo {
        display_name: info.required("displayName", NAME)?.to_owned(),
        first_name: text("firstName")?,
        last_name: text("lastName")?,
        email: text("email")?,
        phone_number: text("phoneNumber")?,
        avatar_image_url: text("avatarImageUrl")?,
        ..MemberInfo::default()
    };
    if let Some(fields) = info.object("customFields")? {
        for name in fields.members().keys() {
            if let Some(value) = fields.text(name)? {
                member.custom_fields.insert(name.clone(), value.to_owned());
            }
        }
    }
    if member.is_too_much() {
        return Err(info.refused(BAD, "memberInfo is longer than 32 KiB"));
    }
    Ok(member)
}

/// `WebChatRoutingTarget`: the name of the queue.
fn queue(body: &Body<'_>) -> Result<String, Refused> {
    const TARGET: &str = "chat.error.createconversationrequest.routingtarget";
    let Some(target) = body.object("routingTarget")? else {
        return Err(body.refused(notnull!("routingtarget"), "routingTarget is missing"));
    };
    if target.required("targetType", TARGET)? != "QUEUE" {
        return Err(target.refused(TARGET, "routingTarget.targetType is not QUEUE"));
    }
    target.texts("skills")?;
    target.text("language")?;
    target.number("priority", i64::MIN..=i64::MAX)?;
    Ok(target.required("targetAddress", TARGET)?.to_owned())
}

/// `JourneyContext`, of which nothing is kept.
fn journey(body: &Body<'_>) -> Result<(), Refused> {
    const CUSTOMER: &str = notnull!("journeycontext.customer");
    let Some(journey) = body.object("journeyContext")? else { return Ok(()) };
    let customer = journey.object("customer")?;
    let customer = customer.ok_or_else(|| body.refused(CUSTOMER, "journeyContext.customer is missing"))?;
    customer.required("id", notnull!("journeycontext.customer.customerid"))?;
    customer.required("idType", notnull!("journeycontext.customer.customeridtype"))?;
    if let Some(session) = journey.object("customerSession")? {
        session.required("id", notnull!("journeycontext.customersession.sessionid"))?;
        session.required("type", notnull!("journeycontext.customersession.sessionidtype"))?;
    }
    if let Some(action) = journey.object("triggeringAction")? {
        const MAP: &str = notnull!("journeycontext.triggeringaction.actionmapid");
        const VERSION: &str = notnull!("journeycontext.triggeringaction.actionmapversion");
        action.required("id", notnull!("journeycontext.triggeringaction.actionid"))?;
        let map = action.object("actionMap")?;
        let map =
            map.ok_or_else(|| action.refused(MAP, "journeyContext.triggeringAction.actionMap is missing"))?;
        map.required("id", MAP)?;
        if map.number("version", i64::MIN..=i64::MAX)?.is_none() {
            let words = "journeyContext.triggeringAction.actionMap.version is missing";
            return Err(map.refused(VERSION, words));
        }
    }
    Ok(())
}

/// `CreateWebChatConversationRequest`.
fn asked(cx: &Cx, bytes: &[u8], headers: &HeaderMap) -> Result<Asked, Refused> {
    let body = Body::read(cx, bytes)?;
    let organization = body.required("organizationId", BAD)?.to_owned();
    let deployment = body.text("deploymentId")?.filter(|id| !id.is_empty()).map(str::to_owned);
    if let Some(id) = deployment.as_deref().filter(|id| !is_uuid(id)) {
        let words = format!("deploymentId {id} is not a UUID");
        return Err(body.refused("chat.error.pattern.createconversationrequest.deploymentid", &words));
    }
    let (queue, member) = (queue(&body)?, member(&body)?);
    journey(&body)?;
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok()).map(str::to_owned);
    let signed = body.text("memberAuthToken")?.filter(|token| !token.is_empty()).map(str::to_owned);
    Ok(Asked { organization, deployment, queue, member, signed, origin })
}

/// Begins a chat.
pub async fn post(
    cx: Cx,
    authorization: Authorization,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Refused> {
    let asked = asked(&cx, &bytes, &headers)?;
    let made = create(&cx, asked, authorization.text()).await.map_err(|error| wrong(&cx, error))?;
    let conversation = &made.shown.conversation;
    let guest = conversation.participants().next();
    let guest = guest.ok_or_else(|| refused(&cx, BAD, "the guest is gone"))?;
    let body = Answer {
        id: conversation.id.as_str(),
        jwt: &made.jwt,
        event_stream_uri: format!("{}/v1/token/{}", cx.base.replacen("http", "ws", 1), made.jwt),
        member: MemberBody::of(&made.shown, guest),
    };
    Ok(answer::json(StatusCode::OK, &body))
}

fn wrong(cx: &Cx, error: ChatError) -> Refused {
    let words = error.to_string();
    let code = match error {
        ChatError::Organization(_) | ChatError::NoDeployment | ChatError::Deployment(_) => BAD,
        ChatError::Disabled => "chat.deployment.disabled",
        ChatError::Origin(_) => "origin.not.allowed",
        ChatError::Unauthenticated => "chat.deployment.require.auth",
        ChatError::BadAuthentication(_) => "chat.deployment.bad.auth",
        ChatError::Flow(_) => "chat.error.invalid.flow",
        ChatError::Queue(_) => "chat.error.invalid.queue",
        ChatError::Access(error) => return of_access(cx, &error, &[]),
        ChatError::Gone(error) => return communication_error::refused(cx, error, &[]),
        ChatError::Sign(error) => return plain(cx, 500, None, Some(&error.to_string())).into(),
    };
    super::error::of_code(cx, code, &words).into()
}
