//! `corrupt_frame`.

use insta::assert_snapshot;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{Error, error::ProtocolError};

use super::{configured, configured_raw, echo, message, notes};
use crate::{support::TestEmulator, webmessaging::raw::TEXT};

/// The answer to a health check as it comes and as the journal has it.
async fn corrupted(mode: &str) -> (u8, Option<[u8; 4]>, Vec<u8>, Vec<u8>) {
    let emulator = TestEmulator::start().await;
    let mut raw = configured_raw(&emulator).await;
    emulator.fault(json!({ "effect": { "corrupt_frame": { "mode": mode } } })).await;
    raw.say(&echo("ping").to_string()).await;
    let (first, mask, payload) = raw.any_frame().await.unwrap();
    let whole = emulator.journal("kind=frameOut").await[1]["frame"].as_str().unwrap().as_bytes().to_vec();
    (first, mask, payload, whole)
}

async fn text_of(mode: &str) -> String {
    let (first, mask, payload, _) = corrupted(mode).await;
    assert_eq!((first, mask), (TEXT, None));
    String::from_utf8(payload).unwrap()
}

#[tokio::test]
async fn the_scenario_sends_null_instead_of_the_first_message() {
    let emulator = TestEmulator::scenario("corrupt_frame").await;
    let mut raw = configured_raw(&emulator).await;
    raw.say(&message("Hello").to_string()).await;
    assert_snapshot!(raw.text().await, @r#"{"type":"message","class":"StructuredMessage","code":200,"body":null}"#);
    assert_eq!(notes(&emulator, "fault=corrupt_frame").await, ["a fault corrupts this frame: null_body"]);
    raw.say(&echo("whole").to_string()).await;
    assert!(raw.text().await.contains(r#""text":"whole""#));
}

#[tokio::test]
async fn bad_utf8_is_one_byte_that_no_text_has() {
    let (first, mask, mut payload, whole) = corrupted("bad_utf8").await;
    assert_eq!((first, mask), (TEXT, None));
    assert!(std::str::from_utf8(&payload).is_err());
    assert_eq!(payload.remove(whole.len() / 2), 0xff);
    assert_eq!(payload, whole);
}

#[tokio::test]
async fn bad_json_cannot_be_read_and_an_unknown_class_can() {
    assert_snapshot!(text_of("bad_json").await, @r#"{"type"="response","class":"StructuredMessage","code":200,"body":{"id":"03fe589ff5094d2f63a1ff551e97d60b","type":"Text","direction":"Inbound","text":"ping","metadata":{"durationSeconds":"259200","expirationDate":"1767582245"}}}"#);
    let unknown = text_of("unknown_class").await;
    assert_snapshot!(unknown, @r#"{"type":"response","class":"EmulatorUnknown","code":200,"body":{"id":"03fe589ff5094d2f63a1ff551e97d60b","type":"Text","direction":"Inbound","text":"ping","metadata":{"durationSeconds":"259200","expirationDate":"1767582245"}}}"#);
    assert!(serde_json::from_str::<Value>(&unknown).is_ok());
}

#[tokio::test]
async fn reserved_bits_are_one_bit_of_the_first_byte() {
    let (first, mask, payload, whole) = corrupted("reserved_bits").await;
    assert_eq!((first, mask, payload), (TEXT | 0x40, None, whole));
}

#[tokio::test]
async fn a_masked_frame_is_masked_as_a_clients_is() {
    let (first, mask, payload, whole) = corrupted("masked").await;
    let mask = mask.unwrap();
    let unmasked: Vec<_> = payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
    assert_eq!((first, unmasked), (TEXT, whole));
}

#[tokio::test]
async fn a_client_that_keeps_to_the_protocol_gives_up() {
    for (mode, expected) in [
        ("reserved_bits", ProtocolError::NonZeroReservedBits),
        ("masked", ProtocolError::MaskedFrameFromServer),
    ] {
        let emulator = TestEmulator::start().await;
        let mut socket = configured(&emulator).await;
        emulator.fault(json!({ "effect": { "corrupt_frame": { "mode": mode } } })).await;
        socket.send(echo("ping")).await;
        let seen = socket.next_message().await;
        assert!(matches!(&seen, Some(Err(Error::Protocol(error))) if *error == expected), "{mode}: {seen:?}");
    }
}
