//! `nonce`: what a client finds in an ID token that it sent a nonce for.

use serde_json::{Value, json};

use crate::{
    idp::{claims, code, redeem, text},
    support::TestEmulator,
};

/// The nonce of an ID token for this one.
async fn told(emulator: &TestEmulator, sent: &str) -> Value {
    let code = code(emulator, &[("scope", "openid offline_access"), ("nonce", sent)]).await;
    claims(text(&redeem(emulator, &code, &[]).await.json(), "id_token"))["nonce"].clone()
}

async fn set(emulator: &TestEmulator, mode: &str) {
    let fault = json!([{ "id": "f", "effect": { "nonce": { "mode": mode } } }]);
    assert_eq!(emulator.client.admin("PUT", "/faults", Some(&fault)).await.status, 200);
}

#[tokio::test]
async fn the_scenario_answers_another_nonce_once_and_the_same_one_in_every_run() {
    let mut others = Vec::new();
    for _ in 0..2 {
        let emulator = TestEmulator::scenario("nonce").await;
        others.push(told(&emulator, "n-1").await);
        assert_eq!(told(&emulator, "n-2").await, "n-2");
        let notes = emulator.journal("fault=nonce").await[0]["notes"].clone();
        assert_eq!(notes, json!(["a token is wrong on purpose: nonce.mismatch"]));
    }
    assert!(others[0].is_string() && others[0] != "n-1" && others[0] == others[1], "{others:?}");
}

#[tokio::test]
async fn missing_leaves_it_out() {
    let emulator = TestEmulator::start().await;
    set(&emulator, "missing").await;
    assert_eq!(told(&emulator, "n-1").await, Value::Null);
}

#[tokio::test]
async fn replayed_is_the_clients_nonce_before_and_none_when_there_is_no_token_before() {
    let emulator = TestEmulator::start().await;
    set(&emulator, "replayed").await;
    assert_eq!(told(&emulator, "n-1").await, Value::Null);
    assert_eq!(told(&emulator, "n-2").await, "n-1");
    assert_eq!(told(&emulator, "n-3").await, "n-2");
}

#[tokio::test]
async fn only_id_tokens_are_counted() {
    let emulator = TestEmulator::start().await;
    let effect = json!({ "nonce": { "mode": "missing" } });
    emulator.fault(json!({ "id": "f", "schedule": { "nth": 2 }, "effect": effect })).await;
    assert_eq!(told(&emulator, "n-1").await, "n-1");
    emulator.guest_jwt().await;
    assert_eq!(told(&emulator, "n-2").await, Value::Null);
    assert_eq!(emulator.client.admin("GET", "/faults/f", None).await.json()["matched"], 2);
}
