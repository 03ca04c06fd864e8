//! JWTs that clients make, and what else they send for one; personal data.

use serde_json::json;

use super::{as_told, guest, one, shown};
use crate::support::{GUEST_TOKEN_DEPLOYMENT, TestEmulator};

#[tokio::test]
async fn what_a_fault_has_spoilt_is_no_habit_of_the_client() {
    for (mode, finding) in [("exp_in_ms", "exp_in_milliseconds"), ("hs256_confusion", "hs256")] {
        let emulator = TestEmulator::start().await;
        emulator
            .fault(json!({ "id": "f", "effect": { "claims": { "token": "guest", "mode": mode } } }))
            .await;
        let jwt = emulator.guest_jwt().await; // 1, 2
        let target = format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}&token={jwt}");
        emulator.upgrade(&target).await.err().unwrap(); // 3
        assert_eq!(shown(&emulator, finding).await, None, "{mode}");
        // the same token without the fault that made it is the client's own
        emulator.client.admin("DELETE", "/journal", None).await;
        emulator.upgrade(&target).await.err().unwrap(); // 4
        assert_eq!(shown(&emulator, finding).await, as_told("error", &["4"]), "{mode}");
    }
}

#[tokio::test]
async fn a_redacted_authorization_is_told_and_a_wrong_one_is_not() {
    let emulator = TestEmulator::start().await;
    let send = async |value: &str| {
        emulator.client.send("GET", "/api/v2/tokens/me", &[("authorization", value)], "").await;
    };
    send("Bearer wrong").await; // 1
    assert_eq!(shown(&emulator, "redacted_authorization").await, None);
    send("Bearer [REDACTED]").await; // 2
    send("[REDACTED]").await; // 3
    assert_eq!(shown(&emulator, "redacted_authorization").await, as_told("error", &["2", "3"]));
}

#[tokio::test]
async fn the_token_of_another_chat_is_told_and_a_guest_token_under_its_name_is_not() {
    let emulator = TestEmulator::start().await;
    let jwt = emulator.guest_jwt().await; // 1, 2
    let target = |token: &str| format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}&zChatToken={token}");
    emulator.upgrade(&target(&jwt)).await.unwrap(); // 3
    assert_eq!(shown(&emulator, "legacy_token").await, None);
    emulator.upgrade(&target("eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJvbGRlciJ9.c2ln")).await.err().unwrap(); // 4
    assert_eq!(shown(&emulator, "legacy_token").await, as_told("error", &["4"]));
}

#[tokio::test]
async fn personal_data_is_told_by_its_key_and_never_by_its_value() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await; // 1
    let plain = json!({ "name": "Ann", "email": "ann@example.test", "customAttributes": { "plan": "gold", "order": "2026-01-02" } });
    guest(&emulator, &token, plain).await; // 2
    assert_eq!(shown(&emulator, "personal_data").await, None);
    let personal = json!({ "customAttributes": { "plan": "gold", "card": "4111 1111 1111 1111", "reach": { "by": "ann@example.test" } } });
    guest(&emulator, &token, personal).await; // 3
    let found = one(&emulator, "personal_data").await.unwrap();
    assert_eq!(found["details"]["keys"], json!({ "by": ["e-mail address"], "card": ["card number"] }));
    assert_eq!(found["evidence"], json!(["3"]));
    let text = found.to_string();
    assert!(!text.contains("4111") && !text.contains("ann@"), "{text}");
}
