//! `stop_pong`.

use serde_json::json;

use super::{armed, configured_raw, echo, message, notes};
use crate::{
    support::TestEmulator,
    webmessaging::raw::{CLOSE, PING, PONG, Raw, TEXT, masked},
};

async fn ping(raw: &mut Raw) {
    raw.send(&masked(PING, b"?")).await;
}

async fn first_byte(raw: &mut Raw) -> u8 {
    raw.frame().await.unwrap().0
}

#[tokio::test]
async fn the_scenario_answers_no_ping_from_the_first_message_on_and_everything_else_goes_on() {
    let emulator = TestEmulator::scenario("stop_pong").await;
    let mut raw = configured_raw(&emulator).await;
    ping(&mut raw).await;
    assert_eq!(first_byte(&mut raw).await, PONG);
    raw.say(&message("Hello").to_string()).await;
    assert_eq!(first_byte(&mut raw).await, TEXT);
    for _ in 0..3 {
        ping(&mut raw).await;
    }
    raw.say(&echo("still there?").to_string()).await;
    assert!(raw.text().await.contains("still there?"), "nothing came before it");
    ping(&mut raw).await;
    let moved = emulator.advance("200ms").await;
    assert_eq!(moved["settled"], true);
    assert!(raw.text().await.contains("You said: Hello"));
    assert!(!raw.has_bytes());
    let told = notes(&emulator, "fault=stop_pong").await;
    assert_eq!(told, ["pings are not answered from here on, because of a fault"]);
    raw.send(&masked(CLOSE, &[])).await;
    assert_eq!(first_byte(&mut raw).await, CLOSE, "a close is answered");
    assert_eq!(raw.frame().await, None);
}

#[tokio::test]
async fn another_connection_is_answered_as_ever() {
    let emulator = TestEmulator::scenario("stop_pong").await;
    let (mut raw, mut other) = (configured_raw(&emulator).await, configured_raw(&emulator).await);
    raw.say(&message("Hello").to_string()).await;
    assert!(raw.text().await.contains("Hello") && other.text().await.contains("Hello"));
    ping(&mut other).await;
    assert_eq!(first_byte(&mut other).await, PONG);
}

#[tokio::test]
async fn a_frame_to_the_client_may_begin_it_and_a_waiting_frame_does_not_end_it() {
    let emulator = TestEmulator::start().await;
    let mut raw = configured_raw(&emulator).await;
    let silent =
        json!({ "when": { "direction": "out" }, "schedule": { "first": 1 }, "effect": { "stop_pong": {} } });
    let slow = json!({ "when": { "action": "onMessage" }, "effect": { "delay": { "for": "1s" } } });
    emulator.fault(json!([silent, slow])).await;
    raw.say(&echo("begin").to_string()).await;
    assert_eq!(first_byte(&mut raw).await, TEXT);
    raw.say(&message("late").to_string()).await;
    armed(&emulator, 2).await;
    ping(&mut raw).await;
    ping(&mut raw).await;
    emulator.advance("1s").await;
    assert!(raw.text().await.contains("late"));
}
