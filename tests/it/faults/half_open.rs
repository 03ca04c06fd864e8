//! `half_open`: the connection is there, and nobody at its other end.

use std::io::ErrorKind;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{
    armed, configured_raw, message,
    raw::{Line, exchange},
};
use crate::support::TestEmulator;

const REQUEST: &str = "GET /.well-known/jwks.json HTTP/1.1\r\nHost: emulator.test\r\n\r\n";

#[tokio::test]
async fn the_scenario_leaves_the_socket_dead_and_its_client_in_the_dark() {
    let emulator = TestEmulator::scenario("half_open").await;
    let mut raw = configured_raw(&emulator).await;
    raw.say(&message("one").to_string()).await;
    assert!(raw.text().await.contains("\"one\""));
    let mut events = emulator.events("type=connection.closed").await;
    raw.say(&message("two").to_string()).await;
    events.expect("connection.closed").await;
    raw.say(&message("three").to_string()).await;
    // the bot answers the first one; its frame goes to no one
    emulator.advance("1h").await;
    let texts: Vec<Value> = emulator.journal("kind=frameIn&target=onMessage").await;
    assert_eq!(texts.len(), 2, "the third was never read");
    assert!(!raw.has_bytes(), "neither a frame nor an end");
    emulator.client.admin("POST", "/reset", None).await;
    assert_eq!(raw.frame().await, None, "it ends with its org");
}

#[tokio::test]
async fn a_request_is_not_handled_and_never_answered() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    emulator.fault(json!({ "when": { "method": "DELETE" }, "effect": { "half_open": {} } })).await;
    let request = format!(
        "DELETE /api/v2/tokens/me HTTP/1.1\r\nHost: emulator.test\r\nAuthorization: Bearer {token}\r\n\r\n"
    );
    let line = Line::send(&emulator.base(), &request).await;
    armed(&emulator, 1).await;
    emulator.advance("24h").await;
    assert!(line.is_silent());
    let entry = emulator.journal("method=DELETE").await.pop().unwrap();
    assert_eq!(entry["notes"], json!(["the connection was left half open before the answer"]));
    let token = emulator.guest_client_token().await;
    assert_eq!(emulator.client.get("/api/v2/tokens/me", Some(&token)).await.status, 200);
}

#[tokio::test]
async fn an_answer_stops_in_the_middle_and_its_connection_stays() {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!({ "effect": { "half_open": { "at": { "byte": 3 } } } })).await;
    let mut line = Line::send(&emulator.base(), &format!("{REQUEST}{REQUEST}")).await;
    line.head().await;
    assert_eq!(line.take(3).await, "{\"k");
    emulator.advance("24h").await;
    assert!(line.is_silent());
    emulator.client.admin("POST", "/reset", None).await;
    assert_eq!(line.rest().await, b"");
}

#[tokio::test]
async fn as_it_is_accepted_nothing_of_a_connection_is_read() {
    let emulator = TestEmulator::start().await;
    emulator
        .fault(json!({ "of": "emulator", "schedule": { "first": 1 }, "effect": { "half_open": { "at": "accept" } } }))
        .await;
    let mut stream = tokio::net::TcpStream::connect(emulator.emulator.address()).await.unwrap();
    stream.write_all(REQUEST.as_bytes()).await.unwrap();
    let fired = async || {
        let listed = emulator.client.admin("GET", "/faults", None).await.json();
        listed["entities"][0]["fired"] == 1
    };
    while !fired().await {}
    assert!(stream.try_read(&mut [0]).is_err_and(|error| error.kind() == ErrorKind::WouldBlock));
    assert_eq!(
        exchange(&emulator.base(), &REQUEST.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")).await.error,
        None
    );
    assert_eq!(emulator.journal("").await.len(), 1, "the other one is in no journal");
    drop(emulator);
    let end = stream.read_to_end(&mut Vec::new()).await.map_err(|error| error.kind());
    assert_eq!(end, Err(ErrorKind::ConnectionReset), "what was never read is thrown away");
}
