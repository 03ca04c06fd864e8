//! Several connections of one session, and connections that go away in their own ways.

use std::io::ErrorKind;

use insta::assert_snapshot;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{TOKEN, raw::Raw, session};
use crate::support::{DEPLOYMENT, TestEmulator};

#[tokio::test]
async fn every_connection_of_a_session_sees_every_message_with_the_sender_s_tracing_id() {
    let emulator = TestEmulator::start().await;
    let mut sockets = Vec::new();
    for _ in 0..3 {
        sockets.push(session(&emulator, TOKEN).await);
    }
    let message = json!({ "type": "Text", "text": "hello", "metadata": { "mine": "1" } });
    sockets[1]
        .send(json!({ "action": "onMessage", "token": TOKEN, "tracingId": "t-1", "message": message }))
        .await;
    emulator.advance("200ms").await;
    let (echo, reply) = (sockets[0].next_text().await, sockets[0].next_text().await);
    assert!(echo.contains(r#""tracingId":"t-1""#) && echo.contains(r#""mine":"1""#), "{echo}");
    assert!(!reply.contains("tracingId"), "{reply}");
    for other in &mut sockets[1..] {
        assert_eq!(other.next_text().await, echo);
        assert_eq!(other.next_text().await, reply);
    }
}

#[tokio::test]
async fn a_fourth_connection_evicts_the_oldest_which_stays_open() {
    let emulator = TestEmulator::start().await;
    let mut oldest = session(&emulator, TOKEN).await;
    let mut others = Vec::new();
    for _ in 0..3 {
        others.push(session(&emulator, TOKEN).await);
    }
    assert_snapshot!(oldest.next_text().await, @r#"{"type":"message","class":"ConnectionClosedEvent","code":200,"body":{}}"#);
    others[2].say(TOKEN, "who is here?").await;
    for other in &mut others {
        assert_eq!(other.next().await["body"]["text"], "who is here?");
    }
    oldest.say(TOKEN, "me too").await;
    assert_eq!(oldest.next().await["code"], 400);
    let back = oldest.configure(DEPLOYMENT, TOKEN).await;
    assert_eq!(back["body"]["connected"], true, "it may come back, and another one goes");
    assert_eq!(others[0].next().await["class"], "ConnectionClosedEvent");
}

#[tokio::test]
async fn the_connection_that_configures_last_is_never_the_one_evicted() {
    let emulator = TestEmulator::start().await;
    let mut first = emulator.socket(DEPLOYMENT).await;
    let mut others = Vec::new();
    for _ in 0..3 {
        others.push(session(&emulator, TOKEN).await);
    }
    assert_eq!(first.configure(DEPLOYMENT, TOKEN).await["class"], "SessionResponse");
    assert_eq!(others[0].next().await["class"], "ConnectionClosedEvent");
}

#[tokio::test]
async fn configuring_again_on_the_same_connection_counts_once() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    for _ in 0..5 {
        assert_eq!(socket.configure(DEPLOYMENT, TOKEN).await["class"], "SessionResponse");
    }
}

#[tokio::test]
async fn a_half_closed_connection_is_answered_what_it_asked_and_then_ends() {
    let emulator = TestEmulator::start().await;
    let mut raw = Raw::open(&emulator, DEPLOYMENT).await;
    raw.say(&json!({ "action": "configureSession", "deploymentId": DEPLOYMENT, "token": TOKEN }).to_string())
        .await;
    raw.tcp.shutdown().await.unwrap();
    assert!(raw.text().await.contains("SessionResponse"));
    assert_eq!(raw.frame().await, None);
}

#[tokio::test]
async fn a_client_that_stops_reading_is_dropped_and_nobody_else_notices() {
    let emulator = TestEmulator::unlimited().await;
    let mut deaf = Raw::open(&emulator, DEPLOYMENT).await;
    deaf.say(
        &json!({ "action": "configureSession", "deploymentId": DEPLOYMENT, "token": TOKEN }).to_string(),
    )
    .await;
    let mut speaker = session(&emulator, TOKEN).await;
    let large = json!([{ "contentType": "Text", "text": "x".repeat(60_000) }]);
    let frame =
        json!({ "action": "onMessage", "token": TOKEN, "message": { "type": "Text", "content": large } });
    let sent = 300;
    for _ in 0..sent {
        speaker.send(frame.clone()).await;
        assert_eq!(speaker.next().await["class"], "StructuredMessage");
    }
    let mut received = 0;
    let mut buffer = vec![0; 1 << 16];
    let end = loop {
        match deaf.tcp.read(&mut buffer).await {
            Ok(0) => break None,
            Ok(some) => received += some,
            Err(error) => break Some(error.kind()),
        }
    };
    assert_eq!(end, Some(ErrorKind::ConnectionReset));
    assert!(received < sent * 60_000, "{received} bytes were kept for it");
    let moved = emulator.advance("1h").await;
    assert_eq!(moved["settled"], true);
}
