//! Waiting in the org's time.

use std::time::Duration;

use genesys_emulator::Patience;
use serde_json::json;

use super::{ask, problems};
use crate::support::TestEmulator;

#[tokio::test]
async fn the_end_of_a_wait_in_the_org_s_time_comes_when_the_clock_is_moved() {
    let emulator = TestEmulator::start().await;
    let body = json!({ "match": { "path": "/x" }, "within": "10s", "clock": "virtual" });
    let mut answer = std::pin::pin!(ask(&emulator, &body));
    let late = loop {
        tokio::select! {
            answer = &mut answer => break answer,
            _ = emulator.advance("1s") => {}
        }
    };
    assert_eq!(
        late.json()["problems"][0],
        "path /x: expected at least 1 within 10s of the org's time, found 0"
    );
}

#[tokio::test]
async fn what_is_due_at_the_end_is_done_before_it() {
    let emulator = TestEmulator::yaml(
        "name: late\ntimeline:\n  - at: 10s\n    do: { faultOn: { id: f, when: { path: /x }, effect: { respond: { status: 503 } } } }\n",
    )
    .await;
    let body =
        json!({ "match": { "path": "/x" }, "neverFor": "10s", "clock": "virtual", "allowUnfired": true });
    let mut answer = std::pin::pin!(ask(&emulator, &body));
    let held = loop {
        tokio::select! {
            answer = &mut answer => break answer,
            _ = emulator.advance("1s") => {}
        }
    };
    assert_eq!(held.status, 200, "{}", held.text);
}

#[tokio::test]
async fn a_clock_that_stands_is_not_waited_for_without_end() {
    let patience = Patience { verify: Duration::from_millis(20), ..Patience::default() };
    let emulator = TestEmulator::with(|builder| builder.patience(patience)).await;
    let body = json!({ "match": { "path": "/x" }, "within": "1s", "clock": "virtual" });
    assert_eq!(
        problems(&emulator, &body).await,
        [
            "path /x: expected at least 1 within 1s of the org's time, and the org's clock did not get there while it was waited for"
        ]
    );
}
