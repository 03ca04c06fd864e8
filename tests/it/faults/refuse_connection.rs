//! `refuse_connection`: nobody is there.

use std::io::ErrorKind;

use serde_json::json;

use super::raw::exchange;
use crate::support::{TestEmulator, client::Client};

const REQUEST: &str =
    "GET /.well-known/jwks.json HTTP/1.1\r\nHost: emulator.test\r\nConnection: close\r\n\r\n";

#[tokio::test]
async fn the_scenario_resets_three_connections_and_serves_the_fourth() {
    let emulator = TestEmulator::scenario("refuse_connection").await;
    for _ in 0..3 {
        let end = exchange(&emulator.base(), REQUEST).await;
        assert_eq!((end.text.as_str(), end.error), ("", Some(ErrorKind::ConnectionReset)));
    }
    let end = exchange(&emulator.base(), REQUEST).await;
    assert!(end.text.starts_with("HTTP/1.1 200 OK\r\n"), "{}", end.text);
    let shown = emulator.client.admin("GET", "/faults/refuse_connection", None).await;
    insta::assert_snapshot!(shown.text, @r#"{"id":"refuse_connection","of":"emulator","when":{},"schedule":{"first":3},"effect":{"refuse_connection":{"how":"reset"}},"matched":4,"fired":3}"#);
    assert_eq!(emulator.journal("").await.len(), 1, "what was refused is of no org, and in no journal");
}

#[tokio::test]
async fn a_connection_can_be_closed_in_order_instead() {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!({ "effect": { "refuse_connection": { "how": "close" } } })).await;
    let end = exchange(&emulator.base(), REQUEST).await;
    assert_eq!((end.text.as_str(), end.error), ("", None));
}

#[tokio::test]
async fn the_admin_api_gets_through_and_is_not_counted() {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!({ "id": "closed", "effect": { "refuse_connection": {} } })).await;
    for target in ["/__admin/health", "http://emulator.test/__admin/health"] {
        let request = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let end = exchange(&emulator.base(), &request).await;
        assert!(end.text.starts_with("HTTP/1.1 200 OK\r\n"), "{target}: {}", end.text);
    }
    let shown = emulator.client.admin("GET", "/faults/closed", None).await.json();
    assert_eq!((&shown["matched"], &shown["fired"]), (&json!(0), &json!(0)));
    assert_eq!(emulator.client.admin("DELETE", "/faults/closed", None).await.status, 204);
    let end = exchange(&emulator.base(), REQUEST).await;
    assert!(end.text.starts_with("HTTP/1.1 200 OK\r\n"), "{}", end.text);
}

#[tokio::test]
async fn a_connection_that_is_open_already_stays() {
    let emulator = TestEmulator::start().await;
    let other = Client::new(emulator.base());
    other.get("/api/v2/x", None).await;
    emulator.fault(json!({ "effect": { "refuse_connection": {} } })).await;
    assert_eq!(other.get("/api/v2/x", None).await.status, 501, "the client has kept its connection");
    assert_eq!(exchange(&emulator.base(), REQUEST).await.error, Some(ErrorKind::ConnectionReset));
}
