//! `invalid_json`: HTTP is sound, the JSON is not.

use insta::assert_snapshot;
use serde_json::json;

use crate::support::TestEmulator;

const FORM: &str = "grant_type=client_credentials&client_id=emulator-client&client_secret=emulator-secret";

#[tokio::test]
async fn the_scenario_cuts_the_first_token_answer_to_half() {
    let emulator = TestEmulator::scenario("invalid_json").await;
    let answer = emulator.client.post_form("/oauth/token", FORM).await;
    assert_eq!(answer.header("content-length"), answer.text.len().to_string());
    assert_snapshot!(answer.text, @r#"{"access_token":"h9luB9G_flqKkSNvz0vVEE7gRUBnlIg_le0dt"#);
    let whole = emulator.client.post_form("/oauth/token", FORM).await;
    assert_eq!(whole.text.len() / 2, answer.text.len());
}

#[tokio::test]
async fn so_many_bytes_are_left_as_are_asked_for() {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!({ "effect": { "invalid_json": { "bytes": 7 } } })).await;
    assert_eq!(emulator.client.get("/.well-known/jwks.json", None).await.text, r#"{"keys""#);
}
