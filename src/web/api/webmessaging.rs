//! `GET /api/v2/webmessaging/messages`: the history of a session, newest first.

use std::sync::Arc;

use axum::response::Response;
use http::{StatusCode, Uri};
use serde::Serialize;

use super::error::{bad_credentials, from_access, of_code};
use crate::{
    base::codec::query_value,
    domain::{message::Message, visit::Refusal},
    ops::{
        access::{AccessError, bearer},
        cx::Cx,
        history::{self, HistoryError},
    },
    web::{answer, extract::Authorization, webmessaging::message_body::MessageBody},
};

const MAX_PAGE: usize = 500;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listing<'a> {
    entities: Vec<MessageBody<'a>>,
    page_size: usize,
    page_number: usize,
    total: usize,
    page_count: usize,
}

/// A page. Beyond the last one there are empty ones.
pub async fn messages(cx: Cx, authorization: Authorization, uri: Uri) -> Response {
    let number = |name: &'static str, usual: usize, most: usize| match query_value(uri.query(), name) {
        None => Ok(usual),
        Some(text) => text.parse().ok().filter(|n| (1..=most).contains(n)).ok_or((name, text)),
    };
    let (page, size) = match (number("pageNumber", 1, usize::MAX), number("pageSize", 25, MAX_PAGE)) {
        (Ok(page), Ok(size)) => (page, size),
        (Err((name, seen)), _) | (_, Err((name, seen))) => {
            let refusal =
                Refusal::new("query.invalid", format!("{name} is not a number of pages or entries"));
            cx.refuse(refusal.expected(format!("1 to {MAX_PAGE}")).seen(seen.as_str()));
            return of_code(&cx, "invalid.query.param.value", &seen);
        }
    };
    match history::history(&cx, bearer(authorization.text()), page, size).await {
        Ok(history) => {
            let entities =
                history.messages.iter().map(|message: &Arc<Message>| MessageBody::of(message)).collect();
            let page_count = history.total.div_ceil(size);
            let listing =
                Listing { entities, page_size: size, page_number: page, total: history.total, page_count };
            answer::json(StatusCode::OK, &listing)
        }
        Err(HistoryError::Limited(error)) => from_access(&cx, &error),
        Err(HistoryError::Missing) => from_access(&cx, &AccessError::Missing),
        Err(HistoryError::Bad(Some(reason))) => bad_credentials(&cx, reason),
        Err(HistoryError::Bad(None)) => from_access(&cx, &AccessError::Bad),
        Err(HistoryError::NotFound) => of_code(&cx, "session.not.found", ""),
        Err(HistoryError::Expired) => of_code(&cx, "session.expired", ""),
    }
}
