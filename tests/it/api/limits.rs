//! Rate limits of the API: headers while there is something left, 429 when not.

use insta::assert_snapshot;

use super::post_guest;
use crate::support::{Answer, TestEmulator};

const FEW: &str = "name: few\nworld: { orgs: [{ limits: { tokenRate: 4, guestRate: 2 } }] }";

/// `count allowed reset retry-after`.
fn told(answer: &Answer) -> String {
    let of = |name| answer.header(name);
    format!(
        "{} {}/{} reset {} retry {}",
        answer.status,
        of("inin-ratelimit-count"),
        of("inin-ratelimit-allowed"),
        of("inin-ratelimit-reset"),
        of("retry-after")
    )
    .trim_end_matches(" retry ")
    .to_owned()
}

#[tokio::test]
async fn the_301st_call_of_a_token_in_a_minute_is_429_until_the_clock_has_moved_on() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    let me = async || emulator.client.get("/api/v2/tokens/me", Some(&token)).await;
    assert_eq!(told(&me().await), "200 1/300 reset 60");
    emulator.advance("1500ms").await;
    for _ in 2..300 {
        assert_eq!(me().await.status, 200);
    }
    assert_eq!(told(&me().await), "200 300/300 reset 59");
    let refused = me().await;
    assert_eq!(told(&refused), "429 301/300 reset 59 retry 59");
    assert_snapshot!(refused.text, @r#"{"message":"Rate limit exceeded the maximum. Retry the request in [59] seconds","code":"too.many.requests.retry.after","status":429,"contextId":"15d50367-7e1e-4f32-b5fe-8c5061116356","details":[],"errors":[]}"#);
    assert_snapshot!(emulator.last_refusal().await, @r#"{"expected":"at most 300 in 1m","reason":"The emulated limit tokenRate is used up","rule":"rate_limit.exceeded","seen":"number 301 of this window"}"#);
    emulator.advance("59s").await;
    assert_eq!(told(&me().await), "200 1/300 reset 60");
}

#[tokio::test]
async fn the_301st_guest_of_a_client_in_a_minute_is_429() {
    let emulator = TestEmulator::start().await;
    let (one, other) = (emulator.guest_client_token().await, emulator.guest_client_token().await);
    for nth in 0..300 {
        let token = if nth % 2 == 0 { &one } else { &other };
        assert_eq!(post_guest(&emulator, token, "{}").await.status, 200);
    }
    let refused = post_guest(&emulator, &one, "{}").await;
    assert_eq!(told(&refused), "429 301/300 reset 60 retry 60");
    assert_snapshot!(refused.text, @r#"{"message":"Rate limit exceeded the maximum. Retry the request in [60] seconds","code":"too.many.requests.retry.after","status":429,"contextId":"09324d1e-4962-468a-b616-97e75a12f283","details":[],"errors":[]}"#);
    assert_snapshot!(emulator.last_refusal().await, @r#"{"expected":"at most 300 in 1m","reason":"The emulated limit guestRate is used up","rule":"rate_limit.exceeded","seen":"number 301 of this window"}"#);
    emulator.advance("60s").await;
    assert_eq!(told(&post_guest(&emulator, &one, "{}").await), "200 1/300 reset 60");
}

#[tokio::test]
async fn a_fresh_access_token_each_time_does_not_help_a_client_but_another_client_is_free() {
    let emulator = TestEmulator::yaml(FEW).await;
    let mut seen = Vec::new();
    for _ in 0..3 {
        let token = emulator.guest_client_token().await;
        seen.push(told(&post_guest(&emulator, &token, "{}").await));
    }
    let other = emulator.token("emulator-client", "emulator-secret").await;
    seen.push(told(&post_guest(&emulator, &other, "{}").await));
    emulator.advance("60s").await;
    let token = emulator.guest_client_token().await;
    seen.push(told(&post_guest(&emulator, &token, "{}").await));
    assert_snapshot!(seen.join("\n"), @"
    200 1/2 reset 60
    200 2/2 reset 60
    429 3/2 reset 60 retry 60
    200 1/2 reset 60
    200 1/2 reset 60
    ");
}

#[tokio::test]
async fn refused_calls_count_and_each_token_has_its_own_limit() {
    let emulator = TestEmulator::yaml(FEW).await;
    let token = emulator.guest_client_token().await;
    let mut seen = Vec::new();
    for _ in 0..6 {
        seen.push(told(&emulator.client.get("/api/v2/tokens/me", Some(&token)).await));
    }
    let fresh = emulator.guest_client_token().await;
    seen.push(told(&emulator.client.get("/api/v2/tokens/me", Some(&fresh)).await));
    assert_snapshot!(seen.join("\n"), @"
    200 1/4 reset 60
    200 2/4 reset 60
    200 3/4 reset 60
    200 4/4 reset 60
    429 5/4 reset 60 retry 60
    429 6/4 reset 60 retry 60
    200 1/4 reset 60
    ");
}

#[tokio::test]
async fn without_limits_there_are_neither_429_nor_headers() {
    let emulator = TestEmulator::unlimited().await;
    let token = emulator.guest_client_token().await;
    for _ in 0..301 {
        let answer = post_guest(&emulator, &token, "{}").await;
        assert_eq!(told(&answer), "200 / reset ");
    }
}

/// How many guests a proxy that asks for an access token for each gets in a minute, and what is said to the next one.
async fn pairs(emulator: &TestEmulator) -> (usize, Answer) {
    let credentials =
        "grant_type=client_credentials&client_id=emulator-guest-client&client_secret=emulator-guest-secret";
    for made in 0.. {
        let token = emulator.client.post_form("/oauth/token", credentials).await;
        if token.status != 200 {
            return (made, token);
        }
        let guest = post_guest(emulator, token.json()["access_token"].as_str().unwrap(), "{}").await;
        if guest.status != 200 {
            return (made, guest);
        }
    }
    unreachable!("somebody refuses in the end")
}

#[tokio::test]
async fn a_token_for_each_guest_meets_the_limit_of_tokens_first_unless_that_of_guests_is_lower() {
    let (made, refused) = pairs(&TestEmulator::start().await).await;
    assert_eq!((made, refused.status), (300, 400));
    assert_snapshot!(refused.text, @r#"{"error":"invalid_request","description":"rate limit exceeded; retry in 60 seconds","error_description":"rate limit exceeded; retry in 60 seconds"}"#);
    let lower = "name: lower\nworld: { orgs: [{ limits: { guestRate: 250 } }] }";
    let (made, refused) = pairs(&TestEmulator::yaml(lower).await).await;
    assert_eq!((made, refused.status, refused.header("retry-after")), (250, 429, "60"));
    assert_snapshot!(refused.text, @r#"{"message":"Rate limit exceeded the maximum. Retry the request in [60] seconds","code":"too.many.requests.retry.after","status":429,"contextId":"db0010c6-5595-4819-9b04-1399abee752f","details":[],"errors":[]}"#);
}
