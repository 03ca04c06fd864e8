//! `/userinfo`.

use insta::assert_snapshot;

use super::{encoded, text, token, tokens, told};
use crate::support::TestEmulator;

const PATH: &str = "/idp/main/userinfo";

#[tokio::test]
async fn it_tells_whom_the_token_speaks_for_by_get_and_by_both_kinds_of_post() {
    let emulator = TestEmulator::start().await;
    let tokens = tokens(&emulator, "openid profile email").await;
    let access_token = text(&tokens, "access_token");
    let answer = emulator.client.get(PATH, Some(access_token)).await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"));
    assert_snapshot!(answer.text, @r#"{"sub":"user-alice","email":"alice@emulated.test","email_verified":true,"family_name":"Adams","given_name":"Alice","name":"Alice Adams","preferred_username":"alice"}"#);
    let bearer = format!("Bearer {access_token}");
    let by_header = emulator.client.send("POST", PATH, &[("authorization", &bearer)], "").await;
    let by_form = emulator.client.post_form(PATH, &encoded([("access_token", access_token)])).await;
    assert_eq!((by_header.text, by_form.text), (answer.text.clone(), answer.text));
}

#[tokio::test]
async fn tokens_that_do_not_do_are_challenged() {
    let emulator = TestEmulator::start().await;
    let id_token = text(&tokens(&emulator, "openid").await, "id_token").to_owned();
    let profile = text(&tokens(&emulator, "profile").await, "access_token").to_owned();
    let own = token(&emulator, &[("grant_type", "client_credentials"), ("scope", "openid")]).await.json();
    let mut said = String::new();
    for token in [None, Some("nonsense"), Some(&id_token), Some(&profile), Some(text(&own, "access_token"))] {
        let answer = emulator.client.get(PATH, token).await;
        said += &format!("{}\n  {}\n", told(&emulator, &answer).await, answer.header("www-authenticate"));
    }
    assert_snapshot!(said, @r#"
    401 {"error":"invalid_request","error_description":"no access token came"} idp.token_missing
      Bearer realm="idp"
    401 {"error":"invalid_token","error_description":"the access token was never issued here, or is long forgotten"} idp.token_unknown
      Bearer realm="idp", error="invalid_token", error_description="the access token was never issued here, or is long forgotten"
    401 {"error":"invalid_token","error_description":"the access token was never issued here, or is long forgotten"} idp.token_unknown
      Bearer realm="idp", error="invalid_token", error_description="the access token was never issued here, or is long forgotten"
    403 {"error":"insufficient_scope","error_description":"the access token has no scope openid"} idp.scope_missing
      Bearer realm="idp", error="insufficient_scope", error_description="the access token has no scope openid", scope="openid"
    403 {"error":"insufficient_scope","error_description":"the access token has no scope openid"} idp.scope_missing
      Bearer realm="idp", error="insufficient_scope", error_description="the access token has no scope openid", scope="openid"
    "#);
}
