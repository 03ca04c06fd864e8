//! `echo`: the health check.

use insta::assert_snapshot;
use serde_json::json;

use super::{TOKEN, session};
use crate::support::{DEPLOYMENT, TestEmulator};

#[tokio::test]
async fn a_health_check_is_answered_to_its_connection_alone_with_texts_for_numbers() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    let mut other = session(&emulator, TOKEN).await;
    let id = "SGVhbHRoQ2hlY2tNZXNzYWdlSWQ=";
    let message = json!({ "type": "Text", "text": "ping", "metadata": { "customMessageId": id } });
    socket.send(json!({ "action": "echo", "token": TOKEN, "tracingId": id, "message": message })).await;
    assert_snapshot!(socket.next_text().await, @r#"{"type":"response","class":"StructuredMessage","code":200,"tracingId":"SGVhbHRoQ2hlY2tNZXNzYWdlSWQ=","body":{"id":"03fe589ff5094d2f63a1ff551e97d60b","type":"Text","direction":"Inbound","text":"ping","metadata":{"durationSeconds":"259200","expirationDate":"1767582245","customMessageId":"SGVhbHRoQ2hlY2tNZXNzYWdlSWQ="}}}"#);
    socket.say(TOKEN, "hello").await;
    assert_eq!(other.next().await["body"]["text"], "hello", "the health check was not its business");
}

#[tokio::test]
async fn a_health_check_without_token_means_the_session_of_its_connection() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    socket.send(json!({ "action": "echo", "message": { "type": "Text", "text": "ping" } })).await;
    assert_snapshot!(socket.next_text().await, @r#"{"type":"response","class":"StructuredMessage","code":200,"body":{"id":"03fe589ff5094d2f63a1ff551e97d60b","type":"Text","direction":"Inbound","text":"ping","metadata":{"durationSeconds":"259200","expirationDate":"1767582245"}}}"#);
    socket.send(json!({ "action": "echo" })).await;
    assert_eq!(socket.next().await["body"]["text"], "ping");
}

#[tokio::test]
async fn a_health_check_before_any_session_is_refused() {
    let emulator = TestEmulator::start().await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.send(json!({ "action": "echo", "tracingId": "t" })).await;
    assert_snapshot!(socket.next_text().await, @r#"{"type":"response","class":"string","code":4020,"tracingId":"t","body":"token is missing, and this connection was configured for no session"}"#);
}

#[tokio::test]
async fn a_health_check_shows_that_each_message_prolongs_the_session() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    let mut expires = Vec::new();
    for text in ["", "hello"] {
        if !text.is_empty() {
            emulator.advance("1h").await;
            socket.say(TOKEN, text).await;
            socket.next().await;
        }
        socket.send(json!({ "action": "echo", "token": TOKEN })).await;
        let metadata = socket.next().await["body"]["metadata"].clone();
        expires.push(metadata["expirationDate"].as_str().unwrap().parse::<i64>().unwrap());
    }
    assert_eq!(expires[1] - expires[0], 3600);
}
