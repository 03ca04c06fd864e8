//! `fragment_frame`.

use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use super::{configured, configured_raw, echo, notes};
use crate::{
    support::TestEmulator,
    webmessaging::raw::{PING, PONG, masked},
};

#[tokio::test]
async fn the_scenario_sends_fragments_that_a_client_puts_together() {
    let emulator = TestEmulator::scenario("fragment_frame").await;
    let mut socket = configured(&emulator).await;
    socket.send(echo("whole")).await;
    assert_eq!(socket.next().await["body"]["text"], "whole");
    assert_eq!(notes(&emulator, "").await, ["a fault sends fragments of 16 bytes"; 2]);
    socket.stream.send(Message::Ping("1".into())).await.unwrap();
    assert_eq!(socket.stream.next().await.unwrap().unwrap(), Message::Pong("1".into()));
}

#[tokio::test]
async fn the_first_says_text_the_others_go_on_and_only_the_last_is_final() {
    let emulator = TestEmulator::start().await;
    let mut raw = configured_raw(&emulator).await;
    emulator.fault(json!({ "effect": { "fragment_frame": { "size": 100 } } })).await;
    raw.say(&echo("ping").to_string()).await;
    let mut fragments = Vec::new();
    let mut text = Vec::new();
    loop {
        let (first, payload) = raw.frame().await.unwrap();
        fragments.push((first, payload.len()));
        text.extend(payload);
        if first & 0x80 != 0 {
            break;
        }
    }
    let last = text.len() - 200;
    assert_eq!(fragments, [(0x01, 100), (0x00, 100), (0x80, last)]);
    assert_eq!(emulator.journal("kind=frameOut").await[1]["frame"], String::from_utf8(text).unwrap());
    raw.send(&masked(PING, b"still in step")).await;
    assert_eq!(raw.frame().await, Some((PONG, b"still in step".to_vec())));
}
