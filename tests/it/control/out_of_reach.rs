//! The admin API is never journalled, faulted, delayed or limited.

use serde_json::{Value, json};

use crate::support::TestEmulator;

const PATHS: [&str; 9] =
    ["/health", "/ready", "/version", "/orgs", "/faults", "/scenarios", "/clock", "/keys", "/journal"];

async fn untouched(effect: Value) {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!({ "id": "all", "effect": effect })).await;
    for path in PATHS {
        let answer = emulator.client.admin("GET", path, None).await;
        assert_eq!((answer.status, answer.header("x-emulator-fault")), (200, ""), "{path}");
    }
    let fault = emulator.client.admin("GET", "/faults/all", None).await.json();
    assert_eq!((&fault["matched"], &fault["fired"]), (&json!(0), &json!(0)));
    assert!(emulator.journal("").await.is_empty());
}

#[tokio::test]
async fn a_fault_on_everything_does_not_touch_it() {
    untouched(json!({ "respond": { "status": 503 } })).await;
    untouched(json!({ "reset": {} })).await;
    untouched(json!({ "delay": { "for": "1h" } })).await;
    untouched(json!({ "rate_limit": { "limit": 0, "per": "org" } })).await;
}

#[tokio::test]
async fn a_thousand_calls_are_not_limited() {
    let emulator = TestEmulator::start().await;
    for _ in 0..1_000 {
        assert_eq!(emulator.client.admin("GET", "/clock", None).await.status, 200);
    }
}

#[tokio::test]
async fn below_the_prefix_of_an_org_there_is_no_admin_api() {
    let emulator = TestEmulator::start().await;
    let path = format!("/@{}/__admin/health", crate::support::ORG);
    assert_eq!(emulator.client.get(&path, None).await.status, 404);
}

#[tokio::test]
async fn a_waiting_request_does_not_hold_it_up() {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!({ "effect": { "delay": { "for": "1h" } } })).await;
    let client = emulator.client.clone();
    let waiting = tokio::spawn(async move { client.get("/.well-known/jwks.json", None).await });
    crate::faults::armed(&emulator, 1).await;
    emulator.client.admin("DELETE", "/faults", None).await;
    assert_eq!(emulator.client.get("/.well-known/jwks.json", None).await.status, 200);
    emulator.advance("1h").await;
    assert_eq!(waiting.await.unwrap().status, 200);
}
