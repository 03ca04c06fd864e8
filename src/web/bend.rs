//! What faults make of an answer on its way out.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{HeaderValue, header};
use http_body::Frame;

use crate::base::fate::Fate;

/// Sends the head and so many bytes of the body, then resets the connection.
pub fn cut(response: Response, body: &Bytes, after: usize, fate: Arc<Fate>) -> Response {
    let (mut parts, _) = response.into_parts();
    // the length that the client was to get, so that it notices
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    if after >= body.len() {
        // nothing is left to be cut off: the connection is over all the same
        parts.headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    let part = body.slice(..after.min(body.len()));
    let left = if part.is_empty() { Left::Yield } else { Left::Part(part) };
    Response::from_parts(parts, Body::new(Torn { left, fate }))
}

enum Left {
    Part(Bytes),
    /// The head and the part are only sent if the connection gets a turn before the error.
    Yield,
    Error,
}

struct Torn {
    left: Left,
    fate: Arc<Fate>,
}

/// Whoever knows the length does not ask for more once it has come.
impl Drop for Torn {
    fn drop(&mut self) {
        self.fate.seal_reset();
    }
}

/// What the connection sees instead of the rest.
#[derive(Debug, thiserror::Error)]
#[error("cut off by a fault")]
pub struct CutOff;

impl http_body::Body for Torn {
    type Data = Bytes;
    type Error = CutOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, CutOff>>> {
        match std::mem::replace(&mut self.left, Left::Error) {
            Left::Part(part) => {
                self.left = Left::Yield;
                Poll::Ready(Some(Ok(Frame::data(part))))
            }
            Left::Yield => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Left::Error => {
                self.fate.seal_reset();
                Poll::Ready(Some(Err(CutOff)))
            }
        }
    }
}
