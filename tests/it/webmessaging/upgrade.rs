//! Who is admitted to the socket, before guest tokens are looked at.

use futures_util::{SinkExt, StreamExt};
use insta::assert_snapshot;
use tokio_tungstenite::tungstenite::Message;

use super::{
    TOKEN,
    raw::{Raw, TEXT, handshake, masked},
};
use crate::support::{DEPLOYMENT, RESTRICTED_DEPLOYMENT, Socket, TestEmulator};

#[tokio::test]
async fn an_upgrade_is_accepted_and_the_server_is_silent_until_the_client_asks() {
    let emulator = TestEmulator::start().await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.stream.send(Message::Ping("1".into())).await.unwrap();
    let first = socket.stream.next().await.unwrap().unwrap();
    assert_eq!(first, Message::Pong("1".into()));
    assert_eq!(emulator.journal("surface=webmessaging").await[0]["status"], 101);
    assert!(emulator.journal("kind=frameOut").await.is_empty());
}

#[tokio::test]
async fn an_unknown_or_missing_deployment_is_refused_with_403() {
    let emulator = TestEmulator::start().await;
    let (status, body) =
        emulator.upgrade("/v1?deploymentId=00000000-0000-4000-8000-000000000000").await.err().unwrap();
    assert_eq!(status, 403);
    assert_snapshot!(body, @r#"{"errorCode":"FORBIDDEN","message":"Deployment not found or not active"}"#);
    assert_eq!(emulator.last_refusal().await["rule"], "deployment.unknown");
    for target in ["/v1", "/v1?deploymentId=", "/v1?deploymentid=x&application=y"] {
        assert_eq!(emulator.upgrade(target).await.err(), Some((403, body.clone())), "{target}");
    }
}

#[tokio::test]
async fn an_inactive_deployment_is_refused_like_an_unknown_one_and_the_journal_knows_better() {
    let emulator =
        TestEmulator::yaml("world: { orgs: [ { deployments: { off: { id: off, status: Inactive } } } ] }")
            .await;
    let refused = emulator.upgrade("/v1?deploymentId=off").await.err();
    let unknown = emulator.upgrade("/v1?deploymentId=unknown").await.err();
    assert_eq!(refused, unknown);
    let rules: Vec<_> = emulator.journal("status=403").await;
    assert_eq!(rules[0]["refusal"]["rule"], "deployment.inactive");
    assert_eq!(rules[1]["refusal"]["rule"], "deployment.unknown");
}

#[tokio::test]
async fn a_restricted_deployment_admits_its_domain_in_every_spelling_and_clients_without_origin() {
    let emulator = TestEmulator::start().await;
    let target = format!("/v1?deploymentId={RESTRICTED_DEPLOYMENT}");
    for origin in [
        "shop.example.test",
        "SHOP.example.test",
        "www.shop.example.test",
        "https://shop.example.test",
        "https://a.b.shop.example.test:8443",
    ] {
        let opened = Socket::open(&emulator.base(), &target, &[("origin", origin)]).await;
        assert!(opened.is_ok(), "{origin}");
    }
    assert!(Socket::open(&emulator.base(), &target, &[]).await.is_ok());
}

#[tokio::test]
async fn a_restricted_deployment_refuses_other_pages() {
    let emulator = TestEmulator::start().await;
    let target = format!("/v1?deploymentId={RESTRICTED_DEPLOYMENT}");
    for origin in [
        "example.test",
        "notshop.example.test",
        "https://shop.example.test.evil.test",
        "https://evil.test/shop.example.test",
        "https://evil.test?shop.example.test",
        "null",
        "",
    ] {
        let refused = Socket::open(&emulator.base(), &target, &[("origin", origin)]).await;
        let (status, body) = refused.err().unwrap_or_else(|| panic!("{origin:?} got in"));
        assert_eq!(status, 403, "{origin}");
        assert_eq!(body, r#"{"errorCode":"FORBIDDEN","message":"Origin not allowed"}"#);
        assert_eq!(emulator.last_refusal().await["rule"], "origin.not_allowed");
    }
}

#[tokio::test]
async fn a_request_that_is_no_handshake_is_told_to_upgrade() {
    let emulator = TestEmulator::start().await;
    let answer = emulator.client.get(&format!("/v1?deploymentId={DEPLOYMENT}"), None).await;
    assert_eq!(answer.status, 426);
    assert_eq!(answer.header("upgrade"), "websocket");
    assert_eq!(answer.header("sec-websocket-version"), "13");
    assert_snapshot!(answer.text, @r#"{"message":"This is a socket; it speaks WebSocket only","code":"upgrade.required","status":426,"contextId":"1f4000f2-f7ae-4856-8af7-364288c30816","details":[],"errors":[]}"#);
    assert_eq!(emulator.last_refusal().await["rule"], "upgrade.malformed");
    assert_eq!(emulator.client.send("POST", "/v1", &[], "{}").await.status, 405);
}

#[tokio::test]
async fn a_handshake_of_another_version_or_without_a_key_is_told_what_is_spoken_here() {
    let emulator = TestEmulator::start().await;
    let good = handshake(&format!("/v1?deploymentId={DEPLOYMENT}"), "");
    for bad in [good.replace("Version: 13", "Version: 8"), good.replace("Sec-WebSocket-Key", "X-Key")] {
        let mut raw = Raw::connect(&emulator).await;
        raw.send(bad.as_bytes()).await;
        let head = raw.head().await;
        assert!(head.starts_with("HTTP/1.1 426 "), "{head}");
    }
}

#[tokio::test]
async fn a_handshake_with_any_method_but_get_opens_nothing() {
    let emulator = TestEmulator::start().await;
    for path in [format!("/v1?deploymentId={DEPLOYMENT}"), "/channels/x".to_owned(), "/v1/token/x".to_owned()]
    {
        for method in ["HEAD", "POST", "OPTIONS"] {
            let mut raw = Raw::connect(&emulator).await;
            raw.send(handshake(&path, "").replacen("GET", method, 1).as_bytes()).await;
            let head = raw.head().await.to_lowercase();
            assert!(head.starts_with("http/1.1 405 "), "{method} {path}: {head}");
            assert!(head.lines().any(|line| line == "allow: get"), "{method} {path}: {head}");
            assert_eq!(emulator.last_refusal().await["rule"], "method.unserved");
        }
    }
}

#[tokio::test]
async fn what_clients_add_to_a_handshake_is_passed_over() {
    let emulator = TestEmulator::start().await;
    let mut raw = Raw::connect(&emulator).await;
    let target =
        format!("/v1?x=1&deploymentId={DEPLOYMENT}&application=MessengerSDK-2%2FTransportSDK-2.14.0");
    let headers = format!(
        "Content-Length: 0\r\nOrigin: localhost\r\nAuthorization: Basic YTpi\r\nUser-Agent: Android 34\r\n\
         deploymentId: {DEPLOYMENT}\r\nSec-WebSocket-Protocol: chat\r\n\
         Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
    );
    raw.send(handshake(&target, &headers).as_bytes()).await;
    assert_snapshot!(raw.head().await, @"
    HTTP/1.1 101 Switching Protocols
    Upgrade: websocket
    Connection: Upgrade
    Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
    Sec-WebSocket-Protocol: chat
    ININ-Correlation-Id: 1f4000f2-f7ae-4856-8af7-364288c30816
    Date: Fri, 02 Jan 2026 03:04:05 GMT
    Access-Control-Allow-Origin: localhost
    Vary: Origin
    Access-Control-Expose-Headers: ININ-Correlation-Id,inin-ratelimit-count,inin-ratelimit-allowed,inin-ratelimit-reset,Retry-After,X-Emulator-Fault
    ");
    raw.say(r#"{"action":"echo"}"#).await;
    assert!(raw.text().await.contains("4020"));
}

#[tokio::test]
async fn a_frame_in_the_same_packet_as_the_handshake_is_answered() {
    let emulator = TestEmulator::start().await;
    let mut raw = Raw::connect(&emulator).await;
    let mut bytes = handshake(&format!("/v1?deploymentId={DEPLOYMENT}"), "").into_bytes();
    let frame = format!(r#"{{"action":"configureSession","deploymentId":"{DEPLOYMENT}","token":"{TOKEN}"}}"#);
    bytes.extend(masked(TEXT, frame.as_bytes()));
    raw.send(&bytes).await;
    assert!(raw.head().await.starts_with("HTTP/1.1 101 "));
    assert!(raw.text().await.contains("SessionResponse"));
}
