//! `delay` on frames of the socket, where order matters, and several faults on one frame.

use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use super::{armed, configured, echo, message, next_said, notes, said};
use crate::support::TestEmulator;

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
    assert_eq!(next_said(&mut socket).await, "one");
    assert_eq!(next_said(&mut socket).await, "two");
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
    assert_eq!(next_said(&mut socket).await, "Hello");
    socket.send(echo("late")).await;
    armed(&emulator, OF_THE_SESSION + 2).await;
    let moved = emulator.advance("1s").await;
    assert_eq!((&moved["fired"], &moved["settled"]), (&json!(1), &json!(true)));
    assert_eq!(next_said(&mut socket).await, "You said: Hello");
    emulator.advance("9s").await;
    assert_eq!(next_said(&mut socket).await, "late");
}

#[tokio::test]
async fn pings_are_answered_while_a_frame_waits_and_what_came_behind_it_stays_in_order() {
    let emulator = TestEmulator::unlimited().await;
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
        assert_eq!(next_said(&mut socket).await, text);
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
    assert_eq!(next_said(&mut socket).await, "one");
    assert_eq!(next_said(&mut socket).await, "two");
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
    assert_eq!(next_said(&mut socket).await, "one");
    assert_eq!(u16::from(socket.closed().await.unwrap().code), 4000);
}

#[tokio::test]
async fn a_move_does_not_wait_for_what_is_held_beyond_it() {
    let emulator = TestEmulator::start().await;
    let mut socket = configured(&emulator).await;
    socket.send(message("Hello")).await;
    assert_eq!(next_said(&mut socket).await, "Hello");
    let fault = json!({ "when": { "class": "StructuredMessage" }, "effect": { "delay": { "for": "10s" } } });
    emulator.fault(fault).await;
    let moved = emulator.advance("1s").await;
    assert_eq!((&moved["fired"], &moved["settled"]), (&json!(1), &json!(true)), "the bot's turn");
    let moved = emulator.advance("10s").await;
    assert_eq!((&moved["fired"], &moved["settled"]), (&json!(1), &json!(true)));
    assert_eq!(next_said(&mut socket).await, "You said: Hello");
}

#[tokio::test]
async fn faults_on_one_frame_to_the_client_add_up_in_their_order() {
    let emulator = TestEmulator::start().await;
    let mut socket = configured(&emulator).await;
    let on = |effect| json!({ "when": { "class": "StructuredMessage" }, "effect": effect });
    emulator
        .fault(json!([
            on(json!({ "delay": { "for": "1s" } })),
            on(json!({ "duplicate_frame": {} })),
            on(json!({ "delay": { "for": "2s" } })),
            on(json!({ "truncate_frame": { "bytes": 9 } })),
            on(json!({ "corrupt_frame": { "mode": "bad_json" } })),
        ]))
        .await;
    socket.send(echo("one")).await;
    armed(&emulator, OF_THE_SESSION + 2).await;
    assert_eq!(emulator.advance("2s").await["fired"], 0);
    assert_eq!(emulator.advance("1s").await["fired"], 2);
    for _ in 0..2 {
        assert_eq!(socket.next_message().await.unwrap().unwrap(), Message::text(r#"{"type"=""#));
    }
    let told = notes(&emulator, "target=StructuredMessage").await;
    insta::assert_snapshot!(told.join("\n"), @"
    a fault made 2 of this frame
    a fault cuts the text to 9 bytes
    a fault corrupts this frame: bad_json
    ");
}

#[tokio::test]
async fn faults_on_one_frame_of_the_client_add_up_in_their_order() {
    let emulator = TestEmulator::start().await;
    let mut socket = configured(&emulator).await;
    let on = |effect| json!({ "when": { "action": "onMessage" }, "effect": effect });
    emulator
        .fault(json!([
            on(json!({ "error_frame": { "code": 4011, "mode": "before" } })),
            on(json!({ "delay": { "for": "1s" } })),
            on(json!({ "duplicate_frame": {} })),
            on(json!({ "evict": {} })),
        ]))
        .await;
    socket.send(message("Hello")).await;
    assert_eq!(socket.next().await["code"], 4011, "at once");
    armed(&emulator, OF_THE_SESSION + 1).await;
    let moved = emulator.advance("1s").await;
    assert_eq!(moved["settled"], true);
    assert_eq!(
        (next_said(&mut socket).await, next_said(&mut socket).await),
        ("Hello".into(), "Hello".into())
    );
    assert_eq!(socket.next().await["class"], "ConnectionClosedEvent");
    assert_eq!(said(&emulator).await, ["Hello", "Hello"]);
}

#[tokio::test]
async fn what_a_lost_frame_is_not_asked_about_does_not_count() {
    let emulator = TestEmulator::start().await;
    let mut socket = configured(&emulator).await;
    let on = |id, effect| json!({ "id": id, "when": { "action": "echo" }, "effect": effect });
    let faults = [on("before", json!({ "duplicate_frame": {} })), on("lost", json!({ "drop_frame": {} }))];
    emulator.fault(json!(faults)).await;
    emulator.fault(on("behind", json!({ "error_frame": { "code": 400 } }))).await;
    socket.send(echo("one")).await;
    socket.send(message("two")).await;
    assert_eq!(next_said(&mut socket).await, "two");
    let mut fired = Vec::new();
    for id in ["before", "lost", "behind"] {
        fired
            .push(emulator.client.admin("GET", &format!("/faults/{id}"), None).await.json()["fired"].clone());
    }
    assert_eq!(fired, [1, 1, 0]);
}

#[tokio::test]
async fn what_befalls_the_connection_does_so_although_the_frame_is_lost_or_refused() {
    for last in [json!({ "drop_frame": {} }), json!({ "respond": { "status": 409 } })] {
        let emulator = TestEmulator::start().await;
        let mut socket = configured(&emulator).await;
        let on = |effect| json!({ "when": { "action": "onMessage" }, "effect": effect });
        emulator.fault(json!([on(json!({ "evict": {} })), on(last.clone())])).await;
        socket.send(message("Hello")).await;
        if last.get("respond").is_some() {
            assert_eq!(socket.next().await["code"], 409);
        }
        assert_eq!(socket.next().await["class"], "ConnectionClosedEvent");
    }
}
