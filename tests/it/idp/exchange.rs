//! The token exchange: what the provider gave for a JWT of the platform, and every way in which that is refused.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{
    CHALLENGE, REDIRECT_URI, VERIFIER, authorize, authorize_as, came_back, claims, code, cookie, over, text,
};
use crate::support::{AUTHENTICATED_DEPLOYMENT, Answer, DEPLOYMENT, RESTRICTED_DEPLOYMENT, TestEmulator};

pub const EXCHANGE: &str = "/api/v2/webdeployments/token/oauthcodegrantjwtexchange";
pub const REFRESH: &str = "/api/v2/webdeployments/token/refresh";
pub const REVOKE: &str = "/api/v2/webdeployments/token/revoke";

const S256: [(&str, &str); 2] = [("code_challenge", CHALLENGE), ("code_challenge_method", "S256")];

pub async fn exchange(emulator: &TestEmulator, oauth: Value) -> Answer {
    let body = json!({ "deploymentId": DEPLOYMENT, "oauth": oauth });
    emulator.client.post(EXCHANGE, None, &body).await
}

/// The exchange of a fresh code of Alice's.
pub async fn exchange_code(emulator: &TestEmulator) -> Answer {
    let code = code(emulator, &[]).await;
    exchange(emulator, json!({ "code": code, "redirectUri": REDIRECT_URI })).await
}

/// An id token of Alice's with this nonce, straight from the provider.
pub async fn id_token(emulator: &TestEmulator, nonce: &str) -> String {
    let more = [("response_type", "id_token"), ("prompt", "none"), ("login_hint", "alice"), ("nonce", nonce)];
    came_back(&authorize(emulator, &more).await).remove("id_token").unwrap()
}

/// The rule by which an exchange was refused: the journal and the vendor's body say the same, and the body nothing else.
pub async fn word(emulator: &TestEmulator, answer: &Answer) -> String {
    let rule = emulator.last_refusal().await["rule"].as_str().unwrap().to_owned();
    let expected = json!({
        "message": "Invalid login credentials.",
        "code": "bad.credentials",
        "status": 401,
        "contextId": answer.header("inin-correlation-id"),
        "details": [{ "errorCode": rule }],
        "errors": [],
    });
    assert_eq!((answer.status, answer.json()), (401, expected));
    rule
}

/// The code for Alice with something else than usual, exchanged with something else than usual.
async fn with(emulator: &TestEmulator, asked: &[(&str, &str)], more: Value) -> Answer {
    let mut oauth = json!({ "code": code(emulator, asked).await, "redirectUri": REDIRECT_URI });
    oauth.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    exchange(emulator, oauth).await
}

#[tokio::test]
async fn a_code_with_pkce_becomes_a_jwt_that_authenticates_the_socket_and_can_be_refreshed() {
    let emulator = TestEmulator::start().await;
    let asked = over(&S256, &[("scope", "openid profile"), ("nonce", "n-1")]);
    let answer = with(&emulator, &asked, json!({ "codeVerifier": VERIFIER, "nonce": "n-1" })).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let given = answer.json();
    assert_eq!(given.as_object().unwrap().keys().collect::<Vec<_>>(), ["jwt", "refreshToken"]);

    let mut socket = emulator.socket(DEPLOYMENT).await;
    let configure = |jwt: &str| {
        json!({
            "action": "configureAuthenticatedSession", "deploymentId": DEPLOYMENT, "token": "t-1",
            "data": { "code": jwt },
        })
    };
    socket.send(configure(text(&given, "jwt"))).await;
    assert_eq!(socket.next().await["body"]["connected"], true);
    socket.say("t-1", "it is me").await;
    assert_eq!(socket.next().await["body"]["metadata"]["authenticated"], "true");
    assert_eq!(emulator.conversation().await["participants"][0]["name"], "Alice Adams");

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

    let elsewhere =
        json!({ "refreshToken": text(&given, "refreshToken"), "deploymentId": AUTHENTICATED_DEPLOYMENT });
    let refused = emulator.client.post(REFRESH, None, &elsewhere).await;
    assert_eq!(word(&emulator, &refused).await, "refresh.token.invalid");
    let bearer = format!("bearer {}", text(&fresh.json(), "jwt"));
    let revoked = emulator.client.send("DELETE", REVOKE, &[("authorization", bearer.as_str())], "").await;
    assert_eq!(revoked.status, 204);
    assert_eq!(socket.next().await["class"], "LogoutEvent");
    let refused = emulator.client.post(REFRESH, None, &body).await;
    assert_eq!(word(&emulator, &refused).await, "refresh.token.invalid");
}

#[tokio::test]
async fn a_refresh_token_lives_as_long_as_the_integration_says() {
    let emulator =
        TestEmulator::yaml("world: { orgs: [{ integrations: { main: { refreshLifetime: 20m } } }] }").await;
    let body = json!({ "refreshToken": text(&exchange_code(&emulator).await.json(), "refreshToken") });
    emulator.advance("19m59s").await;
    assert_eq!(emulator.client.post(REFRESH, None, &body).await.status, 200);
    emulator.advance("1s").await;
    assert_eq!(emulator.client.post(REFRESH, None, &body).await.status, 401);
}

#[tokio::test]
async fn the_jwt_lives_fifteen_minutes_but_no_longer_than_the_provider_s_access_token() {
    for (lifetime, seconds) in [("5m", 300), ("1h", 900)] {
        let yaml = format!(
            "world: {{ orgs: [{{ identityProviders: {{ main: {{ tokenLifetime: {lifetime} }} }} }}] }}"
        );
        let emulator = TestEmulator::yaml(&yaml).await;
        let claims = claims(text(&exchange_code(&emulator).await.json(), "jwt"));
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), seconds);
    }
}

#[tokio::test]
async fn an_id_token_needs_the_nonce_that_was_sent_and_each_nonce_works_once() {
    let emulator = TestEmulator::start().await;
    let token = id_token(&emulator, "n-1").await;
    let refused = exchange(&emulator, json!({ "idToken": token, "nonce": "n-2" })).await;
    assert_eq!(word(&emulator, &refused).await, "nonce.mismatch");
    let right = json!({ "idToken": token, "nonce": "n-1", "code": "", "redirectUri": null });
    let answer = exchange(&emulator, right.clone()).await;
    assert_eq!((answer.status, answer.json().get("refreshToken")), (200, None));
    let refused = exchange(&emulator, right).await;
    assert_eq!(word(&emulator, &refused).await, "nonce.replayed");
}

#[tokio::test]
async fn somebody_is_the_same_person_by_either_flow_and_every_base_url() {
    let emulator = TestEmulator::start().await;
    let mut people = Vec::new();
    let code =
        json!({ "code": code(&emulator, &[("scope", "openid profile")]).await, "redirectUri": REDIRECT_URI });
    let token = json!({ "idToken": id_token(&emulator, "n-1").await, "nonce": "n-1" });
    for mut oauth in [code, token] {
        oauth["iss"] = json!("http://emulator.test/idp/main");
        let answer = exchange(&emulator, oauth).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        people.push(claims(text(&answer.json(), "jwt"))["person"].to_string());
    }
    assert_snapshot!(people.join("\n"), @r#"
    {"firstName":"Alice","issuer":"idp:main","lastName":"Adams","subject":"user-alice"}
    {"issuer":"idp:main","subject":"user-alice"}
    "#);
}

#[tokio::test]
async fn what_is_missing_is_named_before_anybody_is_asked_and_where_nobody_is_trusted_nobody_gets_in() {
    let emulator = TestEmulator::yaml(
        "world: { orgs: [{ deployments: { restricted: { auth: { enabled: false } } } }] }",
    )
    .await;
    let mut said = Vec::new();
    for body in [
        json!({}),
        json!({ "deploymentId": DEPLOYMENT }),
        json!({ "deploymentId": DEPLOYMENT, "oauth": { "code": "c" } }),
        json!({ "deploymentId": DEPLOYMENT, "oauth": { "idToken": "i" } }),
        json!({ "deploymentId": DEPLOYMENT, "oauth": { "code": "c", "idToken": "i", "redirectUri": REDIRECT_URI } }),
        json!({ "deploymentId": "nowhere", "oauth": { "code": "c" } }),
        json!({ "deploymentId": RESTRICTED_DEPLOYMENT, "oauth": { "code": "c" } }),
        json!({ "deploymentId": DEPLOYMENT, "oauth": 7 }),
        json!({ "deploymentId": DEPLOYMENT, "oauth": { "maxAge": -1 } }),
    ] {
        let answer = emulator.client.post(EXCHANGE, None, &body).await;
        let rule = emulator.last_refusal().await["rule"].clone();
        said.push(format!("{} {rule} {}", answer.status, text(&answer.json(), "message")));
    }
    let answer = emulator.client.post(REFRESH, None, &json!({})).await;
    said.push(format!("{} {}", answer.status, text(&answer.json(), "message")));
    assert!(emulator.journal("target=/idp/").await.is_empty());
    assert_snapshot!(said.join("\n"), @r#"
    400 "parameters.missing" A required parameter is missing: deploymentId
    400 "parameters.missing" A required parameter is missing: exactly one of oauth.code and oauth.idToken
    400 "parameters.missing" A required parameter is missing: oauth.redirectUri
    400 "parameters.missing" A required parameter is missing: oauth.nonce
    400 "parameters.missing" A required parameter is missing: exactly one of oauth.code and oauth.idToken
    404 "deployment.unknown" The requested resource was not found.
    401 "authentication.not.enabled" Invalid login credentials.
    400 "body.unreadable" The body cannot be read: invalid type, expected an object at line 1 column 64
    400 "body.unreadable" oauth.maxAge is -1, expected seconds
    400 A required parameter is missing: refreshToken
    "#);
}

/// Faults of the ID token, and how each is refused.
const FAULTS: [(&str, &str); 11] = [
    ("expired", "token.expired"),
    ("not_yet_valid", "token.not.yet.valid"),
    ("exp_missing", "token.expired"),
    ("exp_in_ms", "exp.in.milliseconds"),
    ("wrong_iss", "issuer.mismatch"),
    ("wrong_aud", "audience.mismatch"),
    ("sub_missing", "sub.missing"),
    ("bad_signature", "signature.invalid"),
    ("kid_unknown", "kid.unknown"),
    ("alg_none", "alg.not.allowed"),
    ("hs256_confusion", "alg.not.allowed"),
];

#[tokio::test]
async fn every_wrong_id_token_is_refused_by_its_own_word() {
    let emulator = TestEmulator::start().await;
    for (mode, expected) in FAULTS {
        let fault = json!([{ "id": "f", "effect": { "claims": { "token": "id", "mode": mode } } }]);
        emulator.client.admin("PUT", "/faults", Some(&fault)).await;
        let answer = exchange_code(&emulator).await;
        assert_eq!(word(&emulator, &answer).await, expected, "{mode}");
    }
    emulator.client.admin("DELETE", "/faults", None).await;
    assert_eq!(exchange_code(&emulator).await.status, 200);
    let answer = exchange(&emulator, json!({ "idToken": "a.b.c", "nonce": "n" })).await;
    assert_eq!(word(&emulator, &answer).await, "token.malformed");
}

#[tokio::test]
async fn every_exchange_that_does_not_fit_the_sign_in_is_refused_by_its_own_word() {
    let emulator = TestEmulator::start().await;
    for (asked, more, expected) in [
        (&[][..], json!({ "nonce": "n-1" }), "nonce.missing"),
        (&[("nonce", "n-1")], json!({ "nonce": "n-2" }), "nonce.mismatch"),
        (&S256, json!({ "codeVerifier": format!("{VERIFIER}x") }), "pkce.mismatch"),
        (&S256, json!({}), "pkce.mismatch"),
        (&[], json!({ "codeVerifier": VERIFIER }), "pkce.mismatch"),
        (&[], json!({ "redirectUri": "http://localhost:3000/other" }), "redirect.mismatch"),
        (&[], json!({ "code": "made-up" }), "code.refused"),
        (&[], json!({ "iss": "https://other.test" }), "issuer.mismatch"),
        (&[("scope", "profile")], json!({}), "code.refused"),
    ] {
        let answer = with(&emulator, asked, more.clone()).await;
        assert_eq!(word(&emulator, &answer).await, expected, "{more}");
    }

    let once = json!({ "code": code(&emulator, &[]).await, "redirectUri": REDIRECT_URI });
    assert_eq!(exchange(&emulator, once.clone()).await.status, 200);
    let answer = exchange(&emulator, once).await;
    assert_eq!(word(&emulator, &answer).await, "code.reused");
    let late = code(&emulator, &[]).await;
    emulator.advance("1m").await;
    let answer = exchange(&emulator, json!({ "code": late, "redirectUri": REDIRECT_URI })).await;
    assert_eq!(word(&emulator, &answer).await, "code.expired");
}

#[tokio::test]
async fn whoever_signed_in_too_long_ago_has_to_sign_in_again() {
    let emulator = TestEmulator::start().await;
    let first = authorize(&emulator, &[("prompt", "none"), ("login_hint", "alice")]).await;
    let browser = cookie(&first);
    emulator.advance("10m").await;
    for (max_age, expected) in [(600, 200), (540, 200), (539, 401)] {
        let again = authorize_as(&emulator, &browser, &[("prompt", "none")]).await;
        let code = came_back(&again).remove("code").unwrap();
        let oauth = json!({ "code": code, "redirectUri": REDIRECT_URI, "maxAge": max_age });
        let answer = exchange(&emulator, oauth).await;
        assert_eq!(answer.status, expected, "a minute of clock skew is allowed: {}", answer.text);
    }
    assert_eq!(emulator.last_refusal().await["rule"], "max.age.exceeded");
}

#[tokio::test]
async fn the_authenticated_deployment_trusts_the_provider_too() {
    let emulator = TestEmulator::start().await;
    let oauth = json!({ "code": code(&emulator, &[]).await, "redirectUri": REDIRECT_URI });
    let body = json!({ "deploymentId": AUTHENTICATED_DEPLOYMENT, "oauth": oauth, "journeyContext": { "customer": {} } });
    let answer = emulator.client.post(EXCHANGE, None, &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

#[tokio::test]
async fn a_nonce_fault_is_refused_for_its_own_reason_and_the_jwt_can_be_wrong_too() {
    let emulator = TestEmulator::start().await;
    let mut said = Vec::new();
    for (nth, mode) in ["missing", "mismatch", "replayed"].into_iter().enumerate() {
        let (used, nonce) = (format!("used-{nth}"), format!("n-{nth}"));
        let token = id_token(&emulator, &used).await;
        assert_eq!(exchange(&emulator, json!({ "idToken": token, "nonce": used })).await.status, 200);
        let fault = json!([{ "id": "f", "effect": { "nonce": { "mode": mode } } }]);
        emulator.client.admin("PUT", "/faults", Some(&fault)).await;
        let token = id_token(&emulator, &nonce).await;
        let refused = exchange(&emulator, json!({ "idToken": token, "nonce": nonce })).await;
        said.push(word(&emulator, &refused).await);
        emulator.client.admin("DELETE", "/faults", None).await;
    }
    assert_eq!(said, ["nonce.missing", "nonce.mismatch", "nonce.replayed"]);
    let fault =
        json!([{ "id": "f", "effect": { "claims": { "token": "messaging", "mode": "wrong_region" } } }]);
    emulator.client.admin("PUT", "/faults", Some(&fault)).await;
    let jwt = exchange_code(&emulator).await.json()["jwt"].as_str().unwrap().to_owned();
    let bearer = format!("bearer {jwt}");
    let path = "/api/v2/webdeployments/token/revoke";
    let refused = emulator.client.send("DELETE", path, &[("authorization", bearer.as_str())], "").await;
    assert_eq!(word(&emulator, &refused).await, "wrong.region");
}
