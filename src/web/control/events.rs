//! `/events`: what happens in the org, as server-sent events, for tests that wait.

use std::{convert::Infallible, fmt::Write, sync::Arc, time::Duration};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use tokio_util::sync::CancellationToken;

use super::{
    error::Problem,
    event_body::EventBody,
    query,
    subject::{TheApp, TheOrg},
};
use crate::{
    base::{clock::wall, suggest},
    events::{Cursor, Filter, Told, event::NAMES},
    ops::{app::App, events::Reader, org::Org},
};

/// How often a reader hears that the connection is alive, in real time.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

pub const PARAMETERS: [&str; 4] = ["type", "conversation", "after", "follow"];

/// Events as a stream of the HTML standard spells them.
fn spelled(told: &[(Cursor, Told)]) -> Bytes {
    let mut text = String::new();
    for (cursor, told) in told {
        let (name, data) = match told {
            Told::Event(event) => {
                (event.what.name(), serde_json::to_string(&EventBody::of(event)).unwrap_or_default())
            }
            Told::Lagged(missed) => ("lagged", format!(r#"{{"missed":{missed}}}"#)),
            Told::Reset => ("reset", "{}".to_owned()),
        };
        // writing to a string cannot fail
        let _ = write!(text, "event: {name}\nid: {cursor}\ndata: {data}\n\n");
    }
    text.into()
}

fn wanted(query: Option<&str>) -> Result<(Filter, Option<String>, bool), Problem> {
    let (mut filter, mut after, mut follow) = (Filter::default(), None, true);
    for (name, value) in query::parameters(query, &PARAMETERS)? {
        match name.as_ref() {
            "type" => filter.types.push(event_type(&value)?),
            "conversation" => filter.conversation = Some(value.as_ref().into()),
            "after" => after = Some(value.into_owned()),
            _ => {
                follow = value
                    .parse()
                    .map_err(|_| Problem::field("follow", format!("`{value}` is not `true` or `false`")))?;
            }
        }
    }
    Ok((filter, after, follow))
}

/// The name of an event, or its first word.
fn event_type(given: &str) -> Result<String, Problem> {
    let known =
        |name: &&str| name.strip_prefix(given).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    match NAMES.iter().any(known) {
        true => Ok(given.to_owned()),
        false => {
            let near = suggest::nearest(given, NAMES.iter().copied());
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            Err(Problem::field("type", format!("`{given}` is no type of event{near}")))
        }
    }
}

/// What a reader that stays is given, and when it ends.
struct Stream {
    reader: Reader,
    stop: CancellationToken,
}

impl Stream {
    async fn next(&mut self) -> Option<Bytes> {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => None,
            told = wall::timeout(KEEP_ALIVE, self.reader.next()) => match told {
                None => Some(Bytes::from_static(b": still here\n\n")),
                Some(told) => told.map(|told| spelled(&told)),
            },
        }
    }
}

/// Events from the oldest one that is kept, or behind the one that the caller has read last.
pub async fn stream(
    TheApp(app): TheApp,
    TheOrg(org): TheOrg,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (filter, after, follow) = wanted(uri.query())?;
    // a browser that comes back asks with the address of the first time, and says here how far it had got
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok().map(str::to_owned));
    answer(app, org, filter, last.or(after).as_deref(), follow)
}

fn answer(
    app: Arc<App>,
    org: Arc<Org>,
    filter: Filter,
    after: Option<&str>,
    follow: bool,
) -> Result<Response, Problem> {
    let stop = app.stop.clone();
    let mut reader =
        Reader::new(app, org, filter, after).map_err(|wrong| Problem::field("after", wrong.to_string()))?;
    let body = match follow {
        true => {
            let stream = Stream { reader, stop };
            Body::from_stream(stream::unfold(stream, async |mut stream| {
                Some((Ok::<_, Infallible>(stream.next().await?), stream))
            }))
        }
        false => {
            let mut all = Vec::new();
            loop {
                let told = reader.ready();
                if told.is_empty() {
                    break Body::from(spelled(&all));
                }
                all.extend(told);
            }
        }
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::OK;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}
