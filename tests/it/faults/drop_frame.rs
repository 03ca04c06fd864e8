//! `drop_frame`.

use serde_json::json;

use super::{configured, configured_raw, echo, message, next_said, notes, said};
use crate::{support::TestEmulator, webmessaging::raw::TEXT};

#[tokio::test]
async fn the_scenario_loses_the_bots_first_reply_on_its_way_and_the_history_has_it() {
    let emulator = TestEmulator::scenario("drop_frame").await;
    let mut raw = configured_raw(&emulator).await;
    raw.say(&message("Hello").to_string()).await;
    assert!(raw.text().await.contains(r#""text":"Hello""#));
    let moved = emulator.advance("200ms").await;
    assert_eq!((&moved["fired"], &moved["settled"]), (&json!(1), &json!(true)));
    assert!(!raw.has_bytes());
    raw.say(&echo("anything else?").to_string()).await;
    let (first, payload) = raw.frame().await.unwrap();
    assert_eq!(first, TEXT);
    assert!(String::from_utf8(payload).unwrap().contains("anything else?"), "nothing came in between");
    assert_eq!(said(&emulator).await, ["Hello", "You said: Hello"]);
    let lost = emulator.journal("fault=drop_frame").await;
    assert_eq!((lost.len(), &lost[0]["kind"], &lost[0]["n"]), (1, &json!("frameOut"), &json!("1.5")));
    assert_eq!(notes(&emulator, "fault=drop_frame").await, ["a fault lost this frame"]);
}

#[tokio::test]
async fn a_frame_that_is_lost_on_its_way_in_is_journalled_and_nothing_else() {
    let emulator = TestEmulator::start().await;
    let mut socket = configured(&emulator).await;
    let fault = json!({ "schedule": { "first": 1 }, "effect": { "drop_frame": {} } });
    emulator.fault(fault).await;
    socket.send(message("one")).await;
    socket.send(message("two")).await;
    assert_eq!(next_said(&mut socket).await, "two");
    assert_eq!(said(&emulator).await, ["two"]);
    assert_eq!(notes(&emulator, "kind=frameIn").await, ["a fault lost this frame"]);
}
