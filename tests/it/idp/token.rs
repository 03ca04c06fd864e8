//! `/token`: codes, client authentication, and what a client gets for itself.

use base64::{Engine, engine::general_purpose::STANDARD};
use insta::assert_snapshot;

use super::{CHALLENGE, REDIRECT_URI, VERIFIER, code, encoded, redeem, text, token, tokens};
use crate::support::TestEmulator;

const PUBLIC: &str = "name: public\nworld: { orgs: [{ identityProviders: { main: { clients: {
    page: { public: true, redirectUris: [\"http://localhost\"] }, \"od d\": { secret: \"s:ecret%\", redirectUris: [\"http://localhost\"] } } } } }] }";

#[tokio::test]
async fn a_client_may_prove_itself_in_basic_raw_or_percent_encoded_or_in_the_body() {
    let emulator = TestEmulator::yaml(PUBLIC).await;
    let form = ("content-type", "application/x-www-form-urlencoded;charset=UTF-8");
    for (credentials, body) in [
        ("messenger:messenger-secret", ""),
        ("messenger:messenger%2Dsecret", "&client_id=messenger"),
        ("od d:s:ecret%", ""),
        ("od+d:s%3Aecret%25", "&client_id=od+d"),
    ] {
        let client = if credentials.starts_with("od") { "od d" } else { "messenger" };
        let code = code(&emulator, &[("client_id", client)]).await;
        let basic = format!("Basic {}", STANDARD.encode(credentials));
        let exchange =
            [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", REDIRECT_URI)];
        let body = encoded(exchange) + body;
        let headers = [form, ("authorization", basic.as_str())];
        let answer = emulator.client.send("POST", "/idp/main/token", &headers, body).await;
        assert_eq!(answer.status, 200, "{credentials}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_public_client_proves_itself_by_its_verifier_alone() {
    let emulator = TestEmulator::yaml(PUBLIC).await;
    for method in ["S256", "plain", ""] {
        let challenge = if method == "S256" { CHALLENGE } else { VERIFIER };
        let more = [("client_id", "page"), ("code_challenge", challenge), ("code_challenge_method", method)];
        let code = code(&emulator, &more).await;
        let exchange = [
            ("grant_type", "authorization_code"),
            ("client_id", "page"),
            ("code", code.as_str()),
            ("redirect_uri", REDIRECT_URI),
            ("code_verifier", VERIFIER),
        ];
        let answer = emulator.client.post_form("/idp/main/token", &encoded(exchange)).await;
        assert_eq!(answer.status, 200, "{method}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_code_that_comes_again_takes_back_what_it_gave() {
    let emulator = TestEmulator::start().await;
    let code = code(&emulator, &[("scope", "openid offline_access")]).await;
    let first = redeem(&emulator, &code, &[]).await.json();
    let info =
        async || emulator.client.get("/idp/main/userinfo", Some(text(&first, "access_token"))).await.status;
    assert_eq!(info().await, 200);
    let again = redeem(&emulator, &code, &[]).await;
    assert_snapshot!(super::told(&emulator, &again).await, @r#"400 {"error":"invalid_grant","error_description":"the code was used before; what it was exchanged for is revoked"} idp.code_used"#);
    assert_eq!(info().await, 401);
    let refreshed = token(
        &emulator,
        &[("grant_type", "refresh_token"), ("refresh_token", text(&first, "refresh_token"))],
    )
    .await;
    assert_snapshot!(super::told(&emulator, &refreshed).await, @r#"400 {"error":"invalid_grant","error_description":"the refresh token was revoked"} idp.token_revoked"#);
    let third = redeem(&emulator, &code, &[]).await;
    assert_eq!(emulator.last_refusal().await["rule"], "idp.token_revoked", "{third:?}");
}

#[tokio::test]
async fn a_code_lives_a_minute_and_tokens_an_hour_unless_the_scenario_says_otherwise() {
    let emulator = TestEmulator::start().await;
    let (late, later) = (code(&emulator, &[]).await, code(&emulator, &[]).await);
    emulator.advance("59999ms").await;
    let body = redeem(&emulator, &late, &[]).await.json();
    emulator.advance("1ms").await;
    let dead = redeem(&emulator, &later, &[]).await;
    assert_snapshot!(super::told(&emulator, &dead).await, @r#"400 {"error":"invalid_grant","error_description":"the code expired at 2026-01-02T03:05:05.000Z"} idp.token_expired"#);
    let access_token = text(&body, "access_token");
    emulator.advance("3599998ms").await;
    assert_eq!(emulator.client.get("/idp/main/userinfo", Some(access_token)).await.status, 200);
    emulator.advance("1ms").await;
    assert_eq!(emulator.client.get("/idp/main/userinfo", Some(access_token)).await.status, 401);

    let emulator = TestEmulator::yaml(
        "name: short\nworld: { orgs: [{ identityProviders: { main: { codeLifetime: 2s, tokenLifetime: 5m } } }] }",
    )
    .await;
    let dead = code(&emulator, &[]).await;
    assert_eq!(tokens(&emulator, "openid").await["expires_in"], 300);
    emulator.advance("2s").await;
    assert_eq!(redeem(&emulator, &dead, &[]).await.status, 400);
}

#[tokio::test]
async fn without_scope_openid_there_is_no_id_token() {
    let emulator = TestEmulator::start().await;
    for scope in ["", "profile"] {
        let answer = tokens(&emulator, scope).await;
        assert_eq!((answer.get("id_token"), &answer["scope"]), (None, &scope.into()));
    }
}

#[tokio::test]
async fn a_client_gets_a_token_for_itself_that_speaks_for_nobody() {
    let emulator = TestEmulator::start().await;
    let more =
        [("grant_type", "client_credentials"), ("scope", "openid orders:read offline_access orders:read")];
    let answer = token(&emulator, &more).await;
    assert_snapshot!(answer.text, @r#"{"access_token":"h9luB9G_BMyunK5NZzd69AbsFzdmGDMp4AFU2u52rtElafkG","token_type":"Bearer","expires_in":3600,"scope":"orders:read"}"#);
    let body = answer.json();
    let info = emulator.client.get("/idp/main/userinfo", Some(text(&body, "access_token"))).await;
    assert_eq!(info.status, 403);
}

#[tokio::test]
async fn an_access_token_is_nothing_to_the_platform() {
    let emulator = TestEmulator::start().await;
    let answer = tokens(&emulator, "openid").await;
    let me = emulator.client.get("/api/v2/tokens/me", Some(text(&answer, "access_token"))).await;
    assert_eq!(me.status, 401);
    let platform = emulator.guest_client_token().await;
    assert_eq!(emulator.client.get("/idp/main/userinfo", Some(&platform)).await.status, 401);
}
