//! Keys that clients fetch.

use serde_json::json;

use super::{as_told, shown};
use crate::support::TestEmulator;

const KEYS: &str = "/.well-known/jwks.json";

#[tokio::test]
async fn keys_for_each_request_are_told_and_those_now_and_then_are_not() {
    let often = TestEmulator::start().await;
    for _ in 0..3 {
        often.client.get(KEYS, None).await;
    }
    assert_eq!(shown(&often, "keys_fetched_per_request").await, None);
    often.client.get(KEYS, None).await;
    assert_eq!(shown(&often, "keys_fetched_per_request").await, as_told("warning", &["2", "3", "4"]));
    let rarely = TestEmulator::start().await;
    for _ in 0..6 {
        rarely.client.get(KEYS, None).await;
        rarely.advance("5m").await;
    }
    assert_eq!(shown(&rarely, "keys_fetched_per_request").await, None);
}

#[tokio::test]
async fn keys_that_have_changed_meanwhile_are_fetched_with_reason() {
    let emulator = TestEmulator::start().await;
    for _ in 0..5 {
        emulator.client.get(KEYS, None).await;
        emulator.client.admin("POST", "/keys/platform/rotate", Some(&json!({ "mode": "hard" }))).await;
    }
    assert_eq!(shown(&emulator, "keys_fetched_per_request").await, None);
}

#[tokio::test]
async fn who_does_not_come_back_after_a_rotation_is_told_until_it_does() {
    let emulator = TestEmulator::start().await;
    emulator.guest_jwt().await; // 1, 2
    emulator.client.admin("POST", "/keys/platform/rotate", Some(&json!({ "mode": "hard" }))).await;
    emulator.guest_jwt().await; // 3, 4
    assert_eq!(shown(&emulator, "keys_not_refetched").await, None, "nobody has ever verified");
    let emulator = TestEmulator::start().await;
    emulator.client.get(KEYS, None).await; // 1
    emulator.advance("1m").await;
    emulator.client.admin("POST", "/keys/platform/rotate", Some(&json!({ "mode": "hard" }))).await;
    assert_eq!(shown(&emulator, "keys_not_refetched").await, None, "nothing is signed with the new key");
    emulator.guest_jwt().await; // 2, 3
    assert_eq!(shown(&emulator, "keys_not_refetched").await, as_told("error", &["1", "3"]));
    emulator.client.get(KEYS, None).await; // 4
    assert_eq!(shown(&emulator, "keys_not_refetched").await, None);
}
