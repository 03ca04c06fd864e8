//! `stop_reading`.

use std::time::Duration;

use serde_json::json;

use super::{armed, configured_raw, echo, message, notes, said};
use crate::{
    support::{DEPLOYMENT, TestEmulator},
    webmessaging::raw::{PING, PONG, masked},
};

#[tokio::test]
async fn the_scenario_reads_nothing_for_ten_seconds_and_then_all_that_has_arrived() {
    let emulator = TestEmulator::scenario("stop_reading").await;
    let mut raw = configured_raw(&emulator).await;
    raw.say(&message("one").to_string()).await;
    assert!(raw.text().await.contains(r#""text":"one""#), "the frame itself is dealt with");
    raw.say(&message("two").to_string()).await;
    raw.send(&masked(PING, b"?")).await;
    let moved = emulator.advance("9s").await;
    assert_eq!((&moved["fired"], &moved["settled"]), (&json!(1), &json!(true)));
    assert!(raw.text().await.contains("You said: one"), "what goes to the client goes on");
    assert!(!raw.has_bytes());
    assert_eq!(emulator.journal("target=onMessage").await.len(), 1);
    let moved = emulator.advance("1s").await;
    assert_eq!((&moved["fired"], &moved["settled"]), (&json!(1), &json!(true)));
    assert_eq!(said(&emulator).await, ["one", "You said: one", "two"], "the move waits for it");
    assert!(raw.text().await.contains(r#""text":"two""#));
    assert_eq!(raw.frame().await.unwrap(), (PONG, b"?".to_vec()));
    let told = notes(&emulator, "fault=stop_reading").await;
    assert_eq!(told, ["nothing is read for 10s, because of a fault"]);
}

#[tokio::test]
async fn what_had_been_read_behind_a_waiting_frame_waits_too() {
    let emulator = TestEmulator::start().await;
    let mut raw = configured_raw(&emulator).await;
    let on =
        |effect| json!({ "when": { "action": "onMessage" }, "schedule": { "first": 1 }, "effect": effect });
    let slow = on(json!({ "delay": { "for": "1s" } }));
    emulator.fault(json!([slow, on(json!({ "stop_reading": { "for": "1s" } }))])).await;
    raw.say(&message("one").to_string()).await;
    raw.say(&echo("two").to_string()).await;
    armed(&emulator, 2).await;
    emulator.advance("1s").await;
    assert!(raw.text().await.contains("one"));
    assert!(emulator.journal("target=echo").await.is_empty());
    let moved = emulator.advance("1s").await;
    assert_eq!(moved["settled"], true);
    assert!(raw.text().await.contains("You said: one"));
    assert!(raw.text().await.contains("two"));
}

#[tokio::test]
async fn for_good_lasts_until_the_client_goes() {
    let emulator = TestEmulator::start().await;
    let mut raw = configured_raw(&emulator).await;
    let for_good = json!({ "when": { "class": "StructuredMessage" }, "effect": { "stop_reading": {} } });
    let one_socket = json!({ "effect": { "limit_connections": { "max": 1 } } });
    emulator.fault(json!([for_good, one_socket])).await;
    raw.say(&echo("one").to_string()).await;
    assert!(raw.text().await.contains("one"));
    raw.say(&echo("two").to_string()).await;
    let moved = emulator.advance("1h").await;
    assert_eq!((&moved["fired"], &moved["settled"]), (&json!(0), &json!(true)));
    assert_eq!(emulator.journal("target=echo").await.len(), 1);
    let target = format!("/v1?deploymentId={DEPLOYMENT}");
    assert!(emulator.upgrade(&target).await.is_err(), "its socket is open");
    drop(raw);
    let gone = async { while emulator.upgrade(&target).await.is_err() {} };
    tokio::time::timeout(Duration::from_secs(60), gone).await.expect("the end is noticed without reading");
}
