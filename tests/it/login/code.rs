//! `authorization_code`: with a secret, and with PKCE instead.

use insta::assert_snapshot;

use super::{CODE_CLIENT, PKCE, REDIRECT_URI, VERIFIER, code, redeem, text};
use crate::support::TestEmulator;

#[tokio::test]
async fn a_code_and_the_secret_bring_access_and_refresh_token() {
    let emulator = TestEmulator::start().await;
    let code = code(&emulator, &[]).await;
    let answer = redeem(&emulator, CODE_CLIENT, &code, &[]).await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"));
    assert_snapshot!(answer.text, @r#"{"access_token":"h9luB9G_EafgBQwC-1aA8westZHzIvC7_GzvnkHtdjJ21mCA","token_type":"bearer","expires_in":86400,"refresh_token":"h9luB9G_-Y6dp4EQ9vQ9xi8u_-sHXeuVXdVBGkRrET6Quv53"}"#);
    let access = text(&answer.json(), "access_token").to_owned();
    let mut me = emulator.client.get("/api/v2/tokens/me", Some(&access)).await.json();
    // patterns are of scenarios: clients of the API look for names
    let scopes = [me["authorizedScope"].take(), me["OAuthClient"]["scope"].take()];
    assert_eq!(scopes[0], scopes[1]);
    assert!(scopes[0].as_array().unwrap().contains(&"users:readonly".into()), "{scopes:?}");
    assert_snapshot!(me, @r#"{"OAuthClient":{"authorizedGrantType":"CODE","id":"emulator-code-client","name":"Sign-in of people","organization":{"id":"00000000-0000-4000-8000-0000000000aa","name":"Emulated Org"},"scope":null,"state":"active"},"authorizedScope":null,"homeOrganization":{"id":"00000000-0000-4000-8000-0000000000aa","name":"Emulated Org"},"organization":{"id":"00000000-0000-4000-8000-0000000000aa","name":"Emulated Org"}}"#);
}

#[tokio::test]
async fn with_pkce_no_authorization_header_is_needed_and_there_is_no_refresh_token() {
    let emulator = TestEmulator::start().await;
    let code = code(&emulator, &PKCE).await;
    let more = [("client_id", "emulator-code-client"), ("code_verifier", VERIFIER)];
    let answer = redeem(&emulator, "", &code, &more).await;
    assert_snapshot!(answer.text, @r#"{"access_token":"h9luB9G_EafgBQwC-1aA8westZHzIvC7_GzvnkHtdjJ21mCA","token_type":"bearer","expires_in":86400}"#);
}

#[tokio::test]
async fn with_pkce_and_the_secret_there_is_one() {
    let emulator = TestEmulator::start().await;
    let code = code(&emulator, &PKCE).await;
    let answer = redeem(&emulator, CODE_CLIENT, &code, &[("code_verifier", VERIFIER)]).await;
    assert!(answer.json()["refresh_token"].is_string(), "{}", answer.text);
}

#[tokio::test]
async fn the_body_may_be_json_and_hold_the_credentials() {
    let emulator = TestEmulator::start().await;
    let body = serde_json::json!({
        "grant_type": "authorization_code", "code": code(&emulator, &[]).await, "redirect_uri": REDIRECT_URI,
        "client_id": "emulator-code-client", "client_secret": "emulator-code-secret",
    });
    let answer = emulator.client.post("/oauth/token", None, &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

#[tokio::test]
async fn the_same_seed_gives_the_same_codes_and_tokens() {
    let mut runs = Vec::new();
    for seed in [7, 7, 8] {
        let emulator = TestEmulator::with(|builder| builder.seed(seed)).await;
        let code = code(&emulator, &[]).await;
        runs.push((code.clone(), redeem(&emulator, CODE_CLIENT, &code, &[]).await.text));
    }
    assert_eq!(runs[0], runs[1]);
    assert!(runs[0].0 != runs[2].0 && runs[0].1 != runs[2].1);
}

#[tokio::test]
async fn an_org_that_is_addressed_keeps_its_codes_to_itself() {
    let emulator = TestEmulator::start().await;
    let other = emulator.client.admin("POST", "/orgs", None).await.json();
    let theirs = code(&emulator, &[("client_id", text(&other["ids"], "clients.code"))]).await;
    let form =
        [("grant_type", "authorization_code"), ("code", theirs.as_str()), ("redirect_uri", REDIRECT_URI)];
    let path = format!("/@{}/oauth/token", crate::support::ORG);
    let body =
        format!("{}&client_id=emulator-code-client&client_secret=emulator-code-secret", super::encoded(form));
    let answer = emulator.client.send("POST", &path, &[], body).await;
    assert_snapshot!(answer.text, @r#"{"error":"invalid_grant","description":"the code was never issued here, or is long forgotten","error_description":"the code was never issued here, or is long forgotten"}"#);
    assert_eq!(emulator.last_refusal().await["rule"], "of.another.org");
}
