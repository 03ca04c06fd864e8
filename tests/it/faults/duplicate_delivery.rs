//! `duplicate_delivery`: one request, done twice.

use serde_json::{Value, json};

use super::guest;
use crate::support::TestEmulator;

#[tokio::test]
async fn the_scenario_makes_two_guests_of_the_first_request_and_answers_with_one() {
    let emulator = TestEmulator::scenario("duplicate_delivery").await;
    let token = emulator.guest_client_token().await;
    let answer = guest(&emulator, &token).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let made = |entries: Vec<Value>| entries.iter().map(|entry| entry["guest"].clone()).collect::<Vec<_>>();
    let guests = made(emulator.journal("target=/api/v2/webchat/guest").await);
    assert_eq!(guests.len(), 2);
    assert_ne!(guests[0], guests[1], "the platform cannot know that it is the same request");
    guest(&emulator, &token).await;
    assert_eq!(made(emulator.journal("target=/api/v2/webchat/guest").await).len(), 3, "only the first");
    let listed = emulator.client.admin("GET", "/faults/duplicate_delivery", None).await.json();
    assert_eq!((&listed["matched"], &listed["fired"]), (&json!(3), &json!(1)));
}

#[tokio::test]
async fn a_fault_that_always_bites_delivers_twice_and_no_more() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    emulator.fault(json!({ "effect": { "duplicate_delivery": {} } })).await;
    emulator.client.get("/api/v2/tokens/me", Some(&token)).await;
    assert_eq!(emulator.journal("target=/api/v2/tokens/me").await.len(), 2);
}
