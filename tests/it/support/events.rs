//! Reads server-sent events.

use std::time::Duration;

use serde_json::Value;

/// Nothing takes this long unless it never comes.
const PATIENCE: Duration = Duration::from_secs(60);

/// One event.
#[derive(Debug, Clone)]
pub struct Event {
    pub kind: String,
    pub id: String,
    pub data: Value,
}

/// A stream of them.
pub struct Events {
    response: reqwest::Response,
    read: String,
}

impl Events {
    /// Opens a stream, perhaps one that had got up to an event already.
    pub async fn open(url: &str, last: Option<&str>) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut request = http.get(url);
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200, "{url}");
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, read: String::new() }
    }

    /// The next event; `None` when the stream has ended. Comments are passed over.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((block, rest)) = self.read.split_once("\n\n") {
                let event = event(block);
                self.read = rest.to_owned();
                match event {
                    Some(event) => return Some(event),
                    None => continue,
                }
            }
            let more = tokio::time::timeout(PATIENCE, self.response.chunk()).await.expect("an event in time");
            self.read.push_str(std::str::from_utf8(&more.unwrap()?).unwrap());
        }
    }

    /// The data of the next event, whose type is known.
    pub async fn expect(&mut self, kind: &str) -> Value {
        let event = self.next().await.unwrap_or_else(|| panic!("the end instead of {kind}"));
        assert_eq!(event.kind, kind, "{event:?}");
        event.data
    }

    /// The types of all that come up to the end.
    pub async fn kinds(mut self) -> Vec<String> {
        let mut kinds = Vec::new();
        while let Some(event) = self.next().await {
            kinds.push(event.kind);
        }
        kinds
    }
}

fn event(block: &str) -> Option<Event> {
    let field = |name: &str| {
        let value = block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        value.map(str::to_owned)
    };
    let (kind, id, data) = (field("event")?, field("id").unwrap(), field("data").unwrap());
    Some(Event { kind, id, data: serde_json::from_str(&data).unwrap() })
}
