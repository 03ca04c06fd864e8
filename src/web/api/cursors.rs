//! Listings by cursor: `after` and `before` name an entity, `pageSize` says how many.

use axum::response::Response;
use http::{StatusCode, Uri};
use serde::Serialize;
use serde_json::Value;

use super::request::{Refused, bad_parameter, page as url};
use crate::{base::codec::query_value, ops::cx::Cx, web::answer};

/// Entities of a page, unless it says how many.
const USUAL: usize = 100;
const MOST: usize = 500;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listing {
    entities: Vec<Value>,
    total: usize,
    self_uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_uri: Option<String>,
}

/// The page that is asked for of these entities, each with what names it.
pub fn page(cx: &Cx, path: &str, uri: &Uri, all: Vec<(String, Value)>) -> Result<Response, Refused> {
    let value = |name: &str| query_value(uri.query(), name);
    let size = match value("pageSize") {
        None => USUAL,
        Some(text) => match text.parse().ok().filter(|size| (1..=MOST).contains(size)) {
            Some(size) => size,
            None => return Err(bad_parameter(cx, "pageSize", &text, &format!("1 to {MOST}")).into()),
        },
    };
    let place = |name: &str| -> Result<Option<usize>, Refused> {
        match value(name) {
            None => Ok(None),
            Some(cursor) => match all.iter().position(|(key, _)| *key == cursor) {
                Some(at) => Ok(Some(at)),
                None => Err(bad_parameter(cx, name, &cursor, "the name of an entity of this listing").into()),
            },
        }
    };
    let (after, before) = (place("after")?, place("before")?);
    let (start, end) = match (after, before) {
        (Some(_), Some(_)) => {
            let words = "before, as after is given too";
            return Err(bad_parameter(cx, "after", "after", words).into());
        }
        (Some(at), None) => (at + 1, (at + 1 + size).min(all.len())),
        (None, Some(at)) => (at.saturating_sub(size), at),
        (None, None) => (0, size.min(all.len())),
    };
    let at = |name: &str, key: &str| {
        let other = if name == "after" { "before" } else { "after" };
        url(path, uri, &[(name, key), (other, "")])
    };
    let listing = Listing {
        total: all.len(),
        self_uri: url(path, uri, &[]),
        next_uri: (end < all.len() && end > start).then(|| at("after", &all[end - 1].0)),
        previous_uri: (start > 0).then(|| all.get(start)).flatten().map(|(key, _)| at("before", key)),
        entities: all.into_iter().skip(start).take(end.saturating_sub(start)).map(|(_, body)| body).collect(),
    };
    Ok(answer::json(StatusCode::OK, &listing))
}
