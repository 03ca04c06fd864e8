//! `lose_ack`.

use serde_json::json;

use super::{configured, echo, message, next_said, notes, said};
use crate::support::TestEmulator;

#[tokio::test]
async fn the_scenario_takes_the_first_message_in_and_its_sender_never_learns_of_it() {
    let emulator = TestEmulator::scenario("lose_ack").await;
    let (mut sender, mut other) = (configured(&emulator).await, configured(&emulator).await);
    sender.send(message("Hello")).await;
    assert_eq!(next_said(&mut other).await, "Hello", "another connection gets it");
    assert_eq!(emulator.advance("200ms").await["fired"], 1);
    assert_eq!(next_said(&mut sender).await, "You said: Hello", "the reply is the first that it gets");
    assert_eq!(next_said(&mut other).await, "You said: Hello");
    assert_eq!(said(&emulator).await, ["Hello", "You said: Hello"]);
    let faulted = emulator.journal("fault=lose_ack").await;
    let kinds: Vec<_> = faulted.iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["frameIn", "frameOut"]);
    let told = notes(&emulator, "fault=lose_ack").await;
    assert_eq!(told, ["a fault loses the echo of this frame on its connection", "a fault lost this frame"]);
    sender.send(message("Hello")).await;
    assert_eq!(next_said(&mut sender).await, "Hello", "only the first");
}

#[tokio::test]
async fn only_messages_are_counted_and_an_error_is_no_echo() {
    let emulator = TestEmulator::start().await;
    let mut socket = configured(&emulator).await;
    emulator.fault(json!({ "id": "f", "effect": { "lose_ack": {} } })).await;
    socket.send(echo("still there?")).await;
    assert_eq!(next_said(&mut socket).await, "still there?");
    let fault = emulator.client.admin("GET", "/faults/f", None).await.json();
    assert_eq!(fault["matched"], 0);
    socket.send(message(&"x".repeat(4097))).await;
    assert_eq!(socket.next().await["code"], 4011);
}
