//! `bandwidth`: the org's time says when the next tenth of a second's bytes come.

use serde_json::json;

use super::{armed, raw::Line};
use crate::support::{DEPLOYMENT, TestEmulator};

#[tokio::test]
async fn the_scenario_sends_twenty_bytes_each_tenth_of_a_second() {
    let emulator = TestEmulator::scenario("bandwidth").await;
    let mut line =
        Line::get(&emulator.base(), &format!("/webdeployments/v1/deployments/{DEPLOYMENT}/config.json"))
            .await;
    let head = line.head().await;
    assert!(head.contains("X-Emulator-Fault: bandwidth\r\n"), "{head}");
    let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap();
    let mut text = line.take(20).await;
    while text.len() + 20 < length.parse().unwrap() {
        armed(&emulator, 1).await;
        assert!(line.is_silent());
        emulator.advance("100ms").await;
        text.push_str(&line.take(20).await);
    }
    armed(&emulator, 1).await;
    emulator.advance("100ms").await;
    text.push_str(&line.take(length.parse::<usize>().unwrap() - text.len()).await);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap()["id"], json!(DEPLOYMENT));
}
