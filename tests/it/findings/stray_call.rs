//! Asking the proxy for a host that is not served.

use serde_json::json;

use super::{as_told, one, shown};
use crate::{
    faults::raw::exchange,
    support::{
        TestEmulator,
        tls::{get, tunnel},
    },
};

#[tokio::test]
async fn a_host_is_told_once_and_the_platforms_are_not() {
    let emulator = TestEmulator::start().await;
    tunnel(&emulator, "telemetry.example.com:443").await; // 1
    exchange(&emulator.base(), &get("http://api.mypurecloud.com/nowhere", "x")).await; // 2
    tunnel(&emulator, "telemetry.example.com:443").await; // 3
    assert_eq!(shown(&emulator, "stray_call").await, as_told("warning", &["1", "3"]));
    let found = one(&emulator, "stray_call").await.unwrap();
    assert_eq!(found["details"], json!({ "host": "telemetry.example.com:443" }));
}
