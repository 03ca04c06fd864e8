//! `garbage`: bytes that are no HTTP.

use super::raw::{Line, post};
use crate::support::TestEmulator;

async fn came(seed: u64) -> Vec<u8> {
    let emulator = TestEmulator::with(|builder| builder.scenario("garbage").seed(seed)).await;
    let form = "grant_type=client_credentials&client_id=emulator-client&client_secret=emulator-secret";
    let request = post("/oauth/token", "application/x-www-form-urlencoded", "none", form);
    let bytes = Line::send(&emulator.base(), &request).await.rest().await;
    let entry = emulator.journal("fault=garbage").await.pop().unwrap();
    assert_eq!(entry["notes"], serde_json::json!(["garbage went over the connection instead of this"]));
    bytes
}

#[tokio::test]
async fn the_scenario_sends_sixteen_bytes_and_closes_and_the_seed_says_which() {
    let first = came(1).await;
    assert_eq!(first.len(), 16);
    assert_eq!(came(1).await, first);
    assert_ne!(came(2).await, first);
}

#[tokio::test]
async fn a_real_client_sees_a_broken_answer_and_the_next_one_is_sound() {
    let emulator = TestEmulator::scenario("garbage").await;
    assert!(emulator.client.try_send("POST", "/oauth/token", &[], "").await.is_err());
    emulator.guest_client_token().await;
}
