//! `quota`: so many calls a day.

use serde_json::{Value, json};

use super::guest;
use crate::support::TestEmulator;

#[tokio::test]
async fn the_scenario_grants_two_guest_tokens_a_day_to_each_client() {
    let emulator = TestEmulator::scenario("quota").await;
    let token = emulator.guest_client_token().await;
    let other = emulator.token("emulator-client", "emulator-secret").await;
    assert_eq!([guest(&emulator, &token).await.status, guest(&emulator, &token).await.status], [200, 200]);
    let refused = guest(&emulator, &token).await;
    assert_eq!(
        (refused.status, refused.header("x-emulator-fault"), refused.header("retry-after")),
        (429, "quota", "")
    );
    insta::assert_snapshot!(refused.text, @r#"{"message":"Quota of [2] requests within [1d] is used up","code":"too.many.requests","status":429,"contextId":"6e06327e-9b2b-4d2c-9db5-667662fc5c68","details":[],"errors":[]}"#);
    assert_eq!(guest(&emulator, &other).await.status, 200, "another client has its own");
    // 03:04:05 of the org's time; its tokens live an hour
    emulator.advance("20h55m").await;
    let token = emulator.guest_client_token().await;
    assert_eq!(guest(&emulator, &token).await.status, 429, "it is 23:59:05");
    emulator.advance("55s").await;
    assert_eq!(guest(&emulator, &token).await.status, 200, "it is midnight");
}

async fn statuses(quota: Value, calls: usize) -> Vec<u16> {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!({ "effect": { "quota": quota } })).await;
    let mut seen = Vec::new();
    for _ in 0..calls {
        seen.push(emulator.client.get("/api/v2/x", None).await.status);
        emulator.advance("20s").await;
    }
    seen
}

#[tokio::test]
async fn periods_stand_in_the_calendar_whenever_the_first_call_was() {
    // calls at :05, :25, :45, :05 …
    let seen = statuses(json!({ "limit": 2, "period": "1m", "per": "org" }), 7).await;
    assert_eq!(seen, [501, 501, 429, 501, 501, 429, 501]);
    assert_eq!(statuses(json!({ "limit": 0 }), 1).await, [429]);
}

#[tokio::test]
async fn on_frames_it_is_an_error_frame() {
    let emulator = TestEmulator::start().await;
    let mut socket = super::configured(&emulator).await;
    emulator
        .fault(
            json!({ "when": { "action": "echo" }, "effect": { "quota": { "limit": 1, "per": "session" } } }),
        )
        .await;
    socket.send(super::echo("a")).await;
    assert_eq!(socket.next().await["code"], 200);
    socket.send(super::echo("b")).await;
    insta::assert_snapshot!(socket.next_text().await, @r#"{"type":"response","class":"TooManyRequestsErrorMessage","code":429,"body":{"retryAfter":1,"errorCode":4029,"errorMessage":"Quota of [1] requests within [1d] is used up"}}"#);
}
