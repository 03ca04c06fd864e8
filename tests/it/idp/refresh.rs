//! Refresh tokens, kept and rotated.

use insta::assert_snapshot;
use serde_json::Value;

use super::{claims, code, encoded, redeem, text, token, tokens, told};
use crate::support::{Answer, TestEmulator};

const ROTATES: &str = "name: rotates\nworld: { orgs: [{ identityProviders: { main: { refreshRotation: true, refreshLifetime: 2h } } }] }";

async fn refresh(emulator: &TestEmulator, refresh_token: &str, more: &[(&str, &str)]) -> Answer {
    let usual = [("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
    token(emulator, &[&usual, more].concat()).await
}

fn refresh_token(body: &Value) -> String {
    text(body, "refresh_token").to_owned()
}

#[tokio::test]
async fn only_offline_access_brings_one() {
    let emulator = TestEmulator::start().await;
    assert_eq!(tokens(&emulator, "openid profile").await.get("refresh_token"), None);
    assert!(tokens(&emulator, "openid offline_access").await["refresh_token"].is_string());
}

#[tokio::test]
async fn it_brings_new_tokens_about_the_same_sign_in_and_is_kept() {
    let emulator = TestEmulator::start().await;
    let code = code(&emulator, &[("scope", "openid offline_access"), ("nonce", "n-1")]).await;
    let first = redeem(&emulator, &code, &[]).await.json();
    emulator.advance("30m").await;
    let answer = refresh(&emulator, &refresh_token(&first), &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let second = answer.json();
    assert_eq!(second.get("refresh_token"), None);
    assert_ne!(second["access_token"], first["access_token"]);
    let (before, after) = (claims(text(&first, "id_token")), claims(text(&second, "id_token")));
    for same in ["iss", "sub", "aud", "auth_time", "sid"] {
        assert_eq!(before[same], after[same], "{same}");
    }
    assert_eq!(after["iat"].as_i64().unwrap() - before["iat"].as_i64().unwrap(), 1800);
    assert_eq!((before["nonce"].as_str(), after.get("nonce")), (Some("n-1"), None));
    assert_eq!(refresh(&emulator, &refresh_token(&first), &[]).await.status, 200);
    emulator.advance("24h").await;
    let late = refresh(&emulator, &refresh_token(&first), &[]).await;
    assert_snapshot!(told(&emulator, &late).await, @r#"400 {"error":"invalid_grant","error_description":"the refresh token expired at 2026-01-03T03:04:05.000Z"} idp.token_expired"#);
}

#[tokio::test]
async fn it_may_bring_less_than_was_granted_but_not_more() {
    let emulator = TestEmulator::start().await;
    let first = tokens(&emulator, "openid email offline_access").await;
    let less = refresh(&emulator, &refresh_token(&first), &[("scope", "openid")]).await.json();
    assert_eq!(less["scope"], "openid");
    let info = emulator.client.get("/idp/main/userinfo", Some(text(&less, "access_token"))).await;
    assert_eq!(info.text, r#"{"sub":"user-alice"}"#);
    let all = refresh(&emulator, &refresh_token(&first), &[]).await.json();
    assert_eq!(all["scope"], "openid email offline_access");
    let more = refresh(&emulator, &refresh_token(&first), &[("scope", "openid profile")]).await;
    assert_snapshot!(told(&emulator, &more).await, @r#"400 {"error":"invalid_scope","error_description":"scope profile was not granted"} idp.invalid_scope"#);
    assert_snapshot!(emulator.last_refusal().await, @r#"{"expected":"openid email offline_access","reason":"More was asked for than was granted","rule":"idp.invalid_scope","seen":"profile"}"#);
}

#[tokio::test]
async fn a_rotated_one_works_once_and_its_reuse_takes_everything_back() {
    let emulator = TestEmulator::yaml(ROTATES).await;
    let first = tokens(&emulator, "openid offline_access").await;
    let refused = refresh(&emulator, &refresh_token(&first), &[("scope", "profile")]).await;
    assert_eq!(refused.status, 400, "what is refused uses nothing up");
    let second = refresh(&emulator, &refresh_token(&first), &[("scope", "openid")]).await.json();
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    emulator.advance("119m").await;
    let third = refresh(&emulator, &refresh_token(&second), &[]).await.json();
    assert_eq!(third["scope"], "openid offline_access", "the next one is good for all that was granted");
    let reused = refresh(&emulator, &refresh_token(&first), &[]).await;
    assert_snapshot!(told(&emulator, &reused).await, @r#"400 {"error":"invalid_grant","error_description":"the refresh token was revoked"} idp.token_revoked"#);
    assert_eq!(refresh(&emulator, &refresh_token(&third), &[]).await.status, 400);
    assert_eq!(
        emulator.client.get("/idp/main/userinfo", Some(text(&third, "access_token"))).await.status,
        401
    );
}

#[tokio::test]
async fn it_is_its_clients_alone() {
    let emulator = TestEmulator::yaml(
        "name: two\nworld: { orgs: [{ identityProviders: { main: { clients: { shop: { secret: shop-secret } } } } }] }",
    )
    .await;
    let first = tokens(&emulator, "openid offline_access").await;
    let body = encoded([
        ("grant_type", "refresh_token"),
        ("refresh_token", text(&first, "refresh_token")),
        ("client_id", "shop"),
        ("client_secret", "shop-secret"),
    ]);
    let answer = emulator.client.post_form("/idp/main/token", &body).await;
    assert_snapshot!(told(&emulator, &answer).await, @r#"400 {"error":"invalid_grant","error_description":"the refresh token was issued to another client"} idp.token_of_another_client"#);
    assert_eq!(refresh(&emulator, &refresh_token(&first), &[]).await.status, 200);
}
