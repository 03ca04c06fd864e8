//! How much a client may send: of one session, of one connection, of one deployment. Counted on the org's clock.

use futures_util::SinkExt;
use insta::assert_snapshot;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::{
    OTHER, TOKEN,
    raw::{Raw, handshake},
    session,
};
use crate::support::{DEPLOYMENT, RESTRICTED_DEPLOYMENT, Socket, TestEmulator};

/// The next frames: the text of a message, class and code of anything else.
async fn answers(socket: &mut Socket, count: usize) -> Vec<String> {
    let mut all = Vec::new();
    for _ in 0..count {
        let frame = socket.next().await;
        all.push(match frame["body"]["text"].as_str() {
            Some(text) => text.to_owned(),
            None => format!("{} {}", frame["class"].as_str().unwrap(), frame["code"]),
        });
    }
    all
}

fn message(text: &str) -> Value {
    json!({ "action": "onMessage", "token": TOKEN, "tracingId": text, "message": { "type": "Text", "text": text } })
}

#[tokio::test]
async fn the_sixth_message_of_a_session_in_a_second_is_refused_in_order_and_nothing_is_done() {
    let emulator = TestEmulator::start().await;
    let (mut one, mut two) = (session(&emulator, TOKEN).await, session(&emulator, TOKEN).await);
    let mut other = session(&emulator, OTHER).await;
    for text in ["1", "2", "3"] {
        one.send(message(text)).await;
    }
    assert_eq!(answers(&mut one, 3).await, ["1", "2", "3"]);
    for text in ["4", "5", "6"] {
        two.send(message(text)).await;
    }
    assert_eq!(answers(&mut two, 5).await, ["1", "2", "3", "4", "5"]);
    assert_snapshot!(two.next_text().await, @r#"{"type":"response","class":"TooManyRequestsErrorMessage","code":429,"tracingId":"6","body":{"retryAfter":1,"errorCode":4029,"errorMessage":"Rate limit exceeded"}}"#);
    assert_snapshot!(emulator.last_refusal().await, @r#"{"expected":"at most 5 in 1s","reason":"The emulated limit messageRate is used up","rule":"rate_limit.exceeded","seen":"number 6 of this window"}"#);
    other.say(OTHER, "another session").await;
    assert_eq!(answers(&mut other, 1).await, ["another session"]);

    emulator.advance("999ms").await;
    one.send(message("7")).await;
    emulator.advance("1ms").await;
    one.send(message("8")).await;
    let seen = answers(&mut one, 9).await;
    let replies = ["You said: 1", "You said: 2", "You said: 3", "You said: 4", "You said: 5"];
    assert_eq!(seen[..2], ["4", "5"]);
    assert_eq!(seen[2..7], replies);
    assert_eq!(seen[7..], ["TooManyRequestsErrorMessage 429", "8"]);
}

#[tokio::test]
async fn the_61st_frame_of_a_connection_in_a_minute_is_refused_whatever_it_asks_for() {
    let emulator = TestEmulator::start().await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    for nth in 0..58 {
        socket.send(json!({ "action": "dance", "tracingId": nth.to_string() })).await;
    }
    assert_eq!(answers(&mut socket, 58).await, vec!["string 400"; 58]);
    socket.send_text("not even JSON").await;
    socket.stream.send(Message::binary(b"nor text".to_vec())).await.unwrap();
    let configure =
        json!({ "action": "configureSession", "token": TOKEN, "deploymentId": DEPLOYMENT, "tracingId": "t" });
    socket.send(configure.clone()).await;
    socket.send_text("not even JSON").await;
    socket.stream.send(Message::binary(b"nor text".to_vec())).await.unwrap();
    let refused = "TooManyRequestsErrorMessage 429";
    assert_eq!(answers(&mut socket, 5).await, ["string 400", "string 400", refused, refused, refused]);
    assert_snapshot!(emulator.last_refusal().await, @r#"{"expected":"at most 60 in 1m","reason":"The emulated limit socketRequestRate is used up","rule":"rate_limit.exceeded","seen":"number 63 of this window"}"#);
    let mut fresh = emulator.socket(DEPLOYMENT).await;
    assert_eq!(fresh.configure(DEPLOYMENT, TOKEN).await["body"]["newSession"], true, "it was not done");
    emulator.advance("60s").await;
    socket.send(configure).await;
    assert_eq!(answers(&mut socket, 1).await, ["SessionResponse 200"]);
}

#[tokio::test]
async fn two_health_checks_a_minute_are_answered_on_each_connection() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    for _ in 0..3 {
        socket.send(json!({ "action": "echo", "token": TOKEN })).await;
    }
    assert_eq!(answers(&mut socket, 2).await, ["ping", "ping"]);
    assert_snapshot!(socket.next_text().await, @r#"{"type":"response","class":"TooManyRequestsErrorMessage","code":429,"body":{"retryAfter":60,"errorCode":4029,"errorMessage":"Rate limit exceeded"}}"#);
    assert_snapshot!(emulator.last_refusal().await, @r#"{"expected":"at most 2 in 1m","reason":"The emulated limit echoRate is used up","rule":"rate_limit.exceeded","seen":"number 3 of this window"}"#);
    socket.say(TOKEN, "anything else").await;
    assert_eq!(answers(&mut socket, 1).await, ["anything else"]);
    let mut again = session(&emulator, TOKEN).await;
    again.send(json!({ "action": "echo", "token": TOKEN })).await;
    assert_eq!(answers(&mut again, 1).await, ["ping"], "who connects again begins anew");
}

#[tokio::test]
async fn a_session_is_configured_so_often_in_a_minute_on_all_of_its_connections() {
    let emulator = TestEmulator::yaml("name: few\nworld: { orgs: [{ limits: { configureRate: 2 } }] }").await;
    let _first = session(&emulator, TOKEN).await;
    let mut second = session(&emulator, TOKEN).await;
    let mut third = emulator.socket(DEPLOYMENT).await;
    let refused = third.configure(DEPLOYMENT, TOKEN).await;
    assert_eq!((&refused["class"], &refused["code"]), (&json!("TooManyRequestsErrorMessage"), &json!(429)));
    assert_snapshot!(emulator.last_refusal().await, @r#"{"expected":"at most 2 in 1m","reason":"The emulated limit configureRate is used up","rule":"rate_limit.exceeded","seen":"number 3 of this window"}"#);
    third.say(TOKEN, "let me in").await;
    assert_eq!(answers(&mut third, 1).await, ["string 400"], "it is not configured");
    second.say(TOKEN, "I am in").await;
    assert_eq!(answers(&mut second, 1).await, ["I am in"]);
    assert_eq!(third.configure(DEPLOYMENT, OTHER).await["class"], "SessionResponse");
    emulator.advance("60s").await;
    assert_eq!(third.configure(DEPLOYMENT, TOKEN).await["class"], "SessionResponse");
}

#[tokio::test]
async fn upgrades_beyond_the_limit_of_their_deployment_are_429_with_retry_after() {
    let emulator = TestEmulator::yaml("name: few\nworld: { orgs: [{ limits: { connectRate: 2 } }] }").await;
    let head = async |deployment: &str| {
        let mut raw = Raw::connect(&emulator).await;
        raw.send(handshake(&format!("/v1?deploymentId={deployment}"), "").as_bytes()).await;
        raw.head().await
    };
    for _ in 0..2 {
        assert!(head(DEPLOYMENT).await.starts_with("HTTP/1.1 101 "));
    }
    emulator.advance("10s").await;
    let refused = head(DEPLOYMENT).await;
    assert!(refused.starts_with("HTTP/1.1 429 ") && refused.contains("\nRetry-After: 50\n"), "{refused}");
    assert_snapshot!(emulator.upgrade(&format!("/v1?deploymentId={DEPLOYMENT}")).await.err().unwrap().1, @r#"{"message":"Rate limit exceeded the maximum. Retry the request in [50] seconds","code":"too.many.requests.retry.after","status":429,"contextId":"51725a42-aeb6-40f7-bb3b-6ef3aea70cb8","details":[],"errors":[]}"#);
    assert_snapshot!(emulator.last_refusal().await, @r#"{"expected":"at most 2 in 1m","reason":"The emulated limit connectRate is used up","rule":"rate_limit.exceeded","seen":"number 4 of this window"}"#);
    assert!(head(RESTRICTED_DEPLOYMENT).await.starts_with("HTTP/1.1 101 "), "another deployment is free");
    emulator.advance("50s").await;
    assert!(head(DEPLOYMENT).await.starts_with("HTTP/1.1 101 "));
}

#[tokio::test]
async fn the_eleventh_page_of_history_in_a_minute_is_429() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    let jwt = async |socket: &mut Socket| {
        socket.send(json!({ "action": "getJwt", "token": TOKEN })).await;
        socket.next().await["body"]["jwt"].as_str().unwrap().to_owned()
    };
    let page = async |jwt: &str| emulator.client.get("/api/v2/webmessaging/messages", Some(jwt)).await;
    let (old, new) = (jwt(&mut socket).await, jwt(&mut socket).await);
    for nth in 0..10 {
        assert_eq!(page(if nth % 2 == 0 { &old } else { &new }).await.status, 200);
    }
    let refused = page(&new).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "60"));
    assert_snapshot!(refused.text, @r#"{"message":"Rate limit exceeded the maximum. Retry the request in [60] seconds","code":"too.many.requests.retry.after","status":429,"contextId":"b7dcb5d3-f54b-43e1-b522-dc0d22587eae","details":[],"errors":[]}"#);
    assert_snapshot!(emulator.last_refusal().await, @r#"{"expected":"at most 10 in 1m","reason":"The emulated limit historyRate is used up","rule":"rate_limit.exceeded","seen":"number 11 of this window"}"#);
    emulator.advance("60s").await;
    let fresh = jwt(&mut socket).await;
    assert_eq!(page(&fresh).await.status, 200);
}

#[tokio::test]
async fn a_stranger_does_not_use_up_the_limit_of_a_session() {
    let emulator = TestEmulator::start().await;
    let mut owner = session(&emulator, TOKEN).await;
    let mut stranger = session(&emulator, OTHER).await;
    for _ in 0..6 {
        stranger.send(message("it's me")).await;
    }
    assert_eq!(answers(&mut stranger, 6).await, vec!["string 400"; 6]);
    owner.send(message("no, it's me")).await;
    assert_eq!(answers(&mut owner, 1).await, ["no, it's me"]);
}

#[tokio::test]
async fn every_limit_is_the_scenario_s() {
    let emulator = TestEmulator::yaml(
        "name: none\nworld: { orgs: [{ limits: { messageRate: 0, echoRate: 0, socketRequestRate: 3, historyRate: 0 } }] }",
    )
    .await;
    let mut socket = session(&emulator, TOKEN).await;
    socket.send(json!({ "action": "getJwt", "token": TOKEN })).await;
    let jwt = socket.next().await["body"]["jwt"].as_str().unwrap().to_owned();
    assert_eq!(emulator.client.get("/api/v2/webmessaging/messages", Some(&jwt)).await.status, 429);
    assert_eq!(emulator.last_refusal().await["expected"], "at most 0 in 1m");
    for (frame, expected) in [
        (message("Hi"), "The emulated limit messageRate is used up"),
        (json!({ "action": "echo" }), "The emulated limit socketRequestRate is used up"),
    ] {
        socket.send(frame).await;
        assert_eq!(answers(&mut socket, 1).await, ["TooManyRequestsErrorMessage 429"]);
        assert_eq!(emulator.last_refusal().await["reason"], expected);
    }
}

#[tokio::test]
async fn without_limits_a_client_may_send_what_it_likes() {
    let emulator = TestEmulator::unlimited().await;
    let mut socket = session(&emulator, TOKEN).await;
    for nth in 0..70 {
        socket.send(json!({ "action": "echo" })).await;
        socket.send(message(&nth.to_string())).await;
        assert_eq!(answers(&mut socket, 2).await, ["ping".to_owned(), nth.to_string()]);
    }
}
