//! `delay` on frames of the socket, where order matters.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::armed;
use crate::support::{DEPLOYMENT, Socket, TestEmulator};

async fn configured(emulator: &TestEmulator) -> Socket {
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, "t-1").await;
    socket
}

fn echo(text: &str) -> Value {
    json!({ "action": "echo", "token": "t-1", "message": { "type": "Text", "text": text } })
}

async fn next_text(socket: &mut Socket) -> String {
    socket.next().await["body"]["text"].as_str().unwrap_or_default().to_owned()
}

/// Timers of the org while a socket of that name is idle: the session's end.
const OF_THE_SESSION: u64 = 1;

#[tokio::test]
async fn a_delayed_frame_of_the_client_holds_back_the_ones_behind_it() {
    let emulator = TestEmulator::start().await;
    let mut socket = configured(&emulator).await;
    let fault = json!({ "when": { "action": "echo" }, "schedule": { "first": 1 }, "effect": { "delay": { "for": "10s" } } });
    emulator.fault(fault).await;
    socket.send(echo("one")).await;
    socket.send(echo("two")).await;
    armed(&emulator, OF_THE_SESSION + 1).await;
    emulator.advance("9s").await;
    assert_eq!(emulator.journal("kind=frameOut").await.len(), 1, "only the configuration");
    let moved = emulator.advance("1s").await;
    assert_eq!((&moved["fired"], &moved["settled"]), (&json!(1), &json!(true)));
    assert_eq!(next_text(&mut socket).await, "one");
    assert_eq!(next_text(&mut socket).await, "two");
    let entries = emulator.journal("target=echo").await;
    let times: Vec<_> = entries.iter().map(|entry| entry["at"].as_str().unwrap()).collect();
    assert_eq!(times, ["2026-01-02T03:04:05.000Z", "2026-01-02T03:04:15.000Z"]);
}

#[tokio::test]
async fn what_goes_to_the_client_does_not_wait_behind_a_delayed_frame_of_its() {
    let emulator = TestEmulator::start().await;
    let mut socket = configured(&emulator).await;
    let fault = json!({ "when": { "action": "echo" }, "effect": { "delay": { "for": "10s" } } });
    emulator.fault(fault).await;
    socket.say("t-1", "Hello").await;
    assert_eq!(next_text(&mut socket).await, "Hello");
    socket.send(echo("late")).await;
    armed(&emulator, OF_THE_SESSION + 2).await;
    let moved = emulator.advance("1s").await;
    assert_eq!((&moved["fired"], &moved["settled"]), (&json!(1), &json!(true)));
    assert_eq!(next_text(&mut socket).await, "You said: Hello");
    emulator.advance("9s").await;
    assert_eq!(next_text(&mut socket).await, "late");
}

#[tokio::test]
async fn pings_are_answered_while_a_frame_waits_and_what_came_behind_it_stays_in_order() {
    let emulator = TestEmulator::start().await;
    let mut socket = configured(&emulator).await;
    let fault = json!({ "when": { "action": "echo" }, "schedule": { "first": 1 }, "effect": { "delay": { "for": "1h" } } });
    emulator.fault(fault).await;
    for text in ["one", "two", "three"] {
        socket.send(echo(text)).await;
    }
    armed(&emulator, OF_THE_SESSION + 1).await;
    socket.stream.send(Message::Ping("still there?".into())).await.unwrap();
    assert_eq!(socket.stream.next().await.unwrap().unwrap(), Message::Pong("still there?".into()));
    let moved = emulator.advance("1h").await;
    assert_eq!((&moved["fired"], &moved["settled"]), (&json!(1), &json!(true)));
    for text in ["one", "two", "three"] {
        assert_eq!(next_text(&mut socket).await, text);
    }
}

#[tokio::test]
async fn a_delayed_frame_to_the_client_holds_back_the_ones_behind_it() {
    let emulator = TestEmulator::start().await;
    let mut socket = configured(&emulator).await;
    let when = json!({ "class": "StructuredMessage" });
    let fault = json!({ "when": when, "schedule": { "first": 1 }, "effect": { "delay": { "for": "10s" } } });
    emulator.fault(fault).await;
    socket.send(echo("one")).await;
    socket.send(echo("two")).await;
    armed(&emulator, OF_THE_SESSION + 2).await;
    assert_eq!(emulator.advance("9s").await["fired"], 0);
    let moved = emulator.advance("1s").await;
    assert_eq!((&moved["fired"], &moved["settled"]), (&json!(2), &json!(true)));
    assert_eq!(next_text(&mut socket).await, "one");
    assert_eq!(next_text(&mut socket).await, "two");
}

#[tokio::test]
async fn a_held_close_waits_behind_held_frames() {
    let emulator = TestEmulator::start().await;
    let mut socket = configured(&emulator).await;
    let when = json!({ "class": "StructuredMessage" });
    let delay = json!({ "when": when, "schedule": { "nth": 1 }, "effect": { "delay": { "for": "10s" } } });
    let close =
        json!({ "when": when, "schedule": { "nth": 2 }, "effect": { "close_socket": { "code": 4000 } } });
    emulator.fault(json!([delay, close])).await;
    socket.send(echo("one")).await;
    socket.send(echo("two")).await;
    armed(&emulator, OF_THE_SESSION + 2).await;
    emulator.advance("10s").await;
    assert_eq!(next_text(&mut socket).await, "one");
    assert_eq!(u16::from(socket.closed().await.unwrap().code), 4000);
}
