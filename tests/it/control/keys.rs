//! `/keys`: the ring of an org, and rotating it by hand.

use insta::assert_snapshot;
use serde_json::json;

use super::{Other, told};
use crate::support::TestEmulator;

#[tokio::test]
async fn the_ring_shows_what_signs_and_what_is_published() {
    let emulator = TestEmulator::start().await;
    let before = emulator.client.admin("GET", "/keys", None).await;
    assert_snapshot!(before.text, @r#"{"entities":[{"ring":"platform","signing":{"n":0,"kty":"RSA","kid":"emulator-f1f0ef23f83c","retires":null},"published":["emulator-f1f0ef23f83c"],"stale":false},{"ring":"idp:main","signing":{"n":0,"kty":"RSA","kid":"emulator-09be4e023849","retires":null},"published":["emulator-09be4e023849"],"stale":false}],"next":null}"#);
    let after = emulator.client.admin("POST", "/keys/platform/rotate", None).await;
    assert_snapshot!(after.text, @r#"{"entities":[{"ring":"platform","signing":{"n":1,"kty":"RSA","kid":"emulator-b9085a92f235","retires":null},"published":["emulator-b9085a92f235","emulator-f1f0ef23f83c"],"stale":false},{"ring":"idp:main","signing":{"n":0,"kty":"RSA","kid":"emulator-09be4e023849","retires":null},"published":["emulator-09be4e023849"],"stale":false}],"next":null}"#);
    let stale = json!({ "mode": "stale", "for": "1m" });
    let stale = emulator.client.admin("POST", "/keys/platform/rotate", Some(&stale)).await.json();
    let ring = &stale["entities"][0];
    assert_eq!((&ring["stale"], &ring["signing"]["n"]), (&json!(true), &json!(2)));
    assert_eq!(ring["published"], after.json()["entities"][0]["published"]);
    emulator.advance("1m").await;
    let fresh = emulator.client.admin("GET", "/keys", None).await.json();
    assert_eq!(fresh["entities"][0]["stale"], false);
    assert_eq!(fresh["entities"][0]["published"][0], ring["signing"]["kid"]);
}

#[tokio::test]
async fn looking_at_the_ring_is_no_fetch() {
    let emulator = TestEmulator::start().await;
    let stale = json!({ "mode": "stale", "fetches": 1 });
    emulator.client.admin("POST", "/keys/platform/rotate", Some(&stale)).await;
    for _ in 0..3 {
        let keys = emulator.client.admin("GET", "/keys", None).await.json();
        assert_eq!(keys["entities"][0]["stale"], true);
    }
    emulator.client.get("/.well-known/jwks.json", None).await;
    let keys = emulator.client.admin("GET", "/keys", None).await.json();
    assert_eq!(keys["entities"][0]["stale"], false);
}

#[tokio::test]
async fn what_cannot_be_meant_is_explained_and_rotates_nothing() {
    let emulator = TestEmulator::start().await;
    let mut said = String::new();
    for (ring, body) in [
        ("platfrom", json!({})),
        ("platform", json!({ "mod": "hard" })),
        ("platform", json!({ "mode": "soft" })),
        ("platform", json!({ "mode": "hard", "overlap": "1h" })),
        ("platform", json!({ "mode": "graceful", "for": "1h" })),
    ] {
        let path = format!("/keys/{ring}/rotate");
        let answer = emulator.client.admin("POST", &path, Some(&body)).await;
        said.push_str(&told(&answer));
        said.push('\n');
    }
    assert_snapshot!(said, @r#"
    404 -: There is no key ring platfrom
    400 mod: unknown field `mod`, expected one of `ring`, `mode`, `overlap`, `for`, `fetches`, `after`, `every` at line 1 column 6; did you mean `mode`?
    400 mode: unknown variant `soft`, expected one of `graceful`, `hard`, `stale`, `premature`, `same_kid`, `kid_absent`, `kid_unknown`, `alg_change`, `retired_key_signs` at line 1 column 14
    400 -: `overlap` is of modes `graceful`, `premature`, `kid_absent` and `alg_change`
    400 -: `for` and `fetches` are of modes `stale` and `premature`
    "#);
    let keys = emulator.client.admin("GET", "/keys", None).await.json();
    assert_eq!(keys["entities"][0]["signing"]["n"], 0);
}

#[tokio::test]
async fn another_org_has_its_own_keys() {
    let emulator = TestEmulator::start().await;
    let org = Other::make(&emulator, json!({})).await;
    let before = emulator.client.admin("GET", "/keys", None).await.json();
    let theirs = org.admin(&emulator, "GET", "/keys", None).await.json();
    assert_ne!(theirs["entities"][0]["published"], before["entities"][0]["published"]);
    org.admin(&emulator, "POST", "/keys/platform/rotate", None).await;
    assert_eq!(emulator.client.admin("GET", "/keys", None).await.json(), before);
}
