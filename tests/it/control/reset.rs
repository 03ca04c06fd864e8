//! `/reset`: back to the first moment.

use serde_json::json;

use super::Other;
use crate::support::{DEPLOYMENT, TestEmulator};

#[tokio::test]
async fn everything_is_as_in_the_first_moment() {
    let emulator = TestEmulator::scenario("respond").await;
    let before = emulator.client.admin("GET", "/faults", None).await.json();
    let keys = emulator.client.admin("GET", "/keys", None).await.json();
    let token = emulator.guest_client_token().await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, "t-1").await;
    emulator.advance("1h").await;
    emulator.client.admin("POST", "/keys/platform/rotate", None).await;
    emulator.fault(json!({ "effect": { "reset": {} } })).await;

    let reset = emulator.client.admin("POST", "/reset", None).await;
    assert_eq!((reset.status, &reset.json()["now"]), (200, &json!("2026-01-02T03:04:05.000Z")));
    let closed = socket.closed().await.unwrap();
    assert_eq!((u16::from(closed.code), closed.reason.as_str()), (1001, "the org was reset"));
    assert_eq!(emulator.client.admin("GET", "/faults", None).await.json(), before);
    assert_eq!(emulator.client.admin("GET", "/keys", None).await.json(), keys);
    let clock = emulator.client.admin("GET", "/clock", None).await.json();
    assert_eq!((&clock["timers"], &clock["now"]), (&json!(0), &json!("2026-01-02T03:04:05.000Z")));
    assert!(emulator.journal("").await.is_empty());
    let me = emulator.client.get("/api/v2/tokens/me", Some(&token)).await;
    assert_eq!(me.status, 401);
    let mut again = emulator.socket(DEPLOYMENT).await;
    assert_eq!(again.configure(DEPLOYMENT, "t-1").await["body"]["newSession"], true);
}

#[tokio::test]
async fn limits_are_unused_again() {
    let emulator = TestEmulator::scenario("rate_limit").await;
    for _ in 0..2 {
        let token = emulator.guest_client_token().await;
        let mut statuses = Vec::new();
        for _ in 0..4 {
            let made = emulator.client.post("/api/v2/webchat/guest", Some(&token), &json!({})).await;
            statuses.push((made.status, made.header("inin-ratelimit-count").to_owned()));
        }
        assert_eq!(statuses[3].0, 429);
        assert_eq!(statuses[0], (200, "1".to_owned()));
        emulator.client.admin("POST", "/reset", None).await;
    }
}

#[tokio::test]
async fn other_orgs_do_not_notice() {
    let emulator = TestEmulator::start().await;
    let org = Other::make(&emulator, json!({})).await;
    let token = org.token().await;
    emulator.client.admin("POST", "/reset", None).await;
    assert_eq!(org.client.get("/api/v2/tokens/me", Some(&token)).await.status, 200);
    let kept = emulator.guest_client_token().await;
    org.admin(&emulator, "POST", "/reset", None).await;
    assert_eq!(org.client.get("/api/v2/tokens/me", Some(&token)).await.status, 401);
    assert_eq!(emulator.client.get("/api/v2/tokens/me", Some(&kept)).await.status, 200);
}
