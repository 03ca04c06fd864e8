//! `reset_handshake`: the connection ends in the middle.

use std::io::ErrorKind;

use serde_json::json;

use crate::support::{TestEmulator, tls::connect};

#[tokio::test]
async fn the_scenario_resets_one_handshake_and_finishes_the_next() {
    let emulator = TestEmulator::scenario("reset_handshake").await;
    let error = connect(&emulator, "login.mypurecloud.com").await.map(drop).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    assert!(connect(&emulator, "login.mypurecloud.com").await.is_ok());
}

#[tokio::test]
async fn it_can_end_in_order() {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!({ "effect": { "reset_handshake": { "how": "close" } } })).await;
    let error = connect(&emulator, "login.mypurecloud.com").await.map(drop).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
}
