//! Sessions that expire.

use insta::assert_snapshot;
use serde_json::json;

use super::{TOKEN, session};
use crate::support::{DEPLOYMENT, TestEmulator};

#[tokio::test]
async fn a_silent_session_expires_after_72_hours_and_each_connection_is_told() {
    let emulator = TestEmulator::start().await;
    let mut first = session(&emulator, TOKEN).await;
    let mut second = session(&emulator, TOKEN).await;
    assert_eq!(emulator.advance("71h59m59999ms").await["fired"], 0);
    let moved = emulator.advance("60s").await;
    assert_eq!(moved["fired"], 1);
    assert_snapshot!(first.next_text().await, @r#"{"type":"message","class":"SessionExpiredEvent","code":200,"body":{}}"#);
    assert_eq!(second.next().await["class"], "SessionExpiredEvent");
    for action in ["onMessage", "echo", "getJwt"] {
        first
            .send(
                json!({ "action": action, "token": TOKEN, "tracingId": "t", "message": { "text": "hello" } }),
            )
            .await;
        let answer = first.next().await;
        assert_eq!((&answer["class"], &answer["tracingId"]), (&json!("SessionExpiredEvent"), &json!("t")));
    }
}

#[tokio::test]
async fn configuring_an_expired_token_begins_a_new_session_without_the_old_history() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    socket.say(TOKEN, "long ago").await;
    emulator.advance("100h").await;
    for class in ["StructuredMessage", "StructuredMessage", "SessionExpiredEvent"] {
        assert_eq!(socket.next().await["class"], class);
    }
    let fresh = socket.configure(DEPLOYMENT, TOKEN).await;
    assert_eq!(fresh["body"]["newSession"], true);
    socket.send(json!({ "action": "getJwt", "token": TOKEN })).await;
    let jwt = socket.next().await["body"]["jwt"].as_str().unwrap().to_owned();
    let history = emulator.client.get("/api/v2/webmessaging/messages", Some(&jwt)).await;
    assert_eq!(history.json()["total"], 0);
    assert_eq!(emulator.advance("100h").await["fired"], 1, "the new one expires too");
    assert_eq!(socket.next().await["class"], "SessionExpiredEvent");
}

#[tokio::test]
async fn a_session_that_was_started_new_expires_once() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    for _ in 0..3 {
        emulator.advance("1h").await;
        socket
            .send(json!({ "action": "configureSession", "deploymentId": DEPLOYMENT, "token": TOKEN, "startNew": true }))
            .await;
        assert_eq!(socket.next().await["body"]["newSession"], true);
    }
    emulator.advance("100h").await;
    assert_eq!(emulator.journal("kind=frameOut&target=SessionExpiredEvent").await.len(), 1);
}
