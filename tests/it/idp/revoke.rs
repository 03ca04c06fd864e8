//! `/revoke`.

use insta::assert_snapshot;

use super::{SECRET, encoded, text, token, tokens, told};
use crate::support::{Answer, TestEmulator};

async fn revoke(emulator: &TestEmulator, client: &str, token: &str) -> Answer {
    let body = format!("{client}&{}", encoded([("token", token)]));
    emulator.client.post_form("/idp/main/revoke", &body).await
}

#[tokio::test]
async fn an_access_token_goes_alone_and_a_refresh_token_takes_everything_along() {
    let emulator = TestEmulator::start().await;
    let first = tokens(&emulator, "openid offline_access").await;
    let refresh_token = text(&first, "refresh_token");
    let refresh =
        async || token(&emulator, &[("grant_type", "refresh_token"), ("refresh_token", refresh_token)]).await;
    let info = async |token: &str| emulator.client.get("/idp/main/userinfo", Some(token)).await.status;
    let second = refresh().await.json();

    let answer = revoke(&emulator, SECRET, text(&first, "access_token")).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, ""));
    assert_eq!(info(text(&first, "access_token")).await, 401);
    assert_eq!(info(text(&second, "access_token")).await, 200);

    assert_eq!(revoke(&emulator, SECRET, refresh_token).await.status, 200);
    assert_eq!(info(text(&second, "access_token")).await, 401);
    assert_snapshot!(told(&emulator, &refresh().await).await, @r#"400 {"error":"invalid_grant","error_description":"the refresh token was revoked"} idp.token_revoked"#);
}

#[tokio::test]
async fn what_is_worth_nothing_is_taken_back_without_a_word() {
    let emulator = TestEmulator::start().await;
    let id_token = text(&tokens(&emulator, "openid").await, "id_token").to_owned();
    for token in ["nonsense", id_token.as_str()] {
        let answer = revoke(&emulator, SECRET, token).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, ""));
    }
    let entry = emulator.journal("").await.pop().unwrap();
    assert_snapshot!(entry["notes"], @r#"["nothing to take back: the token was never issued here, or is long forgotten"]"#);
}

#[tokio::test]
async fn a_token_is_its_clients_alone() {
    let emulator = TestEmulator::yaml(
        "name: page\nworld: { orgs: [{ identityProviders: { main: { clients: { page: { public: true } } } } }] }",
    )
    .await;
    let access_token = text(&tokens(&emulator, "openid").await, "access_token").to_owned();
    let mut said = String::new();
    for client in ["client_id=page", "client_id=messenger", "", "client_id=page&client_id=page"] {
        let answer = revoke(&emulator, client, &access_token).await;
        said += &told(&emulator, &answer).await;
        said.push('\n');
    }
    let nothing = emulator.client.post_form("/idp/main/revoke", SECRET).await;
    said += &told(&emulator, &nothing).await;
    assert_snapshot!(said, @r#"
    400 {"error":"invalid_grant","error_description":"the token was issued to another client"} idp.token_of_another_client
    401 {"error":"invalid_client","error_description":"the client's secret is missing"} idp.secret_missing
    401 {"error":"invalid_client","error_description":"no client is named"} idp.client_missing
    400 {"error":"invalid_request","error_description":"client_id came more than once"} idp.parameter_repeated
    400 {"error":"invalid_request","error_description":"token is missing"} idp.parameter_missing
    "#);
    assert_eq!(emulator.client.get("/idp/main/userinfo", Some(&access_token)).await.status, 200);
}
