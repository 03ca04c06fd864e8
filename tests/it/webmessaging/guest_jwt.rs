//! Guest JWTs at the upgrade: how they are presented, and whose are good.

use genesys_emulator::Emulator;
use serde_json::json;

use crate::support::{
    DEPLOYMENT, GUEST_TOKEN_DEPLOYMENT, Socket, TestEmulator,
    emulator::{PUBLIC_URL, START},
    scenario,
};

#[tokio::test]
async fn a_guest_jwt_is_taken_as_bearer_and_under_three_names_in_the_query() {
    let emulator = TestEmulator::start().await;
    let jwt = emulator.guest_jwt().await;
    let ways = [
        ("", Some(format!("Bearer {jwt}"))),
        ("", Some(format!("bearer {jwt}"))),
        ("token", None),
        ("access_token", None),
        ("zChatToken", None),
    ];
    for (nth, (parameter, header)) in ways.into_iter().enumerate() {
        let mut target = format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}");
        if !parameter.is_empty() {
            target = format!("{target}&{parameter}={jwt}");
        }
        let headers: Vec<_> = header.iter().map(|value| ("authorization", value.as_str())).collect();
        let mut socket = Socket::open(&emulator.base(), &target, &headers).await.unwrap();
        let answer = socket.configure(GUEST_TOKEN_DEPLOYMENT, &nth.to_string()).await;
        assert_eq!(answer["class"], "SessionResponse");
    }
    let guests: Vec<_> = emulator.journal("surface=webmessaging&kind=http").await;
    assert!(guests.iter().all(|entry| entry["guest"] == guests[0]["guest"]));
    assert!(guests[0]["guest"].as_str().unwrap().starts_with("guest-"));
}

#[tokio::test]
async fn a_guest_jwt_is_looked_at_where_it_is_not_demanded() {
    let emulator = TestEmulator::start().await;
    let target = format!("/v1?deploymentId={DEPLOYMENT}&token=");
    let jwt = emulator.guest_jwt().await;
    assert!(emulator.upgrade(&format!("{target}{jwt}")).await.is_ok());
    assert_eq!(emulator.upgrade(&format!("{target}garbage")).await.err().unwrap().0, 403);
}

/// An emulator that goes by the request's own base URL, with a deployment that is strict about it.
async fn without_public_url() -> TestEmulator {
    let text = "world: { orgs: [ { deployments: { strict: { id: strict, admission: guest_token, strictIssuer: true } } } ] }";
    let file = scenario::file(text);
    let path = scenario::path(&file).to_owned();
    TestEmulator::with(|_| Emulator::builder().frozen_at(START).unwrap().seed(1).scenario(path)).await
}

/// A guest JWT as issued to whoever calls the emulator by this name.
async fn issued_under(emulator: &TestEmulator, host: &str) -> String {
    let bearer = format!("Bearer {}", emulator.guest_client_token().await);
    let headers = [("host", host), ("authorization", &bearer), ("content-type", "application/json")];
    let answer = emulator.client.send("POST", "/api/v2/webchat/guest", &headers, r#"{"name":"Ann"}"#).await;
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_token_issued_under_another_name_of_the_same_org_is_accepted() {
    let emulator = without_public_url().await;
    let jwt = issued_under(&emulator, "genesys:4363").await;
    let target = format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}&token={jwt}");
    assert!(emulator.upgrade(&target).await.is_ok());
}

#[tokio::test]
async fn a_strict_deployment_wants_tokens_issued_under_its_very_own_name() {
    let emulator = without_public_url().await;
    let other = issued_under(&emulator, "genesys:4363").await;
    let refused = emulator.upgrade(&format!("/v1?deploymentId=strict&token={other}")).await;
    assert_eq!(refused.err().unwrap().0, 401);
    let refusal = emulator.last_refusal().await;
    assert_eq!(refusal["rule"], "issuer.mismatch");
    let address = emulator.emulator.address().to_string();
    let says = format!("iss is http://genesys:4363, expected http://{address}");
    assert_eq!(refusal["reason"], says);
    let own = issued_under(&emulator, &address).await;
    assert!(emulator.upgrade(&format!("/v1?deploymentId=strict&token={own}")).await.is_ok());
}

#[tokio::test]
async fn a_token_of_another_org_opens_nothing_here() {
    let emulator = TestEmulator::start().await;
    let made = emulator.client.admin("POST", "/orgs", Some(&json!({}))).await.json();
    let other = crate::support::client::Client::new(
        made["url"].as_str().unwrap().replace(PUBLIC_URL, &emulator.base()),
    );
    let (id, secret) = (&made["clientId"], &made["clientSecret"]);
    let body = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        id.as_str().unwrap(),
        secret.as_str().unwrap()
    );
    let token = other.post_form("/oauth/token", &body).await.json();
    let guest = other
        .post("/api/v2/webchat/guest", token["access_token"].as_str(), &json!({ "name": "Bob" }))
        .await
        .json();
    let jwt = guest["access_token"].as_str().unwrap();
    let theirs = made["ids"]["deployments.guestToken"].as_str().unwrap();
    assert!(emulator.upgrade(&format!("/v1?deploymentId={theirs}&token={jwt}")).await.is_ok());
    let ours = format!("?deploymentId={GUEST_TOKEN_DEPLOYMENT}&token={jwt}");
    assert_eq!(emulator.upgrade(&format!("/v1{ours}")).await.err().unwrap().0, 403);
    let addressed = format!("/@{}/v1{ours}", crate::support::ORG);
    assert_eq!(emulator.upgrade(&addressed).await.err().unwrap().0, 403);
    assert_eq!(emulator.last_refusal().await["rule"], "guest_token.foreign");
}

#[tokio::test]
async fn so_it_is_after_a_reset_which_forgets_all_names() {
    let emulator = without_public_url().await;
    let jwt = issued_under(&emulator, "genesys:4363").await;
    let mut wrong = Vec::new();
    for mode in ["wrong_iss", "wrong_aud", "wrong_region"] {
        emulator
            .client
            .admin("PUT", "/faults", Some(&json!([{ "effect": { "claims": { "mode": mode } } }])))
            .await;
        wrong.push(issued_under(&emulator, "genesys:4363").await);
    }
    emulator.client.admin("POST", "/reset", None).await;
    let target = format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}&token=");
    assert_eq!(emulator.upgrade(&format!("{target}{jwt}")).await.err(), None);
    let mut rules = Vec::new();
    for jwt in wrong {
        assert_eq!(emulator.upgrade(&format!("{target}{jwt}")).await.err().unwrap().0, 401);
        rules.push(emulator.last_refusal().await["rule"].clone());
    }
    assert_eq!(json!(rules), json!(["issuer.mismatch", "issuer.mismatch", "wrong.region"]));
    assert_eq!(emulator.upgrade(&format!("/v1?deploymentId=strict&token={jwt}")).await.err().unwrap().0, 401);
    assert_eq!(emulator.last_refusal().await["rule"], "issuer.mismatch");
}
