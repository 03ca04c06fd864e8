//! `deny_permission`.

use insta::assert_snapshot;
use serde_json::json;

use super::guest;
use crate::support::TestEmulator;

#[tokio::test]
async fn the_scenario_takes_the_permission_of_making_guests_from_every_client() {
    let emulator = TestEmulator::scenario("deny_permission").await;
    let token = emulator.guest_client_token().await;
    let refused = guest(&emulator, &token).await;
    assert_eq!((refused.status, refused.header("x-emulator-fault")), (403, "deny_permission"));
    assert_snapshot!(refused.text, @r#"{"message":"Unable to perform the requested action. You must have at least one of the following permissions assigned: [webchat:guest:edit]","code":"missing.any.permissions","status":403,"messageParams":{"permissions":"[webchat:guest:edit]"},"contextId":"ce8c5a36-ff6b-4372-a46c-6311e122de80","details":[],"errors":[]}"#);
    assert_snapshot!(emulator.last_refusal().await, @r#"{"fault":"deny_permission","reason":"A fault denies permission webchat:guest:edit","rule":"permission.denied"}"#);
    let shown = emulator.client.get("/api/v2/webchat/guest/nobody", Some(&token)).await;
    assert_eq!(shown.status, 404, "another permission is not denied");
}

#[tokio::test]
async fn a_pattern_denies_all_that_it_grants() {
    let emulator = TestEmulator::start().await;
    let token = emulator.token("emulator-client", "emulator-secret").await;
    let pattern = json!({ "permission": "webchat:*" });
    emulator.fault(json!({ "effect": { "deny_permission": pattern } })).await;
    assert_eq!(guest(&emulator, &token).await.status, 403);
    let shown = emulator.client.get("/api/v2/webchat/guest/nobody", Some(&token)).await;
    assert_eq!(shown.status, 403);
    assert_eq!(shown.json()["code"], "missing.any.permissions");
}

#[tokio::test]
async fn a_missing_scope_is_told_before_a_denied_permission() {
    let emulator = TestEmulator::scenario("deny_permission").await;
    let token = emulator.token("emulator-readonly-client", "emulator-readonly-secret").await;
    let refused = guest(&emulator, &token).await;
    assert_eq!(refused.json()["code"], "app.not.authorized.for.scope");
    assert_eq!(refused.header("x-emulator-fault"), "", "the fault was not asked");
}
