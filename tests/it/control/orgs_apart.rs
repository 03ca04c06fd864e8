//! Credentials of one org are worth nothing in another.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::Other;
use crate::support::{GUEST_TOKEN_DEPLOYMENT, ORG, Socket, TestEmulator};

async fn last_refusal(emulator: &TestEmulator, org: &str) -> Value {
    let path = format!("/orgs/{org}/journal");
    let journal = emulator.client.admin("GET", &path, None).await.json();
    journal["entities"].as_array().unwrap().last().unwrap()["refusal"].clone()
}

#[tokio::test]
async fn a_token_of_another_org_is_bad_credentials_and_the_journal_says_of_another_org() {
    let emulator = TestEmulator::start().await;
    let org = Other::make(&emulator, json!({})).await;
    let (of_default, of_other) = (emulator.guest_client_token().await, org.token().await);
    let refused = org.client.get("/api/v2/tokens/me", Some(&of_default)).await;
    assert_eq!((refused.status, &refused.json()["code"]), (401, &json!("bad.credentials")));
    assert_snapshot!(last_refusal(&emulator, &org.id).await, @r#"{"expected":"a token of org 329a6d06-4645-4c24-8d12-2e671e5b3b4b","reason":"The access token was issued by another org than the one that was addressed","rule":"of.another.org"}"#);
    let addressed = format!("/@{ORG}/api/v2/tokens/me");
    let refused = emulator.client.get(&addressed, Some(&of_other)).await;
    assert_eq!(refused.status, 401);
    assert_eq!(last_refusal(&emulator, ORG).await["rule"], "of.another.org");
}

#[tokio::test]
async fn a_client_of_another_org_is_unknown() {
    let emulator = TestEmulator::start().await;
    let org = Other::make(&emulator, json!({})).await;
    let form = "grant_type=client_credentials&client_id=emulator-client&client_secret=emulator-secret";
    let refused = org.client.post_form("/oauth/token", form).await;
    assert_eq!(refused.status, 400);
    assert_snapshot!(refused.text, @r#"{"error":"invalid_client","description":"client not found","error_description":"client not found"}"#);
}

#[tokio::test]
async fn a_guest_jwt_of_another_org_is_foreign_and_a_guest_of_it_unknown() {
    let emulator = TestEmulator::start().await;
    let org = Other::make(&emulator, json!({})).await;
    let jwt = emulator.guest_jwt().await;
    let deployment = org.made["ids"]["deployments.guestToken"].as_str().unwrap();
    let target = format!("/v1?deploymentId={deployment}&token={jwt}");
    let (status, body) = Socket::open(&org.client.base, &target, &[]).await.err().unwrap();
    assert_eq!(status, 403);
    assert_snapshot!(body, @r#"{"errorCode":"FORBIDDEN","message":"Invalid or missing authentication token."}"#);
    let refusal = last_refusal(&emulator, &org.id).await;
    assert_eq!(refusal["rule"], "guest_token.foreign");
    let guest = emulator.journal("target=/api/v2/webchat").await[0]["guest"].clone();
    let path = format!("/api/v2/webchat/guest/{}", guest.as_str().unwrap());
    let token = org.token().await;
    assert_eq!(org.client.get(&path, Some(&token)).await.status, 404);
}

#[tokio::test]
async fn a_deployment_of_another_org_is_unknown() {
    let emulator = TestEmulator::start().await;
    let org = Other::make(&emulator, json!({})).await;
    let target = format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}");
    let refused = Socket::open(&org.client.base, &target, &[]).await.err().unwrap();
    assert_eq!(refused.0, 403);
    assert_eq!(last_refusal(&emulator, &org.id).await["rule"], "deployment.unknown");
}
