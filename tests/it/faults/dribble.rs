//! `dribble`: pieces of a body, in the org's time.

use super::{armed, raw::Line};
use crate::support::TestEmulator;

#[tokio::test]
async fn the_scenario_sends_a_quarter_of_the_keys_each_ten_seconds() {
    let emulator = TestEmulator::start().await;
    let whole = emulator.client.get("/.well-known/jwks.json", None).await.text;
    let emulator = TestEmulator::scenario("dribble").await;
    let mut line = Line::get(&emulator.base(), "/.well-known/jwks.json").await;
    line.head().await;
    let size = whole.len().div_ceil(4);
    let mut text = line.take(size).await;
    for nth in 2..=4 {
        armed(&emulator, 1).await;
        emulator.advance("9s").await;
        assert!(line.is_silent(), "piece {nth} is not due");
        emulator.advance("1s").await;
        text.push_str(&line.take(size.min(whole.len() - text.len())).await);
    }
    assert_eq!(text, whole);
}

#[tokio::test]
async fn a_client_that_goes_away_leaves_no_timer() {
    let emulator = TestEmulator::scenario("dribble").await;
    let mut line = Line::get(&emulator.base(), "/.well-known/jwks.json").await;
    line.head().await;
    armed(&emulator, 1).await;
    drop(line);
    loop {
        let clock = emulator.client.admin("GET", "/clock", None).await.json();
        if clock["timers"] == 0 {
            return;
        }
    }
}
