//! `duplicate_frame`.

use std::collections::BTreeSet;

use serde_json::json;

use super::{configured, configured_raw, message, next_said, notes, said};
use crate::support::TestEmulator;

#[tokio::test]
async fn the_scenario_sends_every_message_twice_with_the_same_bytes() {
    let emulator = TestEmulator::scenario("duplicate_frame").await;
    let mut raw = configured_raw(&emulator).await;
    raw.say(&message("Hello").to_string()).await;
    let (one, other) = (raw.frame().await.unwrap(), raw.frame().await.unwrap());
    assert_eq!(one, other);
    let moved = emulator.advance("200ms").await;
    assert_eq!((&moved["fired"], &moved["settled"]), (&json!(1), &json!(true)));
    let (one, other) = (raw.text().await, raw.text().await);
    assert!(one == other && one.contains("You said: Hello"), "{one}");
    assert!(!raw.has_bytes());
    let told = notes(&emulator, "target=StructuredMessage").await;
    assert_eq!(told, ["a fault made 2 of this frame"; 2], "the journal has each once");
}

#[tokio::test]
async fn a_frame_that_is_taken_in_again_does_everything_again() {
    let emulator = TestEmulator::start().await;
    let mut socket = configured(&emulator).await;
    let fault =
        json!({ "when": { "action": "onMessage" }, "effect": { "duplicate_frame": { "copies": 2 } } });
    emulator.fault(fault).await;
    socket.send(message("Hello")).await;
    let mut ids = BTreeSet::new();
    for _ in 0..3 {
        let echo = socket.next().await;
        assert_eq!(echo["body"]["text"], "Hello");
        ids.insert(echo["body"]["id"].as_str().unwrap().to_owned());
    }
    assert_eq!(ids.len(), 3, "each is a message of its own");
    assert_eq!(emulator.advance("200ms").await["fired"], 3);
    for _ in 0..3 {
        assert_eq!(next_said(&mut socket).await, "You said: Hello");
    }
    assert_eq!(said(&emulator).await.len(), 6);
    assert_eq!(emulator.journal("target=onMessage").await.len(), 1);
}
