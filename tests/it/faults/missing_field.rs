//! `missing_field`: a member is gone, the others stay byte for byte.

use insta::assert_snapshot;
use serde_json::json;

use crate::support::TestEmulator;

#[tokio::test]
async fn the_scenario_takes_the_lifetime_out_of_access_tokens() {
    let emulator = TestEmulator::scenario("missing_field").await;
    let form = "grant_type=client_credentials&client_id=emulator-client&client_secret=emulator-secret";
    assert_snapshot!(emulator.client.post_form("/oauth/token", form).await.text, @r#"{"access_token":"h9luB9G_flqKkSNvz0vVEE7gRUBnlIg_le0dt_lus0Gz-i8V","token_type":"bearer"}"#);
}

#[tokio::test]
async fn a_way_that_leads_nowhere_changes_nothing() {
    let emulator = TestEmulator::start().await;
    let whole = emulator.client.get("/.well-known/jwks.json", None).await.text;
    emulator.fault(json!({ "effect": { "missing_field": { "field": "keys.9.kid" } } })).await;
    assert_eq!(emulator.client.get("/.well-known/jwks.json", None).await.text, whole);
}
