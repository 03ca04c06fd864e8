//! What faults make of an answer on its way out.

use std::{
    collections::VecDeque,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{HeaderValue, header};
use http_body::Frame;

use super::HEADER_NAMES;
use crate::{
    base::{
        fate::Fate,
        letter_case::spell,
        time::Span,
        wave::{Sleep, Wave},
    },
    faults::verdict::Pace,
    ops::{cx::Cx, time::Due},
};

/// Sends the head and so many bytes of the body, then ends the connection; with a reset if there is a fate to seal.
pub fn cut(response: Response, body: &Bytes, after: usize, fate: Option<Arc<Fate>>) -> Response {
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
    fate: Option<Arc<Fate>>,
}

impl Torn {
    fn seal(&self) {
        if let Some(fate) = &self.fate {
            fate.seal_reset();
        }
    }
}

/// Whoever knows the length does not ask for more once it has come.
impl Drop for Torn {
    fn drop(&mut self) {
        self.seal();
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
                self.seal();
                Poll::Ready(Some(Err(CutOff)))
            }
        }
    }
}

/// A body that is sent in pieces, each after some of the org's time.
struct Paced {
    cx: Cx,
    fate: Arc<Fate>,
    pieces: VecDeque<(Span, Bytes)>,
    asleep: Option<Sleep<Due>>,
    /// Of the timer that woke it: held until the piece is on its way.
    wave: Option<Wave>,
    sent: bool,
}

/// Sends a body at this pace.
pub fn paced(cx: &Cx, fate: &Arc<Fate>, mut response: Response, body: &Bytes, pace: Pace) -> Response {
    let paced = Paced::new(cx, fate, body, pace);
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    response.map(|_| Body::new(paced))
}

/// Pieces of a second at a limited rate.
const PER_SECOND: usize = 10;

impl Paced {
    fn new(cx: &Cx, fate: &Arc<Fate>, body: &Bytes, pace: Pace) -> Self {
        let (size, gap) = match pace {
            Pace::Pieces { count, over } => {
                let gap = Span::from_micros(over.micros() / (count as i64 - 1).max(1));
                (body.len().div_ceil(count).max(1), gap)
            }
            Pace::Rate(bytes) => (bytes as usize / PER_SECOND, Span::from_millis(1_000 / PER_SECOND as i64)),
            Pace::Stall { after, .. } => (after.min(body.len()), Span::ZERO),
        };
        let mut pieces = VecDeque::new();
        match pace {
            Pace::Stall { span, .. } => {
                pieces.push_back((Span::ZERO, body.slice(..size)));
                pieces.push_back((span, body.slice(size..)));
            }
            Pace::Pieces { .. } | Pace::Rate(_) => {
                let mut at = 0;
                while at < body.len() {
                    let end = (at + size).min(body.len());
                    pieces.push_back((if at == 0 { Span::ZERO } else { gap }, body.slice(at..end)));
                    at = end;
                }
            }
        }
        fate.busy(true);
        Self { cx: cx.clone(), fate: Arc::clone(fate), pieces, asleep: None, wave: None, sent: false }
    }
}

impl Drop for Paced {
    fn drop(&mut self) {
        self.fate.busy(false);
    }
}

impl http_body::Body for Paced {
    type Data = Bytes;
    type Error = CutOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, CutOff>>> {
        loop {
            // a piece is only sent when the connection gets a turn
            if std::mem::take(&mut self.sent) {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            self.wave = None;
            if let Some(asleep) = &mut self.asleep {
                match ready!(Pin::new(asleep).poll(cx)) {
                    Some(wave) => self.wave = Some(wave),
                    None => return Poll::Ready(Some(Err(CutOff))),
                }
                self.asleep = None;
            } else if let Some((span, _)) = self.pieces.front()
                && *span > Span::ZERO
            {
                let span = *span;
                self.asleep = Some(self.cx.wake_after(span));
                continue;
            }
            let Some((_, piece)) = self.pieces.pop_front() else { return Poll::Ready(None) };
            self.sent = true;
            if !piece.is_empty() {
                return Poll::Ready(Some(Ok(Frame::data(piece))));
            }
        }
    }
}

/// An answer in chunks as it goes over the wire; the second chunk has a length that is none.
pub fn malformed(response: &Response, body: &Bytes) -> Bytes {
    let status = response.status();
    let mut head =
        format!("HTTP/1.1 {} {}\r\n", status.as_u16(), status.canonical_reason().unwrap_or_default());
    for (name, value) in response.headers().iter().filter(|(name, _)| *name != header::CONTENT_LENGTH) {
        head.push_str(name.as_str());
        head.push_str(": ");
        head.push_str(&String::from_utf8_lossy(value.as_bytes()));
        head.push_str("\r\n");
    }
    let (first, second) = body.split_at(body.len() / 2);
    let mut bytes = head.into_bytes();
    spell(&mut bytes, HEADER_NAMES);
    bytes.extend_from_slice(b"transfer-encoding: chunked\r\n\r\n");
    if !first.is_empty() {
        bytes.extend_from_slice(format!("{:x}\r\n", first.len()).as_bytes());
        bytes.extend_from_slice(first);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"no length\r\n");
    bytes.extend_from_slice(second);
    bytes.into()
}
