//! How it stops.

use serde_json::json;
use tokio::net::TcpStream;

use super::Run;
use crate::support::{DEPLOYMENT, Socket};

#[tokio::test]
async fn sigterm_and_sigint_stop_in_order_and_close_sockets_with_1001() {
    for signal in ["TERM", "INT"] {
        let emulator = Run::start(&[], &[]);
        let target = format!("/v1?deploymentId={DEPLOYMENT}");
        let mut socket = Socket::open(&emulator.client.base, &target, &[]).await.unwrap();
        socket.configure(DEPLOYMENT, "t-1").await;
        let address = emulator.address().to_owned();
        emulator.signal(signal);
        let closed = socket.closed().await.unwrap();
        assert_eq!((u16::from(closed.code), closed.reason.as_str()), (1001, "the emulator is stopping"));
        let (code, _, logs) = emulator.ended();
        assert_eq!(code, Some(0), "{signal}: {logs}");
        assert!(TcpStream::connect(&address).await.is_err());
    }
}

#[tokio::test]
async fn a_request_under_way_is_answered_before_it_stops() {
    let emulator = Run::start(&["--clock-rate", "0"], &[]);
    let fault =
        json!({ "when": { "path": "/.well-known/jwks.json" }, "effect": { "delay": { "for": "1h" } } });
    emulator.client.admin("POST", "/faults", Some(&fault)).await;
    let client = emulator.client.clone();
    let waiting = tokio::spawn(async move { client.get("/.well-known/jwks.json", None).await.status });
    loop {
        let clock = emulator.client.admin("GET", "/clock", None).await.json();
        if clock["timers"] == 1 {
            break;
        }
    }
    let mover = emulator.client.clone();
    let moved = mover.admin("PUT", "/clock", Some(&json!({ "advance": "1h" }))).await;
    emulator.signal("TERM");
    assert_eq!((moved.status, waiting.await.unwrap()), (200, 200));
    assert_eq!(emulator.ended().0, Some(0));
}

#[tokio::test]
async fn a_second_signal_stops_at_once() {
    let emulator = Run::start(&["--clock-rate", "0"], &[]);
    let fault = json!({ "effect": { "delay": { "for": "1h" } } });
    emulator.client.admin("POST", "/faults", Some(&fault)).await;
    let client = emulator.client.clone();
    let waiting = tokio::spawn(async move { client.try_send("GET", "/x", &[], "").await.is_err() });
    loop {
        let clock = emulator.client.admin("GET", "/clock", None).await.json();
        if clock["timers"] == 1 {
            break;
        }
    }
    let mut emulator = emulator;
    emulator.signal("TERM");
    emulator.stderr_until("stopping");
    emulator.signal("INT");
    assert_eq!(emulator.ended().0, Some(128 + 2));
    assert!(waiting.await.unwrap());
}
