//! Two official SDKs look `ININ-Correlation-Id` and `Retry-After` up in exactly this spelling.

use insta::assert_snapshot;

use super::{Wire, exchange};
use crate::support::{DEPLOYMENT, TestEmulator};

const UPGRADE: &str = "Connection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13\n\
                       Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n";

#[tokio::test]
async fn headers_are_spelled_as_the_platform_spells_them() {
    let emulator = TestEmulator::yaml("name: none\nworld: { orgs: [{ limits: { tokenRate: 0 } }] }").await;
    let token = emulator.guest_client_token().await;
    let request = format!(
        "GET /api/v2/tokens/me HTTP/1.1\nHost: x\nOrigin: https://shop.example.test\nAuthorization: Bearer {token}\n\n"
    );
    assert_snapshot!(exchange(&emulator, &request).await.head, @"
    HTTP/1.1 429 Too Many Requests
    Content-Type: application/json
    Retry-After: 60
    Content-Length: 208
    ININ-Correlation-Id: ce8c5a36-ff6b-4372-a46c-6311e122de80
    Date: Fri, 02 Jan 2026 03:04:05 GMT
    inin-ratelimit-count: 1
    inin-ratelimit-allowed: 0
    inin-ratelimit-reset: 60
    Cache-Control: no-cache, no-store, must-revalidate
    Pragma: no-cache
    Expires: 0
    Access-Control-Allow-Origin: https://shop.example.test
    Vary: Origin
    Access-Control-Expose-Headers: ININ-Correlation-Id,inin-ratelimit-count,inin-ratelimit-allowed,inin-ratelimit-reset,Retry-After,X-Emulator-Fault
    ");
    let unauthorized = exchange(&emulator, "GET /api/v2/tokens/me HTTP/1.1\nHost: x\n\n").await;
    assert_snapshot!(unauthorized.head, @"
    HTTP/1.1 401 Unauthorized
    Content-Type: application/json
    WWW-Authenticate: Bearer
    Content-Length: 201
    ININ-Correlation-Id: 164893be-bc28-414c-8ebe-5aea3e153b2b
    Date: Fri, 02 Jan 2026 03:04:05 GMT
    Cache-Control: no-cache, no-store, must-revalidate
    Pragma: no-cache
    Expires: 0
    ");
}

#[tokio::test]
async fn each_answer_of_a_kept_connection_is_spelled_so() {
    let emulator = TestEmulator::start().await;
    let mut wire = Wire::open(&emulator).await;
    for _ in 0..3 {
        wire.send("GET /api/v2/oauth/publickey HTTP/1.1\r\nhost: x\r\n\r\n").await;
        let answer = wire.answer(false).await;
        assert_eq!(answer.status(), "200");
        assert_eq!(answer.header("ININ-Correlation-Id").unwrap().len(), 36);
        assert!(answer.header("ETag").is_some());
    }
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_order() {
    let emulator = TestEmulator::start().await;
    let mut wire = Wire::open(&emulator).await;
    let form = "grant_type=client_credentials&client_id=emulator-client&client_secret=emulator-secret";
    let post =
        format!("POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{form}", form.len());
    wire.send(format!(
        "GET /api/v2/nothing HTTP/1.1\r\nHost: x\r\n\r\n{post}HEAD /api/v2/oauth/publickey HTTP/1.1\r\nHost: x\r\n\r\n\
         GET /webdeployments/v1/deployments/x/config.json HTTP/1.1\r\nHost: x\r\n\r\n"
    ))
    .await;
    for (status, bodyless) in [("501", false), ("200", false), ("200", true), ("403", false)] {
        let answer = wire.answer(bodyless).await;
        assert_eq!(answer.status(), status);
        assert_eq!(answer.header("ININ-Correlation-Id").unwrap().len(), 36);
        assert_eq!(answer.body.is_empty(), bodyless, "{}", answer.body);
    }
}

#[tokio::test]
async fn head_has_the_length_of_the_body_that_it_leaves_out() {
    let emulator = TestEmulator::start().await;
    let get =
        exchange(&emulator, "GET /api/v2/oauth/publickey HTTP/1.1\nHost: x\nConnection: close\n\n").await;
    let mut wire = Wire::open(&emulator).await;
    wire.send("HEAD /api/v2/oauth/publickey HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    let head = wire.answer(true).await;
    assert_eq!(head.header("Content-Length").unwrap(), get.body.len().to_string());
    assert_eq!(head.header("ETag"), get.header("ETag"));
    assert!(wire.ended().await);
    let refused = exchange(&emulator, "HEAD /api/v2/tokens/me HTTP/1.1\nHost: x\n\n").await;
    assert_snapshot!(refused.head, @"
    HTTP/1.1 401 Unauthorized
    Content-Type: application/json
    WWW-Authenticate: Bearer
    Content-Length: 201
    ININ-Correlation-Id: 164893be-bc28-414c-8ebe-5aea3e153b2b
    Date: Fri, 02 Jan 2026 03:04:05 GMT
    Cache-Control: no-cache, no-store, must-revalidate
    Pragma: no-cache
    Expires: 0
    ");
}

#[tokio::test]
async fn a_refused_upgrade_is_spelled_so_too() {
    let emulator = TestEmulator::start().await;
    let refused =
        exchange(&emulator, &format!("GET /v1?deploymentId=unknown HTTP/1.1\nHost: x\n{UPGRADE}\n")).await;
    assert_snapshot!(refused.head, @"
    HTTP/1.1 403 Forbidden
    Content-Type: application/json
    Content-Length: 72
    ININ-Correlation-Id: 1f4000f2-f7ae-4856-8af7-364288c30816
    Date: Fri, 02 Jan 2026 03:04:05 GMT
    ");
    assert_snapshot!(refused.body, @r#"{"errorCode":"FORBIDDEN","message":"Deployment not found or not active"}"#);
}

#[tokio::test]
async fn a_granted_upgrade_switches_protocols() {
    let emulator = TestEmulator::start().await;
    let request = format!("GET /v1?deploymentId={DEPLOYMENT} HTTP/1.1\nHost: x\n{UPGRADE}\n");
    assert_snapshot!(exchange(&emulator, &request).await.head, @"
    HTTP/1.1 101 Switching Protocols
    Upgrade: websocket
    Connection: Upgrade
    Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
    ININ-Correlation-Id: 1f4000f2-f7ae-4856-8af7-364288c30816
    Date: Fri, 02 Jan 2026 03:04:05 GMT
    ");
}

#[tokio::test]
async fn a_plain_request_to_the_socket_is_told_what_it_speaks() {
    let emulator = TestEmulator::start().await;
    let answer =
        exchange(&emulator, &format!("GET /v1?deploymentId={DEPLOYMENT} HTTP/1.1\nHost: x\n\n")).await;
    assert_snapshot!(answer.head, @"
    HTTP/1.1 426 Upgrade Required
    Content-Type: application/json
    Upgrade: websocket
    Sec-WebSocket-Version: 13
    Content-Length: 171
    ININ-Correlation-Id: 1f4000f2-f7ae-4856-8af7-364288c30816
    Date: Fri, 02 Jan 2026 03:04:05 GMT
    ");
    assert_snapshot!(answer.body, @r#"{"message":"This is a socket; it speaks WebSocket only","code":"upgrade.required","status":426,"contextId":"1f4000f2-f7ae-4856-8af7-364288c30816","details":[],"errors":[]}"#);
}
