//! `/events`: what happens in the org, as server-sent events, for tests that wait.

use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, Uri};

use super::{
    error::Problem,
    event_body::EventBody,
    query, sse,
    subject::{TheApp, TheOrg},
};
use crate::{
    base::suggest,
    events::{Cursor, Filter, Told, event::NAMES},
    ops::events::Reader,
};

pub const PARAMETERS: [&str; 4] = ["type", "conversation", "after", "follow"];

fn spelled(told: &[(Cursor, Told)]) -> Bytes {
    let mut text = String::new();
    for (cursor, told) in told {
        match told {
            Told::Event(event) => {
                let data = serde_json::to_string(&EventBody::of(event)).unwrap_or_default();
                sse::put(&mut text, event.what.name(), cursor, &data);
            }
            Told::Lagged(missed) => sse::put_lagged(&mut text, cursor, *missed),
            Told::Reset => sse::put(&mut text, "reset", cursor, "{}"),
        }
    }
    text.into()
}

impl sse::Source for Reader {
    fn ready(&mut self) -> Bytes {
        spelled(&Self::ready(self))
    }

    async fn next(&mut self) -> Option<Bytes> {
        Self::next(self).await.map(|told| spelled(&told))
    }
}

fn wanted(query: Option<&str>) -> Result<(Filter, Option<String>, bool), Problem> {
    let (mut filter, mut after, mut follow) = (Filter::default(), None, true);
    for (name, value) in query::parameters(query, &PARAMETERS)? {
        match name.as_ref() {
            "type" => filter.types.push(event_type(&value)?),
            "conversation" => filter.conversation = Some(value.as_ref().into()),
            "after" => after = Some(value.into_owned()),
            _ => follow = sse::follow(&value)?,
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

/// Events from the oldest one that is kept, or behind the one that the caller has read last.
pub async fn stream(
    TheApp(app): TheApp,
    TheOrg(org): TheOrg,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (filter, after, follow) = wanted(uri.query())?;
    let stop = app.stop.clone();
    let reader = Reader::new(app, org, filter, sse::after(&headers, after).as_deref())
        .map_err(|wrong| Problem::field("after", wrong.to_string()))?;
    Ok(sse::answer(reader, follow, stop))
}
