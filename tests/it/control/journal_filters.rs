//! The filters of `/journal`: one language with faults, scenarios and verification.

use insta::assert_snapshot;
use serde_json::json;

use super::told;
use crate::support::{DEPLOYMENT, TestEmulator};

/// Numbers of the entries that fit a query.
async fn found(emulator: &TestEmulator, query: &str) -> Vec<String> {
    let entries = emulator.journal(query).await;
    entries.iter().map(|entry| entry["n"].as_str().unwrap().to_owned()).collect()
}

/// An emulator in which something of every kind has happened.
async fn busy() -> TestEmulator {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await; // 1
    emulator.advance("10s").await;
    let body = json!({ "name": "Ann", "customer": { "tier": "gold" } });
    emulator.client.post("/api/v2/webchat/guest?a=1&b=x%20y", Some(&token), &body).await; // 2
    emulator.client.get("/api/v2/tokens/me", None).await; // 3: refused
    let fault = json!({ "id": "down", "when": { "path": "/api/v2/x" }, "effect": { "respond": { "code": "service.unavailable", "retryAfter": "5s" } } });
    emulator.fault(fault).await;
    emulator.client.get("/api/v2/x", None).await; // 4: injected
    emulator.client.get("/api/v2/y", None).await; // 5: unserved
    emulator.advance("10s").await;
    emulator.client.get("/.well-known/jwks.json", None).await; // 6
    let mut socket = emulator.socket(DEPLOYMENT).await; // 7
    socket.configure(DEPLOYMENT, "t-1").await; // 7.1, 7.2
    let say = json!({ "action": "onMessage", "token": "t-1", "tracingId": "trace-1", "message": { "type": "Text", "text": "Hi" } });
    socket.send(say).await; // 7.3
    socket.next().await; // 7.4
    emulator
}

#[tokio::test]
async fn every_word_finds_what_it_says() {
    let emulator = busy().await;
    let first = emulator.journal("").await.remove(1);
    let correlation = format!("correlationId={}", first["correlationId"].as_str().unwrap());
    for (query, expected) in [
        ("about=token", &["1", "2"] as &[_]),
        ("about=key_set", &["6"]),
        ("about=message", &["7.3", "7.4"]),
        ("path=/api/v2/tokens/me", &["3"]),
        ("path=/api/v2/*", &["4", "5"]),
        ("path=/api/**", &["2", "3", "4", "5"]),
        ("path=/oauth/token&path=/.well-known/**", &["1", "6"]),
        ("status=4xx", &["3"]),
        ("status=401&status=503", &["3", "4"]),
        ("host=*.0.0.1", &["1", "2", "3", "4", "5", "6", "7"]),
        ("host=localhost", &[]),
        ("status.atLeast=500", &["4", "5"]),
        ("kind=http&status.not=200&status.not=101", &["1", "2", "3", "4", "5", "6", "7"]),
        ("client.present=true&method.not=GET", &["1", "2"]),
        ("user.present=true", &[]),
        ("header.content-type.startsWith=application/x-www", &["1"]),
        ("header.Authorization=*", &["2"]),
        ("query.b=x y", &["2"]),
        ("form.grant_type=client_credentials", &["1"]),
        ("form.client_secret=emulator-guest-secret", &["1"]),
        ("form.client_secret=another", &[]),
        ("body.customer.tier=gold", &["2"]),
        ("body.name.contains=nn", &["2"]),
        ("body.message.text=Hi", &["7.3"]),
        ("response.body.code=service.unavailable", &["4"]),
        ("response.body.message.present=true", &["3", "4", "5"]),
        ("response.header.retry-after=5", &["4"]),
        ("action=onMessage", &["7.3"]),
        ("class=StructuredMessage", &["7.4"]),
        ("direction=in", &["7.1", "7.3"]),
        ("rule.startsWith=path.", &["5"]),
        ("reason.contains=does not serve", &["5"]),
        ("decision=refused", &["3"]),
        ("decision=injected", &["4"]),
        ("decision=unserved", &["5"]),
        ("decision.oneOf=injected,unserved", &["4", "5"]),
        ("tracingId=trace-1", &["7.3", "7.4"]),
        ("since=2026-01-02T03:04:15Z&until=2026-01-02T03:04:25Z", &["2", "3", "4", "5"]),
        ("kind=http&since=2026-01-02T03:04:25Z", &["6", "7"]),
        (&correlation, &["2"]),
    ] {
        assert_eq!(found(&emulator, query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn an_entry_is_found_by_its_number_its_correlation_id_and_its_tracing_id() {
    let emulator = busy().await;
    for entry in emulator.journal("").await {
        for name in [&entry["n"], &entry["correlationId"]] {
            let path = format!("/journal/{}", name.as_str().unwrap());
            assert_eq!(emulator.client.admin("GET", &path, None).await.json(), entry);
        }
    }
    assert_eq!(emulator.client.admin("GET", "/journal/trace-1", None).await.json()["n"], "7.3");
}

#[tokio::test]
async fn what_cannot_be_meant_is_named() {
    let emulator = TestEmulator::start().await;
    let mut said = String::new();
    for query in [
        "pth=/x",
        "path=x",
        "status=4x",
        "status=99",
        "decision=denied",
        "about=tokens",
        "direction=up",
        "status.least=400",
        "header=x",
        "response.code=x",
        "since=yesterday",
        "since=2026-01-02T03:04:15Z&until=2026-01-02T03:04:15Z",
        "action=onMessage&method=GET",
        "class=X&direction=in",
        "path=/x&kind=frameIn",
        "tracingId=x&kind=http",
        "format=hra",
    ] {
        let answer = emulator.client.admin("GET", &format!("/journal?{query}"), None).await;
        assert_eq!(answer.status, 400, "{query}: {}", answer.text);
        said.push_str(&format!("{query} → {}\n", told(&answer)));
    }
    assert_snapshot!(said, @"
    pth=/x → 400 pth: `pth` is not a filter, did you mean `path`?
    path=x → 400 path: `path`: must begin with `/`
    status=4x → 400 status: `status`: `4x` is no status; expected 100 to 599, or a class such as 4xx
    status=99 → 400 status: `status`: `99` is no status; expected 100 to 599, or a class such as 4xx
    decision=denied → 400 decision: `decision`: unknown variant `denied`, expected one of `granted`, `refused`, `unserved`, `injected`, `ended`, `abandoned`
    about=tokens → 400 about: `about`: unknown variant `tokens`, expected one of `token`, `key_set`, `message`; did you mean `token`?
    direction=up → 400 direction: `direction`: unknown variant `up`, expected `in` or `out`
    status.least=400 → 400 status.least: `least` is no rule; expected one of is, not, present, contains, startsWith, oneOf, atLeast, atMost, length
    header=x → 400 header: `header` is of values by name; write `header.<name>=<value>`
    response.code=x → 400 response.code: of an answer there are `response.header.<name>` and `response.body.<way>`
    since=yesterday → 400 since: `yesterday` is not a time; expected RFC 3339 such as 2026-01-02T03:04:05Z
    since=2026-01-02T03:04:15Z&until=2026-01-02T03:04:15Z → 400 until: `until`: is not after `since`: no time is between
    action=onMessage&method=GET → 400 action: `action`: is of frames, and something else here is of requests: nothing is both
    class=X&direction=in → 400 class: `class`: is of frames to the client; they go `out`
    path=/x&kind=frameIn → 400 path: `path`: is of requests, and `kind` is of frames
    tracingId=x&kind=http → 400 tracingId: `tracingId`: is of frames, and something else here is of requests: nothing is both
    format=hra → 400 format: `hra` is no format of a journal; did you mean `har`?
    ");
}
