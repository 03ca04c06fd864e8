//! `lose_response`: done, and nobody is told.

use std::io::ErrorKind;

use serde_json::json;

use super::{
    armed,
    raw::{Line, exchange, post},
};
use crate::support::TestEmulator;

#[tokio::test]
async fn the_scenario_makes_the_guest_and_closes_the_connection() {
    let emulator = TestEmulator::scenario("lose_response").await;
    let token = emulator.guest_client_token().await;
    let request = post("/api/v2/webchat/guest", "application/json", &format!("Bearer {token}"), "{}");
    let end = exchange(&emulator.base(), &request).await;
    assert_eq!((end.text.as_str(), end.error), ("", None));
    let entry = emulator.journal("fault=lose_response").await.pop().unwrap();
    let path = format!("/api/v2/webchat/guest/{}", entry["guest"].as_str().unwrap());
    assert_eq!(emulator.client.get(&path, Some(&token)).await.status, 200, "the guest is there");
}

#[tokio::test]
async fn unless_told_otherwise_the_connection_is_reset() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    emulator.fault(json!({ "when": { "method": "DELETE" }, "effect": { "lose_response": {} } })).await;
    let request = format!(
        "DELETE /api/v2/tokens/me HTTP/1.1\r\nHost: emulator.test\r\nAuthorization: Bearer {token}\r\n\r\n"
    );
    assert_eq!(exchange(&emulator.base(), &request).await.error, Some(ErrorKind::ConnectionReset));
    assert_eq!(emulator.client.get("/api/v2/tokens/me", Some(&token)).await.status, 401);
}

#[tokio::test]
async fn the_client_can_be_left_waiting_for_ever() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    let lost = json!({ "lose_response": { "how": "half_open" } });
    emulator.fault(json!({ "when": { "method": "DELETE" }, "effect": lost })).await;
    let request = format!(
        "DELETE /api/v2/tokens/me HTTP/1.1\r\nHost: emulator.test\r\nAuthorization: Bearer {token}\r\n\r\n"
    );
    let line = Line::send(&emulator.base(), &request).await;
    armed(&emulator, 1).await;
    assert_eq!(emulator.client.get("/api/v2/tokens/me", Some(&token)).await.status, 401, "it is revoked");
    assert!(line.is_silent());
}
