//! `refuse_handshake`: an alert instead of a certificate.

use serde_json::json;

use crate::support::{
    TestEmulator,
    tls::{ask, connect, get, refusal},
};

#[tokio::test]
async fn the_scenario_refuses_one_host_and_serves_the_others() {
    let emulator = TestEmulator::scenario("refuse_handshake").await;
    assert_eq!(refusal(&emulator, "api.mypurecloud.com").await, "received fatal alert: UnrecognisedName");
    let mut other = connect(&emulator, "login.mypurecloud.com").await.unwrap();
    let answer = ask(&mut other, &get("/.well-known/jwks.json", "login.mypurecloud.com")).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    let shown = emulator.client.admin("GET", "/faults/refuse_handshake", None).await;
    insta::assert_snapshot!(shown.text, @r#"{"id":"refuse_handshake","of":"emulator","when":{"host":"api.mypurecloud.com"},"effect":{"refuse_handshake":{"alert":"unrecognized_name"}},"matched":1,"fired":1}"#);
}

#[tokio::test]
async fn the_alert_can_be_another_and_the_names_all_below_one() {
    let emulator = TestEmulator::start().await;
    for (alert, told) in [
        ("handshake_failure", "HandshakeFailure"),
        ("protocol_version", "ProtocolVersion"),
        ("internal_error", "InternalError"),
    ] {
        let effect = json!({ "refuse_handshake": { "alert": alert } });
        let fault = json!([{ "when": { "host": "*.mypurecloud.de" }, "effect": effect }]);
        assert_eq!(emulator.client.admin("PUT", "/faults", Some(&fault)).await.status, 200);
        let told = format!("received fatal alert: {told}");
        assert_eq!(refusal(&emulator, "api.mypurecloud.de").await, told);
        assert!(connect(&emulator, "api.mypurecloud.ie").await.is_ok());
    }
}
