//! `deny_cors`: what a browser would not let a page see.

use serde_json::json;

use crate::support::TestEmulator;

#[tokio::test]
async fn the_scenario_leaves_the_api_without_the_headers_that_let_a_page_read_it() {
    let emulator = TestEmulator::scenario("deny_cors").await;
    let origin = ("Origin", "https://shop.test");
    let answer = emulator.client.send("GET", "/api/v2/tokens/me", &[origin], "").await;
    let allowing = |name: &&String| name.starts_with("access-control-");
    assert_eq!((answer.status, answer.headers.keys().find(allowing)), (401, None));
    let preflight = [origin, ("Access-Control-Request-Method", "GET")];
    let answer = emulator.client.send("OPTIONS", "/api/v2/tokens/me", &preflight, "").await;
    assert_eq!((answer.status, answer.headers.keys().find(allowing)), (204, None));
    let keys = emulator.client.send("GET", "/.well-known/jwks.json", &[origin], "").await;
    assert_eq!(keys.header("access-control-allow-origin"), "https://shop.test", "another surface is as ever");
    assert_eq!(emulator.journal("fault=deny_cors").await[0]["faults"], json!(["deny_cors"]));
}
