//! `close_connection`: an orderly end that comes too early.

use serde_json::json;

use super::raw::{exchange, post};
use crate::support::TestEmulator;

const REQUEST: &str = "GET /.well-known/jwks.json HTTP/1.1\r\nHost: emulator.test\r\n\r\n";

#[tokio::test]
async fn the_scenario_sends_forty_bytes_of_the_keys() {
    let emulator = TestEmulator::scenario("close_connection").await;
    let end = exchange(&emulator.base(), REQUEST).await;
    assert_eq!((end.body().len(), end.error), (40, None));
}

#[tokio::test]
async fn before_the_head_nothing_comes_and_nothing_is_done() {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!({ "effect": { "close_connection": {} } })).await;
    let body = "grant_type=client_credentials&client_id=emulator-client&client_secret=emulator-secret";
    let end =
        exchange(&emulator.base(), &post("/oauth/token", "application/x-www-form-urlencoded", "none", body))
            .await;
    assert_eq!((end.text.as_str(), end.error), ("", None));
    let entry = emulator.journal("").await.pop().unwrap();
    assert_eq!(entry["notes"], json!(["the connection was closed before the answer"]));
}
