//! `refresh_token`: the next access token without a person.

use insta::assert_snapshot;
use serde_json::Value;

use super::{CODE_CLIENT, code, people, redeem, text, token, tokens, told};
use crate::support::{Answer, TestEmulator};

async fn refresh(emulator: &TestEmulator, basic: &str, refresh_token: &str) -> Answer {
    token(emulator, basic, &[("grant_type", "refresh_token"), ("refresh_token", refresh_token)]).await
}

async fn rotating(emulator: &TestEmulator) -> Value {
    let code = code(emulator, &[("client_id", "rotating")]).await;
    redeem(emulator, "rotating:rotating-secret", &code, &[]).await.json()
}

#[tokio::test]
async fn a_refresh_token_brings_the_next_access_token_and_comes_along_again() {
    let emulator = TestEmulator::start().await;
    let first = tokens(&emulator).await;
    emulator.advance("24h").await;
    let second = refresh(&emulator, CODE_CLIENT, text(&first, "refresh_token")).await;
    assert_snapshot!(second.text, @r#"{"access_token":"h9luB9G_MhCi2XuSb-KFKG6VnwEOX4Xt36ijySpN8rdy758e","token_type":"bearer","expires_in":86400,"refresh_token":"h9luB9G_-Y6dp4EQ9vQ9xi8u_-sHXeuVXdVBGkRrET6Quv53"}"#);
    assert_eq!(second.json()["refresh_token"], first["refresh_token"]);
    for (tokens, status) in [(&first, 401), (&second.json(), 200)] {
        let answer = emulator.client.get("/api/v2/tokens/me", Some(text(tokens, "access_token"))).await;
        assert_eq!(answer.status, status);
    }
    let third = refresh(&emulator, CODE_CLIENT, text(&first, "refresh_token")).await;
    assert_eq!(third.status, 200);
}

#[tokio::test]
async fn those_of_a_client_that_rotates_work_once_and_a_second_attempt_takes_back_all() {
    let emulator = people().await;
    let first = rotating(&emulator).await;
    let second = refresh(&emulator, "rotating:rotating-secret", text(&first, "refresh_token")).await.json();
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    let alive = async |tokens: &Value| {
        emulator.client.get("/api/v2/tokens/me", Some(text(tokens, "access_token"))).await.status
    };
    assert_eq!((alive(&first).await, alive(&second).await), (200, 200));
    let again = refresh(&emulator, "rotating:rotating-secret", text(&first, "refresh_token")).await;
    assert_snapshot!(told(&emulator, &again).await, @r#"400 {"error":"invalid_grant","description":"the refresh token was revoked","error_description":"the refresh token was revoked"} oauth.refresh_token_revoked"#);
    assert_eq!((alive(&first).await, alive(&second).await), (401, 401));
}

#[tokio::test]
async fn what_is_worth_nothing_is_refused_by_its_cause() {
    let emulator = people().await;
    let given = tokens(&emulator).await;
    let refused = async |basic: &str, refresh_token: &str| {
        let answer = refresh(&emulator, basic, refresh_token).await;
        told(&emulator, &answer).await
    };
    let refresh_token = text(&given, "refresh_token");
    assert_snapshot!(refused(CODE_CLIENT, "nonsense").await, @r#"400 {"error":"invalid_grant","description":"the refresh token was never issued here, or is long forgotten","error_description":"the refresh token was never issued here, or is long forgotten"} oauth.refresh_token_unknown"#);
    assert_snapshot!(refused(CODE_CLIENT, "").await, @r#"400 {"error":"invalid_request","description":"refresh_token is missing","error_description":"refresh_token is missing"} oauth.parameter_missing"#);
    assert_snapshot!(refused(CODE_CLIENT, text(&given, "access_token")).await, @r#"400 {"error":"invalid_grant","description":"the refresh token was never issued here, or is long forgotten","error_description":"the refresh token was never issued here, or is long forgotten"} oauth.refresh_token_unknown"#);
    assert_snapshot!(refused("asking:asking-secret", refresh_token).await, @r#"400 {"error":"invalid_grant","description":"the refresh token was issued to another client","error_description":"the refresh token was issued to another client"} oauth.refresh_token_of_another_client"#);
    assert_snapshot!(refused("", refresh_token).await, @r#"400 {"error":"invalid_client","description":"client credentials are missing","error_description":"client credentials are missing"} oauth.credentials_missing"#);
    emulator.advance("720h").await;
    assert_snapshot!(refused(CODE_CLIENT, refresh_token).await, @r#"400 {"error":"invalid_grant","description":"the refresh token expired at 2026-02-01T03:04:05.000Z","error_description":"the refresh token expired at 2026-02-01T03:04:05.000Z"} oauth.refresh_token_expired"#);
}
