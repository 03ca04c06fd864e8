//! `/token`: who gets nothing, and why.

use base64::{Engine, engine::general_purpose::STANDARD};
use insta::assert_snapshot;

use super::{CHALLENGE, REDIRECT_URI, SECRET, VERIFIER, code, encoded, redeem, token, told};
use crate::support::TestEmulator;

const TWO: &str = "name: two\nworld: { orgs: [{ identityProviders: { main: { clients: {
    page: { public: true }, shop: { secret: shop-secret } } } } }] }";

#[tokio::test]
async fn requests_that_are_none_and_clients_that_are_not_proved() {
    let emulator = TestEmulator::yaml(TWO).await;
    let basic = format!("Basic {}", STANDARD.encode("messenger:messenger-secret"));
    let mut said = String::new();
    for (headers, body) in [
        (&[][..], ""),
        (&[], "grant_type=authorization_code"),
        (&[], "grant_type=authorization_code&client_id=mesenger&client_secret=messenger-secret"),
        (&[], "grant_type=authorization_code&client_id=messenger"),
        (&[], "grant_type=authorization_code&client_id=messenger&client_secret=wrong"),
        (&[], "grant_type=authorization_code&client_id=page&client_secret=secret"),
        (&[], "grant_type=client_credentials&client_id=page"),
        (
            &[("authorization", basic.as_str())],
            "grant_type=authorization_code&client_secret=messenger-secret",
        ),
        (&[("authorization", basic.as_str())], "grant_type=authorization_code&client_id=page"),
        (&[("authorization", "Basic %%%")], "grant_type=authorization_code"),
        (&[("authorization", basic.as_str())], "grant_type=authorization_code"),
        (&[("authorization", basic.as_str())], "grant_type=refresh_token"),
        (&[("authorization", basic.as_str())], "grant_type=password&username=alice&password=alice"),
        (&[("authorization", basic.as_str())], "grant_type=implicit"),
        (&[("authorization", basic.as_str())], "grant_type=authorization_code&code=a&code=b"),
    ] {
        let answer = emulator.client.send("POST", "/idp/main/token", headers, body).await;
        let challenged = answer.header("www-authenticate") == "Basic realm=\"idp\"";
        assert_eq!(challenged, answer.status == 401, "RFC 6749 section 5.2: {answer:?}");
        assert_eq!(answer.header("cache-control"), "no-store");
        said += &told(&emulator, &answer).await;
        said.push('\n');
    }
    assert_snapshot!(said, @r#"
    400 {"error":"invalid_request","error_description":"grant_type is missing"} idp.parameter_missing
    401 {"error":"invalid_client","error_description":"no client is named"} idp.client_missing
    401 {"error":"invalid_client","error_description":"client not found"} idp.client_unknown
    401 {"error":"invalid_client","error_description":"the client's secret is missing"} idp.secret_missing
    401 {"error":"invalid_client","error_description":"client authentication failed"} idp.secret_wrong
    401 {"error":"invalid_client","error_description":"the client is public and has no secret"} idp.client_public
    400 {"error":"unauthorized_client","error_description":"a public client cannot ask for itself"} idp.client_public
    400 {"error":"invalid_request","error_description":"the client authenticates in Basic and in the body; one of them is enough"} idp.client_authenticates_twice
    400 {"error":"invalid_request","error_description":"the client authenticates in Basic and in the body; one of them is enough"} idp.client_authenticates_twice
    401 {"error":"invalid_client","error_description":"no client is named"} idp.client_missing
    400 {"error":"invalid_request","error_description":"code is missing"} idp.parameter_missing
    400 {"error":"invalid_request","error_description":"refresh_token is missing"} idp.parameter_missing
    400 {"error":"unsupported_grant_type","error_description":"grant type password is not supported"} idp.grant_type_unsupported
    400 {"error":"unsupported_grant_type","error_description":"grant type implicit is not supported"} idp.grant_type_unsupported
    400 {"error":"invalid_request","error_description":"code came more than once"} idp.parameter_repeated
    "#);
}

#[tokio::test]
async fn codes_that_do_not_fit_and_then_the_same_code_that_does() {
    let emulator = TestEmulator::yaml(TWO).await;
    let code = code(&emulator, &[("code_challenge", CHALLENGE), ("code_challenge_method", "S256")]).await;
    let with = |more: &[(&'static str, &'static str)]| {
        let usual = [("grant_type", "authorization_code"), ("code", code.as_str())];
        encoded(usual.into_iter().chain(more.iter().copied()))
    };
    let (uri, verifier) = (("redirect_uri", REDIRECT_URI), ("code_verifier", VERIFIER));
    let mut said = String::new();
    for body in [
        format!("{SECRET}&{}", with(&[verifier])),
        format!("{SECRET}&{}", with(&[("redirect_uri", "http://localhost:3000/"), verifier])),
        format!("{SECRET}&{}", with(&[uri])),
        format!("{SECRET}&{}", with(&[uri, ("code_verifier", CHALLENGE)])),
        format!("{SECRET}&{}", with(&[uri, ("code_verifier", "short")])),
        format!("client_id=shop&client_secret=shop-secret&{}", with(&[uri, verifier])),
        format!("client_id=page&{}", with(&[uri, verifier])),
        format!("{SECRET}&grant_type=authorization_code&code=nonsense"),
    ] {
        let answer = emulator.client.post_form("/idp/main/token", &body).await;
        said += &told(&emulator, &answer).await;
        said.push('\n');
    }
    assert_snapshot!(said, @r#"
    400 {"error":"invalid_grant","error_description":"redirect_uri is missing; the code was sent to one"} idp.redirect_uri_missing
    400 {"error":"invalid_grant","error_description":"redirect_uri is not the one that the code was sent to"} idp.redirect_uri_other
    400 {"error":"invalid_grant","error_description":"code_verifier is missing"} idp.verifier_missing
    400 {"error":"invalid_grant","error_description":"code_verifier does not fit code_challenge by S256"} idp.verifier_mismatch
    400 {"error":"invalid_grant","error_description":"code_verifier does not fit code_challenge by S256"} idp.verifier_mismatch
    400 {"error":"invalid_grant","error_description":"the code was issued to another client"} idp.code_of_another_client
    400 {"error":"invalid_grant","error_description":"the code was issued to another client"} idp.code_of_another_client
    400 {"error":"invalid_grant","error_description":"the code was never issued here, or is long forgotten"} idp.token_unknown
    "#);
    assert_eq!(redeem(&emulator, &code, &[verifier]).await.status, 200);
}

#[tokio::test]
async fn a_verifier_needs_a_challenge_and_plain_is_named() {
    let emulator = TestEmulator::start().await;
    let bare = code(&emulator, &[]).await;
    let answer = redeem(&emulator, &bare, &[("code_verifier", VERIFIER)]).await;
    assert_snapshot!(told(&emulator, &answer).await, @r#"400 {"error":"invalid_grant","error_description":"code_verifier came, but the code was asked for without code_challenge"} idp.verifier_without_challenge"#);
    let plain = code(&emulator, &[("code_challenge", CHALLENGE)]).await;
    let answer = redeem(&emulator, &plain, &[("code_verifier", VERIFIER)]).await;
    assert_snapshot!(told(&emulator, &answer).await, @r#"400 {"error":"invalid_grant","error_description":"code_verifier is not code_challenge, whose method was plain (the default)"} idp.verifier_mismatch"#);
}

#[tokio::test]
async fn a_refresh_token_is_no_code_and_a_code_is_no_refresh_token() {
    let emulator = TestEmulator::start().await;
    let tokens = super::tokens(&emulator, "openid offline_access").await;
    let refresh = super::text(&tokens, "refresh_token");
    let answer = redeem(&emulator, refresh, &[]).await;
    assert_eq!(answer.json()["error"], "invalid_grant");
    for wrong in [code(&emulator, &[]).await.as_str(), super::text(&tokens, "access_token")] {
        let answer = token(&emulator, &[("grant_type", "refresh_token"), ("refresh_token", wrong)]).await;
        assert_eq!(answer.json()["error"], "invalid_grant");
    }
    assert_eq!(emulator.client.get("/idp/main/userinfo", Some(refresh)).await.status, 401);
}
