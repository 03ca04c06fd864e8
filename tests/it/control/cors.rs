//! The admin API for pages of other local ports: preflights, and answers that they may read.

use insta::assert_snapshot;
use serde_json::json;

use crate::support::{Answer, TestEmulator};

const LOCAL: [&str; 5] = [
    "http://localhost:3000",
    "http://127.0.0.1:8080",
    "http://[::1]:8080",
    "https://shop.localhost",
    "http://LOCALHOST",
];
const FOREIGN: [&str; 4] = [
    "https://evil.example.test",
    "null",
    "http://localhost.evil.example.test",
    "http://127.0.0.1.evil.example.test",
];

/// The headers that browsers look at, one a line.
fn told(answer: &Answer) -> String {
    let cors = |name: &str| name.starts_with("access-control") || name == "vary";
    let lines = answer.headers.iter().filter(|(name, _)| cors(name));
    let lines: Vec<_> = lines.map(|(name, value)| format!("{name}: {value}")).collect();
    format!("{}\n{}", answer.status, lines.join("\n")).trim_end().to_owned()
}

async fn preflight(emulator: &TestEmulator, origin: &str, more: &[(&str, &str)]) -> Answer {
    let mut headers = vec![
        ("host", "localhost:4363"),
        ("origin", origin),
        ("sec-fetch-site", "cross-site"),
        ("access-control-request-method", "PUT"),
        ("access-control-request-headers", "authorization,content-type"),
    ];
    headers.extend(more);
    emulator.client.try_send("OPTIONS", "/__admin/clock", &headers, "").await.unwrap()
}

#[tokio::test]
async fn a_page_of_another_local_port_is_told_what_it_may_send() {
    let emulator = TestEmulator::start().await;
    let answer = preflight(&emulator, LOCAL[0], &[]).await;
    assert_eq!(answer.text, "");
    assert_snapshot!(told(&answer), @"
    204
    access-control-allow-headers: Authorization,Content-Type,Last-Event-ID
    access-control-allow-methods: GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS
    access-control-allow-origin: http://localhost:3000
    access-control-max-age: 600
    vary: Origin
    ");
    for origin in LOCAL {
        let answer = preflight(&emulator, origin, &[]).await;
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (204, origin));
    }
    let private = [("access-control-request-private-network", "true")];
    let answer = preflight(&emulator, LOCAL[0], &private).await;
    assert_eq!(answer.header("access-control-allow-private-network"), "true");
}

#[tokio::test]
async fn it_reads_every_answer_refusals_too() {
    let emulator = TestEmulator::start().await;
    let json = json!({ "advance": "1h" }).to_string();
    for origin in LOCAL {
        let page = [("host", "localhost:4363"), ("origin", origin), ("content-type", "application/json")];
        for (method, path, body, status) in [
            ("GET", "/__admin/orgs", "", 200),
            ("PUT", "/__admin/clock", json.as_str(), 200),
            ("PUT", "/__admin/clock", "{}", 400),
            ("GET", "/__admin/nothing", "", 404),
        ] {
            let answer = emulator.client.try_send(method, path, &page, body.to_owned()).await.unwrap();
            let expected = format!("{status}\naccess-control-allow-origin: {origin}\nvary: Origin");
            assert_eq!(told(&answer), expected, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_foreign_page_is_refused_and_not_told_why() {
    let emulator = TestEmulator::start().await;
    for origin in FOREIGN {
        assert_eq!(told(&preflight(&emulator, origin, &[]).await), "403", "{origin}");
        let page = [("host", "localhost:4363"), ("origin", origin)];
        let answer = emulator.client.try_send("GET", "/__admin/orgs", &page, "").await.unwrap();
        assert_eq!(told(&answer), "403", "{origin}");
    }
    let rebound = [("host", "evil.example.test"), ("origin", LOCAL[0])];
    let answer = emulator.client.try_send("GET", "/__admin/orgs", &rebound, "").await.unwrap();
    assert_eq!(told(&answer), "403");
}

#[tokio::test]
async fn a_preflight_brings_no_admin_token_and_the_request_behind_it_must() {
    let emulator = TestEmulator::with(|builder| builder.admin_token("s3cret")).await;
    assert_eq!(preflight(&emulator, LOCAL[0], &[]).await.status, 204);
    for (authorization, status) in [("", 401), ("Bearer s3cret", 200)] {
        let page = [("host", "localhost:4363"), ("origin", LOCAL[0]), ("authorization", authorization)];
        let answer = emulator.client.try_send("GET", "/__admin/orgs", &page, "").await.unwrap();
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (status, LOCAL[0]));
    }
}

#[tokio::test]
async fn without_a_page_nothing_of_it_is_said() {
    let emulator = TestEmulator::start().await;
    assert_eq!(told(&emulator.client.admin("GET", "/orgs", None).await), "200");
    let options = emulator.client.try_send("OPTIONS", "/__admin/orgs", &[], "").await.unwrap();
    assert_eq!(told(&options), "405");
}
