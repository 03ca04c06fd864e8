//! What clients do when they are turned away.

use serde_json::json;

use super::{as_told, guest, guests_fail, shown};
use crate::support::TestEmulator;

#[tokio::test]
async fn a_retry_before_its_time_is_told_and_one_in_time_is_not() {
    for (wait, early) in [("4s", true), ("5s", false)] {
        let emulator = TestEmulator::start().await;
        let token = emulator.guest_client_token().await; // 1
        guests_fail(&emulator, json!({ "status": 429, "retryAfter": "5s" })).await;
        guest(&emulator, &token, json!({})).await; // 2
        emulator.advance(wait).await;
        guest(&emulator, &token, json!({})).await; // 3
        let expected = if early { as_told("warning", &["3"]) } else { None };
        assert_eq!(shown(&emulator, "retry_before_retry_after").await, expected, "{wait}");
    }
}

#[tokio::test]
async fn where_the_clock_stands_nobody_knows_how_long_somebody_has_waited() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    guests_fail(&emulator, json!({ "status": 429, "retryAfter": "5s" })).await;
    for _ in 0..5 {
        guest(&emulator, &token, json!({})).await;
    }
    assert_eq!(shown(&emulator, "retry_before_retry_after").await, None);
    assert_eq!(shown(&emulator, "retry_without_backoff").await, None);
}

#[tokio::test]
async fn equal_waits_are_told_and_growing_ones_are_not() {
    for (waits, steady) in [(["1s", "1s", "1s"], true), (["1s", "2s", "4s"], false)] {
        let emulator = TestEmulator::start().await;
        let token = emulator.guest_client_token().await; // 1
        guests_fail(&emulator, json!({ "status": 503 })).await;
        guest(&emulator, &token, json!({})).await; // 2
        for wait in waits {
            emulator.advance(wait).await;
            guest(&emulator, &token, json!({})).await; // 3, 4, 5
        }
        let expected = if steady { as_told("warning", &["2", "3", "4", "5"]) } else { None };
        assert_eq!(shown(&emulator, "retry_without_backoff").await, expected, "{waits:?}");
    }
}

#[tokio::test]
async fn equal_waits_that_were_asked_for_are_not_told() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    guests_fail(&emulator, json!({ "status": 429, "retryAfter": "1s" })).await;
    for _ in 0..5 {
        guest(&emulator, &token, json!({})).await;
        emulator.advance("1s").await;
    }
    assert_eq!(shown(&emulator, "retry_without_backoff").await, None);
}

#[tokio::test]
async fn callers_that_come_back_together_are_told_and_those_that_do_not_are_not() {
    const CLIENTS: [(&str, &str); 3] = [
        ("emulator-client", "emulator-secret"),
        ("emulator-guest-client", "emulator-guest-secret"),
        ("emulator-readonly-client", "emulator-readonly-secret"),
    ];
    for (waits, together) in [(["1h", "0s", "0s"], true), (["1h", "1h", "1h"], false)] {
        let emulator = TestEmulator::start().await;
        let mut tokens = Vec::new();
        for (id, secret) in CLIENTS {
            tokens.push(emulator.token(id, secret).await); // 1, 2, 3
        }
        // a running clock: only of such a one is known how long clients wait
        emulator.client.admin("PUT", "/clock", Some(&json!({ "rate": 1 }))).await;
        let when = json!({ "path": "/api/v2/tokens/me" });
        emulator
            .fault(json!({ "id": "down", "when": when, "effect": { "respond": { "status": 503 } } }))
            .await;
        for token in &tokens {
            emulator.client.get("/api/v2/tokens/me", Some(token)).await; // 4, 5, 6
        }
        for (token, wait) in tokens.iter().zip(waits) {
            emulator.advance(wait).await;
            emulator.client.get("/api/v2/tokens/me", Some(token)).await; // 7, 8, 9
        }
        let found = shown(&emulator, "retry_in_lockstep").await;
        assert_eq!(
            found.map(|(severity, evidence)| (severity, evidence.len())),
            together.then(|| ("warning".to_owned(), 3))
        );
    }
}
