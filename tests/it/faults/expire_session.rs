//! `expire_session`.

use insta::assert_snapshot;
use serde_json::json;

use super::{configured, echo, message, next_said, notes};
use crate::support::{DEPLOYMENT, TestEmulator};

#[tokio::test]
async fn the_scenario_expires_the_session_before_the_second_message_is_dealt_with() {
    let emulator = TestEmulator::scenario("expire_session").await;
    let (mut socket, mut other) = (configured(&emulator).await, configured(&emulator).await);
    socket.send(message("one")).await;
    assert_eq!((next_said(&mut socket).await, next_said(&mut other).await), ("one".into(), "one".into()));
    let mut second = message("two");
    second["tracingId"] = json!("t-2");
    socket.send(second).await;
    let told = socket.next_text().await;
    assert_snapshot!(told, @r#"{"type":"message","class":"SessionExpiredEvent","code":200,"body":{}}"#);
    assert_eq!(other.next_text().await, told, "every connection is told");
    assert_snapshot!(socket.next_text().await, @r#"{"type":"message","class":"SessionExpiredEvent","code":200,"tracingId":"t-2","body":{}}"#);
    assert_eq!(notes(&emulator, "fault=expire_session").await, ["a fault lets the session expire first"]);
    let again = socket.configure(DEPLOYMENT, "t-1").await;
    assert_eq!(again["body"]["newSession"], true);
}

#[tokio::test]
async fn a_configure_begins_a_new_session_then() {
    let emulator = TestEmulator::start().await;
    let mut socket = configured(&emulator).await;
    emulator
        .fault(json!({ "when": { "action": "configureSession" }, "effect": { "expire_session": {} } }))
        .await;
    assert_eq!(socket.configure(DEPLOYMENT, "t-1").await["class"], "SessionExpiredEvent");
    assert_eq!(socket.next().await["body"]["newSession"], true);
}

#[tokio::test]
async fn a_frame_to_the_client_comes_after_the_event() {
    let emulator = TestEmulator::start().await;
    let mut socket = configured(&emulator).await;
    emulator.fault(json!({ "when": { "direction": "out" }, "effect": { "expire_session": {} } })).await;
    socket.send(echo("last words")).await;
    assert_eq!(socket.next().await["class"], "SessionExpiredEvent");
    assert_eq!(next_said(&mut socket).await, "last words");
}

#[tokio::test]
async fn a_connection_without_a_session_is_not_counted() {
    let emulator = TestEmulator::start().await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    emulator.fault(json!({ "id": "f", "effect": { "expire_session": {} } })).await;
    socket.send(json!({ "action": "getConfiguration" })).await;
    assert_eq!(socket.next().await["class"], "GetConfigurationResponse");
    assert_eq!(emulator.client.admin("GET", "/faults/f", None).await.json()["matched"], 0);
}
