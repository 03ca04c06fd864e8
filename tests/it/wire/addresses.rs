//! Where a request goes and what it is called there: prefix, host name, absolute form.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::exchange;
use crate::support::TestEmulator;

/// Without a public URL: absolute URLs start with what the request said.
async fn nameless() -> TestEmulator {
    TestEmulator::with(|_| {
        genesys_emulator::Emulator::builder().frozen_at(crate::support::emulator::START).unwrap()
    })
    .await
}

/// `issuer` and `jwks_uri` for this request line and host.
async fn issuer(emulator: &TestEmulator, target: &str, host: &str) -> String {
    let answer = exchange(emulator, &format!("GET {target} HTTP/1.1\nHost: {host}\n\n")).await;
    assert_eq!(answer.status(), "200", "{}", answer.body);
    let document: Value = serde_json::from_str(&answer.body).unwrap();
    format!("{} {}", document["issuer"], document["jwks_uri"])
}

const DISCOVERY: &str = "/.well-known/openid-configuration";

#[tokio::test]
async fn the_base_is_the_host_that_was_asked() {
    let emulator = nameless().await;
    assert_snapshot!(issuer(&emulator, DISCOVERY, "127.0.0.1:4363").await, @r#""http://127.0.0.1:4363" "http://127.0.0.1:4363/.well-known/jwks.json""#);
    assert_snapshot!(issuer(&emulator, DISCOVERY, "genesys:80").await, @r#""http://genesys" "http://genesys/.well-known/jwks.json""#);
    assert_snapshot!(issuer(&emulator, DISCOVERY, "[::1]:4363").await, @r#""http://[::1]:4363" "http://[::1]:4363/.well-known/jwks.json""#);
}

#[tokio::test]
async fn the_vendors_own_hosts_speak_https() {
    let emulator = nameless().await;
    assert_snapshot!(issuer(&emulator, DISCOVERY, "api.mypurecloud.com").await, @r#""https://api.mypurecloud.com" "https://api.mypurecloud.com/.well-known/jwks.json""#);
    assert_snapshot!(issuer(&emulator, DISCOVERY, "login.usw2.pure.cloud").await, @r#""https://login.usw2.pure.cloud" "https://login.usw2.pure.cloud/.well-known/jwks.json""#);
}

#[tokio::test]
async fn a_target_in_absolute_form_wins_over_the_host_header() {
    let emulator = nameless().await;
    let target = format!("https://api.mypurecloud.com{DISCOVERY}");
    assert_snapshot!(issuer(&emulator, &target, "127.0.0.1:8080").await, @r#""https://api.mypurecloud.com" "https://api.mypurecloud.com/.well-known/jwks.json""#);
    let target = format!("http://api.mypurecloud.ie:80{DISCOVERY}");
    assert_snapshot!(issuer(&emulator, &target, "ignored").await, @r#""https://api.mypurecloud.ie:80" "https://api.mypurecloud.ie:80/.well-known/jwks.json""#);

    let form = "grant_type=client_credentials&client_id=emulator-client&client_secret=emulator-secret";
    let request = format!(
        "POST https://api.mypurecloud.com/oauth/token HTTP/1.1\nhost: api.mypurecloud.com\nContent-Length: {}\n\n{form}",
        form.len()
    );
    assert_eq!(exchange(&emulator, &request).await.status(), "200");
}

#[tokio::test]
async fn a_prefix_or_a_host_below_localhost_names_the_org() {
    let emulator = nameless().await;
    let org = emulator.client.admin("POST", "/orgs", Some(&json!({}))).await.json();
    let id = org["id"].as_str().unwrap();
    let keys = async |target: &str, host: &str| {
        exchange(&emulator, &format!("GET {target} HTTP/1.1\nHost: {host}\n\n")).await.body
    };
    let default = keys("/.well-known/jwks.json", "localhost").await;
    let own = keys(&format!("/@{id}/.well-known/jwks.json"), "localhost").await;
    assert_ne!(own, default);
    assert_eq!(keys("/.well-known/jwks.json", &format!("{id}.localhost:4363")).await, own);
    // the prefix wins, and a target in absolute form has a host, too
    let both = keys(&format!("http://{}.localhost/.well-known/jwks.json", crate::support::ORG), "x").await;
    assert_eq!(both, default);

    let named = issuer(&emulator, &format!("/@{id}{DISCOVERY}"), "localhost:1").await;
    assert_eq!(
        named,
        format!("\"http://localhost:1/@{id}\" \"http://localhost:1/@{id}/.well-known/jwks.json\"")
    );
    let named = issuer(&emulator, DISCOVERY, &format!("{id}.localhost:1")).await;
    assert_eq!(
        named,
        format!("\"http://{id}.localhost:1\" \"http://{id}.localhost:1/.well-known/jwks.json\"")
    );
}

#[tokio::test]
async fn an_unknown_org_in_prefix_or_host_is_404() {
    let emulator = nameless().await;
    for (target, host) in
        [("/@nobody/oauth/token", "x"), ("/oauth/token", "nobody.localhost"), ("/@nobody", "x")]
    {
        let answer = exchange(&emulator, &format!("POST {target} HTTP/1.1\nHost: {host}\n\n")).await;
        assert_eq!(answer.status(), "404", "{target} {host}: {}", answer.body);
    }
}

#[tokio::test]
async fn a_public_url_wins_over_whatever_was_asked() {
    let emulator = TestEmulator::start().await;
    assert_snapshot!(issuer(&emulator, DISCOVERY, "api.mypurecloud.com").await, @r#""http://emulator.test" "http://emulator.test/.well-known/jwks.json""#);
}

#[tokio::test]
async fn a_guest_jwt_names_the_base_that_its_proxy_used_and_is_good_at_every_other() {
    let emulator = nameless().await;
    let token = emulator.guest_client_token().await;
    let post = format!(
        "POST /api/v2/webchat/guest HTTP/1.1\nHost: api.mypurecloud.com\nAuthorization: Bearer {token}\nContent-Length: 4\n\nnull"
    );
    let answer = exchange(&emulator, &post).await;
    assert_eq!(answer.status(), "200", "the body null stands for none");
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    let jwt = body["access_token"].as_str().unwrap();
    let target = format!(
        "/v1?deploymentId=&deploymentId={}&token=&token={jwt}",
        crate::support::GUEST_TOKEN_DEPLOYMENT
    );
    emulator.upgrade(&target).await.unwrap();
}

#[tokio::test]
async fn empty_query_values_are_absent() {
    let emulator = TestEmulator::start().await;
    let answer = exchange(
        &emulator,
        "GET /api/v2/webmessaging/messages?pageSize=&pageNumber=&& HTTP/1.1\nHost: x\n\n",
    )
    .await;
    assert_eq!(answer.status(), "401", "not 400: {}", answer.body);
    let answer =
        exchange(&emulator, "GET /api/v2/webmessaging/messages?pageSize=x HTTP/1.1\nHost: x\n\n").await;
    assert_eq!(answer.status(), "400");
    assert_snapshot!(answer.body, @r#"{"message":"Value [x] is not valid for its query parameter.","code":"invalid.query.param.value","status":400,"contextId":"ce8c5a36-ff6b-4372-a46c-6311e122de80","details":[],"errors":[]}"#);
}
