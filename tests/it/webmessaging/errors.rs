//! String errors: what clients get wrong within a frame.

use futures_util::SinkExt;
use insta::assert_snapshot;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use super::{TOKEN, session};
use crate::support::{DEPLOYMENT, Socket, TestEmulator};

async fn answer(socket: &mut Socket, text: &str) -> String {
    socket.send_text(text).await;
    socket.next_text().await
}

#[tokio::test]
async fn a_frame_that_cannot_be_read_is_answered_and_the_socket_goes_on() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    let mut answers = Vec::new();
    for text in [
        "",
        "hello",
        "{",
        r#"{"action":"echo"} {}"#,
        "true",
        "7",
        "[]",
        r#" ["echo","token"]"#,
        r#"{"action":7}"#,
        r#"{"action":"onMessage","message":"text"}"#,
    ] {
        answers.push(answer(&mut socket, text).await);
    }
    assert_snapshot!(answers.join("\n"), @r#"
    {"type":"response","class":"string","code":400,"body":"The frame cannot be read: EOF while parsing a value at line 1 column 0"}
    {"type":"response","class":"string","code":400,"body":"The frame cannot be read: expected value at line 1 column 1"}
    {"type":"response","class":"string","code":400,"body":"The frame cannot be read: EOF while parsing an object at line 1 column 1"}
    {"type":"response","class":"string","code":400,"body":"The frame cannot be read: trailing characters at line 1 column 19"}
    {"type":"response","class":"string","code":400,"body":"The frame cannot be read: invalid type, expected an object at line 1 column 4"}
    {"type":"response","class":"string","code":400,"body":"The frame cannot be read: invalid type, expected an object at line 1 column 1"}
    {"type":"response","class":"string","code":400,"body":"The frame cannot be read: it is an array, not an object"}
    {"type":"response","class":"string","code":400,"body":"The frame cannot be read: it is an array, not an object"}
    {"type":"response","class":"string","code":400,"body":"The frame cannot be read: invalid type, expected a string at line 1 column 11"}
    {"type":"response","class":"string","code":400,"body":"The frame cannot be read: invalid type, expected an object at line 1 column 38"}
    "#);
    socket.say(TOKEN, "still here").await;
    assert_eq!(socket.next().await["body"]["text"], "still here");
}

#[tokio::test]
async fn a_frame_that_asks_for_nothing_known_says_so() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    let mut answers = Vec::new();
    for frame in [
        json!({ "action": "dance", "token": TOKEN, "tracingId": "t" }),
        json!({ "token": TOKEN, "tracingId": "t" }),
        json!({}),
        json!({ "action": "onMessage", "token": TOKEN, "tracingId": "t" }),
        json!({ "action": "onMessage", "token": TOKEN, "message": {} }),
        json!({ "action": "onMessage", "token": TOKEN, "message": { "type": "Text", "text": "", "content": [] } }),
        json!({ "action": "onMessage", "token": TOKEN, "message": { "type": "Event", "events": [{ "eventType": "Presence", "presence": { "type": "Dance" } }] } }),
    ] {
        answers.push(answer(&mut socket, &frame.to_string()).await);
    }
    assert_snapshot!(answers.join("\n"), @r#"
    {"type":"response","class":"string","code":400,"tracingId":"t","body":"Unknown action \"dance\""}
    {"type":"response","class":"string","code":400,"tracingId":"t","body":"action is missing"}
    {"type":"response","class":"string","code":400,"body":"action is missing"}
    {"type":"response","class":"string","code":4020,"tracingId":"t","body":"message is missing"}
    {"type":"response","class":"string","code":400,"body":"message has neither text nor content"}
    {"type":"response","class":"string","code":400,"body":"message has neither text nor content"}
    {"type":"response","class":"string","code":400,"body":"This emulator does not serve the event Presence Dance"}
    "#);
}

#[tokio::test]
async fn nulls_are_as_good_as_absent() {
    let emulator = TestEmulator::start().await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    let frame = json!({ "action": "configureSession", "deploymentId": DEPLOYMENT, "token": TOKEN, "startNew": null, "tracingId": null });
    assert!(answer(&mut socket, &frame.to_string()).await.contains("SessionResponse"));
    let message = json!({ "type": null, "text": "Hi", "content": null, "events": null, "metadata": null, "channel": { "metadata": null } });
    let frame = json!({ "action": "onMessage", "token": TOKEN, "message": message, "channel": null });
    assert!(answer(&mut socket, &frame.to_string()).await.contains(r#""text":"Hi""#));
}

#[tokio::test]
async fn a_message_before_any_session_is_refused() {
    let emulator = TestEmulator::start().await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.say(TOKEN, "hello").await;
    let refused = socket.next().await;
    assert_eq!((&refused["class"], &refused["code"]), (&json!("string"), &json!(4007)));
}

#[tokio::test]
async fn a_session_token_alone_opens_nothing_on_another_connection() {
    let emulator = TestEmulator::start().await;
    let _owner = session(&emulator, TOKEN).await;
    let mut stranger = emulator.socket(DEPLOYMENT).await;
    stranger.say(TOKEN, "it's me").await;
    assert_snapshot!(stranger.next_text().await, @r#"{"type":"response","class":"string","code":400,"body":"This connection was not configured for the session of this token"}"#);
}

#[tokio::test]
async fn a_binary_frame_is_answered_that_frames_are_text() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    let frame = json!({ "action": "echo", "token": TOKEN }).to_string();
    socket.stream.send(Message::binary(frame.into_bytes())).await.unwrap();
    assert_snapshot!(socket.next_text().await, @r#"{"type":"response","class":"string","code":400,"body":"Frames are text with one JSON object"}"#);
    assert_eq!(emulator.journal("kind=frameIn").await.last().unwrap()["target"], "(binary)");
}
