//! How much real time others may take: a body, a head, a frame to be read. The limits of these tests are short, and
//! nothing depends on how long anything takes that keeps within them.

use std::{io::ErrorKind, time::Duration};

use genesys_emulator::Patience;
use insta::assert_snapshot;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::Wire;
use crate::{
    faults::armed,
    support::{DEPLOYMENT, TestEmulator, client::Client, unread},
    webmessaging::raw::Raw,
};

const SHORT: Duration = Duration::from_millis(200);

/// An emulator that is in a hurry.
async fn hasty(patience: Patience) -> TestEmulator {
    TestEmulator::with(|builder| builder.patience(patience)).await
}

#[tokio::test]
async fn a_body_that_does_not_come_is_408_in_the_surface_s_own_way() {
    let emulator = hasty(Patience { body: SHORT, ..Patience::default() }).await;
    let mut bodies = Vec::new();
    for path in ["/api/v2/webchat/guest", "/oauth/token"] {
        let mut wire = Wire::open(&emulator).await;
        wire.send(format!("POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n{{\"name\":")).await;
        let late = wire.answer(false).await;
        assert_eq!((late.status(), late.header("Connection")), ("408", Some("close")));
        assert!(wire.ended().await, "what is left of the body would be taken for a request");
        bodies.push(late.body);
    }
    assert_snapshot!(bodies.join("\n"), @r#"
    {"message":"The body did not arrive within 200ms","code":"client.timeout","status":408,"contextId":"1f4000f2-f7ae-4856-8af7-364288c30816","details":[],"errors":[]}
    {"error":"invalid_request","description":"The body did not arrive within 200ms","error_description":"The body did not arrive within 200ms"}
    "#);
    assert_snapshot!(emulator.last_refusal().await, @r#"{"reason":"The body did not arrive within 200ms","rule":"body.refused"}"#);
}

#[tokio::test]
async fn a_body_of_the_admin_api_that_does_not_come_is_a_408_of_its_own() {
    let emulator = hasty(Patience { body: SHORT, ..Patience::default() }).await;
    let mut wire = Wire::open(&emulator).await;
    wire.send("POST /__admin/faults HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n{\"id\":").await;
    let late = wire.answer(false).await;
    assert_snapshot!(late.body, @r#"{"type":"about:blank","title":"The body took too long","status":408,"detail":"it had not come within 200ms"}"#);
    assert_eq!(late.status(), "408");
    assert!(wire.ended().await);
}

#[tokio::test]
async fn a_file_has_a_limit_of_its_own() {
    let emulator = hasty(Patience { upload: SHORT, ..Patience::default() }).await;
    let mut wire = Wire::open(&emulator).await;
    wire.send("PUT /uploads/x HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n%PDF").await;
    assert_eq!(wire.answer(false).await.status(), "408");
}

#[tokio::test]
async fn a_head_that_does_not_come_ends_the_connection_and_one_with_a_request_under_way_stays() {
    let emulator = hasty(Patience { quiet: SHORT, ..Patience::default() }).await;
    emulator
        .fault(
            json!({ "when": { "path": "/.well-known/jwks.json" }, "effect": { "delay": { "for": "1h" } } }),
        )
        .await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    let mut waiting = Wire::open(&emulator).await;
    waiting.send("GET /.well-known/jwks.json HTTP/1.1\r\nHost: x\r\n\r\n").await;
    armed(&emulator, 1).await;

    let mut silent = Wire::open(&emulator).await;
    let mut half = Wire::open(&emulator).await;
    half.send("GET /.well-known/jwks.json HTTP/1.1\r\nHos").await;
    let mut kept = Wire::open(&emulator).await;
    kept.send("GET /__admin/health HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert_eq!(kept.answer(false).await.status(), "200");
    for quiet in [&mut silent, &mut half, &mut kept] {
        assert!(quiet.ended().await, "without an answer");
    }

    // these were there before, and it was no shorter for them
    let fresh = Client::new(emulator.base());
    assert_eq!(fresh.admin("PUT", "/clock", Some(&json!({ "advance": "1h" }))).await.status, 200);
    assert_eq!(waiting.answer(false).await.status(), "200");
    assert_eq!(socket.configure(DEPLOYMENT, "session").await["class"], "SessionResponse");
}

#[tokio::test]
async fn a_client_that_does_not_read_its_answer_is_left() {
    let emulator = hasty(Patience { quiet: SHORT, ..Patience::default() }).await;
    // more than any operating system takes in for a client
    let bytes = 16 << 20;
    let large = json!({ "status": 200, "body": "", "bytes": bytes });
    emulator.fault(json!({ "when": { "path": "/api/v2/x" }, "effect": { "respond": large } })).await;
    let mut unread = unread::connect(&emulator).await;
    unread.write_all(b"GET /api/v2/x HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    unread.readable().await.unwrap();
    // each of these is given as much time, one after the other
    for _ in 0..2 {
        assert!(Wire::open(&emulator).await.ended().await);
    }
    let (mut buffer, mut read) = (vec![0; 1 << 16], 0);
    while let Ok(count @ 1..) = unread.read(&mut buffer).await {
        read += count;
    }
    assert!(read < bytes, "all of it came");
}

#[tokio::test]
async fn a_client_that_does_not_take_a_frame_is_reset() {
    let emulator = hasty(Patience { write: SHORT, ..Patience::default() }).await;
    // more than any operating system takes in for a client
    let oversize = json!({ "oversize_frame": { "bytes": 16 << 20 } });
    emulator.fault(json!({ "when": { "class": "SessionResponse" }, "effect": oversize })).await;
    let mut events = emulator.events("type=connection.closed").await;
    let mut raw = Raw::unread(&emulator, DEPLOYMENT).await;
    let configure = json!({ "action": "configureSession", "deploymentId": DEPLOYMENT, "token": "session" });
    raw.say(&configure.to_string()).await;
    events.expect("connection.closed").await;
    let mut buffer = vec![0; 1 << 16];
    let end = loop {
        match raw.tcp.read(&mut buffer).await {
            Ok(1..) => {}
            Ok(_) => break None,
            Err(error) => break Some(error.kind()),
        }
    };
    assert_eq!(end, Some(ErrorKind::ConnectionReset));
}
