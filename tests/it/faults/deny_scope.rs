//! `deny_scope`.

use insta::assert_snapshot;
use serde_json::json;

use super::guest;
use crate::support::TestEmulator;

#[tokio::test]
async fn the_scenario_takes_the_scope_of_making_guests_from_every_client() {
    let emulator = TestEmulator::scenario("deny_scope").await;
    let token = emulator.guest_client_token().await;
    let refused = guest(&emulator, &token).await;
    assert_eq!((refused.status, refused.header("x-emulator-fault")), (403, "deny_scope"));
    assert_snapshot!(refused.text, @r#"{"message":"App not authorized to use scope webchat:guest:write","code":"app.not.authorized.for.scope","status":403,"messageParams":{"scope":"webchat:guest:write"},"contextId":"ce8c5a36-ff6b-4372-a46c-6311e122de80","details":[],"errors":[]}"#);
    assert_snapshot!(emulator.last_refusal().await, @r#"{"fault":"deny_scope","reason":"A fault denies scope webchat:guest:write","rule":"scope.denied"}"#);
    let everything = emulator.token("emulator-client", "emulator-secret").await;
    assert_eq!(guest(&emulator, &everything).await.status, 403);
    let shown = emulator.client.get("/api/v2/webchat/guest/nobody", Some(&token)).await;
    assert_eq!(shown.status, 404, "another scope is not denied");
}

#[tokio::test]
async fn a_pattern_denies_all_that_it_covers() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    let pattern = json!({ "scope": "webchat:guest:*" });
    emulator.fault(json!({ "effect": { "deny_scope": pattern } })).await;
    assert_eq!(guest(&emulator, &token).await.status, 403);
    let shown = emulator.client.get("/api/v2/webchat/guest/nobody", Some(&token)).await;
    assert_snapshot!(shown.text, @r#"{"message":"App not authorized to use scope webchat:guest:read","code":"app.not.authorized.for.scope","status":403,"messageParams":{"scope":"webchat:guest:read"},"contextId":"164893be-bc28-414c-8ebe-5aea3e153b2b","details":[],"errors":[]}"#);
    let me = emulator.client.get("/api/v2/tokens/me", Some(&token)).await;
    assert_eq!(me.status, 200);
}

#[tokio::test]
async fn it_is_counted_only_where_that_scope_is_checked() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    let effect = json!({ "deny_scope": { "scope": "webchat:guest:write" } });
    emulator.fault(json!({ "id": "denied", "schedule": { "nth": 2 }, "effect": effect })).await;
    emulator.client.get("/api/v2/tokens/me", Some(&token)).await;
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(guest(&emulator, &token).await.status);
    }
    assert_eq!(statuses, [200, 403, 200]);
    let counted = emulator.client.admin("GET", "/faults/denied", None).await.json();
    assert_eq!((&counted["matched"], &counted["fired"]), (&json!(3), &json!(1)));
}

#[tokio::test]
async fn one_client_can_be_denied_alone() {
    let emulator = TestEmulator::start().await;
    let when = json!({ "client": "emulator-guest-client" });
    let effect = json!({ "deny_scope": { "scope": "webchat:guest:write" } });
    emulator.fault(json!({ "when": when, "effect": effect })).await;
    let denied = emulator.guest_client_token().await;
    let free = emulator.token("emulator-client", "emulator-secret").await;
    assert_eq!(guest(&emulator, &denied).await.status, 403);
    assert_eq!(guest(&emulator, &free).await.status, 200);
}
