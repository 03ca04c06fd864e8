//! `unknown_enum`: a value from the future.

use insta::assert_snapshot;
use serde_json::json;

use crate::support::TestEmulator;

const FORM: &str = "grant_type=client_credentials&client_id=emulator-client&client_secret=emulator-secret";

#[tokio::test]
async fn the_scenario_gives_tokens_of_another_type() {
    let emulator = TestEmulator::scenario("unknown_enum").await;
    assert_snapshot!(emulator.client.post_form("/oauth/token", FORM).await.text, @r#"{"access_token":"h9luB9G_flqKkSNvz0vVEE7gRUBnlIg_le0dt_lus0Gz-i8V","token_type":"dpop","expires_in":86400}"#);
}

#[tokio::test]
async fn without_a_value_it_is_one_that_nobody_has_heard_of() {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!({ "effect": { "unknown_enum": { "field": "keys.0.use" } } })).await;
    assert_eq!(
        emulator.client.get("/.well-known/jwks.json", None).await.json()["keys"][0]["use"],
        "FUTURE_VALUE"
    );
}
