//! `reset`: seen over a bare connection, byte for byte.

use std::io::ErrorKind;

use serde_json::{Value, json};

use super::{
    guest,
    raw::{Ended, exchange, post},
};
use crate::support::TestEmulator;

const REQUEST: &str = "GET /.well-known/jwks.json HTTP/1.1\r\nHost: emulator.test\r\n\r\n";

/// How a request for the key set ends under a reset with these options.
async fn ended(options: Value) -> (Ended, String) {
    let emulator = TestEmulator::start().await;
    let whole = emulator.client.get("/.well-known/jwks.json", None).await.text;
    emulator.fault(json!({ "id": "cut", "effect": { "reset": options } })).await;
    (exchange(&emulator.base(), REQUEST).await, whole)
}

#[tokio::test]
async fn the_scenario_makes_the_guest_and_resets_the_connection() {
    let emulator = TestEmulator::scenario("reset").await;
    let token = emulator.guest_client_token().await;
    let authorization = format!("Bearer {token}");
    let request = post("/api/v2/webchat/guest", "application/json", &authorization, "{}");
    let end = exchange(&emulator.base(), &request).await;
    assert_eq!((end.text.as_str(), end.error), ("", Some(ErrorKind::ConnectionReset)));
    let entry = emulator.journal("fault=reset").await.pop().unwrap();
    assert_eq!(entry.get("status"), None);
    assert_eq!(entry["notes"], json!(["the connection was reset before the answer"]));
    let path = format!("/api/v2/webchat/guest/{}", entry["guest"].as_str().unwrap());
    assert_eq!(emulator.client.get(&path, Some(&token)).await.status, 200, "the work is done");
    assert_eq!(guest(&emulator, &token).await.status, 200, "only the first is reset");
}

#[tokio::test]
async fn before_the_head_nothing_is_sent_and_nothing_is_done() {
    let (end, _) = ended(json!({})).await;
    assert_eq!((end.text.as_str(), end.error), ("", Some(ErrorKind::ConnectionReset)));
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    let when = json!({ "path": "/api/v2/tokens/me" });
    emulator
        .fault(json!({ "when": when, "schedule": { "first": 1 }, "effect": { "reset": { "at": "before_head" } } }))
        .await;
    let request = format!(
        "DELETE /api/v2/tokens/me HTTP/1.1\r\nHost: emulator.test\r\nAuthorization: Bearer {token}\r\n\r\n"
    );
    let end = exchange(&emulator.base(), &request).await;
    assert_eq!(end.error, Some(ErrorKind::ConnectionReset));
    assert_eq!(emulator.client.get("/api/v2/tokens/me", Some(&token)).await.status, 200);
}

#[tokio::test]
async fn after_the_head_the_body_is_missing() {
    let (end, whole) = ended(json!({ "at": "after_head" })).await;
    assert!(end.head().starts_with("HTTP/1.1 200 OK\r\n"), "{}", end.text);
    let length = format!("content-length: {}\r\n", whole.len());
    assert!(end.head().to_lowercase().contains(&length), "{}", end.text);
    assert!(end.head().to_lowercase().contains("x-emulator-fault: cut\r\n"));
    assert_eq!((end.body(), end.error), ("", Some(ErrorKind::ConnectionReset)));
}

#[tokio::test]
async fn at_a_byte_the_body_is_cut_there() {
    for n in [1, 10, 200] {
        let (end, whole) = ended(json!({ "at": { "byte": n } })).await;
        assert_eq!((end.body(), end.error), (&whole[..n], Some(ErrorKind::ConnectionReset)));
    }
}

#[tokio::test]
async fn a_cut_behind_the_last_byte_sends_all_and_still_resets() {
    let (end, whole) = ended(json!({ "at": { "byte": 100_000 } })).await;
    assert_eq!((end.body(), end.error), (whole.as_str(), Some(ErrorKind::ConnectionReset)));
}

#[tokio::test]
async fn an_answer_without_a_body_is_reset_after_its_head_too() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    emulator.fault(json!({ "effect": { "reset": { "at": "after_head" } } })).await;
    for method in ["HEAD", "DELETE"] {
        let request = format!(
            "{method} /api/v2/tokens/me HTTP/1.1\r\nHost: emulator.test\r\nAuthorization: Bearer {token}\r\n\r\n"
        );
        let end = exchange(&emulator.base(), &request).await;
        assert!(end.text.starts_with("HTTP/1.1 200 OK\r\n"), "{method} {}", end.text);
        assert_eq!((end.body(), end.error), ("", Some(ErrorKind::ConnectionReset)), "{method}");
    }
}

#[tokio::test]
async fn an_answer_to_the_token_endpoint_is_cut_at_commit() {
    let emulator = TestEmulator::start().await;
    let when = json!({ "path": "/oauth/token" });
    emulator
        .fault(json!({ "when": when, "phase": "commit", "effect": { "reset": { "at": { "byte": 16 } } } }))
        .await;
    let body = "grant_type=client_credentials&client_id=emulator-client&client_secret=emulator-secret";
    let request = post("/oauth/token", "application/x-www-form-urlencoded", "none", body);
    let end = exchange(&emulator.base(), &request).await;
    assert_eq!((end.body(), end.error), ("{\"access_token\":", Some(ErrorKind::ConnectionReset)));
}

#[tokio::test]
async fn a_real_client_sees_a_failed_request() {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!({ "effect": { "reset": {} } })).await;
    let answer = emulator.client.try_send("GET", "/api/v2/x", &[], "").await;
    assert!(answer.unwrap_err().is_request());
    assert_eq!(
        emulator.client.admin("GET", "/health", None).await.status,
        200,
        "the admin API is out of reach"
    );
}
