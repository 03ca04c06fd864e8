//! `schedule: { while: … }`: as long as a session is in a state.

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

#[tokio::test]
async fn what_has_no_session_and_what_is_no_state_is_refused() {
    let on = |effect: Value, during: Value| json!({ "id": "f", "schedule": { "while": during }, "effect": effect });
    let said = super::refused::refusals(&[
        on(json!({ "respond": { "status": 503 } }), json!({ "session": "active" })),
        on(json!({ "drop_frame": {} }), json!({ "session": "open" })),
        on(json!({ "drop_frame": {} }), json!({})),
        on(json!({ "drop_frame": {} }), json!({ "conversation": "active" })),
    ])
    .await;
    insta::assert_snapshot!(said, @r"
    fault: fault `f`: `schedule`: `while` is of frames, which are of a session; this fault is not
    schedule.while.session: unknown variant `open`, expected one of `none`, `new`, `active`, `ended`, `expired` at line 1 column 74
    schedule.while: missing field `session` at line 1 column 59
    schedule.while.conversation: unknown field `conversation`, expected `session` at line 1 column 72
    ");
}
