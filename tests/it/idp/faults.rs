//! Faults that bite identity providers.

use insta::assert_snapshot;
use serde_json::json;

use super::{authorize, came_back, claims, part, text, tokens};
use crate::support::{TestEmulator, WRONG_JWTS};

#[tokio::test]
async fn each_mode_makes_the_id_token_wrong_and_nothing_else() {
    let emulator = TestEmulator::start().await;
    let right = claims(text(&tokens(&emulator, "openid").await, "id_token"));
    let mut said = String::new();
    for mode in WRONG_JWTS.iter().chain(&["clock_skew"]) {
        let effect = json!({ "claims": { "token": "id", "mode": mode } });
        emulator.client.admin("PUT", "/faults", Some(&json!([{ "id": "f", "effect": effect }]))).await;
        let body = tokens(&emulator, "openid").await;
        let id_token = text(&body, "id_token");
        let wrong = claims(id_token);
        let mut differences: Vec<String> = Vec::new();
        for name in ["iss", "sub", "aud", "iat", "nbf", "exp"] {
            if wrong.get(name) != right.get(name) {
                differences.push(format!("{name} {}", wrong.get(name).unwrap_or(&json!(null))));
            }
        }
        let hinted = format!("/idp/main/end_session?id_token_hint={id_token}");
        let authentic = emulator.client.get(&hinted, None).await.status == 200;
        let info = emulator.client.get("/idp/main/userinfo", Some(text(&body, "access_token"))).await;
        assert_eq!(info.status, 200, "{mode}");
        let header = part(id_token, 0);
        said += &format!("{mode}: {} {header} authentic: {authentic}\n", differences.join(", "));
    }
    assert_snapshot!(said, @r#"
    expired: iat 1767315845, exp 1767319445 {"alg":"RS256","kid":"emulator-09be4e023849","typ":"JWT"} authentic: true
    not_yet_valid: nbf 1767326645 {"alg":"RS256","kid":"emulator-09be4e023849","typ":"JWT"} authentic: true
    exp_missing: exp null {"alg":"RS256","kid":"emulator-09be4e023849","typ":"JWT"} authentic: true
    exp_in_ms: exp 1767326645000 {"alg":"RS256","kid":"emulator-09be4e023849","typ":"JWT"} authentic: true
    wrong_iss: iss "https://wrong-issuer.example.test" {"alg":"RS256","kid":"emulator-09be4e023849","typ":"JWT"} authentic: true
    wrong_aud: aud "wrong-audience.example.test" {"alg":"RS256","kid":"emulator-09be4e023849","typ":"JWT"} authentic: false
    sub_missing: sub null {"alg":"RS256","kid":"emulator-09be4e023849","typ":"JWT"} authentic: true
    bad_signature:  {"alg":"RS256","kid":"emulator-09be4e023849","typ":"JWT"} authentic: false
    kid_unknown:  {"alg":"RS256","kid":"emulator-unknown-key","typ":"JWT"} authentic: false
    alg_none:  {"alg":"none","kid":"emulator-09be4e023849","typ":"JWT"} authentic: false
    hs256_confusion:  {"alg":"HS256","kid":"emulator-09be4e023849","typ":"JWT"} authentic: false
    clock_skew: iat 1767323645, nbf 1767323645, exp 1767327245 {"alg":"RS256","kid":"emulator-09be4e023849","typ":"JWT"} authentic: true
    "#);
}

#[tokio::test]
async fn the_id_token_of_a_redirect_can_be_wrong_too_and_the_answer_names_the_fault() {
    let emulator = TestEmulator::start().await;
    let effect = json!({ "claims": { "token": "id", "mode": "wrong_iss" } });
    emulator.fault(json!({ "id": "once", "schedule": { "first": 1 }, "effect": effect })).await;
    let more = [("response_type", "id_token"), ("nonce", "n"), ("prompt", "none"), ("login_hint", "alice")];
    let mut issuers = Vec::new();
    for _ in 0..2 {
        let answer = authorize(&emulator, &more).await;
        let issuer = text(&claims(&came_back(&answer)["id_token"]), "iss").to_owned();
        issuers.push(format!("{issuer} {}", answer.header("x-emulator-fault")));
    }
    assert_snapshot!(issuers.join("\n"), @r#"
    https://wrong-issuer.example.test once
    http://emulator.test/idp/main
    "#);
}

#[tokio::test]
async fn modes_that_are_of_guest_tokens_cannot_be_meant() {
    let emulator = TestEmulator::start().await;
    let mut said = String::new();
    for mode in ["permissions_missing", "webchat_missing", "guest_id_missing", "revoked", "wrong_region"] {
        let fault = json!({ "id": "f", "effect": { "claims": { "token": "id", "mode": mode } } });
        let answer = emulator.client.admin("POST", "/faults", Some(&fault)).await;
        said += &format!("{} {}\n", answer.status, text(&answer.json(), "detail"));
    }
    assert_snapshot!(said, @r#"
    400 fault `f`: `claims`: an ID token has no such claim
    400 fault `f`: `claims`: an ID token has no such claim
    400 fault `f`: `claims`: an ID token has no such claim
    400 fault `f`: `claims`: an ID token is not taken back; an access token is
    400 fault `f`: `claims`: an identity provider has no region; `wrong_iss` is another provider
    "#);
}

#[tokio::test]
async fn an_access_token_can_be_born_expired() {
    let emulator = TestEmulator::start().await;
    let effect = json!({ "claims": { "token": "access", "mode": "expired" } });
    emulator.fault(json!({ "when": { "surface": "idp" }, "effect": effect })).await;
    let body = tokens(&emulator, "openid").await;
    let info = emulator.client.get("/idp/main/userinfo", Some(text(&body, "access_token"))).await;
    assert_eq!(
        (info.status, emulator.last_refusal().await["rule"].as_str()),
        (401, Some("idp.token_expired"))
    );
    let platform = emulator.guest_client_token().await;
    assert_eq!(emulator.client.get("/api/v2/tokens/me", Some(&platform)).await.status, 200);
}

#[tokio::test]
async fn a_key_can_be_rotated_just_before_a_token_is_made() {
    let emulator = TestEmulator::start().await;
    let when = json!({ "path": "/idp/{name}/token" });
    let effect = json!({ "rotate_keys": { "ring": "idp:main", "mode": "hard" } });
    emulator.fault(json!({ "id": "turn", "when": when, "schedule": { "nth": 2 }, "effect": effect })).await;
    let mut kids = Vec::new();
    for _ in 0..3 {
        let body = tokens(&emulator, "openid").await;
        kids.push(jsonwebtoken::decode_header(text(&body, "id_token")).unwrap().kid.unwrap());
    }
    assert!(kids[0] != kids[1] && kids[1] == kids[2], "{kids:?}");
}

#[tokio::test]
async fn faults_find_requests_by_client_wherever_it_is_named() {
    let emulator = TestEmulator::start().await;
    let effect = json!({ "respond": { "status": 503, "message": "down" } });
    emulator.fault(json!({ "id": "down", "when": { "client": "messenger" }, "effect": effect })).await;
    let asked = authorize(&emulator, &[]).await;
    let body = super::token(&emulator, &[("grant_type", "client_credentials")]).await;
    let basic = [("authorization", "Basic bWVzc2VuZ2VyOng=")];
    let by_basic = emulator.client.send("POST", "/idp/main/token", &basic, "").await;
    for answer in [&asked, &body, &by_basic] {
        assert_eq!(answer.text, r#"{"error":"temporarily_unavailable","error_description":"down"}"#);
        assert_eq!(answer.header("x-emulator-fault"), "down");
    }
    assert_eq!(emulator.client.get("/idp/main/jwks", None).await.status, 200);
}

#[tokio::test]
async fn a_limit_of_a_fault_is_told_in_the_surfaces_own_words() {
    let emulator = TestEmulator::start().await;
    let effect = json!({ "rate_limit": { "limit": 1, "window": "30s" } });
    emulator.fault(json!({ "when": { "surface": "idp" }, "effect": effect })).await;
    emulator.client.get("/idp/main/jwks", None).await;
    let answer = emulator.client.get("/idp/main/jwks", None).await;
    assert_snapshot!(format!("{} {} {}", answer.status, answer.header("retry-after"), answer.text), @r#"429 30 {"error":"temporarily_unavailable","error_description":"Rate limit exceeded the maximum. Retry the request in [30] seconds"}"#);
}
