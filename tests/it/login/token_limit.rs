//! The token endpoint's own limit: so many tokens a minute for one client, answered in its own way.

use insta::assert_snapshot;

use crate::support::{Answer, TestEmulator};

const FEW: &str = "name: few\nworld: { orgs: [{ limits: { tokenIssueRate: 2 } }] }";

async fn ask(emulator: &TestEmulator, client: &str) -> Answer {
    let body = format!(
        "grant_type=client_credentials&client_id=emulator-{client}client&client_secret=emulator-{client}secret"
    );
    emulator.client.post_form("/oauth/token", &body).await
}

#[tokio::test]
async fn the_301st_token_of_a_minute_is_refused_with_400_until_the_clock_has_moved_on() {
    let emulator = TestEmulator::start().await;
    for _ in 0..300 {
        assert_eq!(ask(&emulator, "").await.status, 200);
    }
    let refused = ask(&emulator, "").await;
    assert_eq!(refused.status, 400);
    assert_snapshot!(refused.text, @r#"{"error":"invalid_request","description":"rate limit exceeded; retry in 60 seconds","error_description":"rate limit exceeded; retry in 60 seconds"}"#);
    assert_eq!(refused.header("retry-after"), "60");
    assert_snapshot!(emulator.last_refusal().await, @r#"{"expected":"at most 300 in 1m","reason":"The emulated limit tokenIssueRate is used up","rule":"rate_limit.exceeded","seen":"number 301 of this window"}"#);

    emulator.advance("60s").await;
    assert_eq!(ask(&emulator, "").await.status, 200);
}

#[tokio::test]
async fn the_seconds_told_are_those_that_are_left() {
    let emulator = TestEmulator::yaml(FEW).await;
    ask(&emulator, "").await;
    emulator.advance("20500ms").await;
    ask(&emulator, "").await;
    let refused = ask(&emulator, "").await;
    assert_snapshot!(refused.text, @r#"{"error":"invalid_request","description":"rate limit exceeded; retry in 40 seconds","error_description":"rate limit exceeded; retry in 40 seconds"}"#);
    assert_eq!(refused.header("retry-after"), "40");
    emulator.advance("39s").await;
    assert_eq!(ask(&emulator, "").await.status, 400);
    emulator.advance("1s").await;
    assert_eq!(ask(&emulator, "").await.status, 200);
}

#[tokio::test]
async fn each_client_has_its_own_limit_and_wrong_secrets_do_not_count() {
    let emulator = TestEmulator::yaml(FEW).await;
    let wrong = "grant_type=client_credentials&client_id=emulator-client&client_secret=wrong";
    for _ in 0..3 {
        assert_eq!(emulator.client.post_form("/oauth/token", wrong).await.status, 401);
    }
    for status in [200, 200, 400] {
        assert_eq!(ask(&emulator, "").await.status, status);
    }
    for status in [200, 200, 400] {
        assert_eq!(ask(&emulator, "guest-").await.status, status);
    }
}

#[tokio::test]
async fn without_limits_there_is_none() {
    let emulator = TestEmulator::unlimited().await;
    for _ in 0..301 {
        let answer = ask(&emulator, "").await;
        assert_eq!(answer.status, 200);
    }
}
