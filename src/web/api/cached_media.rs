//! `/api/v2/conversations/messages/cachedmedia`: files that messages have named by their URLs.

use axum::response::Response;
use http::{StatusCode, Uri};
use serde::Serialize;

use super::{
    body::refused,
    conversations::{READ, WRITE},
    listing::{PAGES, Paging},
    request::{Refused, admitted},
};
use crate::{
    base::{codec::query_value, time::Timestamp},
    domain::cached_media::CachedMedia,
    ops::{
        cached_media::{self as ops, NoMedia},
        cx::Cx,
    },
    web::{
        answer,
        extract::{Authorization, Id},
    },
};

const VIEW: &[&str] = &["conversation:cachedMedia:view"];
const DELETE: &[&str] = &["conversation:cachedMedia:delete"];
const ITEMS: &str = "/api/v2/conversations/messages/cachedmedia";

/// `CachedMediaItem`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ItemBody<'a> {
    id: &'a str,
    url: &'a str,
    download_url: &'a str,
    media_type: &'a str,
    content_length_bytes: u64,
    date_created: Timestamp,
    date_expires: Timestamp,
    self_uri: String,
}

impl<'a> ItemBody<'a> {
    fn of(one: &'a CachedMedia) -> Self {
        Self {
            id: &one.id,
            url: &one.url,
            download_url: &one.url,
            media_type: &one.mime,
            content_length_bytes: one.size,
            date_created: one.created.up_to_millis(),
            date_expires: one.expires().up_to_millis(),
            self_uri: format!("{ITEMS}/{}", one.id),
        }
    }
}

fn not_there(cx: &Cx, error: &NoMedia) -> Refused {
    refused(cx, "not.found", &error.to_string())
}

/// A page of them. `url` leaves out all others.
pub async fn list(cx: Cx, authorization: Authorization, uri: Uri) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let page = Paging::read(&cx, ITEMS, &uri, PAGES)?;
    let all = ops::all(&cx, query_value(uri.query(), "url").as_deref());
    Ok(answer::json(StatusCode::OK, &page.of(all.iter().map(ItemBody::of))))
}

/// One.
pub async fn get(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let one = ops::get(&cx, &id).map_err(|error| not_there(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &ItemBody::of(&one)))
}

/// Forgets one.
pub async fn delete(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, DELETE).await?;
    ops::forget(&cx, &id).map_err(|error| not_there(&cx, &error))?;
    Ok(answer::empty(StatusCode::ACCEPTED))
}
