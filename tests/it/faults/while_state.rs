//! `schedule: { while: … }`: as long as something is in a state.

use serde_json::{Value, json};

use super::{echo, message};
use crate::support::{DEPLOYMENT, TestEmulator};

/// Codes of the answers to health checks through the life of a session, each with the state in which 418 came.
async fn bitten(state: &str) -> Vec<&'static str> {
    let emulator = TestEmulator::start().await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    let effect = json!({ "error_frame": { "code": 418 } });
    let schedule = json!({ "while": { "session": state } });
    emulator.fault(json!({ "when": { "action": "echo" }, "schedule": schedule, "effect": effect })).await;
    let mut seen = Vec::new();
    let mut at = async |socket: &mut crate::support::Socket, moment: &'static str| {
        socket.send(echo("?")).await;
        if socket.next().await["code"] == 418 {
            seen.push(moment);
        }
    };
    at(&mut socket, "before").await;
    socket.configure(DEPLOYMENT, "t-1").await;
    at(&mut socket, "configured").await;
    socket.send(message("hello")).await;
    socket.next().await;
    emulator.advance("1m").await;
    socket.next().await;
    at(&mut socket, "talking").await;
    emulator.by_hand("disconnect", json!({})).await;
    socket.next().await;
    emulator.advance("1m").await;
    at(&mut socket, "disconnected").await;
    emulator.advance("73h").await;
    socket.next().await;
    at(&mut socket, "expired").await;
    seen
}

#[tokio::test]
async fn a_fault_bites_only_while_the_session_is_in_its_state() {
    for (state, moments) in [
        ("none", vec!["before"]),
        ("new", vec!["configured"]),
        ("active", vec!["talking"]),
        ("ended", vec!["disconnected"]),
        ("expired", vec!["expired"]),
    ] {
        assert_eq!(bitten(state).await, moments, "{state}");
    }
}

/// The states in which the fault bites, of a conversation through its life.
async fn bitten_while(state: &str) -> Vec<&'static str> {
    let emulator = TestEmulator::start().await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    let effect = json!({ "error_frame": { "code": 418 } });
    let schedule = json!({ "while": { "conversation": state } });
    emulator.fault(json!({ "when": { "action": "echo" }, "schedule": schedule, "effect": effect })).await;
    let mut seen = Vec::new();
    let mut at = async |socket: &mut crate::support::Socket, moment: &'static str| {
        emulator.advance("1m").await;
        socket.send(echo("?")).await;
        emulator.advance("1s").await;
        let codes = emulator.journal("kind=frameOut").await;
        let last = codes.last().unwrap()["frame"].as_str().unwrap().to_owned();
        if last.contains("418") {
            seen.push(moment);
        }
    };
    socket.configure(DEPLOYMENT, "t-1").await;
    at(&mut socket, "configured").await;
    socket.send(message("hello")).await;
    at(&mut socket, "talking").await;
    socket.send(message("agent")).await;
    at(&mut socket, "waiting").await;
    emulator.by_hand("messages", json!({ "text": "Here I am" })).await;
    at(&mut socket, "answered").await;
    emulator.by_hand("disconnect", json!({})).await;
    at(&mut socket, "disconnected").await;
    seen
}

#[tokio::test]
async fn a_fault_bites_only_while_the_conversation_is_in_its_state() {
    for (state, moments) in [
        ("none", vec!["configured"]),
        ("bot", vec!["talking"]),
        ("queue", vec!["waiting"]),
        ("agent", vec!["answered"]),
        ("ended", vec!["disconnected"]),
    ] {
        assert_eq!(bitten_while(state).await, moments, "{state}");
    }
}

#[tokio::test]
async fn a_fault_bites_only_while_the_token_of_a_request_is_in_its_state() {
    for (state, moments) in [
        ("none", vec!["without"]),
        ("unknown", vec!["made up", "a guest's"]),
        ("live", vec!["good"]),
        ("revoked", vec!["taken back"]),
        ("expired", vec!["old"]),
    ] {
        let emulator = TestEmulator::start().await;
        let effect = json!({ "respond": { "status": 418 } });
        let when = json!({ "path": "/api/v2/tokens/me", "method": "GET" });
        let schedule = json!({ "while": { "token": state } });
        let guest = emulator.guest_jwt().await;
        let (one, other) = (emulator.guest_client_token().await, emulator.guest_client_token().await);
        let bearer = format!("Bearer {one}");
        let gone =
            emulator.client.send("DELETE", "/api/v2/tokens/me", &[("authorization", &bearer)], "").await;
        assert_eq!(gone.status, 200);
        emulator.fault(json!({ "when": when, "schedule": schedule, "effect": effect })).await;
        let mut seen = Vec::new();
        let mut at = async |token: Option<&str>, moment: &'static str| {
            if emulator.client.get("/api/v2/tokens/me", token).await.status == 418 {
                seen.push(moment);
            }
        };
        at(None, "without").await;
        at(Some("made-up"), "made up").await;
        at(Some(&guest), "a guest's").await;
        at(Some(&one), "taken back").await;
        at(Some(&other), "good").await;
        emulator.advance("1h").await;
        at(Some(&other), "old").await;
        assert_eq!(seen, moments, "{state}");
    }
}

#[tokio::test]
async fn a_fault_bites_only_while_keys_are_being_rotated() {
    let emulator = TestEmulator::start().await;
    for (ring, path) in [("platform", "/.well-known/jwks.json"), ("idp:main", "/idp/main/jwks")] {
        let effect = json!({ "respond": { "status": 418 } });
        let schedule = json!({ "while": { "rotating": ring } });
        emulator.fault(json!({ "when": { "path": path }, "schedule": schedule, "effect": effect })).await;
        let status = async || emulator.client.get(path, None).await.status;
        let rotate = async |how: Value| {
            let path = format!("/keys/{ring}/rotate");
            emulator.client.admin("POST", &path, Some(&how)).await;
        };
        assert_eq!(status().await, 200);
        rotate(json!({ "mode": "hard" })).await;
        assert_eq!(status().await, 200, "there is nothing to wait for");
        rotate(json!({ "mode": "graceful", "overlap": "1h" })).await;
        assert_eq!(status().await, 418, "two keys are published");
        emulator.advance("1h").await;
        assert_eq!(status().await, 200);
        rotate(json!({ "mode": "stale", "for": "10m" })).await;
        assert_eq!(status().await, 418, "the old set is still served");
        emulator.advance("10m").await;
        assert_eq!(status().await, 200);
    }
}

#[tokio::test]
async fn what_has_no_session_and_what_is_no_state_is_refused() {
    let on = |effect: Value, during: Value| json!({ "id": "f", "schedule": { "while": during }, "effect": effect });
    let said = super::refused::refusals(&[
        on(json!({ "respond": { "status": 503 } }), json!({ "session": "active" })),
        on(json!({ "drop_frame": {} }), json!({ "session": "open" })),
        on(json!({ "drop_frame": {} }), json!({})),
        on(json!({ "drop_frame": {} }), json!({ "conversation": "active" })),
        on(json!({ "drop_frame": {} }), json!({ "token": "live" })),
        on(json!({ "refuse_connection": {} }), json!({ "rotating": "platform" })),
        on(json!({ "respond": { "status": 503 } }), json!({ "rotating": "idp:nobody" })),
        on(json!({ "respond": { "status": 503 } }), json!({ "rotating": "main" })),
    ])
    .await;
    insta::assert_snapshot!(said, @"
    fault: fault `f`: `schedule`: `while: { session: … }` and `while: { conversation: … }` are of frames, which are of a session; this fault is not
    schedule.while.session: unknown variant `open`, expected one of `none`, `new`, `active`, `ended`, `expired` at line 1 column 74
    fault: fault `f`: `schedule`: `while` has a state; expected session, conversation, token or rotating
    schedule.while.conversation: unknown variant `active`, expected one of `none`, `bot`, `queue`, `agent`, `ended` at line 1 column 81
    fault: fault `f`: `schedule`: `while: { token: … }` is of requests, which bring an access token; this fault is on frames
    fault: fault `f`: `schedule`: `while` is of orgs, and what happens before anything is asked for is of none
    fault: fault `f`: there is no key ring `idp:nobody` in this org; there are platform, idp:main
    schedule.while.rotating: `main` is not a key ring; expected `platform`, or `idp:` and the name of an identity provider at line 1 column 84
    ");
}
