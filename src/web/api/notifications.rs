//! `/api/v2/notifications`: channels, and what they are subscribed to.

use axum::{body::Bytes, response::Response};
use http::{StatusCode, Uri};
use serde::{Deserialize, Serialize};

use super::{
    error::of_code,
    listing::values,
    query::truth,
    request::{Refused, admitted, bad_parameter, read},
};
use crate::{
    base::{codec::query_value, time::Timestamp},
    domain::{
        channel::Channel,
        topic::{Template, families},
    },
    ops::{
        access::Proved,
        channels::{self as ops, ChannelError, How, Subscribed},
        cx::Cx,
    },
    web::{
        answer,
        extract::{Authorization, Id},
    },
};

const SCOPES: &[&str] = &["notifications"];
const CHANNELS: &str = "/api/v2/notifications/channels";
/// What `expand` may name.
const EXPANDABLE: [&str; 9] = [
    "description",
    "enforced",
    "schema",
    "visibility",
    "transports",
    "publicApiTemplateUriPaths",
    "requiresPermissions",
    "permissionDetails",
    "topicParameters",
];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChannelBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    connect_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    expires: Timestamp,
}

#[derive(Serialize)]
struct Listing<T> {
    entities: Vec<T>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TopicBody {
    id: String,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rejection_reason: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing_permissions: Vec<&'static str>,
    self_uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AvailableTopic {
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'static str>,
    id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    permission_details: Option<Vec<PermissionDetails>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    requires_permissions: Option<&'static [&'static str]>,
    requires_division_permissions: bool,
    requires_any_validator: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    enforced: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    visibility: Option<&'static str>,
    requires_current_user: bool,
    requires_current_user_or_permission: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    transports: Option<[&'static str; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    topic_parameters: Option<[&'static str; 1]>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PermissionDetails {
    #[serde(rename = "type")]
    kind: &'static str,
    permissions: &'static [&'static str],
    allows_current_user: bool,
    enforced: bool,
}

/// `ChannelTopic`, as it comes. What else it has is passed over.
#[derive(Deserialize)]
struct TopicRequest {
    #[serde(default)]
    id: String,
}

async fn caller(cx: &Cx, authorization: &Authorization) -> Result<Proved, Refused> {
    admitted(cx, authorization, SCOPES, &[]).await
}

fn refused(cx: &Cx, error: &ChannelError) -> Response {
    let code = match error {
        ChannelError::Unknown => "not.found",
        ChannelError::Topic(_) => "notification.invalid.topic",
        ChannelError::Unauthorized(_) => "notification.unauthorized.topic",
        ChannelError::TooMany(_) => "notification.subscription.too.many.subscriptions",
    };
    of_code(cx, code, &error.to_string())
}

/// `ws` for `http`, `wss` for `https`.
fn channel_body(cx: &Cx, channel: &Channel, own: bool) -> ChannelBody {
    let connect_uri = || format!("{}/channels/{}", cx.base.replacen("http", "ws", 1), channel.id);
    ChannelBody {
        connect_uri: own.then(connect_uri),
        id: own.then(|| channel.id.to_string()),
        expires: channel.expires.up_to_millis(),
    }
}

/// A new one. What the body says does not matter: clients send none, or `null`.
pub async fn post(cx: Cx, authorization: Authorization) -> Result<Response, Refused> {
    let proved = caller(&cx, &authorization).await?;
    let channel = ops::create(&cx, &proved);
    Ok(answer::json(StatusCode::OK, &channel_body(&cx, &channel, true)))
}

/// Those of this token, or of all tokens of the application and user; of others' nobody gets the ids.
pub async fn list(cx: Cx, authorization: Authorization, uri: Uri) -> Result<Response, Refused> {
    let proved = caller(&cx, &authorization).await?;
    let of_all_tokens = match query_value(uri.query(), "includechannels").as_deref() {
        None | Some("token") => false,
        Some("oauthclient") => true,
        Some(other) => {
            return Err(bad_parameter(&cx, "includechannels", other, "token or oauthclient").into());
        }
    };
    let all = ops::list(&cx, &proved, of_all_tokens);
    let entities = all.iter().map(|(channel, own)| channel_body(&cx, channel, *own)).collect();
    Ok(answer::json(StatusCode::OK, &Listing { entities }))
}

/// Is it there?
pub async fn head(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    let proved = caller(&cx, &authorization).await?;
    ops::get(&cx, &proved, &id).map_err(|error| refused(&cx, &error))?;
    Ok(answer::empty(StatusCode::OK))
}

/// What it is subscribed to.
pub async fn subscriptions(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    let proved = caller(&cx, &authorization).await?;
    let channel = ops::get(&cx, &proved, &id).map_err(|error| refused(&cx, &error))?;
    let all = channel.subscriptions.into_iter().map(|id| Subscribed { id, rejected: None });
    Ok(topics(&id, all))
}

fn topics(channel: &str, all: impl Iterator<Item = Subscribed>) -> Response {
    let entities = all.map(|Subscribed { id, rejected }| {
        let self_uri = format!("{CHANNELS}/{channel}/subscriptions/{id}");
        let state = if rejected.is_some() { "Rejected" } else { "Permitted" };
        let (rejection_reason, missing) = rejected.unzip();
        TopicBody { id, state, rejection_reason, missing_permissions: missing.unwrap_or_default(), self_uri }
    });
    answer::json(StatusCode::OK, &Listing { entities: entities.collect() })
}

/// Subscribes to more.
pub async fn add(
    cx: Cx,
    authorization: Authorization,
    Id(id): Id,
    uri: Uri,
    body: Bytes,
) -> Result<Response, Refused> {
    subscribe(cx, authorization, id, uri, body, false).await
}

/// Subscribes to this and nothing else.
pub async fn replace(
    cx: Cx,
    authorization: Authorization,
    Id(id): Id,
    uri: Uri,
    body: Bytes,
) -> Result<Response, Refused> {
    subscribe(cx, authorization, id, uri, body, true).await
}

async fn subscribe(
    cx: Cx,
    authorization: Authorization,
    id: String,
    uri: Uri,
    body: Bytes,
    replace: bool,
) -> Result<Response, Refused> {
    let proved = caller(&cx, &authorization).await?;
    let ignore_errors = truth(&cx, &uri, "ignoreErrors")?;
    let wanted: Vec<TopicRequest> = read(&cx, &body)?;
    let wanted = wanted.into_iter().map(|topic| topic.id).collect();
    let all = ops::subscribe(&cx, &proved, &id, wanted, How { replace, ignore_errors });
    Ok(topics(&id, all.map_err(|error| refused(&cx, &error))?.into_iter()))
}

/// Subscribes to nothing.
pub async fn clear(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    let proved = caller(&cx, &authorization).await?;
    ops::unsubscribe(&cx, &proved, &id).map_err(|error| refused(&cx, &error))?;
    Ok(answer::empty(StatusCode::OK))
}

/// What there is to hear of.
pub async fn available(cx: Cx, authorization: Authorization, uri: Uri) -> Result<Response, Refused> {
    caller(&cx, &authorization).await?;
    truth(&cx, &uri, "includePreview")?;
    let expand = values(&uri, "expand");
    if let Some(other) = expand.iter().find(|one| !EXPANDABLE.contains(&one.as_str())) {
        return Err(bad_parameter(&cx, "expand", other, &EXPANDABLE.join(", ")).into());
    }
    let entities = families().map(|family| available_topic(family, &expand)).collect();
    Ok(answer::json(StatusCode::OK, &Listing { entities }))
}

fn available_topic(family: &'static Template, expand: &[String]) -> AvailableTopic {
    let wants = |name: &str| expand.iter().any(|one| one == name);
    let details = || PermissionDetails {
        kind: "requiresPermissions",
        permissions: family.permissions,
        allows_current_user: family.of_current_user,
        enforced: true,
    };
    let has_permissions = !family.permissions.is_empty();
    AvailableTopic {
        description: wants("description").then_some(family.description),
        id: family.text,
        permission_details: wants("permissionDetails")
            .then(|| has_permissions.then(details).into_iter().collect()),
        requires_permissions: wants("requiresPermissions").then_some(family.permissions),
        requires_division_permissions: false,
        requires_any_validator: false,
        enforced: wants("enforced").then_some(true),
        visibility: wants("visibility").then_some("Public"),
        requires_current_user: false,
        requires_current_user_or_permission: family.of_current_user && has_permissions,
        transports: wants("transports").then_some(["Websocket"]),
        topic_parameters: wants("topicParameters").then_some(["id"]),
    }
}
