//! `drop_subprotocol`.

use insta::assert_snapshot;
use tokio_tungstenite::{
    connect_async,
    tungstenite::{
        Error,
        client::IntoClientRequest,
        error::{ProtocolError, SubProtocolError},
    },
};

use crate::{
    support::{DEPLOYMENT, TestEmulator},
    webmessaging::raw::{Raw, handshake},
};

async fn head(emulator: &TestEmulator) -> String {
    let mut raw = Raw::connect(emulator).await;
    let offer = "Sec-WebSocket-Protocol: chat.v2, chat.v1\r\n";
    raw.send(handshake(&format!("/v1?deploymentId={DEPLOYMENT}"), offer).as_bytes()).await;
    raw.head().await
}

#[tokio::test]
async fn without_it_the_first_subprotocol_on_offer_is_chosen() {
    let emulator = TestEmulator::start().await;
    assert!(head(&emulator).await.contains("\nSec-WebSocket-Protocol: chat.v2\n"));
}

#[tokio::test]
async fn the_scenario_names_none() {
    let emulator = TestEmulator::scenario("drop_subprotocol").await;
    assert_snapshot!(head(&emulator).await, @"
HTTP/1.1 101 Switching Protocols
Upgrade: websocket
Connection: Upgrade
Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
ININ-Correlation-Id: 1f4000f2-f7ae-4856-8af7-364288c30816
Date: Fri, 02 Jan 2026 03:04:05 GMT
X-Emulator-Fault: drop_subprotocol
");
    assert_eq!(emulator.journal("fault=drop_subprotocol").await[0]["status"], 101);
}

#[tokio::test]
async fn a_client_that_insists_fails() {
    for (scenario, fails) in [("default", false), ("drop_subprotocol", true)] {
        let emulator = TestEmulator::scenario(scenario).await;
        let url = format!("{}/v1?deploymentId={DEPLOYMENT}", emulator.base().replacen("http", "ws", 1));
        let mut request = url.into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", "chat.v2, chat.v1".parse().unwrap());
        let expected = ProtocolError::SecWebSocketSubProtocolError(SubProtocolError::NoSubProtocol);
        match connect_async(request).await {
            Ok(_) => assert!(!fails),
            Err(Error::Protocol(error)) => assert!(fails && error == expected, "{error}"),
            Err(other) => panic!("{other}"),
        }
    }
}
