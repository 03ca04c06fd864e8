//! An identity provider's JWT straight at the upgrade, as guides show it.

use insta::assert_snapshot;
use serde_json::json;

use crate::{
    idp::token_matrix::MODES,
    stories::refused_tokens::{id_token, open},
    support::TestEmulator,
};

/// A deployment with these rules, and Alice with these claims.
async fn with(rules: &str, alice: &str) -> TestEmulator {
    let yaml = format!(
        "
name: handshake
world:
  orgs:
    - identityProviders:
        main:
          people: {{ alice: {{ {alice} }} }}
          clients: {{ genesys-cloud-web-messaging: {{ public: true, redirectUris: [http://localhost] }} }}
      deployments:
        direct: {{ id: direct, auth: {{ enabled: true, claimAttributes: {{ tier: shop.tier }} }}, identityProvider: main, {rules} }}
"
    );
    TestEmulator::yaml(&yaml).await
}

/// What comes of an attempt; the nonce for the next one is kept.
async fn attempt(emulator: &TestEmulator, token: &str, nonce: &mut String) -> String {
    match open(emulator, "direct", token).await {
        Ok(_) => "admitted".to_owned(),
        Err([status, reason, rule, fresh]) => {
            *nonce = fresh;
            format!("{status} {reason} {rule}")
        }
    }
}

#[tokio::test]
async fn somebody_comes_in_with_the_providers_jwt_and_has_signed_in() {
    let emulator = with("admission: authenticated", "claims: { tier: gold }").await;
    let token = id_token(&emulator, "n-1").await;
    let mut socket = open(&emulator, "direct", &token).await.ok().unwrap();
    assert_eq!(socket.configure("direct", "t-1").await["code"], 200);
    socket.say("t-1", "hello").await;
    socket.next().await;
    let signed_in = emulator.journal("surface=webmessaging&kind=http").await;
    let notes = json!(["claims became the attributes shop.tier", "user-alice has signed in"]);
    assert!(signed_in.iter().any(|entry| entry["notes"] == notes), "{signed_in:?}");
    let attributes = emulator.conversation().await["participants"][0]["attributes"].clone();
    assert_eq!(attributes, json!({ "shop.tier": "gold" }));
    emulator.advance("1h").await;
    let expired = socket.next().await;
    assert_eq!((expired["code"].clone(), expired["class"].clone()), (json!(401), json!("string")));
    assert_eq!(attempt(&emulator, &token, &mut String::new()).await, "401 token.expired token.expired");
}

#[tokio::test]
async fn a_nonce_is_wanted_fresh_and_once() {
    let emulator = with("nonce: required", "").await;
    let (mut nonce, mut said) = (String::new(), String::new());
    said += &format!("no token: {}\n", attempt(&emulator, "", &mut nonce).await);
    let good = id_token(&emulator, &nonce).await;
    said += &format!("its nonce: {}\n", attempt(&emulator, &good, &mut nonce).await);
    said += &format!("again: {}\n", attempt(&emulator, &good, &mut nonce).await);
    let other = id_token(&emulator, "n-1").await;
    said += &format!("another: {}\n", attempt(&emulator, &other, &mut nonce).await);
    let late = id_token(&emulator, &nonce).await;
    emulator.advance("5m").await;
    said += &format!("too late: {}\n", attempt(&emulator, &late, &mut nonce).await);
    for mode in ["missing", "mismatch", "replayed"] {
        let fault = json!([{ "id": "f", "effect": { "nonce": { "mode": mode } } }]);
        let first = id_token(&emulator, &nonce).await;
        assert_eq!(attempt(&emulator, &first, &mut nonce).await, "admitted");
        attempt(&emulator, "", &mut nonce).await;
        emulator.client.admin("PUT", "/faults", Some(&fault)).await;
        let token = id_token(&emulator, &nonce).await;
        emulator.client.admin("DELETE", "/faults", None).await;
        said += &format!("fault {mode}: {}\n", attempt(&emulator, &token, &mut nonce).await);
    }
    assert_snapshot!(said, @r#"
    no token: 401 nonce.missing nonce.missing
    its nonce: admitted
    again: 401 nonce.replayed nonce.replayed
    another: 401 nonce.mismatch nonce.mismatch
    too late: 401 nonce.mismatch nonce.mismatch
    fault missing: 401 nonce.missing nonce.missing
    fault mismatch: 401 nonce.mismatch nonce.mismatch
    fault replayed: 401 nonce.replayed nonce.replayed
    "#);
}

#[tokio::test]
async fn each_wrong_jwt_is_refused_for_its_reason() {
    let emulator = with("nonce: ignored", "").await;
    let mut said = String::new();
    for mode in MODES {
        let fault = json!([{ "id": "f", "effect": { "claims": { "token": "id", "mode": mode } } }]);
        if emulator.client.admin("PUT", "/faults", Some(&fault)).await.status != 200 {
            continue;
        }
        let token = id_token(&emulator, "n-1").await;
        said += &format!("{mode}: {}\n", attempt(&emulator, &token, &mut String::new()).await);
    }
    assert_snapshot!(said, @r#"
    expired: 401 token.expired token.expired
    not_yet_valid: 401 token.not.yet.valid token.not.yet.valid
    exp_missing: 401 exp.missing exp.missing
    exp_in_ms: 401 exp.in.milliseconds exp.in.milliseconds
    wrong_iss: 401 issuer.mismatch issuer.mismatch
    wrong_aud: 401 audience.mismatch audience.mismatch
    sub_missing: 401 sub.missing sub.missing
    bad_signature: 401 signature.invalid signature.invalid
    kid_unknown: 401 kid.unknown kid.unknown
    alg_none: 401 alg.not.allowed alg.not.allowed
    hs256_confusion: 401 alg.not.allowed alg.not.allowed
    truncated: 401 truncated truncated
    oversized: 401 oversized oversized
    clock_skew: 401 clock.skew clock.skew
    "#);
}

#[tokio::test]
async fn a_secret_is_no_key() {
    let yaml = "
name: secret
world:
  orgs:
    - identityProviders:
        main:
          algorithm: HS256
          clients: { genesys-cloud-web-messaging: { secret: s, redirectUris: [http://localhost] } }
      deployments:
        direct: { id: direct, auth: { enabled: true }, identityProvider: main }
";
    let emulator = TestEmulator::yaml(yaml).await;
    let token = id_token(&emulator, "n-1").await;
    let said = attempt(&emulator, &token, &mut String::new()).await;
    assert_eq!(said, "401 alg.not.allowed alg.not.allowed");
}

#[tokio::test]
async fn who_is_not_known_or_lacks_a_scope_or_the_org_is_refused() {
    let scopes = "requiredScopes: ['digital:read', 'interaction:write', 'webphone:use']";
    let all = "'digital:read interaction:write webphone:use'";
    let org = "00000000-0000-4000-8000-0000000000aa";
    let mut said = String::new();
    for (rules, alice) in [
        ("subject: known", String::new()),
        ("subject: known", "subject: agent@emulated.test".to_owned()),
        (scopes, String::new()),
        (scopes, "claims: { scope: 'digital:read interaction:write' }".to_owned()),
        (scopes, format!("claims: {{ scope: {all} }}")),
        (scopes, format!("claims: {{ scope: {all}, org: other }}")),
        (scopes, format!("claims: {{ scope: {all}, org: {org} }}")),
        (
            scopes,
            format!("claims: {{ scope: ['digital:read', 'interaction:write', 'webphone:use'], org: {org} }}"),
        ),
    ] {
        let emulator = with(rules, &alice).await;
        let token = id_token(&emulator, "n-1").await;
        said += &format!("{}\n", attempt(&emulator, &token, &mut String::new()).await);
    }
    assert_snapshot!(said, @r#"
    401 sub.unknown sub.unknown
    admitted
    403 FORBIDDEN scope.missing
    403 FORBIDDEN scope.missing
    403 FORBIDDEN org.mismatch
    403 FORBIDDEN org.mismatch
    admitted
    admitted
    "#);
}

#[tokio::test]
async fn rules_that_cannot_be_meant_do_not_load() {
    let emulator = TestEmulator::start().await;
    let mut said = String::new();
    for rules in [
        "identityProvider: nobody",
        "identityProvider: main",
        "nonce: required",
        "admission: guest_token, requiredScopes: [users]",
    ] {
        let yaml = format!("name: x\nworld: {{ orgs: [{{ deployments: {{ x: {{ id: x, {rules} }} }} }}] }}");
        let answer = emulator.client.try_send("POST", "/__admin/scenarios/apply", &[], yaml).await.unwrap();
        said += &format!("{} {}\n", answer.status, answer.json()["detail"].as_str().unwrap());
    }
    assert_snapshot!(said, @r"
    400 org 00000000-0000-4000-8000-0000000000aa: scenario (request body): line 2 column 46: world: deployments.x: there is no identity provider `nobody`
    400 org 00000000-0000-4000-8000-0000000000aa: scenario (request body): line 2 column 34: world: deployments.x: `identityProvider` needs `auth: { enabled: true }`
    400 org 00000000-0000-4000-8000-0000000000aa: scenario (request body): line 2 column 34: world: deployments.x: `nonce` and `subject` are of JWTs of an `identityProvider`; name one
    400 org 00000000-0000-4000-8000-0000000000aa: scenario (request body): line 2 column 34: world: deployments.x: `requiredScopes` wants access tokens, or with `identityProvider` its JWTs; `admission: guest_token` wants guest tokens
    ");
}
