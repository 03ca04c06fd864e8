//! The player's HTTP client: one connection a request, as honest about its end as a test needs.

use std::{error::Error, io, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, header};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::{Map, Value, json};
use tokio::net::TcpStream;

use crate::base::clock::wall;

/// Real time that a request may take; nothing takes this long unless it never ends.
const LIMIT: Duration = Duration::from_secs(30);

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
}

impl Request {
    /// One without a body.
    pub fn new(method: &str, target: &str) -> Self {
        Self { method: method.to_owned(), target: target.to_owned(), ..Self::default() }
    }

    /// The same with a header, unless it has one of that name.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        if !self.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
            self.headers.push((name.to_owned(), value.into()));
        }
        self
    }

    /// The same with a body in JSON.
    #[must_use]
    pub fn with_json(mut self, body: &Value) -> Self {
        self.body = body.to_string().into_bytes();
        self.with("content-type", "application/json")
    }
}

/// Asks `host:port`. What comes is an object with `status`, `headers`, `body`, `bytes`; and with `error`, when the answer
/// did not come whole: `refused`, `reset`, `closed`, `malformed` or `timeout`.
pub async fn exchange(address: &str, request: Request) -> Value {
    exchange_within(LIMIT, address, request).await
}

/// The same with a limit of its own, in real time.
pub async fn exchange_within(limit: Duration, address: &str, request: Request) -> Value {
    wall::timeout(limit, asked(address, request)).await.unwrap_or_else(|| json!({ "error": "timeout" }))
}

async fn asked(address: &str, request: Request) -> Value {
    let stream = match TcpStream::connect(address).await {
        Ok(stream) => stream,
        Err(_) => return json!({ "error": "refused" }),
    };
    // a failed option costs some speed, and nothing else
    let _ = stream.set_nodelay(true);
    let mut builder = http::Request::builder().method(request.method.as_str()).uri(request.target.as_str());
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    if !request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
        builder = builder.header(header::HOST, address);
    }
    let request = match builder.body(Full::new(Bytes::from(request.body))) {
        Ok(request) => request,
        Err(error) => return json!({ "error": format!("not sent: {error}") }),
    };
    let (mut sender, connection) = match http1::handshake(TokioIo::new(stream)).await {
        Ok(open) => open,
        Err(error) => return json!({ "error": end(&error) }),
    };
    let mut exchanging = std::pin::pin!(async {
        let (parts, body) = match sender.send_request(request).await {
            Ok(response) => response.into_parts(),
            Err(error) => return json!({ "error": end(&error) }),
        };
        match body.collect().await {
            Ok(body) => answer(parts.status.as_u16(), &parts.headers, &body.to_bytes()),
            Err(error) => {
                let mut told = answer(parts.status.as_u16(), &parts.headers, b"");
                told["error"] = end(&error).into();
                told
            }
        }
    });
    tokio::select! {
        biased;
        done = &mut exchanging => done,
        // the connection is over; what came is there, or is not
        _ = connection => exchanging.await,
    }
}

/// An answer as scripts see it.
pub fn answer(status: u16, headers: &HeaderMap, body: &[u8]) -> Value {
    let mut named = Map::new();
    for (name, value) in headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        match named.get_mut(name.as_str()) {
            Some(Value::String(all)) => *all = format!("{all}, {value}"),
            _ => drop(named.insert(name.to_string(), value.into_owned().into())),
        }
    }
    let parsed = serde_json::from_slice::<Value>(body);
    let body_value = parsed.unwrap_or_else(|_| String::from_utf8_lossy(body).into_owned().into());
    json!({ "status": status, "headers": named, "body": body_value, "bytes": body.len() })
}

/// In one word, how a connection ended that should not have.
fn end(error: &hyper::Error) -> &'static str {
    let mut cause: Option<&dyn Error> = Some(error);
    while let Some(one) = cause {
        match one.downcast_ref::<io::Error>().map(io::Error::kind) {
            Some(io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe) => return "reset",
            Some(io::ErrorKind::UnexpectedEof) => return "closed",
            Some(io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData) => return "malformed",
            _ => cause = one.source(),
        }
    }
    match error.is_parse() {
        true => "malformed",
        false => "closed",
    }
}
