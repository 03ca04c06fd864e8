//! Every way in which keys can follow one another, for both kinds of rings, as a stock verifier sees it: one that kept
//! the set from before, one that fetched it afterwards, and the issuer itself.

use insta::assert_snapshot;
use jsonwebtoken::{
    Algorithm, DecodingKey, Validation, decode, decode_header,
    jwk::{Jwk, JwkSet},
};
use serde_json::{Value, json};

use super::{text, tokens};
use crate::support::{GUEST_TOKEN_DEPLOYMENT, TestEmulator};

/// A ring, and what is signed by it.
#[derive(Clone, Copy, PartialEq)]
enum Ring {
    Platform,
    Provider,
}

impl Ring {
    fn name(self) -> &'static str {
        if self == Self::Platform { "platform" } else { "idp:main" }
    }

    async fn fetch(self, emulator: &TestEmulator) -> JwkSet {
        let path = if self == Self::Platform { "/.well-known/jwks.json" } else { "/idp/main/jwks" };
        serde_json::from_str(&emulator.client.get(path, None).await.text).unwrap()
    }

    async fn token(self, emulator: &TestEmulator) -> String {
        match self {
            Self::Platform => emulator.guest_jwt().await,
            Self::Provider => text(&tokens(emulator, "openid").await, "id_token").to_owned(),
        }
    }

    /// Does the issuer stand by it?
    async fn own(self, emulator: &TestEmulator, jwt: &str) -> bool {
        match self {
            Self::Platform => {
                let target = format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}&token={jwt}");
                emulator.upgrade(&target).await.is_ok()
            }
            Self::Provider => {
                let path = format!("/idp/main/end_session?id_token_hint={jwt}");
                emulator.client.get(&path, None).await.status == 200
            }
        }
    }

    async fn rotate(self, emulator: &TestEmulator, how: Value) {
        let path = format!("/keys/{}/rotate", self.name());
        let answer = emulator.client.admin("POST", &path, Some(&how)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
}

/// What a verifier for RS256 says that holds this set. Times are none of its business here.
fn verdict(keys: &JwkSet, jwt: &str) -> String {
    let named: Vec<&Jwk> = match decode_header(jwt).unwrap().kid {
        Some(kid) => keys.find(&kid).into_iter().collect(),
        None => keys.keys.iter().filter(|key| key.common.key_id.is_none()).collect(),
    };
    let mut validation = Validation::new(Algorithm::RS256);
    validation.validate_exp = false;
    validation.validate_aud = false;
    let tried = named.iter().map(|key| {
        let key = DecodingKey::from_jwk(key).unwrap();
        decode::<Value>(jwt, &key, &validation).map_err(|error| format!("{:?}", error.kind()))
    });
    match tried.reduce(Result::or) {
        None => "no key".to_owned(),
        Some(Ok(_)) => format!("good{}", if named.len() > 1 { ", of several" } else { "" }),
        Some(Err(error)) => error,
    }
}

/// The same of a token from before and of one from afterwards, for all who look at them.
async fn seen(ring: Ring, modes: &[Value]) -> String {
    let emulator = TestEmulator::unlimited().await;
    let (kept, old) = (ring.fetch(&emulator).await, ring.token(&emulator).await);
    for how in modes {
        ring.rotate(&emulator, how.clone()).await;
    }
    let (new, fresh) = (ring.token(&emulator).await, ring.fetch(&emulator).await);
    let mut words = Vec::new();
    for (what, jwt) in [("old", &old), ("new", &new)] {
        let own = if ring.own(&emulator, jwt).await { "good" } else { "refused" };
        words.push(format!(
            "{what}: kept {}, fresh {}, own {own}",
            verdict(&kept, jwt),
            verdict(&fresh, jwt)
        ));
    }
    words.join(" | ")
}

/// Each mode, the second kid_absent twice.
fn modes() -> Vec<(&'static str, Vec<Value>)> {
    let one = |mode: &str| vec![json!({ "mode": mode })];
    let nameless = |overlap: &str| json!({ "mode": "kid_absent", "overlap": overlap });
    vec![
        ("graceful", one("graceful")),
        ("hard", one("hard")),
        ("stale", one("stale")),
        ("premature", one("premature")),
        ("same_kid", one("same_kid")),
        ("kid_absent", one("kid_absent")),
        ("kid_absent twice", vec![nameless("1h"), nameless("1h")]),
        ("kid_unknown", one("kid_unknown")),
        ("alg_change", one("alg_change")),
        ("retired_key_signs", one("retired_key_signs")),
    ]
}

#[tokio::test]
async fn every_mode_is_seen_by_a_stock_verifier_and_both_rings_behave_alike() {
    let mut said = [String::new(), String::new()];
    for (name, how) in modes() {
        for (said, ring) in said.iter_mut().zip([Ring::Platform, Ring::Provider]) {
            *said += &format!("{name}: {}\n", seen(ring, &how).await);
        }
    }
    assert_eq!(said[0], said[1]);
    assert_snapshot!(said[0], @r#"
    graceful: old: kept good, fresh good, own good | new: kept no key, fresh good, own good
    hard: old: kept good, fresh no key, own refused | new: kept no key, fresh good, own good
    stale: old: kept good, fresh good, own good | new: kept no key, fresh no key, own good
    premature: old: kept good, fresh good, own good | new: kept no key, fresh no key, own good
    same_kid: old: kept good, fresh InvalidSignature, own refused | new: kept InvalidSignature, fresh good, own good
    kid_absent: old: kept good, fresh no key, own refused | new: kept no key, fresh good, own good
    kid_absent twice: old: kept good, fresh good, own good | new: kept no key, fresh good, of several, own good
    kid_unknown: old: kept good, fresh no key, own refused | new: kept no key, fresh no key, own refused
    alg_change: old: kept good, fresh good, own good | new: kept no key, fresh InvalidAlgorithm, own good
    retired_key_signs: old: kept good, fresh no key, own refused | new: kept good, fresh no key, own refused
    "#);
}

#[tokio::test]
async fn premature_publishes_the_key_later_and_then_both() {
    for ring in [Ring::Platform, Ring::Provider] {
        for how in [json!({ "for": "10m" }), json!({ "fetches": 2 })] {
            let emulator = TestEmulator::unlimited().await;
            let old = ring.token(&emulator).await;
            let mut order = json!({ "mode": "premature", "overlap": "10m" });
            order.as_object_mut().unwrap().extend(how.as_object().unwrap().clone());
            ring.rotate(&emulator, order).await;
            let new = ring.token(&emulator).await;
            let mut seen = Vec::new();
            for _ in 0..2 {
                let set = ring.fetch(&emulator).await;
                seen.push(format!("{} {}", verdict(&set, &old), verdict(&set, &new)));
            }
            if how.get("for").is_some() {
                emulator.advance("10m").await;
            }
            for wait in ["0s", "10m"] {
                emulator.advance(wait).await;
                let set = ring.fetch(&emulator).await;
                seen.push(format!("{} {}", verdict(&set, &old), verdict(&set, &new)));
            }
            assert_eq!(seen, ["good no key", "good no key", "good good", "no key good"], "{how}");
        }
    }
}

#[tokio::test]
async fn what_a_mode_leaves_behind_ends_with_the_next_rotation() {
    for ring in [Ring::Platform, Ring::Provider] {
        for (mode, how) in modes() {
            let emulator = TestEmulator::unlimited().await;
            for how in how {
                ring.rotate(&emulator, how).await;
            }
            let type_before = decode_header(&ring.token(&emulator).await).unwrap().alg;
            ring.rotate(&emulator, json!({ "mode": "hard" })).await;
            let (jwt, set) = (ring.token(&emulator).await, ring.fetch(&emulator).await);
            assert_eq!((set.keys.len(), decode_header(&jwt).unwrap().alg), (1, type_before), "{mode}");
            assert!(decode_header(&jwt).unwrap().kid.is_some() && ring.own(&emulator, &jwt).await, "{mode}");
        }
    }
}

/// The `kid` of the key that signs.
async fn signing(emulator: &TestEmulator, nth: usize) -> Value {
    emulator.client.admin("GET", "/keys", None).await.json()["entities"][nth]["signing"]["n"].clone()
}

#[tokio::test]
async fn rotations_come_by_themselves_on_the_orgs_clock() {
    let yaml = "
name: by-itself
world:
  orgs:
    - keyRotation:
        - { every: 24h, overlap: 1h }
        - { ring: 'idp:main', mode: hard, after: 90m }
";
    let emulator = TestEmulator::yaml(yaml).await;
    let (kept, old) = (Ring::Provider.fetch(&emulator).await, Ring::Provider.token(&emulator).await);
    emulator.advance("89m").await;
    assert_eq!((signing(&emulator, 0).await, signing(&emulator, 1).await), (json!(0), json!(0)));
    emulator.advance("1m").await;
    assert_eq!((signing(&emulator, 0).await, signing(&emulator, 1).await), (json!(0), json!(1)));
    let new = Ring::Provider.token(&emulator).await;
    assert_eq!((verdict(&kept, &old).as_str(), verdict(&kept, &new).as_str()), ("good", "no key"));
    emulator.advance("72h").await;
    assert_eq!((signing(&emulator, 0).await, signing(&emulator, 1).await), (json!(3), json!(1)));
    emulator.client.admin("POST", "/reset", None).await;
    assert_eq!(signing(&emulator, 0).await, json!(0));
    emulator.advance("24h").await;
    assert_eq!((signing(&emulator, 0).await, signing(&emulator, 1).await), (json!(1), json!(1)));
}

#[tokio::test]
async fn a_rotation_by_hand_or_by_a_fault_can_wait_and_the_former_can_go_on() {
    let emulator = TestEmulator::start().await;
    Ring::Platform.rotate(&emulator, json!({ "every": "1h" })).await;
    Ring::Provider.rotate(&emulator, json!({ "every": "1h", "after": "1m" })).await;
    assert_eq!((signing(&emulator, 0).await, signing(&emulator, 1).await), (json!(0), json!(0)));
    emulator.advance("2h").await;
    assert_eq!((signing(&emulator, 0).await, signing(&emulator, 1).await), (json!(2), json!(2)));

    let emulator = TestEmulator::start().await;
    let effect = json!({ "rotate_keys": { "after": "30s" } });
    emulator.fault(json!({ "id": "later", "schedule": { "first": 1 }, "effect": effect })).await;
    emulator.client.get("/.well-known/jwks.json", None).await;
    let notes = emulator.journal("fault=later").await[0]["notes"].clone();
    assert_eq!(notes, json!(["the keys of platform will be rotated in 30s"]));
    emulator.advance("29s").await;
    assert_eq!(signing(&emulator, 0).await, json!(0));
    emulator.advance("1s").await;
    assert_eq!(signing(&emulator, 0).await, json!(1));
}

#[tokio::test]
async fn what_cannot_be_meant_is_explained() {
    let emulator = TestEmulator::start().await;
    let mut said = String::new();
    for body in [
        json!({ "mode": "same_kid", "overlap": "1h" }),
        json!({ "mode": "kid_absent", "fetches": 1 }),
        json!({ "every": "59s" }),
    ] {
        let answer = emulator.client.admin("POST", "/keys/platform/rotate", Some(&body)).await;
        said += &format!("{} {}\n", answer.status, text(&answer.json(), "detail"));
    }
    let fault = json!({ "id": "f", "effect": { "rotate_keys": { "every": "1h" } } });
    let answer = emulator.client.admin("POST", "/faults", Some(&fault)).await;
    said += &format!("{} {}\n", answer.status, text(&answer.json(), "detail"));
    for rotation in ["{}", "{ ring: 'idp:nobody', every: 1h }"] {
        let yaml = format!("name: x\nworld: {{ orgs: [{{ keyRotation: [{rotation}] }}] }}");
        let answer = emulator.client.try_send("POST", "/__admin/scenarios/apply", &[], yaml).await.unwrap();
        said += &format!("{} {}\n", answer.status, text(&answer.json(), "detail"));
    }
    assert_snapshot!(said, @r"
    400 `overlap` is of modes `graceful`, `premature`, `kid_absent` and `alg_change`
    400 `for` and `fetches` are of modes `stale` and `premature`
    400 `every` is at least 1 min
    400 fault `f`: `rotate_keys`: `every` is not of faults: they have a `schedule`; an org has `keyRotation`
    400 org 00000000-0000-4000-8000-0000000000aa: scenario (request body): line 2 column 33: world: keyRotation.0: an entry says `after` or `every`
    400 org 00000000-0000-4000-8000-0000000000aa: scenario (request body): line 2 column 33: world: keyRotation.0: there is no key ring `idp:nobody` in this org; there are platform, idp:main
    ");
}
