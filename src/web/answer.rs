//! Building answers.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use http_body::{Frame, SizeHint};
use serde::Serialize;

use crate::{base::wave::Wave, journal::draft::Keep};

/// Room for most JSON bodies.
const USUAL_JSON: usize = 512;

/// Says that the body is somebody's file: the journal holds its length alone.
pub fn file(mut response: Response) -> Response {
    response.extensions_mut().insert(Keep::Length);
    response
}

/// A body whose bytes are known.
pub fn bytes(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Response {
    let mut response = Response::new(Body::from(body.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// A JSON body.
pub fn json(status: StatusCode, value: &impl Serialize) -> Response {
    let mut body = Vec::with_capacity(USUAL_JSON);
    match serde_json::to_writer(&mut body, value) {
        Ok(()) => bytes(status, "application/json", body),
        // our wire types have no maps with other keys than text, so this does not happen
        Err(_) => bytes(status, "application/json", Bytes::new()),
    }
}

/// No body.
pub fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// A body that holds the wave of the timer that it came of, until it is handed over.
pub struct Held {
    data: Option<Bytes>,
    _wave: Wave,
}

impl Held {
    /// Holds `wave` until `data` is taken.
    pub fn new(data: Bytes, wave: Wave) -> Self {
        Self { data: Some(data).filter(|data| !data.is_empty()), _wave: wave }
    }
}

impl http_body::Body for Held {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.data.take().map(|data| Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        self.data.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.data.as_ref().map_or(0, |data| data.len() as u64))
    }
}

/// Nobody is to keep this answer: RFC 6749 section 5.1 wants both headers.
pub fn keep_nothing(headers: &mut HeaderMap) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
}
