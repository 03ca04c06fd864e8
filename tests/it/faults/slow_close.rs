//! `slow_close`: the whole answer, and no end.

use super::{
    armed,
    raw::{Line, post},
};
use crate::support::TestEmulator;

#[tokio::test]
async fn the_scenario_answers_at_once_and_closes_ten_seconds_later() {
    let emulator = TestEmulator::scenario("slow_close").await;
    let form = "grant_type=client_credentials&client_id=emulator-client&client_secret=emulator-secret";
    let request = post("/oauth/token", "application/x-www-form-urlencoded", "none", form);
    let mut line = Line::send(&emulator.base(), &request).await;
    let head = line.head().await;
    assert!(head.contains("Connection: close\r\n"), "{head}");
    let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap();
    assert!(line.take(length.parse().unwrap()).await.ends_with('}'));
    armed(&emulator, 1).await;
    assert!(line.is_silent(), "it is not closed");
    emulator.advance("10s").await;
    assert_eq!(line.rest().await, b"");
}
