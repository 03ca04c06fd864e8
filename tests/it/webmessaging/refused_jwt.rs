//! Guest JWTs that are refused at the upgrade, with which answer, and what the journal says of it.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use insta::assert_snapshot;

use crate::support::{GUEST_TOKEN_DEPLOYMENT, TestEmulator};

const FORBIDDEN: &str = r#"{"errorCode":"FORBIDDEN","message":"Invalid or missing authentication token."}"#;

/// Status and body of the refusal, and the rule.
async fn refused(emulator: &TestEmulator, deployment: &str, token: &str) -> (u16, String, String) {
    let target = format!("/v1?deploymentId={deployment}&token={token}");
    let (status, body) = emulator.upgrade(&target).await.err().unwrap();
    let rule = emulator.last_refusal().await["rule"].as_str().unwrap().to_owned();
    (status, body, rule)
}

/// What an older system might have made: HS256, by nobody we know.
fn legacy(issuer: &str) -> String {
    let part = |text: String| BASE64_URL_SAFE_NO_PAD.encode(text);
    let claims = format!(r#"{{"iss":"{issuer}","sub":"customer-7","exp":4102444800}}"#);
    let head = part(r#"{"alg":"HS256","typ":"JWT"}"#.to_owned());
    format!("{head}.{}.{}", part(claims), part("signature".to_owned()))
}

#[tokio::test]
async fn no_token_is_forbidden() {
    let emulator = TestEmulator::start().await;
    let target = format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}");
    assert_eq!(emulator.upgrade(&target).await.err(), Some((403, FORBIDDEN.to_owned())));
    assert_eq!(emulator.last_refusal().await["rule"], "guest_token.missing");
}

#[tokio::test]
async fn foreign_and_legacy_tokens_are_forbidden() {
    let emulator = TestEmulator::start().await;
    for token in ["garbage", "a.b.c", "e30.e30.e30", &legacy("https://zendesk.example.test")] {
        let (status, body, rule) = refused(&emulator, GUEST_TOKEN_DEPLOYMENT, token).await;
        assert_eq!((status, body.as_str()), (403, FORBIDDEN), "{token}");
        assert_eq!(rule, "guest_token.foreign", "{token}");
    }
}

#[tokio::test]
async fn an_access_token_is_refused_and_the_journal_says_that_it_is_one() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    let (status, body, rule) = refused(&emulator, GUEST_TOKEN_DEPLOYMENT, &token).await;
    assert_eq!((status, body.as_str()), (403, FORBIDDEN));
    assert_eq!(rule, "guest_token.is_an_access_token");
    assert_snapshot!(emulator.last_refusal().await["reason"].as_str().unwrap(), @"an OAuth access token came where a guest JWT is expected");
}

#[tokio::test]
async fn an_expired_token_is_unauthorized() {
    let emulator = TestEmulator::start().await;
    let jwt = emulator.guest_jwt().await;
    emulator.advance("30m").await;
    let (status, body, rule) = refused(&emulator, GUEST_TOKEN_DEPLOYMENT, &jwt).await;
    assert_eq!((status, rule.as_str()), (401, "token.expired"));
    assert_snapshot!(body, @r#"{"message":"Invalid login credentials.","code":"bad.credentials","status":401,"contextId":"164893be-bc28-414c-8ebe-5aea3e153b2b","details":[{"errorCode":"token.expired"}],"errors":[]}"#);
}

#[tokio::test]
async fn a_token_is_good_to_its_last_second() {
    let emulator = TestEmulator::start().await;
    let jwt = emulator.guest_jwt().await;
    emulator.advance("1799999ms").await;
    let target = format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}&token={jwt}");
    assert!(emulator.upgrade(&target).await.is_ok());
}

#[tokio::test]
async fn a_token_of_ours_with_another_signature_is_unauthorized() {
    let emulator = TestEmulator::start().await;
    let jwt = emulator.guest_jwt().await;
    let (signed, _) = jwt.rsplit_once('.').unwrap();
    let spoiled = format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode([7; 256]));
    let (status, _, rule) = refused(&emulator, GUEST_TOKEN_DEPLOYMENT, &spoiled).await;
    assert_eq!((status, rule.as_str()), (401, "signature.invalid"));
}

#[tokio::test]
async fn a_deployment_may_forbid_whatever_the_cause() {
    let yaml = "world: { orgs: [ { deployments: { blunt: { id: blunt, admission: guest_token, handshakeRefusal: forbidden } } } ] }";
    let emulator = TestEmulator::yaml(yaml).await;
    let old = emulator.guest_jwt().await;
    emulator.advance("1h").await;
    for (token, rule) in [(old.as_str(), "token.expired"), ("garbage", "guest_token.foreign")] {
        let answer = refused(&emulator, "blunt", token).await;
        assert_eq!(answer, (403, FORBIDDEN.to_owned(), rule.to_owned()));
    }
    let fresh = emulator.guest_jwt().await;
    assert!(emulator.upgrade(&format!("/v1?deploymentId=blunt&token={fresh}")).await.is_ok());
}
