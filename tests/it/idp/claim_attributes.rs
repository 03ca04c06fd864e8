//! Claims of people who sign in, as attributes of their conversations: what a flow would see.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::exchange::exchange_code;
use crate::support::{DEPLOYMENT, Socket, TestEmulator};

/// The messaging deployment makes these attributes of the claims that Alice has.
async fn with(rules: &str, claims: &str) -> TestEmulator {
    TestEmulator::yaml(&format!(
        "
name: attributes
world:
  orgs:
    - identityProviders: {{ main: {{ people: {{ alice: {{ claims: {claims} }} }} }} }}
      deployments: {{ messaging: {{ auth: {{ claimAttributes: {rules} }} }} }}
"
    ))
    .await
}

async fn configure(socket: &mut Socket, jwt: &str) {
    socket
        .send(json!({
            "action": "configureAuthenticatedSession", "deploymentId": DEPLOYMENT, "token": "t-1",
            "data": { "code": jwt },
        }))
        .await;
    while socket.next().await["class"] != "SessionResponse" {}
}

async fn attributes(emulator: &TestEmulator) -> Value {
    emulator.conversation().await["participants"][0]["attributes"].clone()
}

async fn jwt(emulator: &TestEmulator) -> String {
    exchange_code(emulator).await.json()["jwt"].as_str().unwrap().to_owned()
}

const RULES: &str =
    "{ 'https://shop.test/tier': shop.tier, customer: customerNumber, sub: subject, nobody: nothing }";
const CLAIMS: &str = "{ 'https://shop.test/tier': gold-plated, customer: 4711 }";

#[tokio::test]
async fn claims_of_the_id_token_are_attributes_of_the_conversation_and_their_values_in_no_journal() {
    let emulator = with(RULES, CLAIMS).await;
    let jwt = jwt(&emulator).await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    configure(&mut socket, &jwt).await;
    socket.say("t-1", "hello").await;
    socket.next().await;
    assert_eq!(
        attributes(&emulator).await,
        json!({ "customerNumber": "4711", "shop.tier": "gold-plated", "subject": "user-alice" })
    );
    let journal = serde_json::to_string(&emulator.journal("").await).unwrap();
    assert!(journal.contains("claims became the attributes customerNumber, shop.tier, subject"), "{journal}");
    assert!(!journal.contains("gold-plated") && !journal.contains("4711"), "{journal}");
}

#[tokio::test]
async fn whoever_signs_in_during_a_chat_brings_them_along_and_a_refresh_keeps_them() {
    let emulator = with(RULES, CLAIMS).await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, "t-1").await;
    socket.say("t-1", "nobody knows me").await;
    socket.next().await;
    assert_eq!(attributes(&emulator).await, json!({}));
    let given = exchange_code(&emulator).await.json();
    let body = json!({ "refreshToken": given["refreshToken"], "deploymentId": DEPLOYMENT });
    let fresh = emulator.client.post(super::exchange::REFRESH, None, &body).await.json();
    configure(&mut socket, fresh["jwt"].as_str().unwrap()).await;
    assert_eq!(attributes(&emulator).await["shop.tier"], "gold-plated");
}

#[tokio::test]
async fn what_is_too_much_is_left_out_and_the_journal_says_which() {
    let claims = format!("{{ a: small, b: {}, c: last }}", "x".repeat(2_048));
    let emulator = with("{ a: a, b: b, c: c }", &claims).await;
    let jwt = jwt(&emulator).await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    configure(&mut socket, &jwt).await;
    socket.say("t-1", "hello").await;
    socket.next().await;
    assert_eq!(attributes(&emulator).await, json!({ "a": "small", "c": "last" }));
    let entries = emulator.journal("").await;
    let noted = entries.iter().filter_map(|entry| entry["notes"].as_array()).flatten();
    assert!(noted.into_iter().any(|note| note == "no room was left for the attributes b"));
}

#[tokio::test]
async fn a_token_made_by_hand_has_attributes_of_its_own() {
    let emulator = TestEmulator::start().await;
    let person = |attributes: Value| json!({ "deploymentId": DEPLOYMENT, "person": { "subject": "alice", "attributes": attributes } });
    let made =
        emulator.client.admin("POST", "/person-tokens", Some(&person(json!({ "tier": "gold" })))).await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    configure(&mut socket, made.json()["jwt"].as_str().unwrap()).await;
    socket.say("t-1", "hello").await;
    socket.next().await;
    assert_eq!(attributes(&emulator).await, json!({ "tier": "gold" }));
    let refused =
        emulator.client.admin("POST", "/person-tokens", Some(&person(json!({ "a tier": "gold" })))).await;
    assert_snapshot!(format!("{} {}", refused.status, refused.json()["detail"]), @r#"400 "`a tier` is not an attribute; expected 1 to 64 letters, digits, `.`, `_` or `-`""#);
}

#[tokio::test]
async fn rules_that_cannot_be_meant_do_not_load() {
    let emulator = TestEmulator::start().await;
    let mut said = String::new();
    for auth in [
        "claimAttributes: { tier: 'a tier' }",
        "claimAttributes: { tier: x, level: x }",
        "loginUrl: shop.test/login",
        "logoutUrl: 'javascript:x'",
    ] {
        let yaml = format!(
            "name: x\nworld: {{ orgs: [{{ deployments: {{ x: {{ id: x, auth: {{ {auth} }} }} }} }}] }}"
        );
        let answer = emulator.client.try_send("POST", "/__admin/scenarios/apply", &[], yaml).await.unwrap();
        said += &format!("{} {}\n", answer.status, answer.json()["detail"].as_str().unwrap());
    }
    assert_snapshot!(said, @r"
    400 org 00000000-0000-4000-8000-0000000000aa: scenario (request body): line 2 column 54: world: deployments.x.auth: `claimAttributes`: `a tier` is not an attribute; expected 1 to 64 letters, digits, `.`, `_` or `-`
    400 org 00000000-0000-4000-8000-0000000000aa: scenario (request body): line 2 column 54: world: deployments.x.auth: `claimAttributes`: `x` is made of two claims, `level` and `tier`
    400 org 00000000-0000-4000-8000-0000000000aa: scenario (request body): line 2 column 54: world: deployments.x.auth: `loginUrl` begins with `http://` or `https://`
    400 org 00000000-0000-4000-8000-0000000000aa: scenario (request body): line 2 column 54: world: deployments.x.auth: `logoutUrl` begins with `http://` or `https://`
    ");
}
