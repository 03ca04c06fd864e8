//! `ctl events`.

use std::io::{self, Write};

use clap::Args;
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;

use super::{
    members::pair,
    session::{Session, filtered},
    show::brief,
};
use crate::{
    cli::{
        Output,
        admin::{Failure, understood},
    },
    play::http::{Request, answer},
};

/// Which events.
#[derive(Debug, Args)]
pub struct Events {
    /// Filters: type=message.inbound (repeatable) conversation=… after=…
    #[arg(value_name = "NAME=VALUE", value_parser = pair)]
    filters: Vec<(String, String)>,
    /// Only what there is already
    #[arg(long)]
    no_follow: bool,
}

/// An event of a stream.
#[derive(Default)]
struct Event {
    name: String,
    id: String,
    data: Value,
}

impl Event {
    fn line(&self, output: Output, told: Told) -> String {
        match output {
            Output::Json => json!({ "event": self.name, "id": self.id, "data": self.data }).to_string(),
            Output::Text => told(&self.name, &self.data).trim_end().to_owned(),
        }
    }
}

/// How an event is told: its name, and its data.
pub type Told = fn(&str, &Value) -> String;

fn told(name: &str, data: &Value) -> String {
    let mut rest = data.clone();
    let time = rest.as_object_mut().and_then(|rest| rest.remove("time")).unwrap_or_default();
    format!("{:24}  {name:24}  {}", brief(&time), brief(&rest))
}

/// Reads a stream that comes in pieces.
#[derive(Default)]
struct Reader {
    rest: Vec<u8>,
    event: Event,
}

impl Reader {
    /// The events that are whole now.
    fn take(&mut self, bytes: &[u8]) -> Vec<Event> {
        let mut whole = Vec::new();
        self.rest.extend_from_slice(bytes);
        while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.rest.drain(..=end).collect();
            let line = String::from_utf8_lossy(&line);
            match line.trim_end().split_once(": ") {
                Some(("event", name)) => name.clone_into(&mut self.event.name),
                Some(("id", id)) => id.clone_into(&mut self.event.id),
                Some(("data", data)) => self.event.data = serde_json::from_str(data).unwrap_or_default(),
                _ if line.trim_end().is_empty() && !self.event.name.is_empty() => {
                    whole.push(std::mem::take(&mut self.event));
                }
                _ => {}
            }
        }
        whole
    }
}

impl Events {
    /// Prints one line an event, until the emulator stops or nobody reads any more.
    pub async fn run(&self, session: &Session<'_>) -> Result<(), Failure> {
        follow(session, "/events", &self.filters, self.no_follow, told).await
    }
}

/// Prints one line an event of a stream, until the emulator stops or nobody reads any more.
pub async fn follow(
    session: &Session<'_>,
    stream: &str,
    filters: &[(String, String)],
    no_follow: bool,
    told: Told,
) -> Result<(), Failure> {
    let (address, _) = session.target.place()?;
    let mut filters = filters.to_vec();
    if no_follow {
        filters.push(("follow".to_owned(), "false".to_owned()));
    }
    let asked = Request::new("GET", &filtered(&session.of_org(stream)?, &filters));
    let asked = session.target.signed(asked);
    let refused = || understood(&address, json!({ "error": "refused" })).map(|_| ());
    let Ok(stream) = TcpStream::connect(&address).await else { return refused() };
    let broken = |error: hyper::Error| Failure::run_time(format!("the stream broke off: {error}"));
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    tokio::spawn(connection);
    let mut request = http::Request::get(asked.target.as_str()).header("host", &address);
    for (name, value) in &asked.headers {
        request = request.header(name, value);
    }
    let request = request
        .body(Empty::<bytes::Bytes>::new())
        .map_err(|error| Failure::configuration(format!("that cannot be asked: {error}")))?;
    let (parts, mut body) = sender.send_request(request).await.map_err(broken)?.into_parts();
    if parts.status != 200 {
        let bytes = body.collect().await.map_err(broken)?.to_bytes();
        return understood(&address, answer(parts.status.as_u16(), &parts.headers, &bytes)).map(|_| ());
    }
    let mut reader = Reader::default();
    while let Some(frame) = body.frame().await {
        let Ok(bytes) = frame.map_err(broken)?.into_data() else { continue };
        let mut out = io::stdout().lock();
        for event in reader.take(&bytes) {
            if writeln!(out, "{}", event.line(session.output, told)).is_err() {
                return Ok(());
            }
        }
        if out.flush().is_err() {
            return Ok(());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_read_however_the_stream_is_cut() {
        let stream = "event: a.b\nid: 0-1\ndata: {\"time\":\"t\",\"n\":1}\n\n: still here\n\nevent: c\nid: 0-2\ndata: {}\n\n";
        let mut reader = Reader::default();
        let lines: Vec<_> = stream
            .as_bytes()
            .chunks(7)
            .flat_map(|piece| reader.take(piece))
            .map(|event| event.line(Output::Json, told))
            .collect();
        assert_eq!(
            lines,
            [
                r#"{"data":{"n":1,"time":"t"},"event":"a.b","id":"0-1"}"#,
                r#"{"data":{},"event":"c","id":"0-2"}"#
            ]
        );
    }
}
