//! `oversize_frame`.

use serde_json::{Value, json};

use super::{configured, configured_raw, echo, message, notes};
use crate::{support::TestEmulator, webmessaging::raw::TEXT};

#[tokio::test]
async fn the_scenario_pads_the_first_message_to_256_kib_of_valid_json() {
    let emulator = TestEmulator::scenario("oversize_frame").await;
    let mut raw = configured_raw(&emulator).await;
    raw.say(&message("Hello").to_string()).await;
    let (first, payload) = raw.frame().await.unwrap();
    assert_eq!((first, payload.len()), (TEXT, 262_144));
    let mut frame: Value = serde_json::from_slice(&payload).unwrap();
    let padding = frame.as_object_mut().unwrap().remove("padding").unwrap();
    assert!(padding.as_str().unwrap().bytes().all(|byte| byte == b'x'));
    let journalled = emulator.journal("fault=oversize_frame").await[0]["frame"].clone();
    assert_eq!(frame.to_string().len(), journalled.as_str().unwrap().len(), "the rest is as it was");
    assert_eq!(notes(&emulator, "fault=oversize_frame").await, ["a fault pads the text to 262144 bytes"]);
}

#[tokio::test]
async fn a_size_can_be_chosen_and_a_longer_text_stays_as_it_is() {
    let emulator = TestEmulator::start().await;
    let mut socket = configured(&emulator).await;
    emulator.fault(json!({ "effect": { "oversize_frame": { "bytes": 70_000 } } })).await;
    socket.send(echo("ping")).await;
    assert_eq!(socket.next_text().await.len(), 70_000);
    socket.send(echo(&"y".repeat(80_000))).await;
    let longer = socket.next_text().await;
    assert!(longer.len() > 80_000 && !longer.contains("padding"));
}
