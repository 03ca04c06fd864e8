//! Taking in a request's body, before anything is known of the request but its head.

use std::{
    pin::{Pin, pin},
    time::Duration,
};

use axum::response::Response;
use bytes::Bytes;
use http::{HeaderValue, header};
use http_body::Frame;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use super::dialect;
use crate::{
    base::{clock::wall, patience::Patience},
    domain::{
        attachment::MAX_SIZE,
        visit::{Refusal, Surface},
    },
    ops::cx::Cx,
};

/// Bytes of a body, unless it is a file: the vendor's number.
pub const MAX: usize = 512_000;
/// How much of a body that is too large is read before the connection is closed, in bytes.
const MAX_DRAINED: usize = 64 << 20;

/// How many bytes a body may have, and how long it may take to arrive. That of files is known by their handler, and this is
/// a little more.
fn most(surface: Surface, patience: &Patience) -> (usize, Duration) {
    match surface {
        Surface::Uploads => (MAX_SIZE as usize + (1 << 20), patience.upload),
        _ => (MAX, patience.body),
    }
}

/// Why a body could not be taken in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BadBody {
    /// It has too many bytes.
    TooLarge,
    /// It took too long.
    TooSlow,
    /// It ended too early.
    Broken,
}

impl BadBody {
    /// Is it for the surface's own handler to say so?
    pub fn is_for_handler(self, surface: Surface) -> bool {
        self == Self::TooLarge && surface == Surface::Uploads
    }

    /// The answer to it.
    pub fn answer(self, cx: &Cx) -> Response {
        let (bytes, time) = most(cx.surface, &cx.app.settings.patience);
        let (status, code, message) = match self {
            Self::TooLarge => {
                let words = format!("The request is over the size limit. Maximum bytes: {bytes}");
                (413, "request.entity.too.large", words)
            }
            Self::TooSlow => {
                let words = format!("The body did not arrive within {time:?}");
                (408, "client.timeout", words)
            }
            Self::Broken => (400, "bad.request", "The body could not be read to its end".to_owned()),
        };
        cx.refuse(Refusal::new("body.refused", message.as_str()));
        last(dialect::error(cx, status, Some(code), Some(&message)))
    }
}

/// Of its connection: what is left of the body would be taken for the next request.
pub fn last(mut response: Response) -> Response {
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// The body of a request to this surface.
pub async fn collect<B>(body: B, surface: Surface, patience: &Patience) -> Result<Bytes, BadBody>
where
    B: http_body::Body<Data = Bytes, Error: Into<axum::BoxError>>,
{
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let (bytes, time) = most(surface, patience);
    let mut body = pin!(body);
    let limited = whole(Limited::new(body.as_mut(), bytes));
    match wall::timeout(time, limited).await {
        None => Err(BadBody::TooSlow),
        Some(Ok(bytes)) if surface == Surface::Uploads => Ok(bytes),
        Some(Ok(bytes)) => Ok(without_mark(bytes)),
        Some(Err(error)) if error.is::<LengthLimitError>() => {
            wall::timeout(time, drain(body)).await;
            Err(BadBody::TooLarge)
        }
        Some(Err(_)) => Err(BadBody::Broken),
    }
}

/// Some programs begin JSON with the mark of UTF-8, which is none of it (RFC 8259 section 8.1).
fn without_mark(bytes: Bytes) -> Bytes {
    match bytes.strip_prefix(b"\xef\xbb\xbf").map(<[u8]>::trim_ascii_start) {
        Some([b'{' | b'[' | b'"', ..]) => bytes.slice(3..),
        _ => bytes,
    }
}

/// The bytes of a body. Most come in one frame, and are not copied then.
pub async fn whole<B: http_body::Body<Data = Bytes>>(body: B) -> Result<Bytes, B::Error> {
    let mut body = pin!(body);
    let first = loop {
        match body.frame().await.transpose()?.map(Frame::into_data) {
            None => return Ok(Bytes::new()),
            Some(Ok(data)) if body.is_end_stream() => return Ok(data),
            Some(Ok(data)) => break data,
            Some(Err(_trailers)) => {}
        }
    };
    let rest = body.collect().await?;
    match rest.to_bytes() {
        rest if rest.is_empty() => Ok(first),
        rest => Ok([first, rest].concat().into()),
    }
}

/// Reads on and keeps nothing: a client that is still writing when its connection closes never reads the answer.
async fn drain<B: http_body::Body<Data = Bytes>>(mut body: Pin<&mut B>) {
    let mut left = MAX_DRAINED;
    while let Some(Ok(frame)) = body.frame().await {
        let read = frame.data_ref().map_or(0, Bytes::len);
        match left.checked_sub(read) {
            Some(less) => left = less,
            None => break,
        }
    }
}
