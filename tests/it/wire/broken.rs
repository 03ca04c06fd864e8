//! Bodies that are too large, and bytes that are no HTTP.

use insta::assert_snapshot;

use super::{Wire, exchange};
use crate::support::TestEmulator;

const LIMIT: usize = 512_000;

async fn post(emulator: &TestEmulator, size: usize) -> (Wire, super::Raw) {
    let mut wire = Wire::open(emulator).await;
    wire.send(format!("POST /api/v2/webchat/guest HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n"))
        .await;
    wire.send(vec![b' '; size]).await;
    let answer = wire.answer(false).await;
    (wire, answer)
}

#[tokio::test]
async fn a_body_of_512_000_bytes_is_taken_and_one_byte_more_is_413() {
    let emulator = TestEmulator::start().await;
    let (mut wire, taken) = post(&emulator, LIMIT).await;
    assert_eq!(taken.status(), "401");
    wire.send("GET /__admin/health HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert_eq!(wire.answer(false).await.status(), "200", "the connection is kept");

    let (mut wire, refused) = post(&emulator, LIMIT + 1).await;
    assert_snapshot!(refused.head, @"
    HTTP/1.1 413 Payload Too Large
    Content-Type: application/json
    Connection: close
    ININ-Correlation-Id: ce8c5a36-ff6b-4372-a46c-6311e122de80
    Date: Fri, 02 Jan 2026 03:04:05 GMT
    Cache-Control: no-cache, no-store, must-revalidate
    Pragma: no-cache
    Expires: 0
    Content-Length: 194
    ");
    assert_snapshot!(refused.body, @r#"{"message":"The request is over the size limit. Maximum bytes: 512000","code":"request.entity.too.large","status":413,"contextId":"ce8c5a36-ff6b-4372-a46c-6311e122de80","details":[],"errors":[]}"#);
    assert!(wire.ended().await);
    assert_snapshot!(emulator.last_refusal().await, @r#"{"reason":"The request is over the size limit. Maximum bytes: 512000","rule":"body.refused"}"#);
}

#[tokio::test]
async fn a_client_that_writes_a_much_larger_body_still_gets_to_read_the_413() {
    let emulator = TestEmulator::start().await;
    let (_, refused) = post(&emulator, 8 * LIMIT).await;
    assert_eq!(refused.status(), "413");
}

#[tokio::test]
async fn a_chunked_body_is_measured_as_it_comes() {
    let emulator = TestEmulator::start().await;
    let mut wire = Wire::open(&emulator).await;
    wire.send("POST /oauth/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n").await;
    for _ in 0..9 {
        wire.send(format!("10000\r\n{}\r\n", " ".repeat(0x10000))).await;
    }
    wire.send("0\r\n\r\n").await;
    let refused = wire.answer(false).await;
    assert_eq!(refused.status(), "413");
    assert_eq!(refused.header("Connection"), Some("close"));
    assert_snapshot!(refused.body, @r#"{"error":"invalid_request","description":"The request is over the size limit. Maximum bytes: 512000","error_description":"The request is over the size limit. Maximum bytes: 512000"}"#);
    assert!(wire.ended().await);
}

#[tokio::test]
async fn a_chunked_body_within_the_limit_is_read() {
    let emulator = TestEmulator::start().await;
    let form = "grant_type=client_credentials&client_id=emulator-client&client_secret=emulator-secret";
    let (one, other) = form.split_at(30);
    let request = format!(
        "POST /oauth/token HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n{:x}\n{one}\n{:x}\n{other}\n0\n\n",
        one.len(),
        other.len()
    );
    assert_eq!(exchange(&emulator, &request).await.status(), "200");
}

#[tokio::test]
async fn a_client_that_asks_first_is_told_to_go_on() {
    let emulator = TestEmulator::start().await;
    let form = "grant_type=client_credentials&client_id=emulator-client&client_secret=emulator-secret";
    let mut wire = Wire::open(&emulator).await;
    wire.send(format!(
        "POST /oauth/token HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: {}\r\n\r\n",
        form.len()
    ))
    .await;
    assert_eq!(wire.answer(false).await.status(), "100");
    wire.send(form).await;
    assert_eq!(wire.answer(false).await.status(), "200");
}

#[tokio::test]
async fn what_is_no_http_is_400_and_the_emulator_lives_on() {
    let emulator = TestEmulator::start().await;
    for bytes in [
        &b"nonsense\r\n\r\n"[..],
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nbroken header\r\n\r\n",
        b"POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    ] {
        let mut wire = Wire::open(&emulator).await;
        wire.send(bytes).await;
        assert_eq!(wire.answer(false).await.status(), "400", "{:?}", String::from_utf8_lossy(bytes));
        assert!(wire.ended().await);
    }
    let mut wire = Wire::open(&emulator).await;
    wire.send("POST /oauth/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n").await;
    assert_eq!(wire.answer(false).await.status(), "400");
    emulator.guest_client_token().await;
}

#[tokio::test]
async fn a_client_of_tls_is_400_where_tls_is_off() {
    let emulator = TestEmulator::with(|builder| builder.tls(false)).await;
    let mut wire = Wire::open(&emulator).await;
    wire.send(&b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a client hello\r\n\r\n"[..]).await;
    assert_eq!(wire.answer(false).await.status(), "400");
    assert!(wire.ended().await);
}

#[tokio::test]
async fn odd_targets_are_answered_without_a_panic() {
    let emulator = TestEmulator::start().await;
    let mut seen = Vec::new();
    for line in [
        "CONNECT api.mypurecloud.com:443",
        "OPTIONS *",
        "GET /@",
        "GET /@/",
        "GET //",
        "GET /%ff%00/../..",
        "GET /api/v2/webchat/guest/%ff",
        "GET /webdeployments/v1/deployments/%ff/config.json",
        "GET /webdeployments/v1/deployments/",
        "GET ?",
        "BREW /oauth/token",
    ] {
        let answer = exchange(&emulator, &format!("{line} HTTP/1.1\nHost: x\n\n")).await;
        seen.push(format!("{line}: {}", answer.status()));
    }
    assert_snapshot!(seen.join("\n"), @"
    CONNECT api.mypurecloud.com:443: 200
    OPTIONS *: 404
    GET /@: 404
    GET /@/: 404
    GET //: 404
    GET /%ff%00/../..: 404
    GET /api/v2/webchat/guest/%ff: 401
    GET /webdeployments/v1/deployments/%ff/config.json: 403
    GET /webdeployments/v1/deployments/: 403
    GET ?: 400
    BREW /oauth/token: 405
    ");
}

#[tokio::test]
async fn a_host_that_is_missing_or_odd_does_no_harm() {
    let emulator = TestEmulator::start().await;
    for host in ["", "Host: \n", "Host: [::1]:80\n", "Host: a b\n", "Host: \u{e9}\n"] {
        let answer = exchange(&emulator, &format!("GET /.well-known/jwks.json HTTP/1.1\n{host}\n")).await;
        assert_eq!(answer.status(), "200", "{host:?}");
    }
    let answer = exchange(&emulator, "GET /.well-known/jwks.json HTTP/1.0\n\n").await;
    assert_eq!(answer.status(), "200");
}
