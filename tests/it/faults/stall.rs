//! `stall`: the answer stops, at once or in the middle.

use serde_json::json;

use super::{armed, raw::Line};
use crate::support::TestEmulator;

#[tokio::test]
async fn the_scenario_sends_the_head_and_twenty_seconds_later_the_body() {
    let emulator = TestEmulator::scenario("stall").await;
    let mut line = Line::get(&emulator.base(), "/.well-known/jwks.json").await;
    let head = line.head().await;
    let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap();
    armed(&emulator, 1).await;
    emulator.advance("19s").await;
    assert!(line.is_silent());
    emulator.advance("1s").await;
    assert!(line.take(length.parse().unwrap()).await.starts_with(r#"{"keys":[{"#));
}

#[tokio::test]
async fn before_the_head_the_work_is_done_and_the_client_waits() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    emulator.fault(json!({ "when": { "method": "DELETE" }, "effect": { "stall": { "for": "1h" } } })).await;
    let request = format!(
        "DELETE /api/v2/tokens/me HTTP/1.1\r\nHost: emulator.test\r\nAuthorization: Bearer {token}\r\n\r\n"
    );
    let mut line = Line::send(&emulator.base(), &request).await;
    armed(&emulator, 1).await;
    assert!(line.is_silent());
    assert_eq!(emulator.client.get("/api/v2/tokens/me", Some(&token)).await.status, 401, "it is revoked");
    emulator.advance("1h").await;
    assert!(line.head().await.starts_with("HTTP/1.1 200 OK\r\n"));
}

#[tokio::test]
async fn for_ever_ends_with_the_org() {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!({ "effect": { "stall": { "at": { "byte": 3 } } } })).await;
    let mut line = Line::get(&emulator.base(), "/.well-known/jwks.json").await;
    line.head().await;
    assert_eq!(line.take(3).await, "{\"k");
    emulator.advance("24h").await;
    assert!(line.is_silent());
    emulator.client.admin("POST", "/reset", None).await;
    assert_eq!(line.rest().await, b"");
}
