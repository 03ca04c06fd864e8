//! Messages that come too early.

use serde_json::json;

use super::{as_told, shown};
use crate::support::{DEPLOYMENT, Socket, TestEmulator};

/// Says something as a guest, then signs in as Alice in the same session.
async fn steps_up(emulator: &TestEmulator) {
    let mut socket: Socket = emulator.socket(DEPLOYMENT).await; // 1
    socket.configure(DEPLOYMENT, "t-1").await; // 1.1, 1.2
    socket.say("t-1", "I cannot wait").await; // 1.3
    socket.next().await;
    let made = emulator
        .client
        .admin(
            "POST",
            "/person-tokens",
            Some(&json!({ "person": { "subject": "alice" }, "deploymentId": DEPLOYMENT })),
        )
        .await
        .json();
    let code = made["jwt"].as_str().unwrap_or_else(|| panic!("{made}"));
    socket
        .send(json!({ "action": "configureAuthenticatedSession", "deploymentId": DEPLOYMENT, "token": "t-1", "data": { "code": code } }))
        .await;
    socket.next().await;
}

#[tokio::test]
async fn what_a_guest_says_before_the_sign_in_is_told_where_the_two_stay_apart() {
    let apart = TestEmulator::yaml("name: apart\nworld: { orgs: [ { deployments: { messaging: { auth: { mergeContacts: false } } } } ] }\n").await;
    steps_up(&apart).await;
    assert_eq!(shown(&apart, "ghost_message").await, as_told("warning", &["1.3"]));
    let merged = TestEmulator::start().await;
    steps_up(&merged).await;
    assert_eq!(shown(&merged, "ghost_message").await, None);
}

#[tokio::test]
async fn a_message_before_the_session_is_configured_is_told() {
    let emulator = TestEmulator::start().await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.say("t-1", "Hi").await; // 1.1
    socket.next().await;
    socket.configure(DEPLOYMENT, "t-1").await;
    socket.say("t-1", "Hi").await;
    socket.next().await;
    assert_eq!(shown(&emulator, "ghost_message").await, as_told("error", &["1.1"]));
}
