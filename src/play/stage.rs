//! Where a script is played: an emulator, by its URLs. What plays is a client like any other; what moves time is the
//! admin API.

use std::{pin::pin, time::Duration};

use serde_json::{Map, Value, json};

use super::http::{self, Request};
use crate::{
    base::{
        clock::wall,
        time::{Span, Timestamp},
    },
    scenario::{load::Scenario, template::Names},
};

/// How long an answer may take in real time before somebody looks whether it waits for the org's time.
const GLANCE: Duration = Duration::from_millis(4);
/// Real time after which an answer that does not wait for the org's time is not coming.
const NEVER: u32 = 250;

/// An emulator to play on.
pub struct Stage {
    /// `host:port`.
    pub address: String,
    admin_token: Option<String>,
    /// The default org as the admin API shows it.
    org: Value,
    /// What the world says of secrets.
    secrets: Map<String, Value>,
    seed: Option<u64>,
}

/// The org's time.
pub struct Now {
    /// Now.
    pub now: Timestamp,
    /// When the next timer is due.
    pub next_due: Option<Timestamp>,
    /// When the next one is due that something waits for.
    pub awaited: Option<Timestamp>,
}

impl Stage {
    /// The default org of an emulator that listens at `host:port`, in this scenario.
    pub fn new(address: &str, admin_token: Option<String>, org: Value, scenario: &Scenario) -> Self {
        let clients = scenario.orgs.first().and_then(|org| org.clients.clone()).unwrap_or_default();
        let secret = |(local, client): (String, crate::scenario::file::Client)| {
            Some((local, Value::String(client.secret?)))
        };
        let secrets = clients.into_iter().filter_map(secret).collect();
        Self { address: address.to_owned(), admin_token, org, secrets, seed: scenario.seed }
    }

    /// A call of the admin API.
    pub async fn admin(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let mut request = Request::new(method, &format!("/__admin{path}"));
        if let Some(body) = body {
            request = request.with_json(body);
        }
        http::exchange(&self.address, self.with_token(request)).await
    }

    /// The same with a text, such as a scenario.
    pub async fn admin_text(&self, method: &str, path: &str, text: String) -> Value {
        let mut request = Request::new(method, &format!("/__admin{path}"));
        request.body = text.into_bytes();
        http::exchange(&self.address, self.with_token(request)).await
    }

    /// With what the admin API wants.
    pub fn with_token(&self, request: Request) -> Request {
        match &self.admin_token {
            Some(token) => request.with("authorization", format!("Bearer {token}")),
            None => request,
        }
    }

    /// The org's time. `Err` is what was answered instead.
    pub async fn now(&self) -> Result<Now, String> {
        let answer = self.admin("GET", "/clock", None).await;
        let time = |name: &str| answer["body"][name].as_str().and_then(|text| text.parse().ok());
        let now = time("now").ok_or_else(|| format!("the emulator's clock cannot be read: {answer}"))?;
        Ok(Now { now, next_due: time("nextDue"), awaited: time("awaited") })
    }

    /// Moves the org's time there.
    pub async fn move_to(&self, to: Timestamp) {
        self.admin("PUT", "/clock", Some(&json!({ "set": to }))).await;
    }

    /// Asks, and lets time pass while the answer waits for it; at most `timeout` of it.
    pub async fn ask(&self, request: Request, timeout: Option<Span>) -> Value {
        let limit = match timeout {
            Some(timeout) => self.now().await.ok().map(|now| now.now.plus(timeout)),
            None => None,
        };
        let mut asking = pin!(http::exchange(&self.address, request));
        let mut glances = 0;
        loop {
            if let Some(answer) = wall::timeout(GLANCE, &mut asking).await {
                return answer;
            }
            let awaited = self.now().await.ok().and_then(|now| now.awaited);
            glances += 1;
            match (awaited, limit) {
                (Some(at), None) => self.move_to(at).await,
                (Some(at), Some(limit)) if at <= limit => self.move_to(at).await,
                (Some(_), Some(limit)) => {
                    self.move_to(limit).await;
                    break;
                }
                (None, Some(limit)) if glances > NEVER => {
                    self.move_to(limit).await;
                    break;
                }
                (None, _) => {}
            }
        }
        json!({ "error": "timeout" })
    }

    /// What every script knows.
    pub fn names(&self) -> Names {
        let mut groups: Map<String, Value> = Map::new();
        for (name, id) in self.org["ids"].as_object().into_iter().flatten() {
            let Some((kind, local)) = name.split_once('.') else { continue };
            let group = groups.entry(kind).or_insert_with(|| json!({}));
            group[local] = match kind {
                "clients" => json!({ "id": id, "secret": self.secrets.get(local) }),
                _ => id.clone(),
            };
        }
        let mut group = |name: &str| groups.remove(name).unwrap_or_else(|| json!({}));
        Names::from([
            ("url".to_owned(), json!(format!("http://{}", self.address))),
            ("org".to_owned(), json!({ "id": self.org["id"] })),
            ("clients".to_owned(), group("clients")),
            ("deployments".to_owned(), group("deployments")),
            ("users".to_owned(), group("users")),
            ("idp".to_owned(), json!({ "main": format!("http://{}/idp/main", self.address) })),
            ("seed".to_owned(), json!(self.seed)),
            ("n".to_owned(), json!(1)),
        ])
    }
}
