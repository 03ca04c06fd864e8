//! `/journal`: what happened, with a cursor; also as it happens, and as HTTP Archive.

use std::{collections::BTreeMap, sync::Arc};

use axum::{extract::Path, response::Response};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, Uri};
use serde::Serialize;

use super::{
    error::Problem,
    har::Har,
    journal_query::{self, Asked},
    query::{MOST, USUAL_LIMIT},
    sse,
    subject::{TheApp, TheOrg},
};
use crate::{
    base::suggest,
    journal::{query::Cursor, record::Record, shown::Shown},
    ops::{
        app::App,
        journal::{self, Reader, Told},
        org::Org,
    },
    web::answer,
};

/// What a page takes beside filters.
pub const PARAMETERS: [&str; 3] = ["after", "limit", "format"];
/// What a stream takes beside filters.
pub const OF_STREAM: [&str; 2] = ["after", "follow"];

/// A page of entries.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    /// In the order of closing.
    entities: Vec<Shown>,
    /// The cursor to go on with.
    next: String,
    /// Are there more already?
    more: bool,
    /// How many entries after the given cursor are gone because the journal is bounded.
    dropped: u64,
    /// The journal was cleared since the given cursor; this page begins at its new start.
    cleared: bool,
}

fn shown(org: &Org, record: &Record) -> Shown {
    Shown::of(record, org.correlation_of(record))
}

/// As much of it as people are shown.
fn bared(app: &App, record: Record) -> Record {
    if app.settings.show_secrets { record.bare() } else { record }
}

/// Is an archive asked for?
fn is_archive(format: Option<&str>) -> Result<bool, Problem> {
    match format {
        None | Some("json") => Ok(false),
        Some("har") => Ok(true),
        Some(other) => {
            let near = suggest::nearest(other, ["json", "har"]);
            let near =
                near.map_or_else(|| "expected json or har".into(), |near| format!("did you mean `{near}`?"));
            Err(Problem::field("format", format!("`{other}` is no format of a journal; {near}")))
        }
    }
}

/// Entries in the order of closing.
pub async fn list(TheApp(app): TheApp, TheOrg(org): TheOrg, uri: Uri) -> Result<Response, Problem> {
    let Asked { matcher, others } = journal_query::read(uri.query(), &PARAMETERS)?;
    let archive = is_archive(others.get("format").map(String::as_str))?;
    let limit = others.get("limit").map(|text| limit(text)).transpose()?;
    let most = limit.unwrap_or(if archive { usize::MAX } else { USUAL_LIMIT });
    let after = others.get("after").map(String::as_str);
    let found = journal::find(&org, &matcher, after, most)?;
    let records: Vec<_> = found.records.into_iter().map(|record| bared(&app, record)).collect();
    if archive {
        return Ok(answer::json(StatusCode::OK, &Har::of(&org, &records)));
    }
    let page = Page {
        entities: records.iter().map(|record| shown(&org, record)).collect(),
        next: found.next.to_string(),
        more: found.more,
        dropped: found.dropped,
        cleared: found.cleared,
    };
    Ok(answer::json(StatusCode::OK, &page))
}

fn limit(text: &str) -> Result<usize, Problem> {
    let number: usize =
        text.parse().map_err(|_| Problem::field("limit", format!("`{text}` is not a number")))?;
    match (1..=MOST).contains(&number) {
        true => Ok(number),
        false => Err(Problem::field("limit", format!("`limit` is between 1 and {MOST}"))),
    }
}

/// The entry of a visit (`7`), of a frame (`7.3`), of a correlation id or of a tracing id.
pub async fn get(
    TheApp(app): TheApp,
    TheOrg(org): TheOrg,
    Path(names): Path<BTreeMap<String, String>>,
) -> Result<Response, Problem> {
    let n = names.get("n").map(String::as_str).unwrap_or_default();
    journal::get(&org, n)
        .map(|record| answer::json(StatusCode::OK, &shown(&org, &bared(&app, record))))
        .ok_or_else(|| Problem::not_found("journal entry", n))
}

/// Forgets everything.
pub async fn clear(TheOrg(org): TheOrg) -> Response {
    let gone = org.cell(|cell| cell.journal.clear());
    drop(gone);
    answer::empty(StatusCode::NO_CONTENT)
}

fn spelled(reader: &Reader, told: Vec<(Cursor, Told)>) -> Bytes {
    let mut text = String::new();
    for (cursor, told) in told {
        match told {
            Told::Entry(record) => {
                let record = bared(reader.app(), *record);
                let data = serde_json::to_string(&shown(reader.org(), &record)).unwrap_or_default();
                sse::put(&mut text, "entry", cursor, &data);
            }
            Told::Lagged(missed) => sse::put_lagged(&mut text, cursor, missed),
            Told::Cleared => sse::put(&mut text, "cleared", cursor, "{}"),
        }
    }
    text.into()
}

impl sse::Source for Reader {
    fn ready(&mut self) -> Bytes {
        let told = Self::ready(self);
        spelled(self, told)
    }

    async fn next(&mut self) -> Option<Bytes> {
        let told = Self::next(self).await?;
        Some(spelled(self, told))
    }
}

/// Entries as they close, from the oldest one that is kept, or behind the one that the caller has read last.
pub async fn stream(
    TheApp(app): TheApp,
    TheOrg(org): TheOrg,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Asked { matcher, mut others } = journal_query::read(uri.query(), &OF_STREAM)?;
    let follow = others.get("follow").map_or(Ok(true), |value| sse::follow(value))?;
    let after = sse::after(&headers, others.remove("after"));
    let stop = app.stop.clone();
    let reader = Reader::new(app, Arc::clone(&org), matcher, after.as_deref())?;
    Ok(sse::answer(reader, follow, stop))
}
