//! `/api/v2/conversations/messaging/settings` and `threadingtimeline`: what is done with events, and how long conversations
//! go on.

use axum::{body::Bytes, response::Response};
use http::{StatusCode, Uri};
use serde::Serialize;

use super::{
    body::{Body, refused},
    listing::{PAGES, Paging},
    oauth_clients::EntityRef,
    request::{Refused, admitted},
    supported_content::{READ, WRITE},
};
use crate::{
    base::time::Timestamp,
    domain::messaging_setting::{MessagingSetting, ThreadingWindow, Toggle, Toggles},
    ops::{
        cx::Cx,
        messaging_settings::{self as ops, SettingError},
    },
    web::{
        answer,
        extract::{Authorization, Id},
    },
};

const VIEW: &[&str] = &["messaging:setting:view"];
const ADD: &[&str] = &["messaging:setting:add"];
const EDIT: &[&str] = &["messaging:setting:edit"];
const DELETE: &[&str] = &["messaging:setting:delete"];
const READ_WINDOWS: &[&str] = &["conversations", "conversations:readonly"];
const WRITE_WINDOWS: &[&str] = &["conversations"];
const VIEW_WINDOWS: &[&str] = &["conversation:threadingTimeline:view"];
const EDIT_WINDOWS: &[&str] = &["conversation:threadingTimeline:edit"];
/// Where they are.
pub const SETTINGS: &str = "/api/v2/conversations/messaging/settings";

#[derive(Serialize)]
struct Each {
    #[serde(skip_serializing_if = "Option::is_none")]
    inbound: Option<Toggle>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outbound: Option<Toggle>,
}

#[derive(Serialize)]
struct Story {
    mention: Each,
    reply: Each,
}

#[derive(Serialize)]
struct Content {
    story: Story,
}

#[derive(Serialize)]
struct Typing {
    on: Each,
}

#[derive(Serialize)]
struct Event {
    typing: Typing,
}

/// `MessagingSetting`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SettingBody {
    id: String,
    name: String,
    date_created: Timestamp,
    date_modified: Timestamp,
    version: String,
    created_by: EntityRef,
    updated_by: EntityRef,
    content: Content,
    event: Event,
    self_uri: String,
}

impl SettingBody {
    fn of(one: &MessagingSetting) -> Self {
        let Toggles { mention, reply, typing_inbound, typing_outbound } = one.toggles;
        let each = |inbound| Each { inbound, outbound: None };
        Self {
            id: one.id.clone(),
            name: one.name.clone(),
            date_created: one.created.up_to_millis(),
            date_modified: one.modified.up_to_millis(),
            version: one.version.to_string(),
            created_by: EntityRef::of(&one.created_by),
            updated_by: EntityRef::of(&one.modified_by),
            content: Content { story: Story { mention: each(mention), reply: each(reply) } },
            event: Event {
                typing: Typing { on: Each { inbound: typing_inbound, outbound: typing_outbound } },
            },
            self_uri: format!("{SETTINGS}/{}", one.id),
        }
    }
}

fn shown(one: &MessagingSetting) -> Response {
    answer::json(StatusCode::OK, &SettingBody::of(one))
}

fn not_done(cx: &Cx, error: &SettingError) -> Refused {
    let code = match error {
        SettingError::Unknown(_) | SettingError::NoDefault => "not.found",
        SettingError::InUse(_) => "bad.request",
        SettingError::Timeout => "invalid.threading.window.timeout",
        SettingError::Invalid(_) => "invalid.messaging.setting",
    };
    refused(cx, code, &error.to_string())
}

/// `Enabled` or `Disabled`, at the end of this way.
fn toggle(body: &Body<'_>, way: &[&str], name: &str) -> Result<Option<Toggle>, Refused> {
    let Some((next, rest)) = way.split_first() else {
        return match body.text(name)? {
            None => Ok(None),
            Some("Enabled") => Ok(Some(Toggle::Enabled)),
            Some("Disabled") => Ok(Some(Toggle::Disabled)),
            Some(_) => Err(body.wrong(name, "Enabled or Disabled").into()),
        };
    };
    match body.object(next)? {
        Some(inner) => toggle(&inner, rest, name),
        None => Ok(None),
    }
}

fn said(body: &Body<'_>) -> Result<(Option<String>, Toggles), Refused> {
    let typing = ["event", "typing", "on"];
    let toggles = Toggles {
        mention: toggle(body, &["content", "story", "mention"], "inbound")?,
        reply: toggle(body, &["content", "story", "reply"], "inbound")?,
        typing_inbound: toggle(body, &typing, "inbound")?,
        typing_outbound: toggle(body, &typing, "outbound")?,
    };
    Ok((body.text("name")?.map(str::to_owned), toggles))
}

/// A page of them, by name.
pub async fn list(cx: Cx, authorization: Authorization, uri: Uri) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let page = Paging::read(&cx, SETTINGS, &uri, PAGES)?;
    Ok(answer::json(StatusCode::OK, &page.of(ops::all(&cx).iter().map(SettingBody::of))))
}

/// A new one.
pub async fn post(cx: Cx, authorization: Authorization, body: Bytes) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, ADD).await?;
    let said = said(&Body::read(&cx, &body)?)?;
    Ok(shown(&ops::put(&cx, None, said, proved.actor()).map_err(|error| not_done(&cx, &error))?))
}

/// One.
pub async fn get(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    Ok(shown(&ops::get(&cx, &id).map_err(|error| not_done(&cx, &error))?))
}

/// Changes one.
pub async fn patch(
    cx: Cx,
    authorization: Authorization,
    Id(id): Id,
    body: Bytes,
) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, EDIT).await?;
    let said = said(&Body::read(&cx, &body)?)?;
    Ok(shown(&ops::put(&cx, Some(&id), said, proved.actor()).map_err(|error| not_done(&cx, &error))?))
}

/// Takes one away.
pub async fn delete(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, DELETE).await?;
    ops::remove(&cx, &id).map_err(|error| not_done(&cx, &error))?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

/// The one that is meant where none is named.
pub async fn default(cx: Cx, authorization: Authorization) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    Ok(shown(&ops::default(&cx).map_err(|error| not_done(&cx, &error))?))
}

/// Another one is.
pub async fn put_default(cx: Cx, authorization: Authorization, body: Bytes) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, EDIT).await?;
    let body = Body::read(&cx, &body)?;
    let id = body.required("settingId", "constraint.validation")?;
    ops::set_default(&cx, Some(id)).map_err(|error| not_done(&cx, &error))?;
    Ok(shown(&ops::get(&cx, id).map_err(|error| not_done(&cx, &error))?))
}

/// None is.
pub async fn delete_default(cx: Cx, authorization: Authorization) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, DELETE).await?;
    ops::set_default(&cx, None).map_err(|error| not_done(&cx, &error))?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

/// `ConversationThreadingWindow`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Windows {
    settings: Vec<ThreadingWindow>,
    default_timeout_minutes: i64,
}

fn windows_shown(cx: &Cx) -> Response {
    let windows = Windows { settings: ops::windows(cx), default_timeout_minutes: ThreadingWindow::LONGEST };
    answer::json(StatusCode::OK, &windows)
}

/// How long conversations go on.
pub async fn windows(cx: Cx, authorization: Authorization) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ_WINDOWS, VIEW_WINDOWS).await?;
    Ok(windows_shown(&cx))
}

/// Says how long.
pub async fn put_windows(cx: Cx, authorization: Authorization, body: Bytes) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE_WINDOWS, EDIT_WINDOWS).await?;
    let body = Body::read(&cx, &body)?;
    let missing = || body.refused("constraint.validation", "settings is missing");
    let mut said = Vec::new();
    for one in body.objects("settings")?.ok_or_else(missing)? {
        let messenger_type = one.required("messengerType", "constraint.validation")?.to_owned();
        let timeout = one.number("timeoutInMinutes", i64::MIN..=i64::MAX)?;
        let missing = || one.refused("invalid.threading.window.timeout", "timeoutInMinutes is missing");
        said.push(ThreadingWindow { messenger_type, timeout_in_minutes: timeout.ok_or_else(missing)? });
    }
    ops::set_windows(&cx, said).map_err(|error| match error {
        SettingError::Timeout => not_done(&cx, &error),
        other => refused(&cx, "constraint.validation", &other.to_string()),
    })?;
    Ok(windows_shown(&cx))
}
