//! Handshakes that are none: half-open, junk, too long. Each is bounded, and nobody else notices.

use std::time::Duration;

use genesys_emulator::Patience;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::{TestEmulator, tls::connect};

/// What comes back until the end.
async fn said(emulator: &TestEmulator, bytes: &[u8]) -> Vec<u8> {
    let mut tcp = TcpStream::connect(emulator.emulator.address()).await.unwrap();
    // it may have been closed at the first wrong byte
    let _ = tcp.write_all(bytes).await;
    let mut back = Vec::new();
    let _ = tcp.read_to_end(&mut back).await;
    back
}

#[tokio::test]
async fn junk_is_answered_with_an_alert_or_not_at_all() {
    let emulator = TestEmulator::start().await;
    let long = [&[22, 3, 1, 0xff, 0xff][..], &[0; 70_000]].concat();
    for junk in [
        &[22][..],
        &[22, 3, 1, 0, 1, 0],
        &[22, 3, 1, 0, 4, 1, 0, 0, 0],
        &[22, 0xff, 0xff, 0xff, 0xff, 0xff],
        &long,
    ] {
        let mut tcp = TcpStream::connect(emulator.emulator.address()).await.unwrap();
        let _ = tcp.write_all(junk).await;
        let _ = tcp.shutdown().await;
        let mut back = Vec::new();
        let _ = tcp.read_to_end(&mut back).await;
        // nothing, or one fatal alert
        assert!(back.is_empty() || back.len() == 7 && back[0] == 21 && back[5] == 2, "{back:?}");
    }
    assert!(connect(&emulator, "localhost").await.is_ok());
    assert_eq!(emulator.client.admin("GET", "/health", None).await.status, 200);
    assert!(emulator.journal("").await.is_empty());
}

#[tokio::test]
async fn a_handshake_that_stops_is_not_waited_for() {
    let handshake = Duration::from_millis(50);
    let emulator =
        TestEmulator::with(|builder| builder.patience(Patience { handshake, ..Patience::default() })).await;
    // a record that says it is longer than what comes
    assert_eq!(said(&emulator, &[22, 3, 1, 2, 0, 1, 0]).await, b"");
}

#[tokio::test]
async fn a_connection_without_a_first_byte_is_closed_when_it_was_quiet_for_long() {
    let quiet = Duration::from_millis(50);
    let emulator =
        TestEmulator::with(|builder| builder.patience(Patience { quiet, ..Patience::default() })).await;
    assert_eq!(said(&emulator, b"").await, b"");
}
