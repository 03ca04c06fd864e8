//! The platform as relying party: what the provider gave for a JWT of the platform, and why not.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{CHALLENGE, REDIRECT_URI, VERIFIER, authorize, came_back, code, text};
use crate::support::{AUTHENTICATED_DEPLOYMENT, Answer, DEPLOYMENT, TestEmulator};

const EXCHANGE: &str = "/api/v2/webdeployments/token/oauthcodegrantjwtexchange";
const REFRESH: &str = "/api/v2/webdeployments/token/refresh";

async fn exchange(emulator: &TestEmulator, oauth: Value) -> Answer {
    let body = json!({ "deploymentId": DEPLOYMENT, "oauth": oauth });
    emulator.client.post(EXCHANGE, None, &body).await
}

/// The exchange of a fresh code of Alice's.
async fn exchange_code(emulator: &TestEmulator) -> Answer {
    let code = code(emulator, &[]).await;
    exchange(emulator, json!({ "code": code, "redirectUri": REDIRECT_URI })).await
}

/// An id token of Alice's with this nonce, straight from the provider.
async fn id_token(emulator: &TestEmulator, nonce: &str) -> String {
    let more = [("response_type", "id_token"), ("prompt", "none"), ("login_hint", "alice"), ("nonce", nonce)];
    came_back(&authorize(emulator, &more).await).remove("id_token").unwrap()
}

/// Status, code, the word in the details, and the rule in the journal.
async fn why(emulator: &TestEmulator, answer: &Answer) -> String {
    let body = answer.json();
    let rule = emulator.last_refusal().await["rule"].clone();
    let word = &body["details"][0]["errorCode"];
    assert!(word.is_null() || *word == rule, "{body} {rule}");
    format!("{} {} {}", answer.status, text(&body, "code"), rule.as_str().unwrap())
}

async fn integration(emulator: &TestEmulator) -> Value {
    emulator.client.admin("GET", "/integrations", None).await.json()["entities"][0].clone()
}

#[tokio::test]
async fn a_code_with_pkce_becomes_a_jwt_that_authenticates_the_socket_and_can_be_refreshed() {
    let emulator = TestEmulator::start().await;
    let pkce =
        [("code_challenge", CHALLENGE), ("code_challenge_method", "S256"), ("scope", "openid profile")];
    let code = code(&emulator, &pkce).await;
    let oauth = json!({ "code": code, "redirectUri": REDIRECT_URI, "codeVerifier": VERIFIER });
    let answer = exchange(&emulator, oauth).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let given = answer.json();

    let mut socket = emulator.socket(DEPLOYMENT).await;
    let configure = |jwt: &str| json!({ "action": "configureAuthenticatedSession", "deploymentId": DEPLOYMENT, "token": "t-1", "data": { "code": jwt } });
    socket.send(configure(text(&given, "jwt"))).await;
    assert_eq!(socket.next().await["body"]["connected"], true);
    socket.say("t-1", "it is me").await;
    assert_eq!(socket.next().await["body"]["metadata"]["authenticated"], "true");
    let conversations = emulator.client.admin("GET", "/conversations", None).await.json();
    assert_eq!(conversations["entities"][0]["participants"][0]["name"], "Alice Adams");

    // it lives fifteen minutes; the refresh token longer, and one client names no deployment
    emulator.advance("15m").await;
    socket.send(configure(text(&given, "jwt"))).await;
    while socket.next().await["code"] != 401 {}
    let body = json!({ "refreshToken": text(&given, "refreshToken") });
    let fresh = emulator.client.post(REFRESH, None, &body).await;
    assert_eq!(fresh.status, 200, "{}", fresh.text);
    assert!(fresh.json().get("refreshToken").is_none(), "the client keeps the one that it has");
    socket.send(configure(text(&fresh.json(), "jwt"))).await;
    assert_eq!(socket.next().await["class"], "SessionResponse");

    let bearer = format!("bearer {}", text(&fresh.json(), "jwt"));
    let revoke = "/api/v2/webdeployments/token/revoke";
    let revoked = emulator.client.send("DELETE", revoke, &[("authorization", bearer.as_str())], "").await;
    assert_eq!(revoked.status, 204);
    assert_eq!(socket.next().await["class"], "LogoutEvent");
    let refused = emulator.client.post(REFRESH, None, &body).await;
    assert_eq!(why(&emulator, &refused).await, "401 bad.credentials refresh.token.invalid");
}

#[tokio::test]
async fn an_id_token_needs_the_nonce_that_was_sent_and_each_nonce_works_once() {
    let emulator = TestEmulator::start().await;
    let token = id_token(&emulator, "n-1").await;
    let mut said = Vec::new();
    for oauth in [
        json!({ "idToken": token }),
        json!({ "idToken": token, "nonce": "n-2" }),
        json!({ "idToken": token, "nonce": "n-1" }),
        json!({ "idToken": token, "nonce": "n-1" }),
    ] {
        let answer = exchange(&emulator, oauth).await;
        said.push(match answer.status {
            200 => {
                assert!(answer.json().get("refreshToken").is_none());
                "200".to_owned()
            }
            _ => why(&emulator, &answer).await,
        });
    }
    assert_snapshot!(said.join("\n"), @"");
}

#[tokio::test]
async fn what_is_missing_is_named_and_where_nobody_is_trusted_nobody_gets_in() {
    let emulator = TestEmulator::yaml(
        "world: { orgs: [{ deployments: { restricted: { auth: { enabled: false } } } }] }",
    )
    .await;
    let mut said = Vec::new();
    for body in [
        json!({}),
        json!({ "deploymentId": DEPLOYMENT }),
        json!({ "deploymentId": DEPLOYMENT, "oauth": { "code": "c" } }),
        json!({ "deploymentId": DEPLOYMENT, "oauth": { "code": "c", "idToken": "i", "redirectUri": REDIRECT_URI } }),
        json!({ "deploymentId": "nowhere", "oauth": { "code": "c" } }),
        json!({ "deploymentId": "00000000-0000-4000-8000-0000000000ce", "oauth": { "code": "c" } }),
        json!({ "deploymentId": DEPLOYMENT, "oauth": 7 }),
    ] {
        let answer = emulator.client.post(EXCHANGE, None, &body).await;
        said.push(format!("{} {}", why(&emulator, &answer).await, text(&answer.json(), "message")));
    }
    let answer = emulator.client.post(REFRESH, None, &json!({})).await;
    said.push(format!("{} {}", why(&emulator, &answer).await, text(&answer.json(), "message")));
    assert_snapshot!(said.join("\n"), @"");
}

#[tokio::test]
async fn every_wrong_id_token_is_refused_by_its_own_word() {
    let emulator = TestEmulator::start().await;
    let mut said = Vec::new();
    for mode in [
        "expired",
        "not_yet_valid",
        "exp_missing",
        "exp_in_ms",
        "wrong_iss",
        "wrong_aud",
        "sub_missing",
        "bad_signature",
        "kid_unknown",
        "alg_none",
        "hs256_confusion",
    ] {
        let fault = json!([{ "id": "f", "effect": { "claims": { "token": "id", "mode": mode } } }]);
        emulator.client.admin("PUT", "/faults", Some(&fault)).await;
        let answer = exchange_code(&emulator).await;
        said.push(format!("{mode}: {}", why(&emulator, &answer).await));
    }
    emulator.client.admin("DELETE", "/faults", None).await;
    assert_eq!(exchange_code(&emulator).await.status, 200);
    assert_snapshot!(said.join("\n"), @"");
}

#[tokio::test]
async fn every_wrong_code_is_refused_by_its_own_word() {
    let emulator = TestEmulator::start().await;
    let mut said = Vec::new();
    let used = code(&emulator, &[]).await;
    let bound = code(&emulator, &[("code_challenge", CHALLENGE), ("code_challenge_method", "S256")]).await;
    let elsewhere = code(&emulator, &[]).await;
    let once = json!({ "code": used, "redirectUri": REDIRECT_URI });
    assert_eq!(exchange(&emulator, once.clone()).await.status, 200);
    for oauth in [
        once,
        json!({ "code": bound, "redirectUri": REDIRECT_URI, "codeVerifier": format!("{VERIFIER}x") }),
        json!({ "code": elsewhere, "redirectUri": "http://localhost:3000/other" }),
        json!({ "code": "made-up", "redirectUri": REDIRECT_URI }),
    ] {
        let answer = exchange(&emulator, oauth).await;
        said.push(why(&emulator, &answer).await);
    }
    let late = code(&emulator, &[]).await;
    emulator.advance("2m").await;
    let answer = exchange(&emulator, json!({ "code": late, "redirectUri": REDIRECT_URI })).await;
    said.push(why(&emulator, &answer).await);
    let young = code(&emulator, &[]).await;
    emulator.advance("30s").await;
    let answer = exchange(
        &emulator,
        json!({ "code": young, "redirectUri": REDIRECT_URI, "maxAge": 10, "iss": "https://other.test" }),
    )
    .await;
    said.push(why(&emulator, &answer).await);
    assert_snapshot!(said.join("\n"), @"");
}

#[tokio::test]
async fn a_rotated_key_behind_a_warm_cache_is_unknown_until_the_cache_is_old_or_flushed() {
    let emulator = TestEmulator::start().await;
    assert_eq!(exchange_code(&emulator).await.status, 200);
    let hard = json!({ "mode": "hard" });
    emulator.client.admin("POST", "/keys/idp:main/rotate", Some(&hard)).await;
    for _ in 0..2 {
        let answer = exchange_code(&emulator).await;
        assert_eq!(why(&emulator, &answer).await, "401 bad.credentials kid.unknown");
    }
    assert_eq!(integration(&emulator).await["keySetFetches"], 1, "the set that is there is used");
    emulator.advance("4m59s").await;
    assert_eq!(exchange_code(&emulator).await.status, 401);
    emulator.advance("1s").await;
    assert_eq!(exchange_code(&emulator).await.status, 200);
    assert_eq!(integration(&emulator).await["keySetFetches"], 2);

    emulator.client.admin("POST", "/keys/idp:main/rotate", Some(&hard)).await;
    assert_eq!(exchange_code(&emulator).await.status, 401);
    let flushed = emulator.client.admin("POST", "/integrations/main/flush", None).await;
    assert_eq!(flushed.status, 200, "{}", flushed.text);
    assert_eq!(exchange_code(&emulator).await.status, 200);
    assert_eq!(emulator.client.admin("POST", "/integrations/mian/flush", None).await.status, 404);
}

#[tokio::test]
async fn looking_for_an_unknown_key_again_is_a_setting_with_a_cooldown() {
    let emulator = TestEmulator::yaml(
        "world: { orgs: [{ integrations: { main: { keys: { refetchOnUnknownKid: true, cooldown: 1m } } } }] }",
    )
    .await;
    let hard = json!({ "mode": "hard" });
    for expected in [200, 200, 401] {
        assert_eq!(exchange_code(&emulator).await.status, expected);
        emulator.client.admin("POST", "/keys/idp:main/rotate", Some(&hard)).await;
    }
    emulator.advance("1m").await;
    assert_eq!(exchange_code(&emulator).await.status, 200);
    assert_eq!(integration(&emulator).await["keySetFetches"], 3);
}

#[tokio::test]
async fn a_provider_that_does_not_answer_is_said_to_be_unreachable_and_nothing_of_it_is_kept() {
    let emulator = TestEmulator::start().await;
    let mut said = Vec::new();
    for effect in [
        json!({ "respond": { "status": 503 } }),
        json!({ "respond": { "status": 200, "body": "<html>" } }),
        json!({ "reset": {} }),
    ] {
        let fault = json!([{ "id": "f", "when": { "path": "/idp/main/jwks" }, "effect": effect }]);
        emulator.client.admin("PUT", "/faults", Some(&fault)).await;
        let answer = exchange_code(&emulator).await;
        let reason = emulator.last_refusal().await["reason"].as_str().unwrap().to_owned();
        said.push(format!("{} {reason}", why(&emulator, &answer).await));
    }
    emulator.client.admin("DELETE", "/faults", None).await;
    assert_eq!(exchange_code(&emulator).await.status, 200);
    let org = crate::support::ORG;
    assert_snapshot!(said.join("\n").replace(org, "{org}"), @"");
}

#[tokio::test]
async fn a_provider_elsewhere_is_asked_over_the_network() {
    let provider = TestEmulator::with(|builder| builder.public_url("http://localhost")).await;
    let discovery = format!("{}/idp/main/.well-known/openid-configuration", provider.base());
    // what it says of itself leads to where it really is
    let base = provider.base();
    let provider = TestEmulator::with(|builder| builder.public_url(base)).await;
    drop(discovery);
    let discovery = format!("{}/idp/main/.well-known/openid-configuration", provider.base());
    let emulator = TestEmulator::yaml(&format!(
        "world: {{ orgs: [{{ integrations: {{ main: {{ provider: null, discoveryUri: \"{discovery}\" }} }} }}] }}"
    ))
    .await;
    let answer = exchange_code(&emulator).await;
    assert_eq!(why(&emulator, &answer).await, "401 bad.credentials idp.unreachable");
}

#[tokio::test]
async fn the_authenticated_deployment_trusts_the_provider_too() {
    let emulator = TestEmulator::start().await;
    let code = code(&emulator, &[]).await;
    let oauth = json!({ "code": code, "redirectUri": REDIRECT_URI });
    let body = json!({ "deploymentId": AUTHENTICATED_DEPLOYMENT, "oauth": oauth, "journeyContext": { "customer": {} } });
    let answer = emulator.client.post(EXCHANGE, None, &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}
