//! `evict`.

use insta::assert_snapshot;
use serde_json::json;

use super::{configured, echo, message, next_said, notes};
use crate::support::{DEPLOYMENT, TestEmulator};

#[tokio::test]
async fn the_scenario_evicts_the_connection_after_the_second_message() {
    let emulator = TestEmulator::scenario("evict").await;
    let (mut socket, mut other) = (configured(&emulator).await, configured(&emulator).await);
    for text in ["one", "two"] {
        socket.send(message(text)).await;
        assert_eq!(next_said(&mut socket).await, text);
    }
    assert_snapshot!(socket.next_text().await, @r#"{"type":"message","class":"ConnectionClosedEvent","code":200,"body":{}}"#);
    socket.send(message("three")).await;
    assert_eq!(socket.next().await["code"], 400, "it stands for no session");
    let told = ["a fault evicts the connection afterwards", "a fault made this frame"];
    assert_eq!(notes(&emulator, "fault=evict").await, told);
    assert_eq!((next_said(&mut other).await, next_said(&mut other).await), ("one".into(), "two".into()));
    let back = socket.configure(DEPLOYMENT, "t-1").await;
    assert_eq!((&back["body"]["connected"], &back["body"]["newSession"]), (&json!(true), &json!(false)));
}

#[tokio::test]
async fn a_frame_to_the_client_comes_before_the_event() {
    let emulator = TestEmulator::start().await;
    let mut socket = configured(&emulator).await;
    emulator.fault(json!({ "id": "f", "when": { "direction": "out" }, "effect": { "evict": {} } })).await;
    socket.send(echo("last words")).await;
    assert_eq!(next_said(&mut socket).await, "last words");
    assert_eq!(socket.next().await["class"], "ConnectionClosedEvent");
    socket.send(echo("more words")).await;
    assert_eq!(socket.next().await["code"], 400);
    assert_eq!(emulator.client.admin("GET", "/faults/f", None).await.json()["fired"], 1);
}
