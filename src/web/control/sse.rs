//! Server-sent events, as the HTML standard spells them.

use std::{convert::Infallible, fmt::Write, time::Duration};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use tokio_util::sync::CancellationToken;

use super::error::Problem;
use crate::base::clock::wall;

/// How often a reader hears that the connection is alive, in real time.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Where events come from.
pub trait Source: Send + 'static {
    /// What there is already; nothing when all is told.
    fn ready(&mut self) -> Bytes;

    /// What comes next; `None` when nothing will any more.
    fn next(&mut self) -> impl Future<Output = Option<Bytes>> + Send;
}

/// Appends an event.
pub fn put(text: &mut String, name: &str, id: impl std::fmt::Display, data: &str) {
    // writing to a string cannot fail
    let _ = write!(text, "event: {name}\nid: {id}\ndata: {data}\n\n");
}

/// Appends that so much is gone unread.
pub fn put_lagged(text: &mut String, id: impl std::fmt::Display, missed: u64) {
    put(text, "lagged", id, &format!(r#"{{"missed":{missed}}}"#));
}

/// Where a reader goes on. A browser that comes back asks with the address of the first time, and says in a header how far
/// it had got.
pub fn after(headers: &HeaderMap, asked: Option<String>) -> Option<String> {
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok().map(str::to_owned));
    last.or(asked)
}

/// Does the reader stay? `true` or `false`.
pub fn follow(value: &str) -> Result<bool, Problem> {
    value.parse().map_err(|_| Problem::field("follow", format!("`{value}` is not `true` or `false`")))
}

/// What a reader that stays is given, and when it ends.
struct Stream<S> {
    source: S,
    stop: CancellationToken,
}

impl<S: Source> Stream<S> {
    async fn next(&mut self) -> Option<Bytes> {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => None,
            told = wall::timeout(KEEP_ALIVE, self.source.next()) => match told {
                None => Some(Bytes::from_static(b": still here\n\n")),
                Some(told) => told,
            },
        }
    }
}

/// Events from now on for a reader that stays, else those that there are.
pub fn answer(mut source: impl Source, follow: bool, stop: CancellationToken) -> Response {
    let body = match follow {
        true => {
            let stream = Stream { source, stop };
            Body::from_stream(stream::unfold(stream, async |mut stream| {
                Some((Ok::<_, Infallible>(stream.next().await?), stream))
            }))
        }
        false => {
            let mut all = Vec::new();
            loop {
                let told = source.ready();
                if told.is_empty() {
                    break Body::from(all);
                }
                all.extend_from_slice(&told);
            }
        }
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::OK;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

#[cfg(test)]
mod tests {
    use super::KEEP_ALIVE;
    use crate::base::patience::Patience;

    #[test]
    fn a_stream_without_events_is_heard_of_before_its_connection_counts_as_quiet() {
        assert!(KEEP_ALIVE * 2 <= Patience::default().quiet);
    }
}
