//! How sessions end: closed, cleared, begun anew; and what may still be done then.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{TOKEN, session};
use crate::support::{DEPLOYMENT, Socket, TestEmulator};

fn event(kind: &str) -> Value {
    let event = json!({ "eventType": "Presence", "presence": { "type": kind } });
    json!({ "action": "onMessage", "token": TOKEN, "tracingId": "t-1", "message": { "type": "Event", "events": [event] } })
}

fn typing(kind: &str) -> Value {
    let event = json!({ "eventType": "Typing", "typing": { "type": kind } });
    json!({ "action": "onMessage", "token": TOKEN, "message": { "type": "Event", "events": [event] } })
}

async fn conversation_ids(emulator: &TestEmulator) -> Vec<String> {
    let all = emulator.client.admin("GET", "/conversations", None).await.json();
    all["entities"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

/// A session that the bot has ended.
async fn ended(emulator: &TestEmulator) -> Socket {
    let mut socket = session(emulator, TOKEN).await;
    socket.say(TOKEN, "bye").await;
    socket.next().await;
    emulator.advance("200ms").await;
    assert_eq!(socket.next().await["body"]["text"], "Goodbye.");
    assert_eq!(socket.next().await["body"]["metadata"]["readOnly"], "true");
    socket
}

#[tokio::test]
async fn a_read_only_session_is_closed_and_a_new_one_started_on_the_same_socket() {
    let emulator = TestEmulator::start().await;
    let mut socket = ended(&emulator).await;
    let mut tab = session(&emulator, TOKEN).await;
    socket.say(TOKEN, "more").await;
    assert_eq!(socket.next().await["code"], 409);
    socket.send(json!({ "action": "closeSession", "token": TOKEN, "closeAllConnections": true, "tracingId": "c" })).await;
    assert_snapshot!(socket.next_text().await, @r#"{"type":"response","class":"SessionResponse","code":200,"tracingId":"c","body":{"connected":false,"newSession":false,"readOnly":true,"maxCustomDataBytes":2048,"allowedMedia":{"inbound":{"fileTypes":[{"type":"*/*"}],"maxFileSizeKB":10240}},"blockedExtensions":[".exe",".bat",".cmd",".msi",".sh"],"clearedExistingSession":false,"durationSeconds":259200,"expirationDate":1767582245}}"#);
    assert_snapshot!(tab.next_text().await, @r#"{"type":"message","class":"ConnectionClosedEvent","code":200,"body":{}}"#);
    socket.send(json!({ "action": "configureSession", "deploymentId": DEPLOYMENT, "token": TOKEN, "startNew": true })).await;
    let configured = socket.next().await;
    assert_eq!(configured["body"]["newSession"], true);
    assert_eq!(configured["body"]["readOnly"], false);
    socket.say(TOKEN, "hello again").await;
    assert_eq!(socket.next().await["body"]["text"], "hello again");
    let ids = conversation_ids(&emulator).await;
    assert!(ids.len() == 2 && ids[0] != ids[1], "{ids:?}");
}

#[tokio::test]
async fn closing_without_the_others_leaves_them() {
    let emulator = TestEmulator::start().await;
    let mut socket = ended(&emulator).await;
    let mut tab = session(&emulator, TOKEN).await;
    socket.send(json!({ "action": "closeSession", "token": TOKEN, "closeAllConnections": false })).await;
    assert_eq!(socket.next().await["body"]["connected"], false);
    tab.send(json!({ "action": "echo", "token": TOKEN })).await;
    assert_eq!(tab.next().await["body"]["text"], "ping");
}

#[tokio::test]
async fn clearing_erases_the_conversation_and_the_same_token_begins_anew() {
    let emulator = TestEmulator::start().await;
    let (mut socket, mut tab) = (session(&emulator, TOKEN).await, session(&emulator, TOKEN).await);
    socket.say(TOKEN, "hello").await;
    socket.next().await;
    socket.send(event("Clear")).await;
    let frames = [socket.next_text().await, socket.next_text().await, socket.next_text().await];
    tab.next().await;
    for frame in &frames {
        assert_eq!(&tab.next_text().await, frame);
    }
    assert_snapshot!(frames.join("\n"), @r#"
    {"type":"message","class":"StructuredMessage","code":200,"tracingId":"t-1","body":{"id":"21f9c3e67844ce5fd42f3359b93c80e9","type":"Event","direction":"Inbound","channel":{"time":"2026-01-02T03:04:05.001Z","messageId":"7fd80744-9ee2-40c2-9e7b-b338b34b32c7"},"events":[{"eventType":"Presence","presence":{"type":"Clear"}}],"metadata":{"correlationId":"e896e198-623a-4484-965b-18e593e9762c"}}}
    {"type":"message","class":"SessionClearedEvent","code":200,"body":{}}
    {"type":"message","class":"ConnectionClosedEvent","code":200,"body":{}}
    "#);
    assert_eq!(socket.configure(DEPLOYMENT, TOKEN).await["body"]["newSession"], true);
    socket.say(TOKEN, "hello").await;
    let echo = socket.next().await;
    assert!(echo["body"]["channel"]["time"].as_str().unwrap() > "2026-01-02T03:04:05.001Z", "{echo}");
    let ids = conversation_ids(&emulator).await;
    assert!(ids.len() == 2 && ids[0] != ids[1], "{ids:?}");
}

#[tokio::test]
async fn a_read_only_session_can_be_cleared() {
    let emulator = TestEmulator::start().await;
    let mut socket = ended(&emulator).await;
    socket.send(event("Clear")).await;
    assert_eq!(socket.next().await["body"]["events"][0]["presence"]["type"], "Clear");
    assert_eq!(socket.next().await["class"], "SessionClearedEvent");
}

#[tokio::test]
async fn what_a_deployment_has_switched_off_is_refused_with_403() {
    let yaml = "world: { orgs: [ { deployments: { messaging: { conversationClear: false, typingIndicators: false } } } ] }";
    let emulator = TestEmulator::yaml(yaml).await;
    let mut socket = session(&emulator, TOKEN).await;
    socket.send(event("Clear")).await;
    let clear = socket.next_text().await;
    socket.send(typing("On")).await;
    assert_snapshot!([clear, socket.next_text().await].join("\n"), @r#"
    {"type":"response","class":"string","code":403,"tracingId":"t-1","body":"Conversation Clear is not enabled for this deployment"}
    {"type":"response","class":"string","code":403,"body":"Typing indicators are not enabled for this deployment"}
    "#);
}

#[tokio::test]
async fn typing_is_taken_in_silence() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    socket.say(TOKEN, "hello").await;
    socket.next().await;
    for kind in ["On", "Off"] {
        socket.send(typing(kind)).await;
    }
    socket.send(json!({ "action": "echo", "token": TOKEN })).await;
    assert_eq!(socket.next().await["body"]["text"], "ping");
}

#[tokio::test]
async fn where_the_end_is_only_sent_the_guest_s_next_message_takes_the_conversation_up_again() {
    let yaml = "world: { orgs: [ { deployments: { messaging: { conversationDisconnect: Send } } } ] }";
    let emulator = TestEmulator::yaml(yaml).await;
    let mut socket = session(&emulator, TOKEN).await;
    socket.say(TOKEN, "bye").await;
    socket.next().await;
    emulator.advance("200ms").await;
    socket.next().await;
    assert_eq!(socket.next().await["body"]["metadata"]["readOnly"], "false");
    socket.say(TOKEN, "one more thing").await;
    assert_eq!(socket.next().await["body"]["text"], "one more thing");
    assert_eq!(conversation_ids(&emulator).await.len(), 1);
}

#[tokio::test]
async fn the_configuration_is_told_before_and_after_a_session_is_configured() {
    let emulator = TestEmulator::start().await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.send(json!({ "action": "getConfiguration", "token": TOKEN, "deploymentId": DEPLOYMENT, "tracingId": "g" })).await;
    let told = socket.next_text().await;
    assert_snapshot!(told, @r#"{"type":"response","class":"GetConfigurationResponse","code":200,"tracingId":"g","body":{"allowedMedia":{"inbound":{"fileTypes":[{"type":"*/*"}],"maxFileSizeKB":10240}},"blockedExtensions":[".exe",".bat",".cmd",".msi",".sh"],"maxCustomDataBytes":2048,"messageRoutingEnabled":true,"sessionDurationSeconds":259200}}"#);
    socket.configure(DEPLOYMENT, TOKEN).await;
    socket.send(json!({ "action": "getConfiguration", "token": TOKEN, "tracingId": "g" })).await;
    assert_eq!(socket.next_text().await, told);
    socket.send(json!({ "action": "getConfiguration", "deploymentId": "elsewhere" })).await;
    assert_eq!(socket.next().await["code"], 404);
}
