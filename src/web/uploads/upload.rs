//! `PUT /uploads/{key}`: the bytes of a file. Some clients parse whatever is answered as JSON, and none reads the XML that
//! a storage service answers errors with, so errors have the platform's JSON body.

use axum::{Extension, response::Response};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::Serialize;

use crate::{
    ops::{
        attachments::TAGGING,
        cx::Cx,
        uploads::{self, UploadError},
    },
    web::{answer, body::BadBody, dialect, extract::Id},
};

#[derive(Serialize)]
struct Taken {}

/// Takes a file. Its `Content-Type` is not looked at: clients send all sorts.
pub async fn put(
    cx: Cx,
    Id(key): Id,
    headers: HeaderMap,
    bad: Option<Extension<BadBody>>,
    body: Bytes,
) -> Response {
    let tagged = headers.get(TAGGING).and_then(|value| value.to_str().ok());
    let body = bad.is_none().then_some(&*body);
    match uploads::receive(&cx, &key, tagged, body) {
        Ok(()) => answer::json(StatusCode::OK, &Taken {}),
        Err(error) => refused(&cx, error),
    }
}

fn refused(cx: &Cx, error: UploadError) -> Response {
    let (status, code) = match error {
        UploadError::Unknown | UploadError::Expired | UploadError::Used | UploadError::Tagging => {
            (403, "not.authorized")
        }
        UploadError::TooLarge => (413, "request.entity.too.large"),
    };
    dialect::error(cx, status, Some(code), Some(&error.to_string()))
}
