//! RFC 6455, as far as a client may get it right or wrong.

use tokio::io::AsyncWriteExt;

use super::raw::{CLOSE, PING, PONG, Raw, TEXT, masked};
use crate::support::{DEPLOYMENT, TestEmulator};

/// Largest frame of a client.
const MOST: usize = 128 << 10;

/// The emulator still serves others.
async fn alive(emulator: &TestEmulator) {
    let mut socket = emulator.socket(DEPLOYMENT).await;
    assert_eq!(socket.configure(DEPLOYMENT, "another").await["class"], "SessionResponse");
}

#[tokio::test]
async fn a_ping_is_answered_by_its_pong_at_once() {
    let emulator = TestEmulator::start().await;
    let mut raw = Raw::open(&emulator, DEPLOYMENT).await;
    raw.send(&masked(PING, b"are you there")).await;
    assert_eq!(raw.frame().await, Some((PONG, b"are you there".to_vec())));
    raw.send(&masked(PONG, b"unasked")).await;
    raw.send(&masked(PING, b"")).await;
    assert_eq!(raw.frame().await, Some((PONG, Vec::new())));
}

#[tokio::test]
async fn a_close_is_echoed_and_the_connection_ends() {
    let emulator = TestEmulator::start().await;
    let mut raw = Raw::open(&emulator, DEPLOYMENT).await;
    let close = [&1000_u16.to_be_bytes()[..], b"The user has closed the connection."].concat();
    raw.send(&masked(CLOSE, &close)).await;
    assert_eq!(
        raw.frame().await.map(|(first, payload)| (first, payload[..2].to_vec())),
        Some((CLOSE, vec![3, 232]))
    );
    assert_eq!(raw.frame().await, None);
    let mut raw = Raw::open(&emulator, DEPLOYMENT).await;
    raw.send(&masked(CLOSE, b"")).await;
    assert_eq!(raw.frame().await, Some((CLOSE, Vec::new())), "a close without status");
    assert_eq!(raw.frame().await, None);
}

#[tokio::test]
async fn a_fragmented_text_is_one_frame_even_with_a_ping_in_between() {
    let emulator = TestEmulator::start().await;
    let mut raw = Raw::open(&emulator, DEPLOYMENT).await;
    let text = br#"{"action":"echo","tracingId":"fragments"}"#;
    raw.send(&masked(0x01, &text[..10])).await;
    raw.send(&masked(PING, b"x")).await;
    raw.send(&masked(0x00, &text[10..20])).await;
    raw.send(&masked(0x80, &text[20..])).await;
    assert_eq!(raw.frame().await, Some((PONG, b"x".to_vec())));
    assert!(raw.text().await.contains("fragments"));
}

#[tokio::test]
async fn a_frame_that_dribbles_in_byte_by_byte_is_answered() {
    let emulator = TestEmulator::start().await;
    let mut raw = Raw::open(&emulator, DEPLOYMENT).await;
    for byte in masked(TEXT, br#"{"action":"echo"}"#) {
        raw.send(&[byte]).await;
        tokio::task::yield_now().await;
    }
    assert!(raw.text().await.contains("4020"));
}

#[tokio::test]
async fn a_frame_of_128_kib_is_read_and_a_longer_one_closes_with_1009() {
    let emulator = TestEmulator::start().await;
    let mut raw = Raw::open(&emulator, DEPLOYMENT).await;
    let padding = " ".repeat(MOST - r#"{"action":"echo"}"#.len());
    raw.say(&format!(r#"{{"action":"echo"{padding}}}"#)).await;
    assert!(raw.text().await.contains("4020"));
    let whole = masked(TEXT, " ".repeat(MOST + 1).as_bytes());
    raw.send(&whole).await;
    assert_eq!(raw.closed().await, (1009, "a frame has at most 131072 bytes".to_owned()));
    alive(&emulator).await;
}

#[tokio::test]
async fn fragments_that_grow_too_long_close_with_1009() {
    let emulator = TestEmulator::start().await;
    let mut raw = Raw::open(&emulator, DEPLOYMENT).await;
    raw.send(&masked(0x01, " ".repeat(MOST).as_bytes())).await;
    raw.send(&masked(0x80, b"  ")).await;
    assert_eq!(raw.closed().await.0, 1009);
}

#[tokio::test]
async fn a_frame_that_only_claims_to_be_enormous_closes_with_1009() {
    let emulator = TestEmulator::start().await;
    let mut raw = Raw::open(&emulator, DEPLOYMENT).await;
    let mut head = vec![TEXT, 0x80 | 127];
    head.extend((1_u64 << 62).to_be_bytes());
    head.extend([0; 4]);
    raw.send(&head).await;
    assert_eq!(raw.closed().await.0, 1009);
}

#[tokio::test]
async fn a_text_that_is_not_utf_8_closes_with_1007() {
    let emulator = TestEmulator::start().await;
    let mut raw = Raw::open(&emulator, DEPLOYMENT).await;
    raw.send(&masked(TEXT, b"{\"action\":\"\xff\xfe\"}")).await;
    assert_eq!(raw.closed().await, (1007, "a text frame is UTF-8".to_owned()));
    alive(&emulator).await;
}

#[tokio::test]
async fn what_is_not_a_websocket_closes_with_1002() {
    let emulator = TestEmulator::start().await;
    for (what, bytes) in [
        ("a frame without mask", vec![TEXT, 2, b'{', b'}']),
        ("reserved bits", masked(0xf1, b"{}")),
        ("an unknown opcode", masked(0x83, b"{}")),
        ("a long ping", masked(PING, &[7; 126])),
        ("a fragmented ping", masked(0x09, b"x")),
        ("a continuation of nothing", masked(0x80, b"{}")),
        ("a close of one byte", masked(CLOSE, b"x")),
        ("another request", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n".to_vec()),
    ] {
        let mut raw = Raw::open(&emulator, DEPLOYMENT).await;
        raw.send(&bytes).await;
        assert_eq!(raw.closed().await.0, 1002, "{what}");
    }
    alive(&emulator).await;
}

#[tokio::test]
async fn a_client_that_vanishes_in_the_middle_of_a_frame_leaves_nothing_behind() {
    let emulator = TestEmulator::start().await;
    let mut raw = Raw::open(&emulator, DEPLOYMENT).await;
    let frame = masked(TEXT, br#"{"action":"echo"}"#);
    raw.send(&frame[..9]).await;
    raw.tcp.shutdown().await.unwrap();
    assert_eq!(raw.frame().await, None);
    alive(&emulator).await;
    assert!(emulator.journal("kind=frameIn&target=echo").await.is_empty());
}
