//! `rotate_keys`, and the same by hand: what a verifier with a cache sees, and what one without sees.

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use serde_json::{Value, json};

use super::guest;
use crate::support::{GUEST_TOKEN_DEPLOYMENT, TestEmulator};

const RINGS: &str = "/keys/platform/rotate";

/// The key set, as a verifier fetches it.
async fn fetch(emulator: &TestEmulator) -> JwkSet {
    let text = emulator.client.get("/.well-known/jwks.json", None).await.text;
    serde_json::from_str(&text).unwrap()
}

/// Whether a verifier that holds this set accepts the token. Times are none of its business here.
fn accepts(keys: &JwkSet, jwt: &str) -> bool {
    let kid = decode_header(jwt).unwrap().kid.unwrap();
    let mut validation = Validation::new(Algorithm::RS256);
    validation.validate_exp = false;
    validation.validate_aud = false;
    let Some(key) = keys.find(&kid) else {
        return false;
    };
    decode::<Value>(jwt, &DecodingKey::from_jwk(key).unwrap(), &validation).is_ok()
}

async fn made(emulator: &TestEmulator, token: &str) -> String {
    let answer = guest(emulator, token).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

async fn rotate(emulator: &TestEmulator, how: Value) {
    let answer = emulator.client.admin("POST", RINGS, Some(&how)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

async fn admitted(emulator: &TestEmulator, jwt: &str) -> bool {
    let target = format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}&token={jwt}");
    emulator.upgrade(&target).await.is_ok()
}

#[tokio::test]
async fn the_scenario_rotates_before_the_second_guest_token_so_that_a_cache_rejects_and_a_fresh_set_accepts()
{
    let emulator = TestEmulator::scenario("rotate_keys").await;
    let token = emulator.guest_client_token().await;
    let cache = fetch(&emulator).await;
    let first = made(&emulator, &token).await;
    assert!(accepts(&cache, &first));
    let answer = guest(&emulator, &token).await;
    assert_eq!(answer.header("x-emulator-fault"), "rotate_keys");
    let second = answer.json()["access_token"].as_str().unwrap().to_owned();
    let fresh = fetch(&emulator).await;
    assert!(!accepts(&cache, &second) && accepts(&fresh, &second));
    assert!(!accepts(&fresh, &first), "the old key is gone at once");
    assert!(!admitted(&emulator, &first).await && admitted(&emulator, &second).await);
    let notes = emulator.journal("fault=rotate_keys").await[0]["notes"].clone();
    let kid = decode_header(&second).unwrap().kid.unwrap();
    assert_eq!(notes, json!([format!("the signing key is now {kid}")]));
}

#[tokio::test]
async fn graceful_publishes_both_keys_for_the_overlap() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    let old = made(&emulator, &token).await;
    rotate(&emulator, json!({ "mode": "graceful", "overlap": "10m" })).await;
    let new = made(&emulator, &token).await;
    emulator.advance("599s").await;
    let both = fetch(&emulator).await;
    assert_eq!(both.keys.len(), 2);
    assert!(accepts(&both, &old) && accepts(&both, &new) && admitted(&emulator, &old).await);
    emulator.advance("1s").await;
    let one = fetch(&emulator).await;
    assert!(!accepts(&one, &old) && accepts(&one, &new) && !admitted(&emulator, &old).await);
}

#[tokio::test]
async fn graceful_is_the_default_and_overlaps_for_an_hour() {
    let emulator = TestEmulator::start().await;
    rotate(&emulator, json!({})).await;
    emulator.advance("3599s").await;
    assert_eq!(fetch(&emulator).await.keys.len(), 2);
    emulator.advance("1s").await;
    assert_eq!(fetch(&emulator).await.keys.len(), 1);
}

#[tokio::test]
async fn the_bare_jwk_is_the_new_key_during_the_overlap() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    rotate(&emulator, json!({ "mode": "graceful" })).await;
    let bare = emulator.client.get("/api/v2/oauth/publickey", None).await.json();
    let new = made(&emulator, &token).await;
    assert_eq!(bare["kid"], decode_header(&new).unwrap().kid.unwrap());
}

#[tokio::test]
async fn stale_serves_the_old_set_for_so_many_fetches_while_the_new_key_signs() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    rotate(&emulator, json!({ "mode": "stale", "fetches": 2 })).await;
    let new = made(&emulator, &token).await;
    let mut accepted = Vec::new();
    for _ in 0..3 {
        accepted.push(accepts(&fetch(&emulator).await, &new));
    }
    assert_eq!(accepted, [false, false, true]);
    let noted = emulator.journal("target=/.well-known/jwks.json").await;
    let notes: Vec<_> = noted.iter().map(|entry| entry.get("notes").is_some()).collect();
    assert_eq!(notes, [true, true, false], "the journal says that it was on purpose");
}

#[tokio::test]
async fn stale_serves_the_old_set_for_a_time() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    rotate(&emulator, json!({ "mode": "stale", "for": "30s" })).await;
    let new = made(&emulator, &token).await;
    emulator.advance("29s").await;
    assert!(!accepts(&fetch(&emulator).await, &new));
    emulator.advance("1s").await;
    assert!(accepts(&fetch(&emulator).await, &new));
}

#[tokio::test]
async fn stale_without_more_lasts_five_minutes() {
    let emulator = TestEmulator::start().await;
    rotate(&emulator, json!({ "mode": "stale" })).await;
    let kids = async || fetch(&emulator).await.keys[0].common.key_id.clone().unwrap();
    let before = kids().await;
    emulator.advance("299s").await;
    assert_eq!(kids().await, before);
    emulator.advance("1s").await;
    assert_ne!(kids().await, before);
}

#[tokio::test]
async fn every_rotation_has_a_kid_of_its_own_and_keys_beyond_the_pool_sign_too() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    let mut kids = std::collections::BTreeSet::new();
    for _ in 0..3 {
        rotate(&emulator, json!({ "mode": "hard" })).await;
        let jwt = made(&emulator, &token).await;
        assert!(accepts(&fetch(&emulator).await, &jwt));
        kids.insert(decode_header(&jwt).unwrap().kid);
    }
    assert_eq!(kids.len(), 3);
}
