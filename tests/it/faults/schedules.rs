//! `schedule`: how often a fault bites.

use serde_json::{Value, json};

use super::fault_of;
use crate::support::TestEmulator;

/// Which of ten requests are bitten, as `x` and `.`; the clock goes on a second after each.
async fn ten(schedule: Value) -> String {
    ten_of(1, schedule).await
}

async fn ten_of(seed: u64, schedule: Value) -> String {
    let emulator = TestEmulator::with(|builder| builder.seed(seed)).await;
    let effect = json!({ "respond": { "status": 503 } });
    emulator.fault(json!({ "id": "f", "schedule": schedule, "effect": effect })).await;
    let mut seen = String::new();
    for _ in 0..10 {
        seen.push(if fault_of(&emulator, "/api/v2/x").await == "f" { 'x' } else { '.' });
        emulator.advance("1s").await;
    }
    let fault = emulator.client.admin("GET", "/faults/f", None).await.json();
    assert_eq!(fault["matched"], 10);
    assert_eq!(fault["fired"], seen.matches('x').count());
    seen
}

#[tokio::test]
async fn counts_bite_where_they_say() {
    for (schedule, seen) in [
        (json!({}), "xxxxxxxxxx"),
        (json!({ "first": 3 }), "xxx......."),
        (json!({ "nth": 4 }), "...x......"),
        (json!({ "every": 3 }), "..x..x..x."),
        (json!({ "skip": 7 }), ".......xxx"),
        (json!({ "skip": 2, "first": 2 }), "..xx......"),
        (json!({ "skip": 1, "every": 4 }), "....x...x."),
        (json!({ "skip": 3, "nth": 1 }), "...x......"),
    ] {
        assert_eq!(ten(schedule.clone()).await, seen, "{schedule}");
    }
}

#[tokio::test]
async fn times_bite_in_the_orgs_time() {
    let between = json!({ "between": ["2026-01-02T03:04:07Z", "2026-01-02T03:04:10Z"] });
    assert_eq!(ten(between).await, "..xxx.....");
    assert_eq!(ten(json!({ "until": "2026-01-02T03:04:08Z" })).await, "xxx.......");
    assert_eq!(ten(json!({ "for": "4s" })).await, "xxxx......");
    assert_eq!(ten(json!({ "for": "4s", "every": 2 })).await, ".x.x......");
}

#[tokio::test]
async fn chance_is_drawn_from_the_seed_and_the_same_again_each_time() {
    let drawn = ten(json!({ "chance": 0.5 })).await;
    insta::assert_snapshot!(drawn, @r#"x.xxxxx.x."#);
    assert_eq!(ten(json!({ "chance": 0.5 })).await, drawn);
    assert_ne!(ten_of(2, json!({ "chance": 0.5 })).await, drawn);
    assert_eq!(ten(json!({ "chance": 0 })).await, "..........");
    assert_eq!(ten(json!({ "chance": 1 })).await, "xxxxxxxxxx");
}

#[tokio::test]
async fn chance_of_one_client_does_not_depend_on_what_another_does() {
    let drawn = async |with_noise: bool| {
        let emulator = TestEmulator::start().await;
        let effect = json!({ "respond": { "status": 503 } });
        emulator.fault(json!({ "id": "f", "schedule": { "chance": 0.5 }, "effect": effect })).await;
        let mut seen = Vec::new();
        for _ in 0..12 {
            if with_noise {
                emulator.client.post_form("/oauth/token", "client_id=b").await;
            }
            let answer = emulator.client.post_form("/oauth/token", "client_id=a").await;
            seen.push(answer.status);
        }
        seen
    };
    assert_eq!(drawn(false).await, drawn(true).await);
}

#[tokio::test]
async fn only_what_the_condition_fits_is_counted() {
    let emulator = TestEmulator::start().await;
    let effect = json!({ "respond": { "status": 503 } });
    let when = json!({ "path": "/api/v2/x" });
    emulator.fault(json!({ "id": "f", "when": when, "schedule": { "nth": 2 }, "effect": effect })).await;
    let mut seen = Vec::new();
    for path in ["/api/v2/x", "/api/v2/y", "/api/v2/y", "/api/v2/x", "/api/v2/x"] {
        seen.push(fault_of(&emulator, path).await);
    }
    assert_eq!(seen, ["", "", "", "f", ""]);
}
