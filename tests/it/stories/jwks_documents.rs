//! `jwks-…`: what can become of the document with the keys. Each is played at the provider's own key set.

use std::time::Duration;

use jsonwebtoken::jwk::JwkSet;

use crate::{
    faults::armed,
    support::{Answer, TestEmulator},
};

const JWKS: &str = "/idp/main/jwks";

/// How many keys a verifier finds in an answer.
fn keys(answer: &Answer) -> Result<usize, String> {
    let set: Result<JwkSet, _> = serde_json::from_str(&answer.text);
    set.map(|set| set.keys.len()).map_err(|error| error.to_string())
}

/// The first fetch, once the second one was found to be right.
async fn first(emulator: &TestEmulator) -> Answer {
    let (first, second) = (emulator.client.get(JWKS, None).await, emulator.client.get(JWKS, None).await);
    assert_eq!((second.status, keys(&second), second.header("x-emulator-fault")), (200, Ok(1), ""));
    first
}

#[tokio::test]
async fn jwks_slow_the_set_comes_after_ten_seconds_of_the_orgs_time() {
    let emulator = TestEmulator::scenario("jwks-slow").await;
    let client = emulator.client.clone();
    let fetching = tokio::spawn(async move { client.get(JWKS, None).await });
    armed(&emulator, 1).await;
    emulator.advance("9999ms").await;
    assert!(!fetching.is_finished());
    emulator.advance("1ms").await;
    let answer = tokio::time::timeout(Duration::from_secs(60), fetching).await.unwrap().unwrap();
    assert_eq!((answer.status, keys(&answer)), (200, Ok(1)));
}

#[tokio::test]
async fn jwks_empty_the_set_is_one_without_keys() {
    let answer = first(&TestEmulator::scenario("jwks-empty").await).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, r#"{"keys":[]}"#));
}

#[tokio::test]
async fn jwks_malformed_the_set_ends_in_the_middle_of_a_key() {
    let answer = first(&TestEmulator::scenario("jwks-malformed").await).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    assert!(keys(&answer).unwrap_err().contains("EOF while parsing a string"));
}

#[tokio::test]
async fn jwks_unavailable_the_set_is_a_503_in_the_providers_words() {
    let answer = first(&TestEmulator::scenario("jwks-unavailable").await).await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, "30"));
    assert!(answer.text.starts_with(r#"{"error":"temporarily_unavailable""#), "{}", answer.text);
}

#[tokio::test]
async fn jwks_huge_the_set_has_eight_megabytes_and_is_still_json() {
    let answer = first(&TestEmulator::scenario("jwks-huge").await).await;
    assert_eq!((answer.status, answer.bytes.len(), keys(&answer)), (200, 8 << 20, Ok(0)));
}

#[tokio::test]
async fn jwks_cached_for_a_day_a_cache_that_believes_it_misses_the_rotations() {
    let emulator = TestEmulator::scenario("jwks-cached-for-a-day").await;
    let mut kids = std::collections::BTreeSet::new();
    for _ in 0..3 {
        let answer = emulator.client.get(JWKS, None).await;
        assert_eq!(answer.header("cache-control"), "public, max-age=86400");
        kids.insert(answer.json()["keys"][0]["kid"].to_string());
        emulator.advance("1h").await;
    }
    assert_eq!(kids.len(), 3, "a new key each hour");
}

#[tokio::test]
async fn jwks_without_cache_headers_the_set_says_nothing_about_caching() {
    let emulator = TestEmulator::scenario("jwks-without-cache-headers").await;
    let answer = emulator.client.get(JWKS, None).await;
    assert_eq!((answer.status, keys(&answer)), (200, Ok(1)));
    for name in ["cache-control", "etag", "pragma", "expires"] {
        assert_eq!(answer.header(name), "", "{name}");
    }
}
