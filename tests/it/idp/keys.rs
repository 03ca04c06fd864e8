//! The keys of providers, and the three algorithms.

use insta::assert_snapshot;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use serde_json::{Value, json};

use super::{REDIRECT_URI, came_back, encoded, part, request, text};
use crate::support::TestEmulator;

const THREE: &str = "
name: three
world:
  orgs:
    - identityProviders:
        curve: &provider
          people: { alice: {} }
          clients: { messenger: { secret: messenger-secret, redirectUris: ['http://localhost'] } }
          algorithm: ES256
        secret: { <<: *provider, algorithm: HS256 }
";

/// An ID token of this provider.
async fn id_token(emulator: &TestEmulator, provider: &str) -> String {
    let quiet = request(&[("prompt", "none"), ("login_hint", "alice")]);
    let answer = emulator.client.get(&format!("/idp/{provider}/authorize?{quiet}"), None).await;
    let code = came_back(&answer).remove("code").unwrap();
    let body = encoded([
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", REDIRECT_URI),
        ("client_id", "messenger"),
        ("client_secret", "messenger-secret"),
    ]);
    let answer = emulator.client.post_form(&format!("/idp/{provider}/token"), &body).await;
    text(&answer.json(), "id_token").to_owned()
}

async fn fetch(emulator: &TestEmulator, provider: &str) -> JwkSet {
    let text = emulator.client.get(&format!("/idp/{provider}/jwks"), None).await.text;
    serde_json::from_str(&text).unwrap()
}

/// Whether a verifier that holds this set accepts the token. Times are none of its business here.
fn accepts(keys: &JwkSet, jwt: &str) -> bool {
    let header = decode_header(jwt).unwrap();
    let mut validation = Validation::new(header.alg);
    validation.validate_exp = false;
    validation.set_audience(&["messenger"]);
    let key = keys.find(&header.kid.unwrap_or_default());
    key.is_some_and(|key| decode::<Value>(jwt, &DecodingKey::from_jwk(key).unwrap(), &validation).is_ok())
}

async fn rotate(emulator: &TestEmulator, ring: &str, how: Value) {
    let answer = emulator.client.admin("POST", &format!("/keys/{ring}/rotate"), Some(&how)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

#[tokio::test]
async fn each_kind_of_key_is_published_as_its_kind() {
    let emulator = TestEmulator::yaml(THREE).await;
    for (provider, algorithm) in [("main", Algorithm::RS256), ("curve", Algorithm::ES256)] {
        let jwt = id_token(&emulator, provider).await;
        assert_eq!(decode_header(&jwt).unwrap().alg, algorithm);
        assert!(accepts(&fetch(&emulator, provider).await, &jwt), "{provider}");
    }
    assert_snapshot!(emulator.client.get("/idp/main/jwks", None).await.text, @r#"{"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"emulator-09be4e023849","n":"nKmY19AsEaayYqWdUi8l8RAgeMe7qOlIjJTv3oRNZDPVZlgeU908k1Wmj4aqfUyzLvAd5V0ePUxext_DjhEXNVSkPf1v1ET7KyRc_A5Q0cLO518dllEBOLdQozE0Er60HjaD3hg1zRhrxnUww-EmBngd-wFge1DkfwsPw7piDQTB8BR4Gehph7KIaY52OQkPacFAO-XVR6b9g3RkOUc7x-22jaATpFo6767J3bzf1I5oD0_myxOdd-IbFro5k7CCepliQxbSN5BCP0bU7rwV8Kjz1OEYrTWWacyWqqaZx1wothNKmFd5K0D5NK4ev7lxf6Hh8KAtmREIgEiZ_cpKjw","e":"AQAB"}]}"#);
    let curve = emulator.client.get("/idp/curve/jwks", None).await;
    assert_snapshot!(curve.text, @r#"{"keys":[{"kty":"EC","use":"sig","alg":"ES256","kid":"emulator-2fd202eddfa3","crv":"P-256","x":"KOLbTD8Y7ARMBf7MofaiPjA0UPGSTWpafjmzwql98B0","y":"y0dQcELMA3bpfs5l7JnQW20XxodW8gBiDuQE78Oyph0"}]}"#);
    assert_eq!(curve.header("cache-control"), "public, max-age=300");
}

#[tokio::test]
async fn hs256_is_signed_by_the_clients_secret_and_publishes_nothing() {
    let emulator = TestEmulator::yaml(THREE).await;
    let jwt = id_token(&emulator, "secret").await;
    let header = decode_header(&jwt).unwrap();
    assert_eq!((header.alg, header.kid), (Algorithm::HS256, None));
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_exp = false;
    validation.set_audience(&["messenger"]);
    let verified =
        |secret: &str| decode::<Value>(&jwt, &DecodingKey::from_secret(secret.as_bytes()), &validation);
    assert!(verified("messenger-secret").is_ok() && verified("other").is_err());
    assert_snapshot!(emulator.client.get("/idp/secret/jwks", None).await.text, @r#"{"keys":[]}"#);
}

#[tokio::test]
async fn es256_signs_the_same_bytes_alike() {
    let mut tokens = Vec::new();
    for _ in 0..2 {
        let emulator = TestEmulator::yaml(THREE).await;
        tokens.push(id_token(&emulator, "curve").await);
    }
    assert_eq!(tokens[0], tokens[1]);
}

#[tokio::test]
async fn a_providers_ring_rotates_in_every_way_and_alone() {
    let emulator = TestEmulator::yaml(THREE).await;
    for provider in ["main", "curve"] {
        let ring = format!("idp:{provider}");
        let platform = emulator.client.get("/.well-known/jwks.json", None).await.text;
        let cache = fetch(&emulator, provider).await;
        let old = id_token(&emulator, provider).await;

        rotate(&emulator, &ring, json!({ "mode": "graceful", "overlap": "10m" })).await;
        let (new, both) = (id_token(&emulator, provider).await, fetch(&emulator, provider).await);
        assert!(accepts(&both, &old) && accepts(&both, &new) && !accepts(&cache, &new));
        emulator.advance("10m").await;
        assert!(!accepts(&fetch(&emulator, provider).await, &old));

        rotate(&emulator, &ring, json!({ "mode": "hard" })).await;
        let newer = id_token(&emulator, provider).await;
        let fresh = fetch(&emulator, provider).await;
        assert!(accepts(&fresh, &newer) && !accepts(&fresh, &new));

        rotate(&emulator, &ring, json!({ "mode": "stale", "fetches": 1 })).await;
        let newest = id_token(&emulator, provider).await;
        assert!(!accepts(&fetch(&emulator, provider).await, &newest));
        assert!(accepts(&fetch(&emulator, provider).await, &newest));
        assert_eq!(emulator.client.get("/.well-known/jwks.json", None).await.text, platform);
    }
}

#[tokio::test]
async fn all_rings_are_listed_and_no_kid_is_there_twice() {
    let emulator = TestEmulator::yaml(THREE).await;
    for ring in ["platform", "idp:main", "idp:curve"] {
        rotate(&emulator, ring, json!({})).await;
    }
    let listed = emulator.client.admin("GET", "/keys", None).await.json();
    let rings = listed["entities"].as_array().unwrap();
    let names: Vec<_> = rings.iter().map(|ring| text(ring, "ring")).collect();
    assert_eq!(names, ["platform", "idp:curve", "idp:main"]);
    let kids: std::collections::BTreeSet<_> =
        rings.iter().flat_map(|ring| ring["published"].as_array().unwrap()).map(Value::to_string).collect();
    assert_eq!(kids.len(), 6);
}

#[tokio::test]
async fn rings_that_are_not_there_are_explained() {
    let emulator = TestEmulator::yaml(THREE).await;
    let mut said = String::new();
    for (ring, body) in [
        ("idp:mian", json!({})),
        ("idp:secret", json!({})),
        ("idp:", json!({})),
        ("idp:main", json!({ "ring": "platform" })),
        ("idp:main", json!({ "ring": "idp" })),
        ("idp:main", json!({ "ring": "idp:main" })),
    ] {
        let answer = emulator.client.admin("POST", &format!("/keys/{ring}/rotate"), Some(&body)).await;
        said += &format!("{} {}\n", answer.status, answer.json()["detail"].as_str().unwrap_or("-"));
    }
    for ring in ["idp:mian", "idp:secret"] {
        let fault = json!({ "id": "f", "effect": { "rotate_keys": { "ring": ring } } });
        let answer = emulator.client.admin("POST", "/faults", Some(&fault)).await;
        said += &format!("{} {}\n", answer.status, text(&answer.json(), "detail"));
    }
    assert_snapshot!(said, @"
    404 There is no key ring idp:mian
    404 There is no key ring idp:secret
    404 There is no key ring idp:
    400 it is not the ring of the path, which is idp:main
    400 `idp` is not a key ring; expected `platform`, or `idp:` and the name of an identity provider at line 1 column 13
    200 -
    400 fault `f`: there is no key ring `idp:mian` in this org; there are platform, idp:curve, idp:main
    400 fault `f`: there is no key ring `idp:secret` in this org; there are platform, idp:curve, idp:main
    ");
}

#[tokio::test]
async fn a_hint_that_an_old_key_signed_is_none() {
    let emulator = TestEmulator::yaml(THREE).await;
    for provider in ["main", "curve", "secret"] {
        let jwt = id_token(&emulator, provider).await;
        let path = format!("/idp/{provider}/end_session?id_token_hint={jwt}");
        assert_eq!(emulator.client.get(&path, None).await.status, 200, "{provider}");
        if provider != "secret" {
            rotate(&emulator, &format!("idp:{provider}"), json!({ "mode": "hard" })).await;
            assert_eq!(emulator.client.get(&path, None).await.status, 400, "{provider}");
        }
    }
}

#[tokio::test]
async fn wrong_signatures_are_wrong_by_every_algorithm() {
    let emulator = TestEmulator::yaml(THREE).await;
    let mut said = String::new();
    for provider in ["main", "curve", "secret"] {
        for mode in ["bad_signature", "alg_none", "hs256_confusion"] {
            let effect = json!({ "claims": { "token": "id", "mode": mode } });
            emulator.client.admin("PUT", "/faults", Some(&json!([{ "id": "f", "effect": effect }]))).await;
            let jwt = id_token(&emulator, provider).await;
            let path = format!("/idp/{provider}/end_session?id_token_hint={jwt}");
            let status = emulator.client.get(&path, None).await.status;
            said += &format!("{provider} {mode}: {} {status}\n", text(&part(&jwt, 0), "alg"));
        }
    }
    assert_snapshot!(said, @r#"
    main bad_signature: RS256 400
    main alg_none: none 400
    main hs256_confusion: HS256 400
    curve bad_signature: ES256 400
    curve alg_none: none 400
    curve hs256_confusion: HS256 400
    secret bad_signature: HS256 400
    secret alg_none: none 400
    secret hs256_confusion: HS256 400
    "#);
}
