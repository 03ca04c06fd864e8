//! Setting a clock that stands.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{DEPLOYMENT, Socket, TestEmulator};

const TOKEN: &str = "session";

async fn put(emulator: &TestEmulator, change: Value) -> String {
    let answer = emulator.client.admin("PUT", "/clock", Some(&change)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.text
}

async fn session(emulator: &TestEmulator) -> Socket {
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, TOKEN).await;
    socket
}

#[tokio::test]
async fn a_frozen_clock_shows_its_time_and_what_is_armed() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator).await;
    socket.say(TOKEN, "hello").await;
    socket.next().await;
    assert_snapshot!(emulator.client.admin("GET", "/clock", None).await.text, @r#"{"now":"2026-01-02T03:04:05.000Z","rate":0.0,"frozen":true,"timers":2,"nextDue":"2026-01-02T03:04:05.200Z"}"#);
}

#[tokio::test]
async fn setting_a_later_time_does_what_is_due_by_then() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator).await;
    socket.say(TOKEN, "hello").await;
    socket.next().await;
    assert_snapshot!(put(&emulator, json!({ "set": "2026-01-02T04:00:00Z" })).await, @r#"{"now":"2026-01-02T04:00:00.000Z","rate":0.0,"frozen":true,"timers":1,"nextDue":"2026-01-05T03:04:05.000Z","from":"2026-01-02T03:04:05.000Z","to":"2026-01-02T04:00:00.000Z","fired":1,"settled":true}"#);
    assert_eq!(socket.next().await["body"]["text"], "You said: hello");
}

#[tokio::test]
async fn setting_an_earlier_time_does_nothing_and_arms_nothing_again() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator).await;
    socket.say(TOKEN, "hello").await;
    emulator.advance("1s").await;
    let frames = emulator.journal("kind=frameOut").await.len();
    assert_snapshot!(put(&emulator, json!({ "set": "2026-01-02T03:04:05Z" })).await, @r#"{"now":"2026-01-02T03:04:05.000Z","rate":0.0,"frozen":true,"timers":1,"nextDue":"2026-01-05T03:04:05.000Z","from":"2026-01-02T03:04:06.000Z","to":"2026-01-02T03:04:05.000Z","fired":0,"settled":true}"#);
    assert_eq!(emulator.advance("1h").await["fired"], 0);
    assert_eq!(emulator.journal("kind=frameOut").await.len(), frames);
}

#[tokio::test]
async fn message_times_keep_increasing_when_the_clock_is_set_back() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator).await;
    emulator.advance("1h").await;
    socket.say(TOKEN, "later").await;
    let later = socket.next().await["body"]["channel"]["time"].as_str().unwrap().to_owned();
    put(&emulator, json!({ "set": "2026-01-02T03:04:05Z" })).await;
    socket.say(TOKEN, "earlier").await;
    let next = socket.next().await["body"]["channel"]["time"].as_str().unwrap().to_owned();
    assert_eq!((later.as_str(), next.as_str()), ("2026-01-02T04:04:05.000Z", "2026-01-02T04:04:05.001Z"));
}

#[tokio::test]
async fn everything_on_the_way_of_an_advance_happens_at_its_own_time() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator).await;
    socket.say(TOKEN, "one").await;
    socket.next().await;
    emulator.advance("100ms").await;
    socket.say(TOKEN, "two").await;
    socket.next().await;
    assert_eq!(
        emulator.advance("73h").await["fired"],
        4,
        "two replies, a deadline that has moved, and the end"
    );
    let times: Vec<_> =
        emulator.journal("kind=frameOut").await.iter().rev().take(3).map(|one| one["at"].clone()).collect();
    assert_eq!(
        json!(times),
        json!(["2026-01-05T03:04:05.300Z", "2026-01-02T03:04:05.300Z", "2026-01-02T03:04:05.200Z"])
    );
}
