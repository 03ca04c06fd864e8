//! `/__admin/findings`: the coach. Each finding is provoked, and is not raised for what is nearly the same.

mod credentials;
mod examples;
mod keys;
mod listing;
mod messaging;
mod not_emulated;
mod polling;
mod retries;
mod scopes;
mod stray_call;
mod tokens;

use serde_json::{Value, json};

use crate::support::{Answer, TestEmulator};

/// All that is found.
pub async fn all(emulator: &TestEmulator) -> Vec<Value> {
    let answer = emulator.client.admin("GET", "/findings", None).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["entities"].as_array().unwrap().clone()
}

/// The one of this name, if there is one.
pub async fn one(emulator: &TestEmulator, name: &str) -> Option<Value> {
    all(emulator).await.into_iter().find(|one| one["finding"] == name)
}

/// Severity and evidence of the one of this name.
pub async fn shown(emulator: &TestEmulator, name: &str) -> Option<(String, Vec<String>)> {
    let one = one(emulator, name).await?;
    assert!(!one["advice"].as_str().unwrap().is_empty() && !one["summary"].as_str().unwrap().is_empty());
    let evidence = one["evidence"].as_array().unwrap();
    let numbers = evidence.iter().map(|n| n.as_str().unwrap().to_owned()).collect();
    Some((one["severity"].as_str().unwrap().to_owned(), numbers))
}

/// What is found with this severity, shown by these entries.
pub fn as_told(severity: &str, evidence: &[&str]) -> Option<(String, Vec<String>)> {
    Some((severity.to_owned(), evidence.iter().map(|n| (*n).to_owned()).collect()))
}

/// Asks for a guest token.
pub async fn guest(emulator: &TestEmulator, token: &str, body: Value) -> Answer {
    emulator.client.post("/api/v2/webchat/guest", Some(token), &body).await
}

/// A fault that answers so to requests for guest tokens.
pub async fn guests_fail(emulator: &TestEmulator, respond: Value) {
    let when = json!({ "path": "/api/v2/webchat/guest" });
    emulator.fault(json!({ "id": "busy", "when": when, "effect": { "respond": respond } })).await;
}
