//! An emulator on a free port, with a frozen clock, a known seed and a known public URL: its bytes never change.

use genesys_emulator::{Builder, Emulator};
use serde_json::{Value, json};

use super::{Answer, Events, Socket, client::Client, scenario};

/// What absolute URLs and `iss` say in tests.
pub const PUBLIC_URL: &str = "http://emulator.test";
/// Where clocks stand when a test begins.
pub const START: &str = "2026-01-02T03:04:05Z";

pub struct TestEmulator {
    pub emulator: Emulator,
    pub client: Client,
    /// Scenario files live as long as the emulator.
    _files: Vec<tempfile::NamedTempFile>,
}

impl TestEmulator {
    /// The default world.
    pub async fn start() -> Self {
        Self::with(|builder| builder).await
    }

    /// The default world without rate limits: for tests that send much while the clock stands.
    pub async fn unlimited() -> Self {
        Self::with(|builder| builder.limits(false)).await
    }

    /// The default world, with something else.
    pub async fn with(change: impl FnOnce(Builder) -> Builder) -> Self {
        let builder = Emulator::builder().frozen_at(START).unwrap().public_url(PUBLIC_URL).seed(1);
        let emulator = change(builder).start().await.unwrap();
        let client = Client::new(format!("http://{}", emulator.address()));
        Self { emulator, client, _files: Vec::new() }
    }

    /// The default world, whose URLs are those of the request.
    pub async fn of_its_own_url() -> Self {
        let emulator = Emulator::builder().frozen_at(START).unwrap().seed(2).start().await.unwrap();
        let client = Client::new(format!("http://{}", emulator.address()));
        Self { emulator, client, _files: Vec::new() }
    }

    /// A built-in scenario by name.
    pub async fn scenario(name: &str) -> Self {
        Self::with(|builder| builder.scenario(name)).await
    }

    /// A scenario written in the test; it lies over the default world unless it says `include: []`.
    pub async fn yaml(text: &str) -> Self {
        let file = scenario::file(text);
        let path = scenario::path(&file).to_owned();
        let mut started = Self::with(|builder| builder.scenario(path)).await;
        started._files.push(file);
        started
    }

    /// Where it really listens.
    pub fn base(&self) -> String {
        format!("http://{}", self.emulator.address())
    }

    /// An access token of this client.
    pub async fn token(&self, id: &str, secret: &str) -> String {
        let body = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
        let answer = self.client.post_form("/oauth/token", &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    /// An access token of the least-privilege guest client.
    pub async fn guest_client_token(&self) -> String {
        self.token("emulator-guest-client", "emulator-guest-secret").await
    }

    /// A guest JWT for a guest called Ann.
    pub async fn guest_jwt(&self) -> String {
        let token = self.guest_client_token().await;
        let body = json!({ "name": "Ann", "email": null, "customAttributes": { "plan": "gold" } });
        let answer = self.client.post("/api/v2/webchat/guest", Some(&token), &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    /// Moves the default org's clock and waits until everything due has been done.
    pub async fn advance(&self, by: &str) -> Value {
        let answer = self.client.admin("PUT", "/clock", Some(&json!({ "advance": by }))).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()
    }

    /// The only conversation of the default org, with its messages.
    pub async fn conversation(&self) -> Value {
        let all = self.client.admin("GET", "/conversations", None).await.json();
        let [one] = &all["entities"].as_array().unwrap()[..] else { panic!("not one conversation: {all}") };
        let path = format!("/conversations/{}", one["id"].as_str().unwrap());
        self.client.admin("GET", &path, None).await.json()
    }

    /// Does something by hand in the only conversation of the default org: `messages`, `typing` or `disconnect`.
    pub async fn by_hand(&self, what: &str, body: Value) -> Answer {
        let id = self.conversation().await["id"].as_str().unwrap().to_owned();
        self.client.admin("POST", &format!("/conversations/{id}/{what}"), Some(&body)).await
    }

    /// Sets faults on the default org.
    pub async fn fault(&self, fault: Value) -> Answer {
        let answer = self.client.admin("POST", "/faults", Some(&fault)).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer
    }

    /// All journal entries of the default org that fit the query.
    pub async fn journal(&self, query: &str) -> Vec<Value> {
        let answer = self.client.admin("GET", &format!("/journal?limit=1000&{query}"), None).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()["entities"].as_array().unwrap().clone()
    }

    /// The rule by which the last request was refused.
    pub async fn last_refusal(&self) -> Value {
        self.journal("").await.iter().rev().find_map(|entry| entry.get("refusal").cloned()).unwrap()
    }

    /// The events of the default org that fit the query, from the first one on.
    pub async fn events(&self, query: &str) -> Events {
        Events::open(&format!("{}/__admin/events?{query}", self.base()), None).await
    }

    /// A messaging socket on a deployment, without more.
    pub async fn socket(&self, deployment: &str) -> Socket {
        self.upgrade(&format!("/v1?deploymentId={deployment}")).await.unwrap()
    }

    /// A messaging socket on this path and query; or the refused answer's status and body.
    pub async fn upgrade(&self, target: &str) -> Result<Socket, (u16, String)> {
        Socket::open(&self.base(), target, &[]).await
    }
}
