//! HTTP Archive 1.2, which browsers' tools and many others read. Frames stand with the upgrade of their socket, as Chrome
//! writes them. Times are the org's; secrets are left out as in the journal.

use std::collections::BTreeMap;

use http::StatusCode;
use serde::Serialize;

use crate::{
    base::{codec::pairs, ids::FaultId, time::Timestamp},
    domain::visit::Refusal,
    journal::{decision::Decision, entry::Kind, record::Record},
    ops::org::Org,
};

/// The document.
#[derive(Serialize)]
pub struct Har<'a> {
    log: Log<'a>,
}

#[derive(Serialize)]
struct Log<'a> {
    version: &'static str,
    creator: Creator,
    entries: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Creator {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    started_date_time: Timestamp,
    /// Milliseconds.
    time: f64,
    request: Request,
    response: Response,
    cache: Empty,
    timings: Timings,
    #[serde(rename = "_resourceType", skip_serializing_if = "Option::is_none")]
    resource_type: Option<&'static str>,
    #[serde(rename = "_webSocketMessages", skip_serializing_if = "Vec::is_empty")]
    messages: Vec<Message>,
    #[serde(rename = "_n")]
    n: String,
    #[serde(rename = "_correlationId")]
    correlation_id: String,
    #[serde(rename = "_decision")]
    decision: Decision,
    #[serde(rename = "_refusal", skip_serializing_if = "Option::is_none")]
    refusal: Option<&'a Refusal>,
    #[serde(rename = "_faults", skip_serializing_if = "<[_]>::is_empty")]
    faults: &'a [FaultId],
}

#[derive(Serialize)]
struct Empty {}

#[derive(Serialize)]
struct Pair {
    name: String,
    value: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    method: String,
    url: String,
    http_version: &'static str,
    cookies: [Pair; 0],
    headers: Vec<Pair>,
    query_string: Vec<Pair>,
    #[serde(skip_serializing_if = "Option::is_none")]
    post_data: Option<PostData>,
    headers_size: i64,
    body_size: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PostData {
    mime_type: String,
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    status: u16,
    status_text: &'static str,
    http_version: &'static str,
    cookies: [Pair; 0],
    headers: Vec<Pair>,
    content: Content,
    #[serde(rename = "redirectURL")]
    redirect_url: String,
    headers_size: i64,
    body_size: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    size: usize,
    mime_type: String,
    text: String,
}

#[derive(Serialize)]
struct Timings {
    send: f64,
    wait: f64,
    receive: f64,
}

#[derive(Serialize)]
struct Message {
    r#type: &'static str,
    /// Seconds since the epoch.
    time: f64,
    opcode: u8,
    data: String,
}

impl<'a> Har<'a> {
    /// Of entries in the order of closing.
    pub fn of(org: &Org, records: &'a [Record]) -> Self {
        let mut frames: BTreeMap<u64, Vec<Message>> = BTreeMap::new();
        for record in records {
            let entry = record.entry();
            let r#type = match entry.kind() {
                Kind::Http => continue,
                Kind::FrameIn => "send",
                Kind::FrameOut => "receive",
            };
            let time = entry.at().micros() as f64 / 1e6;
            let message = Message { r#type, time, opcode: 1, data: record.body().to_owned() };
            frames.entry(entry.cause().visit_number()).or_default().push(message);
        }
        let requests = records.iter().filter(|record| record.entry().kind() == Kind::Http);
        let entries = requests.map(|record| {
            let messages = frames.remove(&record.entry().cause().visit_number()).unwrap_or_default();
            Entry::of(org, record, messages)
        });
        let creator = Creator { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };
        Self { log: Log { version: "1.2", creator, entries: entries.collect() } }
    }
}

impl<'a> Entry<'a> {
    fn of(org: &Org, record: &'a Record, messages: Vec<Message>) -> Self {
        let entry = record.entry();
        let time = entry.elapsed_us() as f64 / 1e3;
        Self {
            started_date_time: entry.at(),
            time,
            request: Request::of(record),
            response: Response::of(record),
            cache: Empty {},
            timings: Timings { send: 0.0, wait: time, receive: 0.0 },
            resource_type: (entry.status() == 101).then_some("websocket"),
            messages,
            n: entry.cause().to_string(),
            correlation_id: org.correlation_of(record),
            decision: entry.decision(),
            refusal: entry.refusal(),
            faults: entry.faults(),
        }
    }
}

impl Request {
    fn of(record: &Record) -> Self {
        let body = record.body();
        let host = first(record.header("host"));
        let post_data = (!body.is_empty())
            .then(|| PostData { mime_type: first(record.header("content-type")), text: body.to_owned() });
        Self {
            method: record.entry().method().to_string(),
            url: format!("http://{host}{}", record.target()),
            http_version: "HTTP/1.1",
            cookies: [],
            headers: headers(record.head()),
            query_string: pairs(record.query())
                .map(|(name, value)| Pair { name: name.into_owned(), value: value.into_owned() })
                .collect(),
            post_data,
            headers_size: -1,
            body_size: size(first(record.header("content-length")), body.len()),
        }
    }
}

impl Response {
    fn of(record: &Record) -> Self {
        let status = record.entry().status();
        let body = record.answer_body();
        Self {
            status,
            status_text: StatusCode::from_u16(status).ok().and_then(|s| s.canonical_reason()).unwrap_or(""),
            http_version: "HTTP/1.1",
            cookies: [],
            headers: headers(record.answer_head()),
            content: Content {
                size: body.len(),
                mime_type: first(record.answer_header("content-type")),
                text: body.to_owned(),
            },
            redirect_url: first(record.answer_header("location")),
            headers_size: -1,
            body_size: size(first(record.answer_header("content-length")), body.len()),
        }
    }
}

fn first(values: Vec<String>) -> String {
    values.into_iter().next().unwrap_or_default()
}

/// As it was on the wire; what the journal has of it may be shorter, or longer.
fn size(content_length: String, kept: usize) -> i64 {
    content_length.parse().unwrap_or_else(|_| i64::try_from(kept).unwrap_or(-1))
}

fn headers(head: &str) -> Vec<Pair> {
    let lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.map(|(name, value)| Pair { name: name.to_owned(), value: value.to_owned() }).collect()
}
