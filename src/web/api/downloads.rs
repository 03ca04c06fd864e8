//! `GET /api/v2/downloads/{key}`: a file of web messaging. Who knows the URL may have it.

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::error::of_code;
use crate::{
    ops::{cx::Cx, uploads},
    web::{answer, extract::Id},
};

/// What may stand in a value of RFC 8187 as it is.
const ATTRIBUTE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The file. Browsers are told to save it: shown, a guest's page could call whatever is at this origin.
pub async fn get(cx: Cx, Id(key): Id) -> Response {
    let Some(file) = uploads::fetch(&cx, &key) else {
        return of_code(&cx, "not.found", "");
    };
    let mut response = answer::bytes(StatusCode::OK, "application/octet-stream", file.bytes);
    let etag = format!("\"{}\"", file.sha256);
    for (name, value) in [
        (header::CONTENT_TYPE, file.mime),
        (header::CONTENT_DISPOSITION, disposition(&file.name)),
        (header::ETAG, etag),
    ] {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().insert(name, value);
        }
    }
    answer::file(response)
}

/// The name in ASCII, and in full if that is not it (RFC 6266).
fn disposition(name: &str) -> String {
    let plain = |c: char| (c == ' ' || c.is_ascii_graphic()) && c != '"';
    let ascii: String = name.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    match ascii == name {
        true => format!("attachment; filename=\"{ascii}\""),
        false => {
            let full = utf8_percent_encode(name, ATTRIBUTE);
            format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{full}")
        }
    }
}
