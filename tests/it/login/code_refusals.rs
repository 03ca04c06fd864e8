//! `authorization_code`: what is worth nothing, and why.

use insta::assert_snapshot;
use serde_json::json;

use super::{CODE_CLIENT, PKCE, VERIFIER, code, people, redeem, text, tokens, told};
use crate::support::TestEmulator;

#[tokio::test]
async fn a_code_works_once_and_a_second_attempt_takes_back_what_the_first_one_brought() {
    let emulator = TestEmulator::start().await;
    let code = code(&emulator, &[]).await;
    let first = redeem(&emulator, CODE_CLIENT, &code, &[]).await.json();
    let alive =
        async || emulator.client.get("/api/v2/tokens/me", Some(text(&first, "access_token"))).await.status;
    assert_eq!(alive().await, 200);
    let again = redeem(&emulator, CODE_CLIENT, &code, &[]).await;
    assert_snapshot!(told(&emulator, &again).await, @r#"400 {"error":"invalid_grant","description":"the code was used before; what it was exchanged for is revoked","error_description":"the code was used before; what it was exchanged for is revoked"} oauth.code_used"#);
    assert_eq!(alive().await, 401);
    assert_snapshot!(emulator.last_refusal().await, @r#"{"reason":"What the access token was issued for was taken back: its code came twice, or all tokens of the user were deleted","rule":"token.revoked"}"#);
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", text(&first, "refresh_token"))];
    let refreshed = super::token(&emulator, CODE_CLIENT, &refresh).await;
    assert_snapshot!(told(&emulator, &refreshed).await, @r#"400 {"error":"invalid_grant","description":"the refresh token was revoked","error_description":"the refresh token was revoked"} oauth.refresh_token_revoked"#);
    let third = redeem(&emulator, CODE_CLIENT, &code, &[]).await;
    assert_snapshot!(told(&emulator, &third).await, @r#"400 {"error":"invalid_grant","description":"the code was revoked","error_description":"the code was revoked"} oauth.code_revoked"#);
}

#[tokio::test]
async fn a_code_lives_a_minute_of_the_orgs_clock() {
    let emulator = TestEmulator::start().await;
    let (early, late) = (code(&emulator, &[]).await, code(&emulator, &[]).await);
    emulator.advance("59s").await;
    assert_eq!(redeem(&emulator, CODE_CLIENT, &early, &[]).await.status, 200);
    emulator.advance("1s").await;
    let answer = redeem(&emulator, CODE_CLIENT, &late, &[]).await;
    assert_snapshot!(told(&emulator, &answer).await, @r#"400 {"error":"invalid_grant","description":"the code expired at 2026-01-02T03:05:05.000Z","error_description":"the code expired at 2026-01-02T03:05:05.000Z"} oauth.code_expired"#);
}

#[tokio::test]
async fn every_other_cause_has_a_rule_of_its_own() {
    let emulator = people().await;
    let fresh = async |more: &[(&str, &str)]| code(&emulator, more).await;
    let refused = async |basic: &str, code: &str, more: &[(&str, &str)]| {
        let answer = redeem(&emulator, basic, code, more).await;
        told(&emulator, &answer).await
    };
    let public = ("client_id", "emulator-code-client");
    assert_snapshot!(refused(CODE_CLIENT, "nonsense", &[]).await, @r#"400 {"error":"invalid_grant","description":"the code was never issued here, or is long forgotten","error_description":"the code was never issued here, or is long forgotten"} oauth.code_unknown"#);
    assert_snapshot!(refused(CODE_CLIENT, "", &[]).await, @r#"400 {"error":"invalid_request","description":"code is missing","error_description":"code is missing"} oauth.parameter_missing"#);
    assert_snapshot!(refused("asking:asking-secret", &fresh(&[]).await, &[]).await, @r#"400 {"error":"invalid_grant","description":"the code was issued to another client","error_description":"the code was issued to another client"} oauth.code_of_another_client"#);
    assert_snapshot!(refused(CODE_CLIENT, &fresh(&[]).await, &[("redirect_uri", "")]).await, @r#"400 {"error":"invalid_grant","description":"redirect_uri is missing; the code was sent to one","error_description":"redirect_uri is missing; the code was sent to one"} oauth.redirect_uri_missing"#);
    assert_snapshot!(refused(CODE_CLIENT, &fresh(&[]).await, &[("redirect_uri", "http://localhost/")]).await, @r#"400 {"error":"invalid_grant","description":"redirect_uri is not the one that the code was sent to","error_description":"redirect_uri is not the one that the code was sent to"} oauth.redirect_uri_other"#);
    assert_snapshot!(refused("", &fresh(&[]).await, &[public]).await, @r#"400 {"error":"invalid_client","description":"client credentials are missing","error_description":"client credentials are missing"} oauth.credentials_missing"#);
    assert_snapshot!(refused("", &fresh(&[]).await, &[public, ("code_verifier", VERIFIER)]).await, @r#"400 {"error":"invalid_grant","description":"code_verifier came, but the code was asked for without code_challenge","error_description":"code_verifier came, but the code was asked for without code_challenge"} oauth.verifier_without_challenge"#);
    assert_snapshot!(refused("", &fresh(&PKCE).await, &[public]).await, @r#"400 {"error":"invalid_client","description":"client credentials are missing","error_description":"client credentials are missing"} oauth.credentials_missing"#);
    assert_snapshot!(refused(CODE_CLIENT, &fresh(&PKCE).await, &[]).await, @r#"400 {"error":"invalid_grant","description":"code_verifier is missing","error_description":"code_verifier is missing"} oauth.verifier_missing"#);
    let other = VERIFIER.replace('d', "e");
    assert_snapshot!(refused("", &fresh(&PKCE).await, &[public, ("code_verifier", &other)]).await, @r#"400 {"error":"invalid_grant","description":"code_verifier does not fit code_challenge by S256","error_description":"code_verifier does not fit code_challenge by S256"} oauth.verifier_mismatch"#);
    assert_snapshot!(refused("emulator-code-client:wrong", &fresh(&[]).await, &[]).await, @r#"401 {"error":"invalid_client","description":"authentication failed","error_description":"authentication failed"} oauth.secret_wrong"#);
    assert_snapshot!(refused("emulator-client:emulator-secret", &fresh(&[]).await, &[]).await, @r#"400 {"error":"unauthorized_client","description":"the client may not use this grant type","error_description":"the client may not use this grant type"} oauth.grant_not_allowed"#);
}

#[tokio::test]
async fn a_code_survives_what_was_wrong_with_the_request() {
    let emulator = TestEmulator::start().await;
    let code = code(&emulator, &PKCE).await;
    let verifier = [("code_verifier", VERIFIER)];
    assert_eq!(redeem(&emulator, CODE_CLIENT, &code, &[]).await.status, 400);
    assert_eq!(redeem(&emulator, CODE_CLIENT, &code, &verifier).await.status, 200);
}

#[tokio::test]
async fn refusals_are_explained_and_secrets_are_not_in_the_journal() {
    let emulator = TestEmulator::start().await;
    let code = code(&emulator, &[]).await;
    redeem(&emulator, CODE_CLIENT, &code, &[]).await;
    redeem(&emulator, CODE_CLIENT, &code, &[]).await;
    let explained = emulator.client.admin("GET", "/explain/last", None).await.json();
    assert_snapshot!(json!([explained["summary"], explained["rule"], explained["fix"], explained["documented"]]), @r#"["POST /oauth/token was answered with 400: the code was used before; what it was exchanged for is revoked.","oauth.code_used","Exchange a code once, and keep the tokens. A second attempt takes back what the first one brought, so sign in again.","RFC 6749 section 4.1.3; RFC 7636 section 4.6"]"#);
    let given = tokens(&emulator).await;
    let journal = emulator.client.admin("GET", "/journal?limit=1000", None).await.text;
    for secret in [&code, text(&given, "access_token"), text(&given, "refresh_token"), "emulator-code-secret"]
    {
        assert!(!journal.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn faults_see_the_grants_and_spoil_their_tokens() {
    let emulator = TestEmulator::start().await;
    let when = json!({ "path": "/oauth/token", "form": { "grant_type": "authorization_code" } });
    emulator.fault(json!({ "id": "f", "when": when, "schedule": { "first": 1 }, "effect": { "respond": { "status": 503 } } })).await;
    let code = code(&emulator, &[]).await;
    let answer = redeem(&emulator, CODE_CLIENT, &code, &[]).await;
    assert_eq!((answer.status, answer.header("x-emulator-fault")), (503, "f"));
    let given = redeem(&emulator, CODE_CLIENT, &code, &[]).await;
    assert_eq!(given.status, 200, "{}", given.text);
    // what speaks for this user is disturbed, and nothing else
    let user = json!({ "user": "00000000-0000-4000-8000-0000000000bb" });
    emulator.fault(json!({ "id": "u", "when": user, "effect": { "respond": { "status": 503 } } })).await;
    let access = text(&given.json(), "access_token").to_owned();
    let asked = emulator.client.get("/api/v2/tokens/me", Some(&access)).await;
    assert_eq!((asked.status, asked.header("x-emulator-fault")), (503, "u"));
    let own = emulator.token("emulator-client", "emulator-secret").await;
    assert_eq!(emulator.client.get("/api/v2/tokens/me", Some(&own)).await.status, 200);
    emulator.client.admin("DELETE", "/faults", None).await;
    emulator.fault(json!({ "effect": { "claims": { "token": "access", "mode": "revoked" } } })).await;
    let access = text(&tokens(&emulator).await, "access_token").to_owned();
    assert_eq!(emulator.client.get("/api/v2/tokens/me", Some(&access)).await.status, 401);
}
