//! `/introspect`.

use insta::assert_snapshot;

use super::{SECRET, encoded, text, tokens, told};
use crate::support::{Answer, TestEmulator};

async fn introspect(emulator: &TestEmulator, token: &str) -> Answer {
    let body = format!("{SECRET}&{}", encoded([("token", token), ("token_type_hint", "access_token")]));
    emulator.client.post_form("/idp/main/introspect", &body).await
}

#[tokio::test]
async fn tokens_that_live_are_told_with_all_that_is_known() {
    let emulator = TestEmulator::start().await;
    let tokens = tokens(&emulator, "openid offline_access").await;
    let answer = introspect(&emulator, text(&tokens, "access_token")).await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"));
    assert_snapshot!(answer.text, @r#"{"active":true,"scope":"openid offline_access","client_id":"messenger","username":"alice","token_type":"Bearer","exp":1767326645,"iat":1767323045,"sub":"user-alice","iss":"http://emulator.test/idp/main"}"#);
    assert_snapshot!(introspect(&emulator, text(&tokens, "refresh_token")).await.text, @r#"{"active":true,"scope":"openid offline_access","client_id":"messenger","username":"alice","exp":1767409445,"iat":1767323045,"sub":"user-alice","iss":"http://emulator.test/idp/main"}"#);
    let own = super::token(&emulator, &[("grant_type", "client_credentials")]).await.json();
    assert_snapshot!(introspect(&emulator, text(&own, "access_token")).await.text, @r#"{"active":true,"scope":"","client_id":"messenger","token_type":"Bearer","exp":1767326645,"iat":1767323045,"iss":"http://emulator.test/idp/main"}"#);
}

#[tokio::test]
async fn everything_else_is_not_active_and_the_journal_says_why() {
    let emulator = TestEmulator::start().await;
    let tokens = tokens(&emulator, "openid").await;
    emulator.advance("1h").await;
    for token in ["nonsense", text(&tokens, "id_token"), text(&tokens, "access_token")] {
        let answer = introspect(&emulator, token).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, r#"{"active":false}"#));
    }
    let entry = emulator.journal("").await.pop().unwrap();
    assert_snapshot!(entry["notes"], @r#"["not active: the token expired at 2026-01-02T04:04:05.000Z"]"#);
}

#[tokio::test]
async fn only_clients_that_prove_themselves_are_told() {
    let emulator = TestEmulator::yaml(
        "name: page\nworld: { orgs: [{ identityProviders: { main: { clients: { page: { public: true } } } } }] }",
    )
    .await;
    let mut said = String::new();
    for body in ["token=x", "token=x&client_id=page", "token=x&client_id=messenger&client_secret=no", SECRET]
    {
        let answer = emulator.client.post_form("/idp/main/introspect", body).await;
        said += &told(&emulator, &answer).await;
        said.push('\n');
    }
    assert_snapshot!(said, @r#"
    401 {"error":"invalid_client","error_description":"no client is named"} idp.client_missing
    401 {"error":"invalid_client","error_description":"the client is public; this is for clients that prove themselves"} idp.client_public
    401 {"error":"invalid_client","error_description":"client authentication failed"} idp.secret_wrong
    400 {"error":"invalid_request","error_description":"token is missing"} idp.parameter_missing
    "#);
}
