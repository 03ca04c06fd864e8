//! `hang_upgrade`.

use serde_json::json;

use super::armed;
use crate::{
    support::{DEPLOYMENT, TestEmulator},
    webmessaging::raw::{Raw, handshake},
};

/// An upgrade that is not answered yet.
async fn hanging(emulator: &TestEmulator) -> Raw {
    let mut raw = Raw::connect(emulator).await;
    raw.send(handshake(&format!("/v1?deploymentId={DEPLOYMENT}"), "").as_bytes()).await;
    armed(emulator, 1).await;
    raw
}

#[tokio::test]
async fn the_scenario_never_answers_the_first_upgrade() {
    let emulator = TestEmulator::scenario("hang_upgrade").await;
    let raw = hanging(&emulator).await;
    emulator.socket(DEPLOYMENT).await;
    let moved = emulator.advance("8760h").await;
    assert_eq!((&moved["fired"], &moved["settled"]), (&json!(0), &json!(true)));
    assert!(!raw.has_bytes());
    drop(raw);
    let entry = loop {
        if let Some(entry) = emulator.journal("fault=hang_upgrade").await.pop() {
            break entry;
        }
    };
    assert_eq!((&entry["n"], &entry["abandoned"], entry.get("status")), (&json!("1"), &json!(true), None));
}

#[tokio::test]
async fn a_reset_of_the_org_ends_it() {
    let emulator = TestEmulator::scenario("hang_upgrade").await;
    let mut raw = hanging(&emulator).await;
    emulator.client.admin("POST", "/reset", None).await;
    assert_eq!(raw.frame().await, None);
}

#[tokio::test]
async fn so_does_the_end_of_the_emulator_which_does_not_wait_for_it() {
    let emulator = TestEmulator::scenario("hang_upgrade").await;
    let mut raw = hanging(&emulator).await;
    emulator.emulator.stop().await;
    assert_eq!(raw.frame().await, None);
}

#[tokio::test]
async fn for_a_time_it_is_answered_late() {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!({ "id": "late", "effect": { "hang_upgrade": { "for": "5s" } } })).await;
    let mut raw = hanging(&emulator).await;
    assert_eq!(emulator.advance("4s").await["fired"], 0);
    assert_eq!(emulator.advance("1s").await["fired"], 1);
    let head = raw.head().await;
    assert!(head.starts_with("HTTP/1.1 101 ") && head.contains("\nX-Emulator-Fault: late\n"), "{head}");
    assert!(head.contains("\nDate: Fri, 02 Jan 2026 03:04:10 GMT\n"), "{head}");
}
