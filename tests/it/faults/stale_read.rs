//! `stale_read`: one read behind.

use serde_json::json;

use super::guest;
use crate::support::TestEmulator;

#[tokio::test]
async fn the_scenario_reads_a_guest_as_it_was_the_last_time() {
    let emulator = TestEmulator::scenario("stale_read").await;
    let token = emulator.guest_client_token().await;
    let made = guest(&emulator, &token).await.json();
    let path = format!("/api/v2/webchat/guest/{}", made["guestId"].as_str().unwrap());
    let read = async || emulator.client.get(&path, Some(&token)).await;
    let first = read().await;
    let renamed = json!({ "guestId": made["guestId"], "name": "Beth" });
    assert_eq!(emulator.client.post("/api/v2/webchat/guest", Some(&token), &renamed).await.status, 200);
    let (second, third) = (read().await, read().await);
    assert_eq!(second.text, first.text, "as before it was renamed");
    assert_ne!(third.text, first.text);
    assert!(third.text.contains("Beth"), "{}", third.text);
    let other = emulator.guest_client_token().await;
    let of_another = emulator.client.get(&path, Some(&other)).await;
    assert_eq!(of_another.text, third.text, "another caller has read nothing yet");
}
