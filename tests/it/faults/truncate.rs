//! `truncate`: a body that breaks off, and HTTP notices.

use serde_json::json;

use super::raw::exchange;
use crate::support::TestEmulator;

const REQUEST: &str = "GET /.well-known/jwks.json HTTP/1.1\r\nHost: emulator.test\r\n\r\n";

#[tokio::test]
async fn the_scenario_sends_half_of_what_the_head_promises() {
    let emulator = TestEmulator::start().await;
    let whole =
        exchange(&emulator.base(), &REQUEST.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")).await;
    let emulator = TestEmulator::scenario("truncate").await;
    let end = exchange(&emulator.base(), REQUEST).await;
    let length = format!("Content-Length: {}\r\n", whole.body().len());
    assert!(end.head().contains(&length), "{}", end.text);
    assert_eq!((end.body(), end.error), (&whole.body()[..whole.body().len() / 2], None));
}

#[tokio::test]
async fn so_many_bytes_come_as_are_asked_for_and_the_work_is_done() {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!({ "schedule": { "first": 1 }, "effect": { "truncate": { "bytes": 4 } } })).await;
    let end = exchange(&emulator.base(), REQUEST).await;
    assert_eq!((end.body(), end.error), ("{\"ke", None));
    assert_eq!(emulator.journal("status=200").await.len(), 1);
}
