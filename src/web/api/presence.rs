//! Where users are, what that can be, and whether they take what queues have.

use std::collections::BTreeMap;

use axum::{body::Bytes, response::Response};
use http::{StatusCode, Uri};
use serde::{Deserialize, Serialize};

use super::{
    body::refused as not_there,
    error::of_code,
    listing::{PAGES, Paging},
    request::{Refused, admitted, bad_parameter, object},
};
use crate::{
    base::{codec::query_value, time::Timestamp},
    domain::user_status::{
        OFFLINE, Presence, PresenceDefinition, RoutingStatus, SYSTEM_PRESENCES, UserStatus, definition_of,
    },
    ops::{
        cx::Cx,
        user_status::{self as ops, Named, Said, StatusError},
    },
    web::{
        answer,
        extract::{Authorization, Id, Two},
    },
};

const READ: &[&str] = &["presence", "presence:readonly"];
const WRITE: &[&str] = &["presence"];
const READ_USERS: &[&str] = &["users", "users:readonly"];
const WRITE_USERS: &[&str] = &["users"];
const ADD: &[&str] = &["presence:presenceDefinition:add"];
const VIEW: &[&str] = &["presence:presenceDefinition:view"];
const EDIT: &[&str] = &["presence:presenceDefinition:edit"];
const DELETE: &[&str] = &["presence:presenceDefinition:delete"];
const DEFINITIONS: &str = "/api/v2/presencedefinitions";
/// Where presences come from that the platform keeps itself.
const SOURCE: &str = "PURECLOUD";

/// `UserPresence`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PresenceBody {
    source: String,
    primary: bool,
    presence_definition: DefinitionRef,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    modified_date: Option<Timestamp>,
    self_uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DefinitionRef {
    id: String,
    system_presence: String,
    self_uri: String,
}

/// `RoutingStatus`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RoutingBody {
    user_id: String,
    status: RoutingStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_time: Option<Timestamp>,
}

/// `OrganizationPresence`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DefinitionBody {
    id: String,
    name: String,
    language_labels: BTreeMap<String, String>,
    system_presence: String,
    deactivated: bool,
    primary: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_date: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    modified_date: Option<Timestamp>,
    self_uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SystemPresence {
    id: &'static str,
    name: &'static str,
    self_uri: String,
}

/// `UserPresence`, as it comes.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PresenceRequest {
    presence_definition: Option<DefinitionRequest>,
    message: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct DefinitionRequest {
    id: Option<String>,
    system_presence: Option<String>,
}

/// `RoutingStatus`, as it comes.
#[derive(Deserialize)]
struct RoutingRequest {
    status: RoutingStatus,
}

/// `OrganizationPresence`, as it comes.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct OrganizationPresence {
    language_labels: BTreeMap<String, String>,
    system_presence: Option<String>,
    deactivated: bool,
}

impl OrganizationPresence {
    fn said(self) -> Said {
        let Self { language_labels: labels, system_presence: system, deactivated } = self;
        Said { labels, system, deactivated }
    }
}

/// Where a user is.
pub fn presence_body(user: &str, status: UserStatus) -> PresenceBody {
    let offline = || definition_of(OFFLINE).unwrap_or_default().to_owned();
    let (id, system, message, modified) = match status.presence {
        Some(one) => (one.definition, one.system, one.message, Some(one.modified.up_to_millis())),
        None => (offline(), OFFLINE.to_owned(), String::new(), None),
    };
    let presence_definition =
        DefinitionRef { self_uri: format!("{DEFINITIONS}/{id}"), id, system_presence: system };
    PresenceBody {
        source: SOURCE.to_owned(),
        primary: true,
        presence_definition,
        message,
        modified_date: modified,
        self_uri: format!("/api/v2/users/{user}/presences/purecloud"),
    }
}

/// Where a user is, as another system says.
pub fn of_source(user: &str, source: &str, presence: Presence) -> PresenceBody {
    let status = UserStatus { presence: Some(presence), ..UserStatus::default() };
    let self_uri = format!("/api/v2/users/{user}/presences/{source}");
    PresenceBody { source: source.to_uppercase(), primary: false, self_uri, ..presence_body(user, status) }
}

/// Whether a user takes what queues have.
pub fn routing_body(user: &str, status: &UserStatus) -> RoutingBody {
    let start_time = status.since.map(Timestamp::up_to_millis);
    RoutingBody { user_id: user.to_owned(), status: status.routing, start_time }
}

/// What a presence can be.
pub fn definition_body(one: PresenceDefinition) -> DefinitionBody {
    let primary = definition_of(&one.system) == Some(&one.id);
    let at = |time: Timestamp| (!primary).then(|| time.up_to_millis());
    DefinitionBody {
        self_uri: format!("{DEFINITIONS}/{}", one.id),
        name: one.labels.values().next().cloned().unwrap_or_default(),
        primary,
        created_date: at(one.created),
        modified_date: at(one.modified),
        id: one.id,
        language_labels: one.labels,
        system_presence: one.system,
        deactivated: one.deactivated,
    }
}

fn refused(cx: &Cx, error: &StatusError) -> Response {
    let code = match error {
        StatusError::NoUser => "presenceservice.usernotfound",
        StatusError::NoDefinition => "not.found",
        StatusError::NotYours => "presence.not.authorized.update.other.user.presence",
        StatusError::Invalid(_) => "constraint.validation",
    };
    of_code(cx, code, &error.to_string())
}

fn refused_routing(cx: &Cx, error: &StatusError, writes: bool) -> Response {
    let code = match error {
        StatusError::NoUser if writes => "resource.not.found",
        StatusError::NoUser | StatusError::NoDefinition => "not.found",
        StatusError::NotYours | StatusError::Invalid(_) => "general.bad.request",
    };
    of_code(cx, code, &error.to_string())
}

/// Where a user is.
pub async fn get(cx: Cx, authorization: Authorization, Id(user): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, &[]).await?;
    let status = ops::get(&cx, &user).map_err(|error| refused(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &presence_body(&user, status)))
}

fn named(cx: &Cx, body: &Bytes) -> Result<Named, Refused> {
    let PresenceRequest { presence_definition, message } = object(cx, body)?;
    let DefinitionRequest { id: definition, system_presence: system } =
        presence_definition.unwrap_or_default();
    Ok(Named { definition, system, message })
}

/// A user is somewhere else.
pub async fn patch(
    cx: Cx,
    authorization: Authorization,
    Id(user): Id,
    body: Bytes,
) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, &[]).await?;
    let named = named(&cx, &body)?;
    let status = ops::be(&cx, &proved, &user, &named).map_err(|error| refused(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &presence_body(&user, status)))
}

/// Where a user is, as another system says.
pub async fn get_elsewhere(
    cx: Cx,
    authorization: Authorization,
    Two(user, source): Two,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, &[]).await?;
    let status = ops::get(&cx, &user).map_err(|error| refused(&cx, &error))?;
    match ops::elsewhere(&status, &source) {
        Some(presence) => Ok(answer::json(StatusCode::OK, &of_source(&user, &source, presence))),
        None => Err(not_there(&cx, "not.found", &format!("{source} has not said where user {user} is"))),
    }
}

/// Another system says where a user is.
pub async fn patch_elsewhere(
    cx: Cx,
    authorization: Authorization,
    Two(user, source): Two,
    body: Bytes,
) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, &[]).await?;
    let named = named(&cx, &body)?;
    let presence = ops::be_elsewhere(&cx, &proved, (&user, &source), &named);
    let presence = presence.map_err(|error| refused(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &of_source(&user, &source, presence)))
}

/// Whether a user takes what queues have.
pub async fn routing(cx: Cx, authorization: Authorization, Id(user): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ_USERS, &[]).await?;
    let status = ops::get(&cx, &user).map_err(|error| refused_routing(&cx, &error, false))?;
    Ok(answer::json(StatusCode::OK, &routing_body(&user, &status)))
}

/// A user takes what queues have, or not.
pub async fn route(
    cx: Cx,
    authorization: Authorization,
    Id(user): Id,
    body: Bytes,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE_USERS, &[]).await?;
    let RoutingRequest { status } = object(&cx, &body)?;
    let status = ops::route(&cx, &user, status).map_err(|error| refused_routing(&cx, &error, true))?;
    Ok(answer::json(StatusCode::OK, &routing_body(&user, &status)))
}

/// What every org has.
pub async fn system(cx: Cx, authorization: Authorization) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, &[]).await?;
    let all = SYSTEM_PRESENCES.map(|(id, name)| SystemPresence {
        id,
        name,
        self_uri: format!("/api/v2/systempresences/{id}"),
    });
    Ok(answer::json(StatusCode::OK, &all))
}

/// A page of what a presence can be.
pub async fn list(cx: Cx, authorization: Authorization, uri: Uri) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, &[]).await?;
    let page = Paging::read(&cx, DEFINITIONS, &uri, PAGES)?;
    let deactivated = match query_value(uri.query(), "deleted").as_deref() {
        None | Some("false") => Some(false),
        Some("true") => Some(true),
        Some("all") => None,
        Some(other) => return Err(bad_parameter(&cx, "deleted", other, "true, false or all").into()),
    };
    let all = ops::definitions(&cx).into_iter();
    let all = all.filter(|one| deactivated.is_none_or(|wanted| one.deactivated == wanted));
    Ok(answer::json(StatusCode::OK, &page.of(all.map(definition_body).collect::<Vec<_>>().into_iter())))
}

/// One more.
pub async fn define(cx: Cx, authorization: Authorization, body: Bytes) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, ADD).await?;
    let request: OrganizationPresence = object(&cx, &body)?;
    let one = ops::define(&cx, None, request.said()).map_err(|error| refused(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &definition_body(one)))
}

/// One.
pub async fn definition(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let one = ops::definition(&cx, &id).map_err(|error| refused(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &definition_body(one)))
}

/// Writes one anew.
pub async fn redefine(
    cx: Cx,
    authorization: Authorization,
    Id(id): Id,
    body: Bytes,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, EDIT).await?;
    let request: OrganizationPresence = object(&cx, &body)?;
    let one = ops::define(&cx, Some(&id), request.said()).map_err(|error| refused(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &definition_body(one)))
}

/// Takes one away.
pub async fn undefine(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, DELETE).await?;
    ops::undefine(&cx, &id).map_err(|error| refused(&cx, &error))?;
    Ok(answer::empty(StatusCode::OK))
}
