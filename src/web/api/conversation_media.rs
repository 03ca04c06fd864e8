//! Files of a communication: announced here, put where the answer says, then named in a message.

use std::collections::BTreeMap;

use axum::{body::Bytes, response::Response};
use http::{StatusCode, Uri};
use serde::{Deserialize, Serialize};

use super::{
    communication_error::refused,
    conversation_body::MESSAGES,
    conversation_messages::VIEW,
    conversations::{Names, READ, WRITE, communication, named},
    listing::{PAGES, Paging},
    medium::{Messages, is_of},
    request::{Refused, admitted, bad_parameter, object},
};
use crate::{
    base::codec::query_value,
    domain::attachment::Stage,
    ops::{
        communications::{self as ops, Medium},
        cx::Cx,
    },
    web::{answer, extract::Authorization},
};

const SPEAK: &[&str] =
    &["conversation:message:create", "conversation:webmessaging:create", "conversation:socialmedia:create"];
const LIST: &[&str] = &["conversation:messageMedia:view"];
const STATUSES: [&str; 3] = ["uploading", "valid", "invalid"];

/// `UploadMediaRequest`, as it comes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UploadRequest {
    file_name: String,
    content_length_bytes: u64,
}

/// `MessageMediaUploadData`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UploadBody<'a> {
    id: &'a str,
    name: &'a str,
    upload_url: &'a str,
    upload_headers: BTreeMap<&'static str, &'a str>,
    self_uri: String,
}

/// `MessageMediaData`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MediaBody {
    id: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    media_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_length_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upload_url: Option<String>,
    status: &'static str,
    conversation_id: String,
    communication_id: String,
    self_uri: String,
}

fn folder(id: &str, communication: &str) -> String {
    format!("{MESSAGES}/{id}/communications/{communication}/messages/media")
}

fn status(stage: &Stage) -> &'static str {
    match stage {
        Stage::Announced { .. } => STATUSES[0],
        Stage::Stored { .. } => STATUSES[1],
        Stage::Failed => STATUSES[2],
    }
}

fn media_body(id: &str, medium: Medium) -> MediaBody {
    let Medium { file, communication, url, .. } = medium;
    let status = status(&file.stage);
    let (upload_url, url) = if status == STATUSES[0] { (url, None) } else { (None, url) };
    MediaBody {
        self_uri: format!("{}/{}", folder(id, &communication), file.id),
        id: file.id.to_string(),
        name: file.name,
        url,
        media_type: file.mime,
        content_length_bytes: Some(file.size).filter(|size| *size > 0),
        upload_url,
        status,
        conversation_id: id.to_owned(),
        communication_id: communication,
    }
}

/// Announces a file.
pub async fn upload(
    cx: Cx,
    authorization: Authorization,
    names: Names,
    body: Bytes,
) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, SPEAK).await?;
    let UploadRequest { file_name, content_length_bytes } = object(&cx, &body)?;
    let (id, communication) = communication(&names);
    is_of::<Messages>(&cx, id, &[])?;
    let said = Some((file_name, content_length_bytes));
    let medium =
        ops::announce(&cx, &proved, (id, communication), said).map_err(|error| refused(&cx, error, &[]))?;
    let body = UploadBody {
        id: medium.file.id.as_str(),
        name: &medium.file.name,
        upload_url: medium.url.as_deref().unwrap_or_default(),
        upload_headers: medium.headers.iter().map(|(name, value)| (*name, value.as_str())).collect(),
        self_uri: format!("{}/{}", folder(id, &medium.communication), medium.file.id),
    };
    Ok(answer::json(StatusCode::OK, &body))
}

/// Announces a file of which nothing is known yet.
pub async fn post(cx: Cx, authorization: Authorization, names: Names) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, SPEAK).await?;
    let (id, communication) = communication(&names);
    is_of::<Messages>(&cx, id, &[])?;
    let medium =
        ops::announce(&cx, &proved, (id, communication), None).map_err(|error| refused(&cx, error, &[]))?;
    Ok(answer::json(StatusCode::ACCEPTED, &media_body(id, medium)))
}

/// One.
pub async fn get(cx: Cx, authorization: Authorization, names: Names) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let (id, communication) = communication(&names);
    is_of::<Messages>(&cx, id, &[])?;
    let medium = ops::medium(&cx, (id, communication), named(&names, "media"))
        .map_err(|error| refused(&cx, error, &[]))?;
    Ok(answer::json(StatusCode::OK, &media_body(id, medium)))
}

/// A page of them.
pub async fn list(cx: Cx, authorization: Authorization, names: Names, uri: Uri) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, LIST).await?;
    let (id, communication) = communication(&names);
    is_of::<Messages>(&cx, id, &[])?;
    let path = folder(id, communication);
    let page = Paging::read(&cx, &path, &uri, PAGES)?;
    let wanted = query_value(uri.query(), "status");
    if let Some(other) = wanted.as_deref().filter(|wanted| !STATUSES.contains(wanted)) {
        return Err(bad_parameter(&cx, "status", other, &STATUSES.join(", ")).into());
    }
    let all = ops::media(&cx, id, communication).map_err(|error| refused(&cx, error, &[]))?.into_iter();
    let fits = |medium: &Medium| wanted.as_deref().is_none_or(|wanted| wanted == status(&medium.file.stage));
    let all: Vec<_> = all.filter(fits).collect();
    Ok(answer::json(StatusCode::OK, &page.of(all.into_iter().map(|medium| media_body(id, medium)))))
}
