//! How many requests, tokens, key sets, frames and messages there were.

use insta::assert_snapshot;
use serde_json::json;

use super::problems;
use crate::support::{DEPLOYMENT, TestEmulator};

#[tokio::test]
async fn numbers_are_compared() {
    let emulator = TestEmulator::start().await;
    for _ in 0..3 {
        emulator.guest_client_token().await;
    }
    let token = json!({ "method": "POST", "path": "/oauth/token" });
    for (times, holds) in [
        (json!(3), true),
        (json!(2), false),
        (json!({ "atLeast": 3 }), true),
        (json!({ "atLeast": 4 }), false),
        (json!({ "atMost": 3 }), true),
        (json!({ "atMost": 2 }), false),
        (json!({ "atLeast": 1, "atMost": 3 }), true),
        (json!("none"), false),
    ] {
        let found = problems(&emulator, &json!({ "match": token, "times": times })).await;
        assert_eq!(found.is_empty(), holds, "{times}: {found:?}");
    }
    let none = problems(&emulator, &json!({ "match": { "path": "/idp/**" }, "times": "none" })).await;
    assert!(none.is_empty(), "{none:?}");
}

#[tokio::test]
async fn one_token_is_asked_for_by_fifty_calls_at_a_time_or_the_stampede_is_told() {
    let emulator = TestEmulator::start().await;
    emulator.guest_client_token().await;
    let once = json!({ "say": "One token for all.", "match": { "about": "token" }, "times": 1 });
    assert!(problems(&emulator, &once).await.is_empty());
    emulator.guest_client_token().await;
    assert_eq!(problems(&emulator, &once).await, ["One token for all.: expected exactly 1, found 2 (1, 2)"]);
}

#[tokio::test]
async fn key_sets_frames_and_messages_are_counted_too() {
    let emulator = TestEmulator::start().await;
    emulator.client.get("/.well-known/jwks.json", None).await;
    emulator.client.get("/api/v2/oauth/publickey", None).await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, "t-1").await;
    socket.say("t-1", "Hi").await;
    socket.next().await;
    emulator.advance("200ms").await;
    let all = json!([
        { "match": { "about": "key_set" }, "times": 2 },
        { "match": { "action": "onMessage", "body": { "message.text": "Hi" } }, "times": 1 },
        { "match": { "about": "message", "direction": "out", "body": { "body.text": { "startsWith": "You said" } } }, "times": 1 },
        { "match": { "session": "t-1" }, "times": { "atLeast": 4 } },
    ]);
    assert!(problems(&emulator, &all).await.is_empty());
}

#[tokio::test]
async fn all_that_does_not_hold_is_told_with_what_came_nearest() {
    let emulator = TestEmulator::start().await;
    emulator.client.post_form("/oauth/token", "grant_type=password").await;
    let token = emulator.guest_client_token().await;
    emulator.client.post("/api/v2/webchat/guest", Some(&token), &json!({ "name": "Ann" })).await;
    let body = json!([
        { "match": { "method": "POST", "path": "/api/v2/webchat/guests", "status": 200 } },
        { "say": "A guest called Bob", "match": { "path": "/api/v2/webchat/guest", "body": { "name": "Bob" } }, "times": 1 },
        { "match": { "path": "/oauth/token" }, "times": 1 },
    ]);
    let answer = super::ask(&emulator, &body).await;
    assert_eq!(answer.status, 409);
    assert_snapshot!(answer.json()["detail"].as_str().unwrap(), @r"
    3 things are not as they are to be
    - method POST, status 200, path /api/v2/webchat/guests: expected at least 1, found 0
        nearest: 3 (POST /api/v2/webchat/guest → 200)
          path: expected “/api/v2/webchat/guests”, found “/api/v2/webchat/guest”
        nearest: 2 (POST /oauth/token → 200)
          path: expected “/api/v2/webchat/guests”, found “/oauth/token”
    - A guest called Bob: expected exactly 1, found 0
        nearest: 3 (POST /api/v2/webchat/guest → 200)
          body.name: expected “Bob”, found “Ann”
    - path /oauth/token: expected exactly 1, found 2 (1, 2)
    ");
    let near = &answer.json()["expectations"][1]["nearest"][0];
    assert_eq!((&near["n"], &near["differences"][0]["at"]), (&json!("3"), &json!("body.name")));
}

#[tokio::test]
async fn only_what_came_after_a_cursor_counts() {
    let emulator = TestEmulator::start().await;
    emulator.guest_client_token().await;
    let first =
        super::ask(&emulator, &json!({ "match": { "path": "/oauth/token" }, "times": 1 })).await.json();
    let none = json!({ "match": { "path": "/oauth/token" }, "times": "none", "after": first["next"] });
    assert!(problems(&emulator, &none).await.is_empty());
    emulator.guest_client_token().await;
    assert_eq!(problems(&emulator, &none).await, ["path /oauth/token: expected none, found 1 (2)"]);
}

#[tokio::test]
async fn what_went_unread_is_no_proof_of_absence() {
    let emulator = TestEmulator::unlimited().await;
    let body = "x".repeat(16 << 10);
    for _ in 0..600 {
        emulator.client.send("POST", "/nowhere", &[], body.clone()).await;
    }
    let none = json!({ "match": { "path": "/oauth/token" }, "times": "none" });
    let found = problems(&emulator, &none).await;
    assert!(found[0].contains("entries are gone from the journal unread, so nobody knows"), "{found:?}");
    let mut allowed = none.clone();
    allowed["allowGaps"] = true.into();
    assert!(problems(&emulator, &allowed).await.is_empty());
}
