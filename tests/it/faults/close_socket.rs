//! `close_socket`.

use std::io::ErrorKind;

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{Error, Message, error::ProtocolError};

use super::{configured_raw, echo};
use crate::{
    support::{DEPLOYMENT, TestEmulator},
    webmessaging::raw::{CLOSE, masked},
};

/// What a configured client sees instead of the answer to an echo, which such a fault closes the socket at.
async fn seen(when: Value, options: Value) -> Option<Result<Message, Error>> {
    let emulator = TestEmulator::start().await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, "t-1").await;
    emulator.fault(json!({ "when": when, "effect": { "close_socket": options } })).await;
    socket.send(json!({ "action": "echo", "token": "t-1" })).await;
    socket.next_message().await
}

async fn close_frame(when: Value, options: Value) -> (u16, String) {
    match seen(when, options).await {
        Some(Ok(Message::Close(Some(frame)))) => (frame.code.into(), frame.reason.to_string()),
        other => panic!("a close frame was expected, not {other:?}"),
    }
}

#[tokio::test]
async fn the_scenario_closes_the_socket_when_the_second_message_comes() {
    let emulator = TestEmulator::scenario("close_socket").await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, "t-1").await;
    socket.say("t-1", "One").await;
    assert_eq!(socket.next().await["body"]["text"], "One");
    socket.say("t-1", "Two").await;
    let frame = socket.closed().await.unwrap();
    assert_eq!((frame.code.into(), frame.reason.as_str()), (1011_u16, "internal error"));
    let faulted = emulator.journal("fault=close_socket").await;
    assert_eq!((faulted.len(), &faulted[0]["target"]), (1, &json!("onMessage")));
    let mut again = emulator.socket(DEPLOYMENT).await;
    let answer = again.configure(DEPLOYMENT, "t-1").await;
    assert_eq!(answer["body"]["newSession"], false, "the session outlives its socket");
}

#[tokio::test]
async fn code_and_reason_are_as_told() {
    let echo = json!({ "action": "echo" });
    let told = close_frame(echo.clone(), json!({ "code": 4007, "reason": "gone" })).await;
    assert_eq!(told, (4007, "gone".to_owned()));
    assert_eq!(close_frame(echo, json!({})).await, (1011, String::new()));
}

#[tokio::test]
async fn a_frame_on_its_way_out_is_lost_with_the_socket() {
    let out = json!({ "class": "StructuredMessage" });
    assert_eq!(close_frame(out, json!({ "code": 1012 })).await, (1012, String::new()));
}

#[tokio::test]
async fn tcp_fin_ends_without_a_close_frame() {
    for when in [json!({ "action": "echo" }), json!({ "direction": "out" })] {
        let end = seen(when, json!({ "tcp": "fin" })).await;
        let expected = ProtocolError::ResetWithoutClosingHandshake;
        assert!(matches!(&end, Some(Err(Error::Protocol(error))) if *error == expected), "{end:?}");
    }
}

#[tokio::test]
async fn tcp_reset_ends_with_a_reset() {
    for when in [json!({ "action": "echo" }), json!({ "direction": "out" })] {
        let end = seen(when, json!({ "tcp": "reset" })).await;
        assert!(
            matches!(&end, Some(Err(Error::Io(error))) if error.kind() == ErrorKind::ConnectionReset),
            "{end:?}"
        );
    }
}

#[tokio::test]
async fn code_1005_is_a_close_frame_without_a_code() {
    for when in [json!({ "action": "echo" }), json!({ "direction": "out" })] {
        let emulator = TestEmulator::start().await;
        let mut raw = configured_raw(&emulator).await;
        emulator.fault(json!({ "when": when, "effect": { "close_socket": { "code": 1005 } } })).await;
        raw.say(&echo("bye").to_string()).await;
        assert_eq!(raw.frame().await, Some((CLOSE, Vec::new())));
        raw.send(&masked(CLOSE, &[])).await;
        assert_eq!(raw.frame().await, None);
    }
}
