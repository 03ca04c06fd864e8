//! `configureSession`.

use insta::assert_snapshot;
use serde_json::json;

use super::{OTHER, TOKEN, session};
use crate::support::{DEPLOYMENT, TestEmulator};

#[tokio::test]
async fn a_new_token_is_a_new_session() {
    let emulator = TestEmulator::start().await;
    let frame = json!({
        "action": "configureSession", "deploymentId": DEPLOYMENT, "token": TOKEN, "startNew": false,
        "tracingId": "t-1", "journeyContext": { "customer": { "id": TOKEN, "idType": "cookie" } }, "resumeToken": null,
    });
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.send(frame).await;
    assert_snapshot!(socket.next_text().await, @r#"{"type":"response","class":"SessionResponse","code":200,"tracingId":"t-1","body":{"connected":true,"newSession":true,"readOnly":false,"maxCustomDataBytes":2048,"allowedMedia":{"inbound":{"fileTypes":[{"type":"*/*"}],"maxFileSizeKB":10240}},"blockedExtensions":[".exe",".bat",".cmd",".msi",".sh"],"clearedExistingSession":false,"durationSeconds":259200,"expirationDate":1767582245}}"#);
}

#[tokio::test]
async fn the_same_token_resumes_its_session_on_another_socket_without_a_replay() {
    let emulator = TestEmulator::start().await;
    session(&emulator, TOKEN).await.say(TOKEN, "hello").await;
    emulator.advance("1s").await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    let resumed = socket.configure(DEPLOYMENT, TOKEN).await;
    assert_eq!(resumed["body"]["newSession"], false);
    assert_eq!(resumed["body"]["connected"], true);
    let expires = "2026-01-05T03:04:05Z".parse::<jiff::Timestamp>().unwrap().as_second();
    assert_eq!(resumed["body"]["expirationDate"], expires, "72 h after the last message");
    socket.say(TOKEN, "again").await;
    assert_eq!(socket.next().await["body"]["text"], "again", "nothing was replayed");
}

#[tokio::test]
async fn a_connection_can_move_to_another_session() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    assert_eq!(socket.configure(DEPLOYMENT, OTHER).await["body"]["newSession"], true);
    socket.say(TOKEN, "to the first").await;
    let refused = socket.next().await;
    assert_eq!((&refused["class"], &refused["code"]), (&json!("string"), &json!(400)));
    socket.say(OTHER, "to the second").await;
    assert_eq!(socket.next().await["body"]["text"], "to the second");
}

#[tokio::test]
async fn after_goodbye_the_session_resumes_read_only_until_it_is_started_new() {
    let emulator = TestEmulator::start().await;
    session(&emulator, TOKEN).await.say(TOKEN, "bye").await;
    emulator.advance("1s").await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    let resumed = socket.configure(DEPLOYMENT, TOKEN).await;
    assert_eq!(resumed["body"]["readOnly"], true);
    assert_eq!(resumed["body"]["newSession"], false);
    socket
        .send(json!({ "action": "configureSession", "deploymentId": DEPLOYMENT, "token": TOKEN, "startNew": true }))
        .await;
    let fresh = socket.next().await;
    assert_eq!(fresh["body"]["readOnly"], false);
    assert_eq!(fresh["body"]["newSession"], true);
    socket.say(TOKEN, "hello again").await;
    assert_eq!(socket.next().await["body"]["text"], "hello again");
    emulator.advance("1s").await;
    assert_eq!(socket.next().await["body"]["text"], "You said: hello again");
}

#[tokio::test]
async fn what_was_said_before_a_new_start_gets_no_reply_after_it() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    socket.say(TOKEN, "before").await;
    socket.next().await;
    socket
        .send(json!({ "action": "configureSession", "deploymentId": DEPLOYMENT, "token": TOKEN, "startNew": true }))
        .await;
    assert_eq!(socket.next().await["body"]["newSession"], true);
    let frames = emulator.journal("kind=frameOut").await.len();
    assert_eq!(emulator.advance("1s").await["fired"], 1);
    assert_eq!(emulator.journal("kind=frameOut").await.len(), frames);
}
