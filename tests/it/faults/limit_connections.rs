//! `limit_connections`.

use insta::assert_snapshot;
use serde_json::json;

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

#[tokio::test]
async fn requests_that_are_no_upgrade_are_neither_limited_nor_counted() {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!({ "id": "none", "effect": { "limit_connections": { "max": 0 } } })).await;
    assert_eq!(emulator.client.get("/.well-known/jwks.json", None).await.status, 200);
    let fault = emulator.client.admin("GET", "/faults/none", None).await;
    assert_eq!(fault.json()["matched"], 0);
}
