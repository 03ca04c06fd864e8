//! `rate_limit`.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::guest;
use crate::support::{DEPLOYMENT, TestEmulator};

async fn limited(options: Value) -> TestEmulator {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!({ "id": "limit", "effect": { "rate_limit": options } })).await;
    emulator
}

async fn status(emulator: &TestEmulator, path: &str, token: Option<&str>) -> u16 {
    emulator.client.get(path, token).await.status
}

#[tokio::test]
async fn the_scenario_allows_three_guest_tokens_a_minute_and_the_clock_drains_it() {
    let emulator = TestEmulator::scenario("rate_limit").await;
    let token = emulator.guest_client_token().await;
    for _ in 0..3 {
        assert_eq!(guest(&emulator, &token).await.status, 200);
    }
    emulator.advance("20s").await;
    let fourth = guest(&emulator, &token).await;
    assert_snapshot!(fourth.text, @r#"{"message":"Rate limit exceeded the maximum. Retry the request in [40] seconds","code":"too.many.requests.retry.after","status":429,"contextId":"6e06327e-9b2b-4d2c-9db5-667662fc5c68","details":[],"errors":[]}"#);
    let headers = ["retry-after", "inin-ratelimit-count", "inin-ratelimit-allowed", "inin-ratelimit-reset"];
    assert_eq!(headers.map(|name| fourth.header(name)), ["40", "4", "3", "40"]);
    assert_eq!(fourth.header("x-emulator-fault"), "rate_limit");
    assert_snapshot!(emulator.last_refusal().await, @r#"{"fault":"rate_limit","reason":"A fault allows 3 calls in its window","rule":"rate_limit.injected"}"#);
    emulator.advance("40s").await;
    assert_eq!(guest(&emulator, &token).await.status, 200);
}

#[tokio::test]
async fn another_client_has_a_limit_of_its_own() {
    let emulator = TestEmulator::scenario("rate_limit").await;
    let (one, other) =
        (emulator.guest_client_token().await, emulator.token("emulator-client", "emulator-secret").await);
    for _ in 0..4 {
        guest(&emulator, &one).await;
    }
    assert_eq!(guest(&emulator, &one).await.status, 429);
    assert_eq!(guest(&emulator, &other).await.status, 200);
}

#[tokio::test]
async fn the_window_is_as_long_as_told() {
    let emulator = limited(json!({ "limit": 1, "window": "1h", "per": "org" })).await;
    assert_eq!(status(&emulator, "/api/v2/x", None).await, 501);
    emulator.advance("59m").await;
    let refused = emulator.client.get("/api/v2/x", None).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "60"));
    emulator.advance("1m").await;
    assert_eq!(status(&emulator, "/api/v2/x", None).await, 501);
}

#[tokio::test]
async fn per_org_counts_everybody_together() {
    let emulator = limited(json!({ "limit": 2, "per": "org" })).await;
    let token = emulator.guest_client_token().await;
    assert_eq!(status(&emulator, "/api/v2/tokens/me", Some(&token)).await, 200);
    assert_eq!(status(&emulator, "/.well-known/jwks.json", None).await, 400);
}

#[tokio::test]
async fn per_token_counts_each_credential() {
    let emulator = TestEmulator::start().await;
    let one = emulator.guest_client_token().await;
    let other = emulator.guest_client_token().await;
    let limit = json!({ "limit": 1, "per": "token" });
    emulator.fault(json!({ "when": { "surface": "api" }, "effect": { "rate_limit": limit } })).await;
    let me = "/api/v2/tokens/me";
    assert_eq!(status(&emulator, me, Some(&one)).await, 200);
    assert_eq!(status(&emulator, me, Some(&other)).await, 200);
    assert_eq!(status(&emulator, me, Some(&one)).await, 429);
}

#[tokio::test]
async fn per_deployment_counts_each_deployment() {
    let emulator = limited(json!({ "limit": 1, "per": "deployment" })).await;
    let config = |id: &str| format!("/webdeployments/v1/deployments/{id}/config.json");
    let (one, other) = (config(DEPLOYMENT), config(crate::support::GUEST_TOKEN_DEPLOYMENT));
    assert_eq!(status(&emulator, &one, None).await, 200);
    assert_eq!(status(&emulator, &other, None).await, 200);
    assert_eq!(status(&emulator, &one, None).await, 429);
}

#[tokio::test]
async fn per_guest_counts_each_guest() {
    let emulator = limited(json!({ "limit": 1, "per": "guest" })).await;
    let path = |id: &str| format!("/api/v2/webchat/guest/{id}");
    assert_eq!(status(&emulator, &path("a"), None).await, 401);
    assert_eq!(status(&emulator, &path("b"), None).await, 401);
    assert_eq!(status(&emulator, &path("a"), None).await, 429);
}

#[tokio::test]
async fn the_token_endpoint_says_it_in_its_own_words() {
    let emulator = limited(json!({ "limit": 0 })).await;
    let answer = emulator.client.post_form("/oauth/token", "grant_type=client_credentials").await;
    assert_eq!((answer.status, answer.header("retry-after")), (400, "60"));
    assert_snapshot!(answer.text, @r#"{"error":"invalid_request","description":"rate limit exceeded; retry in 60 seconds","error_description":"rate limit exceeded; retry in 60 seconds"}"#);
}

#[tokio::test]
async fn frames_over_the_limit_of_a_session_are_answered_429_and_the_clock_drains_it() {
    let emulator = TestEmulator::start().await;
    let mut one = emulator.socket(DEPLOYMENT).await;
    let mut other = emulator.socket(DEPLOYMENT).await;
    one.configure(DEPLOYMENT, "t-1").await;
    other.configure(DEPLOYMENT, "t-2").await;
    let limit = json!({ "limit": 1, "window": "10s", "per": "session" });
    emulator.fault(json!({ "when": { "action": "echo" }, "effect": { "rate_limit": limit } })).await;
    let echo = |token: &str| json!({ "action": "echo", "token": token });
    one.send(echo("t-1")).await;
    assert_eq!(one.next().await["code"], 200);
    one.send(echo("t-1")).await;
    assert_snapshot!(one.next().await, @r#"{"body":{"errorCode":4029,"errorMessage":"Rate limit exceeded","retryAfter":10},"class":"TooManyRequestsErrorMessage","code":429,"type":"response"}"#);
    other.send(echo("t-2")).await;
    assert_eq!(other.next().await["code"], 200, "another session has its own limit");
    emulator.advance("10s").await;
    one.send(echo("t-1")).await;
    assert_eq!(one.next().await["code"], 200);
}
