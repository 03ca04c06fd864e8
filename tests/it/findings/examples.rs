//! The proxies of `examples/token-proxy`: the correct one has no findings, the naive one is told its mistakes. They want
//! Node.js.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use genesys_emulator::{Emulator, Verification};
use serde_json::{Value, json};

use crate::support::client::Client;

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/token-proxy");

/// A proxy while a test lasts.
struct Proxy {
    process: Child,
    client: Client,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Proxy {
    fn start(name: &str, emulator: &Emulator) -> Self {
        let mut process = Command::new("node")
            .arg(format!("{EXAMPLE}/{name}.mjs"))
            .env("GENESYS_URL", emulator.url())
            .env("CLIENT_ID", "emulator-guest-client")
            .env("CLIENT_SECRET", "emulator-guest-secret")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the tests with examples want Node.js");
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { process, client: Client::new(line.trim().to_owned()) }
    }

    async fn ask(&self, path: &str, body: Value) -> Value {
        let answer = self.client.try_send("POST", path, &[], body.to_string()).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()
    }
}

/// What is found when a proxy has served some guests, the last of them at a time, and verified a token four times.
async fn found(name: &str) -> (Emulator, Vec<String>) {
    let scenario = format!("{EXAMPLE}/scenario.yaml");
    let emulator = Emulator::builder().scenario(scenario).start().await.unwrap();
    let proxy = Proxy::start(name, &emulator);
    let guest = || proxy.ask("/guest-token", json!({ "name": "Ann" }));
    for _ in 0..5 {
        guest().await;
    }
    tokio::join!(guest(), guest(), guest(), guest(), guest(), guest());
    let jwt = guest().await["access_token"].clone();
    for _ in 0..4 {
        assert_eq!(proxy.ask("/verify", json!({ "jwt": jwt })).await["good"], true);
    }
    let admin = Client::new(emulator.url());
    let findings = admin.admin("GET", "/findings", None).await.json();
    let names = findings["entities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["finding"].as_str().unwrap().to_owned());
    let names = names.collect();
    (emulator, names)
}

#[tokio::test]
async fn a_correct_proxy_has_no_findings_and_fetches_one_token_for_all() {
    let (emulator, found) = found("correct").await;
    assert!(found.is_empty(), "{found:?}");
    let once = "[ { match: { path: /oauth/token }, times: 1 }, { match: { about: key_set }, times: 1 } ]";
    let report = emulator.verify(&Verification::read(once).unwrap()).await.unwrap();
    assert!(report.held(), "{report}");
}

#[tokio::test]
async fn a_proxy_as_guides_show_it_is_told_what_will_hurt() {
    let (_emulator, mut found) = found("naive").await;
    // whether its fetches overlap is up to the machine
    found.retain(|name| name != "token_stampede");
    found.sort();
    assert_eq!(found, ["keys_fetched_per_request", "retry_before_retry_after", "token_per_request"]);
}
