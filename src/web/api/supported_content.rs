//! `/api/v2/conversations/messaging/supportedcontent`: what may come and go in messages.

use axum::{body::Bytes, response::Response};
use http::{StatusCode, Uri};
use serde::Serialize;

use super::{
    body::{Body, refused},
    listing::{PAGES, Paging},
    oauth_clients::EntityRef,
    request::{Refused, admitted},
};
use crate::{
    base::time::Timestamp,
    domain::supported_content::SupportedContent,
    ops::{
        cx::Cx,
        supported_content::{self as ops, ContentError, Said},
    },
    web::{
        answer,
        extract::{Authorization, Id},
    },
};

/// The scopes of whoever only reads.
pub const READ: &[&str] = &["messaging", "messaging:readonly"];
/// The scope of whoever does something.
pub const WRITE: &[&str] = &["messaging"];
const VIEW: &[&str] = &["messaging:supportedContent:view"];
const ADD: &[&str] = &["messaging:supportedContent:add"];
const EDIT: &[&str] = &["messaging:supportedContent:edit"];
const DELETE: &[&str] = &["messaging:supportedContent:delete"];
/// Where they are.
pub const PROFILES: &str = "/api/v2/conversations/messaging/supportedcontent";

#[derive(Serialize)]
struct MediaType {
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Serialize)]
struct Access {
    inbound: Vec<MediaType>,
    outbound: Vec<MediaType>,
}

/// `MediaTypes`.
#[derive(Serialize)]
pub struct MediaTypes {
    allow: Access,
}

/// `SupportedContent`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ProfileBody {
    id: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_created: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by: Option<EntityRef>,
    #[serde(skip_serializing_if = "Option::is_none")]
    modified_by: Option<EntityRef>,
    version: u32,
    media_types: MediaTypes,
    self_uri: String,
}

/// What may come and go.
pub fn media_types(one: &SupportedContent) -> MediaTypes {
    let types = |all: &[String]| all.iter().map(|kind| MediaType { kind: kind.clone() }).collect();
    MediaTypes { allow: Access { inbound: types(&one.inbound), outbound: types(&one.outbound) } }
}

impl ProfileBody {
    fn of(one: &SupportedContent) -> Self {
        Self {
            id: one.id.clone(),
            name: one.name.clone(),
            date_created: one.created.map(Timestamp::up_to_millis),
            date_modified: one.modified.map(Timestamp::up_to_millis),
            created_by: one.created_by.as_ref().map(EntityRef::of),
            modified_by: one.modified_by.as_ref().map(EntityRef::of),
            version: one.version,
            media_types: media_types(one),
            self_uri: format!("{PROFILES}/{}", one.id),
        }
    }
}

fn shown(one: &SupportedContent) -> Response {
    answer::json(StatusCode::OK, &ProfileBody::of(one))
}

fn not_done(cx: &Cx, error: &ContentError) -> Refused {
    let code = match error {
        ContentError::Unknown(_) => "not.found",
        ContentError::NoId => "supported.content.id.required",
        ContentError::Type(_) => "invalid.media.type",
        ContentError::ManyTypes => "maximum.supported.content.media.types.exceeded",
        ContentError::TooMany => "maximum.supported.content.profiles.exceeded",
        ContentError::InUse(_) => "supported.content.in.use",
        ContentError::Invalid(_) => "invalid.supported.content",
    };
    refused(cx, code, &error.to_string())
}

fn types(allow: Option<&Body<'_>>, name: &str) -> Result<Option<Vec<String>>, Refused> {
    let Some(all) = allow.map(|allow| allow.objects(name)).transpose()?.flatten() else { return Ok(None) };
    let kind = |one: &Body<'_>| Ok(one.required("type", "invalid.media.type")?.to_owned());
    all.iter().map(kind).collect::<Result<_, Refused>>().map(Some)
}

fn said(body: &Body<'_>) -> Result<Said, Refused> {
    let media = body.object("mediaTypes")?;
    let allow = media.map(|media| media.object("allow")).transpose()?.flatten();
    Ok(Said {
        name: body.text("name")?.map(str::to_owned),
        inbound: types(allow.as_ref(), "inbound")?,
        outbound: types(allow.as_ref(), "outbound")?,
    })
}

/// A page of them, by name.
pub async fn list(cx: Cx, authorization: Authorization, uri: Uri) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let page = Paging::read(&cx, PROFILES, &uri, PAGES)?;
    Ok(answer::json(StatusCode::OK, &page.of(ops::all(&cx).iter().map(ProfileBody::of))))
}

/// A new one.
pub async fn post(cx: Cx, authorization: Authorization, body: Bytes) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, ADD).await?;
    let body = Body::read(&cx, &body)?;
    body.required("name", "invalid.supported.content")?;
    let one = ops::put(&cx, None, said(&body)?, proved.actor()).map_err(|error| not_done(&cx, &error))?;
    Ok(shown(&one))
}

/// One.
pub async fn get(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    Ok(shown(&ops::get(&cx, &id).map_err(|error| not_done(&cx, &error))?))
}

/// Changes one. It holds for what is sent from now on.
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

/// Takes one away that nothing has.
pub async fn delete(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, DELETE).await?;
    ops::remove(&cx, &id).map_err(|error| not_done(&cx, &error))?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

/// The one that is meant where none is named.
pub async fn default(cx: Cx, authorization: Authorization) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    Ok(shown(&ops::default(&cx)))
}

/// Another one is.
pub async fn put_default(cx: Cx, authorization: Authorization, body: Bytes) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, EDIT).await?;
    let body = Body::read(&cx, &body)?;
    let one = ops::set_default(&cx, body.text("id")?).map_err(|error| not_done(&cx, &error))?;
    Ok(shown(&one))
}
