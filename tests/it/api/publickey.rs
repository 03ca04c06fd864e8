//! `GET /api/v2/oauth/publickey`: what a guest JWT is verified with.

use insta::assert_snapshot;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::Jwk};
use serde_json::{Value, json};

use crate::support::TestEmulator;

/// As the guide's proxy verifies, but for the time: the org's clock stands still.
fn verify(jwt: &str, jwk: &Value) -> jsonwebtoken::errors::Result<Value> {
    let jwk: Jwk = serde_json::from_value(jwk.clone()).unwrap();
    let mut validation = Validation::new(Algorithm::RS256);
    validation.validate_exp = false;
    validation.set_issuer(&["http://emulator.test"]);
    validation.set_audience(&["http://emulator.test"]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    decode::<Value>(jwt, &DecodingKey::from_jwk(&jwk)?, &validation).map(|data| data.claims)
}

#[tokio::test]
async fn it_is_one_bare_jwk_for_everybody() {
    let emulator = TestEmulator::start().await;
    let answer = emulator.client.get("/api/v2/oauth/publickey", None).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    assert_snapshot!(answer.text, @r#"{"kty":"RSA","use":"sig","alg":"RS256","kid":"emulator-f1f0ef23f83c","n":"y6CO26DjTTBSLUcCA3kUmGucZsopkNHIrPui8hlUP1C1H_TnVWY5jsqqma1_ivK5xqegaX0x3iwFHCHBMT_NeGgEKlNCB7FX5ggFsTDwbjBEqqBqEgO9ZPKUM10R4uOE6Pf12g2HOoGu54dTLimrB_jJghKV5IrGmKUd1__1pgb3Nf_Z_3Z8Ht7Ab86nxG55Dq83o0WwPsVqvitZzcBGKlxTa4QQvjtmzGLBBwBCM8FLKsbZ6DnzWt1qeLegZQ585vFD-1vobYUVwO3Hf1ypzzMzqnz4w01OIFIOVZju5Nq_U-YXMg77ymJ8NDXwg-WTofTM785KMyLGxD9F5Kf9Yw","e":"AQAB"}"#);
}

#[tokio::test]
async fn it_verifies_a_guest_jwt_and_refuses_a_tampered_one() {
    let emulator = TestEmulator::start().await;
    let jwt = emulator.guest_jwt().await;
    let jwk = emulator.client.get("/api/v2/oauth/publickey", None).await.json();
    assert_snapshot!(serde_json::to_value(decode_header(&jwt).unwrap()).unwrap(), @r#"{"alg":"RS256","kid":"emulator-f1f0ef23f83c","typ":"JWT"}"#);
    assert_eq!(decode_header(&jwt).unwrap().kid.unwrap(), jwk["kid"]);
    assert_eq!(verify(&jwt, &jwk).unwrap()["webchat"]["name"], "Ann");

    let (head, rest) = jwt.split_once('.').unwrap();
    let (payload, signature) = rest.split_once('.').unwrap();
    let other = payload.replacen('c', "d", 1);
    assert_ne!(payload, other);
    assert!(verify(&format!("{head}.{other}.{signature}"), &jwk).is_err());
}

#[tokio::test]
async fn the_key_of_another_seed_and_of_a_rotated_ring_do_not_verify_it() {
    let emulator = TestEmulator::start().await;
    let stranger = TestEmulator::with(|builder| builder.seed(2)).await;
    let jwt = emulator.guest_jwt().await;
    let key =
        async |emulator: &TestEmulator| emulator.client.get("/api/v2/oauth/publickey", None).await.json();
    assert!(verify(&jwt, &key(&stranger).await).is_err());

    let mode = json!({ "mode": "hard" });
    let rotated = emulator.client.admin("POST", "/keys/platform/rotate", Some(&mode)).await;
    assert_eq!(rotated.status, 200, "{}", rotated.text);
    assert!(verify(&jwt, &key(&emulator).await).is_err());
    let fresh = emulator.guest_jwt().await;
    assert!(verify(&fresh, &key(&emulator).await).is_ok());
}
