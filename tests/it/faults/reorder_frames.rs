//! `reorder_frames`.

use insta::assert_snapshot;
use serde_json::json;

use super::{armed, configured, configured_raw, echo, message, next_said, notes};
use crate::support::{DEPLOYMENT, Socket, TestEmulator};

const OF_THE_SESSION: u64 = 1;

/// With a window of this size, over everything that is sent.
async fn reordering(options: serde_json::Value) -> (TestEmulator, Socket) {
    let emulator = TestEmulator::with(|builder| builder.limits(false)).await;
    let socket = configured(&emulator).await;
    emulator.fault(json!({ "id": "f", "effect": { "reorder_frames": options } })).await;
    (emulator, socket)
}

async fn health(socket: &mut Socket, texts: &[&str]) {
    for text in texts {
        socket.send(echo(text)).await;
    }
}

async fn next_of(socket: &mut Socket, count: usize) -> String {
    let mut all = Vec::new();
    for _ in 0..count {
        all.push(next_said(socket).await);
    }
    all.join(" ")
}

#[tokio::test]
async fn the_scenario_lets_messages_leave_in_another_order_three_at_a_time() {
    let emulator = TestEmulator::scenario("reorder_frames").await;
    let mut socket = configured(&emulator).await;
    for text in ["one", "two", "three"] {
        socket.send(message(text)).await;
    }
    assert_snapshot!(next_of(&mut socket, 3).await, @"two three one");
    let moved = emulator.advance("200ms").await;
    assert_eq!((&moved["fired"], &moved["settled"]), (&json!(3), &json!(true)));
    assert_snapshot!(next_of(&mut socket, 3).await, @"You said: three You said: two You said: one");
    let told = notes(&emulator, "target=StructuredMessage").await;
    assert_eq!(told, ["a fault holds this frame until 3 have gathered or 500ms have passed"; 6]);
}

#[tokio::test]
async fn what_does_not_fill_the_window_leaves_when_its_time_has_passed() {
    let emulator = TestEmulator::scenario("reorder_frames").await;
    let mut raw = configured_raw(&emulator).await;
    raw.say(&message("Hello").to_string()).await;
    armed(&emulator, OF_THE_SESSION + 2).await;
    let moved = emulator.advance("499ms").await;
    assert_eq!((&moved["fired"], &moved["settled"]), (&json!(1), &json!(true)), "the bot's turn");
    assert!(!raw.has_bytes());
    let moved = emulator.advance("1ms").await;
    assert_eq!((&moved["fired"], &moved["settled"]), (&json!(1), &json!(true)));
    assert!(raw.has_bytes(), "the move answers after the frames were sent");
    assert!(raw.text().await.contains("You said: Hello"));
    assert!(raw.text().await.contains(r#""text":"Hello""#));
}

#[tokio::test]
async fn one_frame_alone_is_only_late() {
    let (emulator, mut socket) = reordering(json!({ "window": 5, "within": "1s" })).await;
    health(&mut socket, &["one"]).await;
    armed(&emulator, OF_THE_SESSION + 1).await;
    let moved = emulator.advance("1h").await;
    assert_eq!((&moved["fired"], &moved["settled"], &moved["timers"]), (&json!(1), &json!(true), &json!(1)));
    assert_eq!(next_said(&mut socket).await, "one");
}

#[tokio::test]
async fn a_window_begins_anew_with_the_next_frame() {
    let (emulator, mut socket) = reordering(json!({ "window": 2, "within": "1s" })).await;
    health(&mut socket, &["one", "two", "three"]).await;
    assert_eq!(next_of(&mut socket, 2).await, "two one");
    armed(&emulator, OF_THE_SESSION + 1).await;
    emulator.advance("999ms").await;
    health(&mut socket, &["four"]).await;
    assert_eq!(next_of(&mut socket, 2).await, "four three");
    assert_eq!(emulator.advance("1h").await["fired"], 0, "no timer is left of it");
}

#[tokio::test]
async fn frames_that_the_fault_is_not_about_overtake_the_held_ones() {
    let emulator = TestEmulator::scenario("reorder_frames").await;
    let mut socket = configured(&emulator).await;
    socket.send(message("held")).await;
    socket.send(json!({ "action": "getConfiguration", "token": "t-1" })).await;
    assert_eq!(socket.next().await["class"], "GetConfigurationResponse");
}

#[tokio::test]
async fn each_connection_has_windows_of_its_own_and_those_of_one_session_are_alike() {
    let emulator = TestEmulator::scenario("reorder_frames").await;
    let (mut one, mut other) = (configured(&emulator).await, configured(&emulator).await);
    for text in ["one", "two", "three"] {
        one.send(message(text)).await;
    }
    assert_eq!(next_of(&mut one, 3).await, next_of(&mut other, 3).await);
}

#[tokio::test]
async fn what_is_held_leaves_before_the_socket_is_closed_and_goes_with_it_when_the_client_does() {
    let (emulator, mut socket) = reordering(json!({ "window": 3, "within": "1h" })).await;
    let close = json!({ "code": 4000 });
    emulator
        .fault(json!({ "when": { "class": "StructuredMessage" }, "schedule": { "nth": 3 }, "effect": { "close_socket": close } }))
        .await;
    health(&mut socket, &["one", "two", "three"]).await;
    assert_eq!(next_of(&mut socket, 2).await, "two one");
    assert_eq!(u16::from(socket.closed().await.unwrap().code), 4000);

    let mut again = emulator.socket(DEPLOYMENT).await;
    again.send(echo("nobody is there")).await;
    armed(&emulator, OF_THE_SESSION + 1).await;
    again.stream.close(None).await.unwrap();
    again.closed().await;
    for _ in 0..10_000 {
        if emulator.client.admin("GET", "/clock", None).await.json()["timers"] == OF_THE_SESSION {
            return;
        }
    }
    panic!("the timer of the window is left");
}
