//! Who may use the admin API.

use insta::assert_snapshot;
use serde_json::json;

use super::told;
use crate::support::{Answer, TestEmulator};

async fn asked(emulator: &TestEmulator, headers: &[(&str, &str)]) -> Answer {
    emulator.client.try_send("GET", "/__admin/orgs", headers, "").await.unwrap()
}

#[tokio::test]
async fn plain_tools_and_containers_are_not_bothered() {
    let emulator = TestEmulator::start().await;
    for host in ["localhost", "emulator:4363", "192.0.2.7", "api.mypurecloud.com"] {
        assert_eq!(asked(&emulator, &[("host", host)]).await.status, 200, "{host}");
    }
}

#[tokio::test]
async fn pages_of_local_hosts_may() {
    let emulator = TestEmulator::start().await;
    for (host, origin) in [
        ("localhost:4363", "http://localhost:3000"),
        ("127.0.0.1:4363", "http://127.0.0.1:8080"),
        ("[::1]:4363", "http://[::1]:8080"),
        ("a.localhost", "https://b.localhost"),
        ("localhost", "http://LOCALHOST"),
    ] {
        let headers = [("host", host), ("origin", origin), ("sec-fetch-site", "cross-site")];
        assert_eq!(asked(&emulator, &headers).await.status, 200, "{host} {origin}");
    }
    let typed = [("host", "localhost"), ("sec-fetch-site", "none")];
    assert_eq!(asked(&emulator, &typed).await.status, 200);
}

#[tokio::test]
async fn pages_of_foreign_hosts_may_not_whatever_name_they_use() {
    let emulator = TestEmulator::start().await;
    for headers in [
        [("host", "localhost"), ("origin", "https://evil.example.test")],
        [("host", "evil.example.test"), ("origin", "http://evil.example.test")],
        [("host", "localhost"), ("origin", "null")],
        [("host", "localhost"), ("origin", "https://localhost.evil.example.test")],
        [("host", "localhost"), ("origin", "http://127.0.0.1.evil.example.test")],
        [("host", "evil.example.test"), ("sec-fetch-site", "same-origin")],
        [("host", "localhost"), ("sec-fetch-site", "cross-site")],
        [("host", "evil.example.test"), ("origin", "http://localhost")],
    ] {
        let answer = asked(&emulator, &headers).await;
        assert_eq!(answer.status, 403, "{headers:?}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
    let evil = [("host", "localhost"), ("origin", "https://evil.example.test:8443")];
    assert_snapshot!(asked(&emulator, &evil).await.text, @r#"{"type":"about:blank","title":"A page of a foreign host","status":403,"detail":"A page of https://evil.example.test:8443 may not use the admin API; --allowed-host evil.example.test lets it"}"#);
}

#[tokio::test]
async fn nobody_is_advised_to_allow_what_is_no_host_or_is_allowed_already() {
    let emulator = TestEmulator::start().await;
    for origin in ["null", ""] {
        let answer = asked(&emulator, &[("host", "localhost"), ("origin", origin)]).await;
        assert_eq!(
            told(&answer),
            "403 -: A page that does not say where it comes from may not use the admin API"
        );
    }
    let answer = asked(&emulator, &[("host", "evil.example.test"), ("origin", "http://localhost")]).await;
    assert_eq!(
        told(&answer),
        "403 -: A page of evil.example.test may not use the admin API; --allowed-host evil.example.test lets it"
    );
}

#[tokio::test]
async fn a_refused_page_changes_nothing() {
    let emulator = TestEmulator::start().await;
    let evil = [("origin", "https://evil.example.test")];
    let fault = json!({ "effect": { "reset": {} } }).to_string();
    let refused = emulator.client.try_send("POST", "/__admin/faults", &evil, fault).await.unwrap();
    assert_eq!(refused.status, 403);
    let listed = emulator.client.admin("GET", "/faults", None).await;
    assert_eq!(listed.json()["entities"], json!([]));
}

#[tokio::test]
async fn an_admin_token_is_wanted_everywhere_but_for_health_and_readiness() {
    let emulator = TestEmulator::with(|builder| builder.admin_token("s3cret")).await;
    let refused = asked(&emulator, &[]).await;
    assert_eq!(told(&refused), "401 -: Send `Authorization: Bearer` with the token that --admin-token gave");
    for wrong in ["Bearer wrong", "Bearer s3cre", "Basic s3cret", "s3cret"] {
        assert_eq!(asked(&emulator, &[("authorization", wrong)]).await.status, 401, "{wrong}");
    }
    assert_eq!(asked(&emulator, &[("authorization", "Bearer s3cret")]).await.status, 200);
    for open in ["/health", "/ready"] {
        assert_eq!(emulator.client.admin("GET", open, None).await.status, 200);
    }
    assert_eq!(emulator.client.admin("GET", "/version", None).await.status, 401);
    let evil = [("authorization", "Bearer s3cret"), ("origin", "https://evil.example.test")];
    assert_eq!(asked(&emulator, &evil).await.status, 403, "a token does not admit foreign pages");
}

#[tokio::test]
async fn the_emulated_surfaces_are_open_to_every_page() {
    let emulator = TestEmulator::with(|builder| builder.admin_token("s3cret")).await;
    let page = [("origin", "https://shop.example.test"), ("sec-fetch-site", "cross-site")];
    let answer = emulator.client.send("GET", "/.well-known/jwks.json", &page, "").await;
    assert_eq!(answer.status, 200);
}
