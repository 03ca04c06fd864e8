//! `claims`: each mode against a verifier that people really use, on a clock that runs with the real one.

use genesys_emulator::Emulator;
use jsonwebtoken::{
    Algorithm, DecodingKey, Validation, decode, decode_header,
    errors::{Error, ErrorKind},
    jwk::Jwk,
};
use serde_json::{Value, json};

use super::guest;
use crate::support::{
    DEPLOYMENT, GUEST_TOKEN_DEPLOYMENT, TestEmulator, client::Client, emulator::PUBLIC_URL,
};

/// A guest token made wrongly in this mode, and the public key.
async fn forged(mode: &str) -> (String, Jwk) {
    let emulator = Emulator::builder().public_url(PUBLIC_URL).start().await.unwrap();
    let client = Client::new(format!("http://{}", emulator.address()));
    let fault = json!({ "id": "f", "effect": { "claims": { "mode": mode } } });
    assert_eq!(client.admin("POST", "/faults", Some(&fault)).await.status, 201);
    let body = "grant_type=client_credentials&client_id=emulator-client&client_secret=emulator-secret";
    let token = client.post_form("/oauth/token", body).await.json();
    let made = client.post("/api/v2/webchat/guest", token["access_token"].as_str(), &json!({})).await;
    assert_eq!((made.status, made.header("x-emulator-fault")), (200, "f"));
    let jwk = client.get("/api/v2/oauth/publickey", None).await.text;
    let jwt = made.json()["access_token"].as_str().unwrap().to_owned();
    (jwt, serde_json::from_str(&jwk).unwrap())
}

fn strict() -> Validation {
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_issuer(&[PUBLIC_URL]);
    validation.set_audience(&[PUBLIC_URL]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.validate_nbf = true;
    validation.leeway = 0;
    validation
}

fn verify(jwt: &str, jwk: &Jwk) -> Result<Value, Error> {
    let header = decode_header(jwt)?;
    if header.kid != jwk.common.key_id {
        return Err(ErrorKind::InvalidSubject.into());
    }
    decode(jwt, &DecodingKey::from_jwk(jwk)?, &strict()).map(|token| token.claims)
}

async fn rejected(mode: &str) -> ErrorKind {
    let (jwt, jwk) = forged(mode).await;
    verify(&jwt, &jwk).unwrap_err().into_kind()
}

async fn accepted(mode: &str) -> Value {
    let (jwt, jwk) = forged(mode).await;
    verify(&jwt, &jwk).unwrap()
}

/// The claims as they stand, unverified.
fn claims(jwt: &str) -> Value {
    serde_json::from_slice(&from_base64url(jwt.split('.').nth(1).unwrap())).unwrap()
}

#[tokio::test]
async fn the_scenario_spoils_the_first_guest_token_only() {
    let emulator = TestEmulator::scenario("claims").await;
    let token = emulator.guest_client_token().await;
    let mut exps = Vec::new();
    for _ in 0..2 {
        let made = guest(&emulator, &token).await;
        let jwt = made.json()["access_token"].as_str().unwrap().to_owned();
        exps.push((claims(&jwt)["exp"].clone(), made.header("x-emulator-fault").to_owned()));
    }
    let expected =
        [(json!(1_767_324_845_000_i64), "claims".to_owned()), (json!(1_767_324_845), String::new())];
    assert_eq!(exps, expected);
}

#[tokio::test]
async fn times_that_are_wrong_are_rejected() {
    assert_eq!(rejected("expired").await, ErrorKind::ExpiredSignature);
    assert_eq!(rejected("not_yet_valid").await, ErrorKind::ImmatureSignature);
    assert_eq!(rejected("exp_missing").await, ErrorKind::MissingRequiredClaim("exp".into()));
}

#[tokio::test]
async fn exp_in_milliseconds_is_accepted_by_a_verifier_that_only_compares() {
    let claims = accepted("exp_in_ms").await;
    let (iat, exp) = (claims["iat"].as_i64().unwrap(), claims["exp"].as_i64().unwrap());
    assert_eq!(exp, (iat + 1800) * 1000);
}

#[tokio::test]
async fn names_that_are_wrong_or_missing_are_rejected() {
    assert_eq!(rejected("wrong_iss").await, ErrorKind::InvalidIssuer);
    assert_eq!(rejected("wrong_aud").await, ErrorKind::InvalidAudience);
    assert_eq!(rejected("sub_missing").await, ErrorKind::MissingRequiredClaim("sub".into()));
}

#[tokio::test]
async fn missing_claims_of_the_guest_are_only_seen_by_who_looks_for_them() {
    assert_eq!(accepted("permissions_missing").await.get("permissions"), None);
    assert_eq!(accepted("webchat_missing").await.get("webchat"), None);
    let webchat = accepted("guest_id_missing").await["webchat"].clone();
    assert_eq!(webchat, json!({ "name": "Anonymous Guest", "email": null, "customAttributes": {} }));
}

#[tokio::test]
async fn a_spoiled_signature_and_an_unknown_kid_are_rejected() {
    assert_eq!(rejected("bad_signature").await, ErrorKind::InvalidSignature);
    let (jwt, jwk) = forged("kid_unknown").await;
    assert_eq!(decode_header(&jwt).unwrap().kid.unwrap(), "emulator-unknown-key");
    let blind = decode::<Value>(&jwt, &DecodingKey::from_jwk(&jwk).unwrap(), &strict());
    assert!(blind.is_ok(), "only the kid is wrong");
}

#[tokio::test]
async fn alg_none_has_no_signature_and_is_no_algorithm() {
    let (jwt, jwk) = forged("alg_none").await;
    assert!(jwt.ends_with('.'));
    assert!(verify(&jwt, &jwk).is_err());
    assert_eq!(claims(&jwt)["iss"], PUBLIC_URL);
}

#[tokio::test]
async fn hs256_confusion_fools_who_believes_the_header_and_nobody_else() {
    use rsa::pkcs8::EncodePublicKey;
    let (jwt, jwk) = forged("hs256_confusion").await;
    assert_eq!(verify(&jwt, &jwk).unwrap_err().into_kind(), ErrorKind::InvalidAlgorithm);
    let public = serde_json::to_value(&jwk).unwrap();
    let number = |name: &str| rsa::BigUint::from_bytes_be(&from_base64url(public[name].as_str().unwrap()));
    let key = rsa::RsaPublicKey::new(number("n"), number("e")).unwrap();
    let pem = key.to_public_key_pem(rsa::pkcs8::LineEnding::LF).unwrap();
    let mut gullible = strict();
    gullible.algorithms = vec![decode_header(&jwt).unwrap().alg];
    let fooled = decode::<Value>(&jwt, &DecodingKey::from_secret(pem.as_bytes()), &gullible);
    assert!(fooled.is_ok(), "{fooled:?}");
}

fn from_base64url(text: &str) -> Vec<u8> {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap()
}

#[tokio::test]
async fn an_access_token_can_be_born_expired() {
    let emulator = TestEmulator::start().await;
    let effect = json!({ "claims": { "token": "access", "mode": "expired" } });
    emulator.fault(json!({ "id": "stillborn", "schedule": { "first": 1 }, "effect": effect })).await;
    let (dead, good) = (emulator.guest_client_token().await, emulator.guest_client_token().await);
    assert_eq!(emulator.client.get("/api/v2/tokens/me", Some(&dead)).await.status, 401);
    assert_eq!(emulator.last_refusal().await["rule"], "token.expired");
    assert_eq!(emulator.client.get("/api/v2/tokens/me", Some(&good)).await.status, 200);
}

#[tokio::test]
async fn an_access_token_can_be_born_revoked() {
    let emulator = TestEmulator::start().await;
    let effect = json!({ "claims": { "token": "access", "mode": "revoked" } });
    emulator.fault(json!({ "schedule": { "first": 1 }, "effect": effect })).await;
    let (dead, good) = (emulator.guest_client_token().await, emulator.guest_client_token().await);
    assert_eq!(emulator.client.get("/api/v2/tokens/me", Some(&dead)).await.status, 401);
    assert_eq!(emulator.last_refusal().await["rule"], "token.revoked");
    assert_eq!(emulator.client.get("/api/v2/tokens/me", Some(&good)).await.status, 200);
}

#[tokio::test]
async fn a_mode_may_be_called_by_the_reason_that_refusals_have() {
    let emulator = TestEmulator::start().await;
    let mut shown = Vec::new();
    for mode in [
        "token_expired",
        "token_not_yet_valid",
        "exp_in_milliseconds",
        "issuer_mismatch",
        "audience_mismatch",
        "signature_invalid",
    ] {
        let fault = json!([{ "id": "f", "effect": { "claims": { "mode": mode } } }]);
        emulator.client.admin("PUT", "/faults", Some(&fault)).await;
        let jwt = emulator.guest_jwt().await;
        let target = format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}&token={jwt}");
        assert!(emulator.upgrade(&target).await.is_err());
        let rule = emulator.last_refusal().await["rule"].as_str().unwrap().replace('.', "_");
        assert_eq!(rule, mode);
        let set = emulator.client.admin("GET", "/faults/f", None).await.json();
        shown.push(set["effect"]["claims"]["mode"].as_str().unwrap().to_owned());
    }
    assert_eq!(shown, ["expired", "not_yet_valid", "exp_in_ms", "wrong_iss", "wrong_aud", "bad_signature"]);
}

#[tokio::test]
async fn the_token_of_the_socket_can_be_wrong_while_guest_tokens_are_right() {
    let emulator = TestEmulator::start().await;
    let effect = json!({ "claims": { "token": "messaging", "mode": "bad_signature" } });
    emulator.fault(json!({ "effect": effect })).await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, "t-1").await;
    socket.send(json!({ "action": "getJwt", "token": "t-1" })).await;
    let answer = socket.next().await;
    let history = emulator.client.get("/api/v2/webmessaging/messages", answer["body"]["jwt"].as_str()).await;
    assert_eq!(history.status, 401);
    let jwt = emulator.guest_jwt().await;
    let target = format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}&token={jwt}");
    assert!(emulator.upgrade(&target).await.is_ok());
}
