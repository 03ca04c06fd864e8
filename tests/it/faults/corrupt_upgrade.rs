//! `corrupt_upgrade`.

use insta::assert_snapshot;
use serde_json::json;
use tokio_tungstenite::{connect_async, tungstenite::Error};

use super::echo;
use crate::{
    support::{DEPLOYMENT, TestEmulator},
    webmessaging::raw::{Raw, handshake},
};

async fn upgraded(emulator: &TestEmulator) -> (Raw, String) {
    let mut raw = Raw::connect(emulator).await;
    raw.send(handshake(&format!("/v1?deploymentId={DEPLOYMENT}"), "").as_bytes()).await;
    let head = raw.head().await;
    (raw, head)
}

async fn corrupted(mode: &str) -> String {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!({ "id": "f", "effect": { "corrupt_upgrade": { "mode": mode } } })).await;
    let url = format!("{}/v1?deploymentId={DEPLOYMENT}", emulator.base().replacen("http", "ws", 1));
    let refused = connect_async(url).await.err();
    assert!(matches!(refused, Some(Error::Protocol(_))), "a client that looks gives up: {refused:?}");
    upgraded(&emulator).await.1
}

#[tokio::test]
async fn the_scenario_answers_the_first_upgrade_for_another_key() {
    let emulator = TestEmulator::scenario("corrupt_upgrade").await;
    let (mut raw, head) = upgraded(&emulator).await;
    assert_snapshot!(head, @"
HTTP/1.1 101 Switching Protocols
Upgrade: websocket
Connection: Upgrade
Sec-WebSocket-Accept: Vrguz3TUn9ngPf9JpcYLpRwPtcc=
ININ-Correlation-Id: 1f4000f2-f7ae-4856-8af7-364288c30816
Date: Fri, 02 Jan 2026 03:04:05 GMT
X-Emulator-Fault: corrupt_upgrade
");
    raw.say(&echo("open?").to_string()).await;
    assert!(raw.text().await.contains("4007"), "a client that does not look is served");
    let (_, head) = upgraded(&emulator).await;
    assert!(head.contains("\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\n"), "{head}");
}

#[tokio::test]
async fn wrong_accept_missing_upgrade_and_missing_connection_differ_in_one_line() {
    assert!(!corrupted("wrong_accept").await.contains("s3pPLMBiTxaQ9kYGzzhZRbK"));
    assert_snapshot!(corrupted("missing_upgrade").await, @"
HTTP/1.1 101 Switching Protocols
Connection: Upgrade
Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
ININ-Correlation-Id: ce8c5a36-ff6b-4372-a46c-6311e122de80
Date: Fri, 02 Jan 2026 03:04:05 GMT
X-Emulator-Fault: f
");
    assert_snapshot!(corrupted("missing_connection").await, @"
HTTP/1.1 101 Switching Protocols
Upgrade: websocket
Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
ININ-Correlation-Id: ce8c5a36-ff6b-4372-a46c-6311e122de80
Date: Fri, 02 Jan 2026 03:04:05 GMT
X-Emulator-Fault: f
");
}

#[tokio::test]
async fn upgrades_that_are_refused_anyway_are_neither_corrupted_nor_counted() {
    let emulator = TestEmulator::scenario("corrupt_upgrade").await;
    let (status, _) = emulator.upgrade("/v1?deploymentId=nowhere").await.err().unwrap();
    assert_eq!(status, 403);
    assert_eq!(emulator.client.admin("GET", "/faults/corrupt_upgrade", None).await.json()["matched"], 0);
}
