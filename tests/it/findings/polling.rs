//! Asking where one could listen.

use super::{as_told, shown};
use crate::support::TestEmulator;

#[tokio::test]
async fn asking_for_messages_again_and_again_is_told_and_asking_now_and_then_is_not() {
    for (wait, polls) in [("5s", true), ("1m", false)] {
        let emulator = TestEmulator::unlimited().await;
        let token = emulator.guest_client_token().await; // 1
        for _ in 0..6 {
            emulator.client.get("/api/v2/conversations/c-1/messages", Some(&token)).await; // 2 to 7
            emulator.advance(wait).await;
        }
        let expected = if polls { as_told("warning", &["2", "3", "4", "5", "6", "7"]) } else { None };
        assert_eq!(shown(&emulator, "polling").await, expected, "{wait}");
    }
}
