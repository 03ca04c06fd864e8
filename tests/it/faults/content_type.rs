//! `content_type`: only the header lies.

use insta::assert_snapshot;

use crate::support::TestEmulator;

#[tokio::test]
async fn the_scenario_calls_json_a_page() {
    let emulator = TestEmulator::scenario("content_type").await;
    let answer = emulator.client.get("/api/v2/tokens/me", None).await;
    assert_snapshot!(format!("{} {} {}", answer.status, answer.header("content-type"), answer.text), @r#"401 text/html; charset=utf-8 {"message":"No authentication bearer token specified in authorization header.","code":"authentication.required","status":401,"contextId":"1f4000f2-f7ae-4856-8af7-364288c30816","details":[],"errors":[]}"#);
}
