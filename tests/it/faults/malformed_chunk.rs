//! `malformed_chunk`: chunks, one of which has no length.

use super::raw::exchange;
use crate::support::{DEPLOYMENT, TestEmulator};

#[tokio::test]
async fn the_scenario_sends_half_of_the_configuration_and_then_no_length() {
    let emulator = TestEmulator::scenario("malformed_chunk").await;
    let path = format!("/webdeployments/v1/deployments/{DEPLOYMENT}/config.json");
    let end =
        exchange(&emulator.base(), &format!("GET {path} HTTP/1.1\r\nHost: emulator.test\r\n\r\n")).await;
    assert!(
        end.head().contains("transfer-encoding: chunked\r\n") && !end.head().contains("ontent-Length"),
        "{}",
        end.head()
    );
    let (length, rest) = end.body().split_once("\r\n").unwrap();
    let (first, second) = rest.split_at(usize::from_str_radix(length, 16).unwrap());
    assert!(first.starts_with('{') && second.starts_with("\r\nno length\r\n"), "{second}");
    assert!(end.head().contains("\r\nININ-Correlation-Id: "), "{}", end.head());
    assert_eq!(end.error, None);
}
