//! The least that a client needs.

use serde_json::json;

use super::{guest, one};
use crate::support::TestEmulator;

#[tokio::test]
async fn what_a_client_has_beyond_its_needs_is_listed() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    guest(&emulator, &token, json!({})).await;
    let found = one(&emulator, "scopes_too_broad").await.unwrap();
    assert_eq!(found["severity"], "info");
    assert_eq!(
        found["details"],
        json!({
            "client": "emulator-guest-client",
            "granted": ["webchat:guest:read", "webchat:guest:write", "conversation:webchat:read", "conversation:webchat:write", "user:read"],
            "used": ["webchat:guest:write"],
            "unused": ["webchat:guest:read", "conversation:webchat:read", "conversation:webchat:write", "user:read"],
            "missing": [],
        })
    );
}

#[tokio::test]
async fn a_client_that_has_just_what_it_needs_is_not_told() {
    let emulator = TestEmulator::yaml(
        "name: least\nworld: { orgs: [ { clients: { guest: { scopes: ['webchat:guest:write'] } } } ] }\n",
    )
    .await;
    let token = emulator.guest_client_token().await;
    assert_eq!(guest(&emulator, &token, json!({})).await.status, 200);
    assert!(one(&emulator, "scopes_too_broad").await.is_none());
}

#[tokio::test]
async fn what_is_refused_for_its_scope_is_listed_as_missing() {
    let emulator = TestEmulator::yaml(
        "name: two\nworld: { orgs: [ { clients: { guest: { scopes: ['webchat:guest:read', 'user:read'] } } } ] }\n",
    )
    .await;
    let token = emulator.guest_client_token().await;
    guest(&emulator, &token, json!({})).await;
    emulator.client.get("/api/v2/webchat/guest/none", Some(&token)).await;
    assert!(one(&emulator, "scopes_too_broad").await.is_none(), "it has done nothing yet");
    let full = emulator.token("emulator-client", "emulator-secret").await;
    let made = guest(&emulator, &full, json!({})).await.json();
    emulator
        .client
        .get(&format!("/api/v2/webchat/guest/{}", made["guestId"].as_str().unwrap()), Some(&token))
        .await;
    let found = super::all(&emulator).await;
    let own = found.iter().find(|one| one["details"]["client"] == "emulator-guest-client").unwrap();
    assert_eq!(
        (&own["details"]["used"], &own["details"]["missing"]),
        (&json!(["webchat:guest:read"]), &json!(["webchat:guest:write"]))
    );
}
