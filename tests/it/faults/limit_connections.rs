//! `limit_connections`.

use insta::assert_snapshot;
use serde_json::json;

use super::configured;
use crate::support::{DEPLOYMENT, GUEST_TOKEN_DEPLOYMENT, RESTRICTED_DEPLOYMENT, Socket, TestEmulator};

async fn upgrade(emulator: &TestEmulator, deployment: &str) -> Result<Socket, (u16, String)> {
    emulator.upgrade(&format!("/v1?deploymentId={deployment}")).await
}

/// The emulator notices the end of a socket by itself; here it is waited for.
async fn open_again(emulator: &TestEmulator, deployment: &str) -> Socket {
    for _ in 0..10_000 {
        if let Ok(socket) = upgrade(emulator, deployment).await {
            return socket;
        }
    }
    panic!("the closed socket is still counted");
}

#[tokio::test]
async fn the_scenario_takes_one_socket_of_a_deployment_at_a_time() {
    let emulator = TestEmulator::scenario("limit_connections").await;
    let mut first = emulator.socket(DEPLOYMENT).await;
    let (status, body) = upgrade(&emulator, DEPLOYMENT).await.err().unwrap();
    assert_eq!(status, 403);
    assert_snapshot!(body, @r#"{"errorCode":"FORBIDDEN","message":"Too many connections: 1 are open, 1 are allowed"}"#);
    assert_snapshot!(emulator.last_refusal().await, @r#"{"fault":"limit_connections","reason":"A fault answers instead of the platform","rule":"response.injected"}"#);
    let page = [("origin", "https://shop.example.test")];
    let target = format!("/v1?deploymentId={RESTRICTED_DEPLOYMENT}");
    assert!(
        Socket::open(&emulator.base(), &target, &page).await.is_ok(),
        "another deployment has its own limit"
    );
    first.stream.close(None).await.unwrap();
    first.closed().await;
    open_again(&emulator, DEPLOYMENT).await;
}

#[tokio::test]
async fn per_org_counts_the_sockets_of_all_deployments_and_the_status_can_be_chosen() {
    let emulator = TestEmulator::start().await;
    let limit = json!({ "max": 1, "status": 503 });
    emulator.fault(json!({ "effect": { "limit_connections": limit } })).await;
    let _open = emulator.socket(DEPLOYMENT).await;
    let (status, body) = upgrade(&emulator, GUEST_TOKEN_DEPLOYMENT).await.err().unwrap();
    assert_eq!(status, 503);
    assert_snapshot!(body, @r#"{"message":"Too many connections: 1 are open, 1 are allowed","code":"service.unavailable","status":503,"contextId":"ce8c5a36-ff6b-4372-a46c-6311e122de80","details":[],"errors":[]}"#);
}

/// A guest's socket, or status and body of the refusal.
async fn of_guest(emulator: &TestEmulator, jwt: &str) -> Result<Socket, (u16, String)> {
    emulator.upgrade(&format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}&token={jwt}")).await
}

#[tokio::test]
async fn per_guest_counts_the_sockets_of_one_guest_and_leaves_those_without_a_token_alone() {
    let emulator = TestEmulator::start().await;
    let (one, other) = (emulator.guest_jwt().await, emulator.guest_jwt().await);
    let limit = json!({ "max": 1, "per": "guest", "status": 429 });
    emulator.fault(json!({ "effect": { "limit_connections": limit } })).await;
    let first = of_guest(&emulator, &one).await.unwrap();
    assert_eq!(of_guest(&emulator, &one).await.err().unwrap().0, 429);
    let _other = of_guest(&emulator, &other).await.unwrap();
    let _open = (emulator.socket(DEPLOYMENT).await, emulator.socket(DEPLOYMENT).await);
    drop(first);
    for _ in 0..10_000 {
        if of_guest(&emulator, &one).await.is_ok() {
            return;
        }
    }
    panic!("the closed socket is still counted");
}

#[tokio::test]
async fn per_client_counts_the_sockets_of_all_guests_that_a_client_made() {
    let emulator = TestEmulator::start().await;
    let (one, other) = (emulator.guest_jwt().await, emulator.guest_jwt().await);
    let limit = json!({ "max": 1, "per": "client" });
    emulator.fault(json!({ "effect": { "limit_connections": limit } })).await;
    let _first = of_guest(&emulator, &one).await.unwrap();
    let (status, body) = of_guest(&emulator, &other).await.err().unwrap();
    assert_eq!(status, 403);
    assert_snapshot!(body, @r#"{"errorCode":"FORBIDDEN","message":"Too many connections: 1 are open, 1 are allowed"}"#);
    let token = emulator.token("emulator-client", "emulator-secret").await;
    let body = json!({ "name": "Bob" });
    let of_another = emulator.client.post("/api/v2/webchat/guest", Some(&token), &body).await.json();
    assert!(of_guest(&emulator, of_another["access_token"].as_str().unwrap()).await.is_ok());
}

#[tokio::test]
async fn per_session_refuses_to_configure_one_socket_too_many() {
    let emulator = TestEmulator::start().await;
    let limit = json!({ "max": 2, "per": "session" });
    emulator.fault(json!({ "id": "f", "effect": { "limit_connections": limit } })).await;
    let (mut one, _two) = (configured(&emulator).await, configured(&emulator).await);
    let mut three = emulator.socket(DEPLOYMENT).await;
    three.send(json!({ "action": "configureSession", "deploymentId": DEPLOYMENT, "token": "t-1", "tracingId": "3" })).await;
    assert_snapshot!(three.next_text().await, @r#"{"type":"response","class":"string","code":403,"tracingId":"3","body":"Too many connections: 2 are open, 2 are allowed"}"#);
    assert_eq!(
        one.configure(DEPLOYMENT, "t-1").await["class"],
        "SessionResponse",
        "it does not count itself"
    );
    assert_eq!(three.configure(DEPLOYMENT, "t-2").await["class"], "SessionResponse", "another session");
    let fault = emulator.client.admin("GET", "/faults/f", None).await.json();
    assert_eq!((&fault["matched"], &fault["fired"]), (&json!(5), &json!(1)));
}

#[tokio::test]
async fn requests_that_are_no_upgrade_are_neither_limited_nor_counted() {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!({ "id": "none", "effect": { "limit_connections": { "max": 0 } } })).await;
    assert_eq!(emulator.client.get("/.well-known/jwks.json", None).await.status, 200);
    let fault = emulator.client.admin("GET", "/faults/none", None).await;
    assert_eq!(fault.json()["matched"], 0);
}
