//! The platform as relying party: what it fetches, how long it keeps that, and whom it trusts without asking.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use insta::assert_snapshot;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::{
    REDIRECT_URI, came_back, code,
    exchange::{EXCHANGE, exchange, exchange_code, id_token, word},
    request, text,
};
use crate::support::{DEPLOYMENT, ORG, TestEmulator};

async fn integration(emulator: &TestEmulator) -> Value {
    emulator.client.admin("GET", "/integrations", None).await.json()["entities"][0].clone()
}

async fn with_main(written: &str) -> TestEmulator {
    TestEmulator::yaml(&format!("world: {{ orgs: [{{ integrations: {{ main: {written} }} }}] }}")).await
}

async fn rotate(emulator: &TestEmulator) {
    let answer =
        emulator.client.admin("POST", "/keys/idp:main/rotate", Some(&json!({ "mode": "hard" }))).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

/// What the journal says of the fetches for the last exchange.
async fn fetches(emulator: &TestEmulator) -> String {
    let entries = emulator.journal("target=/api/v2/webdeployments/").await;
    let notes = entries.last().unwrap()["notes"].as_array().cloned().unwrap_or_default();
    let notes: Vec<_> = notes.iter().map(|note| note.as_str().unwrap()).collect();
    notes.join("\n").replace(ORG, "{org}")
}

#[tokio::test]
async fn a_rotated_key_behind_a_warm_cache_is_unknown_until_the_cache_is_old_or_flushed() {
    let emulator = TestEmulator::start().await;
    assert_eq!(exchange_code(&emulator).await.status, 200);
    assert_snapshot!(fetches(&emulator).await, @r#"
    GET http://emulator.test/@{org}/idp/main/.well-known/openid-configuration: 200 OK
    POST http://emulator.test/@{org}/idp/main/token: 200 OK
    GET http://emulator.test/@{org}/idp/main/jwks: 200 OK
    user-alice has signed in
    "#);
    rotate(&emulator).await;
    for _ in 0..2 {
        let answer = exchange_code(&emulator).await;
        assert_eq!(word(&emulator, &answer).await, "kid.unknown");
    }
    assert_snapshot!(fetches(&emulator).await, @"POST http://emulator.test/@{org}/idp/main/token: 200 OK");
    assert_eq!(integration(&emulator).await["keySetFetches"], 1, "the set that is there is used");
    emulator.advance("4m59s").await;
    assert_eq!(exchange_code(&emulator).await.status, 401);
    emulator.advance("1s").await;
    assert_eq!(exchange_code(&emulator).await.status, 200);
    assert_eq!(integration(&emulator).await["keySetFetches"], 2);

    rotate(&emulator).await;
    let answer = exchange_code(&emulator).await;
    assert_eq!(word(&emulator, &answer).await, "kid.unknown");
    let flushed = emulator.client.admin("POST", "/integrations/main/flush", None).await;
    assert_eq!(flushed.status, 200, "{}", flushed.text);
    assert_eq!(exchange_code(&emulator).await.status, 200);
    let asked = emulator.journal("target=/idp/main/jwks").await.len();
    assert_eq!((&integration(&emulator).await["keySetFetches"], asked), (&json!(3), 3));
    assert_eq!(emulator.client.admin("POST", "/integrations/mian/flush", None).await.status, 404);
}

#[tokio::test]
async fn what_the_platform_fetches_belongs_to_the_trace_of_the_exchange() {
    let emulator = TestEmulator::start().await;
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let parent = format!("00-{trace}-00f067aa0ba902b7-01");
    let headers =
        [("traceparent", parent.as_str()), ("tracestate", "a=1,b=2"), ("content-type", "application/json")];
    let exchange = async |headers: &[(&str, &str)]| {
        let oauth = json!({ "code": code(&emulator, &[]).await, "redirectUri": REDIRECT_URI });
        let body = json!({ "deploymentId": DEPLOYMENT, "oauth": oauth });
        emulator.client.send("POST", EXCHANGE, headers, body.to_string()).await
    };
    let answer = exchange(&headers).await;
    assert_eq!(answer.status, 200, "{}", answer.text);

    let entries = emulator.journal(&format!("traceId={trace}")).await;
    let told: Vec<_> = entries
        .iter()
        .map(|entry| {
            let headers = &entry["request"]["headers"];
            assert_eq!(headers["tracestate"], "a=1,b=2");
            let target = entry["target"].as_str().unwrap();
            format!("{target}: {}", headers["traceparent"].as_str().unwrap().replace(trace, "trace"))
        })
        .collect();
    assert_snapshot!(told.join("\n"), @"
    /idp/main/.well-known/openid-configuration: 00-trace-fe67d217edbdae4c-01
    /idp/main/token: 00-trace-4c38736112d2ae69-01
    /idp/main/jwks: 00-trace-220588d328794727-01
    /api/v2/webdeployments/token/oauthcodegrantjwtexchange: 00-trace-00f067aa0ba902b7-01
    ");

    // of a provider elsewhere, a note is all there is to be found
    assert_eq!(emulator.journal("note=GET%20http*").await.len(), 0, "compared as a whole");
    let wanted = json!({ "match": { "note": { "contains": "/idp/main/jwks: 200" } }, "times": 1 });
    assert_eq!(emulator.client.admin("POST", "/verify", Some(&wanted)).await.status, 200);

    // without a trace, or with one that is not valid, nothing is made up
    for headers in [&headers[2..], &[("traceparent", "00-1-2-3"), headers[2]]] {
        emulator.advance("6m").await;
        exchange(headers).await;
        let fetched = emulator.journal("target=/idp/main/jwks").await;
        assert_eq!(fetched.last().unwrap()["request"]["headers"]["traceparent"], Value::Null);
    }
}

#[tokio::test]
async fn looking_for_an_unknown_key_again_is_a_setting_with_a_cooldown() {
    let emulator = with_main("{ keys: { refetchOnUnknownKid: true, cooldown: 1m } }").await;
    for expected in [200, 200, 401] {
        assert_eq!(exchange_code(&emulator).await.status, expected);
        rotate(&emulator).await;
    }
    emulator.advance("1m").await;
    assert_eq!(exchange_code(&emulator).await.status, 200);
    assert_eq!(integration(&emulator).await["keySetFetches"], 3);
}

#[tokio::test]
async fn the_time_that_documents_are_kept_is_a_setting_or_the_provider_s_own() {
    for (keys, kept) in [("{ ttl: 10s }", 10), ("{ ttl: 10s, honourCacheControl: true }", 300)] {
        let emulator = with_main(&format!("{{ keys: {keys} }}")).await;
        exchange_code(&emulator).await;
        emulator.advance(&format!("{}s", kept - 1)).await;
        exchange_code(&emulator).await;
        assert_eq!(integration(&emulator).await["keySetFetches"], 1, "{keys}");
        emulator.advance("1s").await;
        exchange_code(&emulator).await;
        assert_eq!(integration(&emulator).await["keySetFetches"], 2, "{keys}");
    }
}

#[tokio::test]
async fn a_provider_that_does_not_answer_well_is_unreachable_and_nothing_of_it_is_kept() {
    let emulator = TestEmulator::start().await;
    let mut said = Vec::new();
    for (path, effect) in [
        ("/idp/main/jwks", json!({ "respond": { "status": 503 } })),
        ("/idp/main/jwks", json!({ "respond": { "status": 200, "body": "<html>" } })),
        ("/idp/main/jwks", json!({ "reset": {} })),
        ("/idp/main/token", json!({ "respond": { "status": 404, "body": "not here" } })),
        ("/idp/main/token", json!({ "respond": { "status": 200, "body": "{]" } })),
    ] {
        let fault = json!([{ "id": "f", "when": { "path": path }, "effect": effect }]);
        emulator.client.admin("PUT", "/faults", Some(&fault)).await;
        let answer = exchange_code(&emulator).await;
        assert_eq!(word(&emulator, &answer).await, "idp.unreachable");
        said.push(emulator.last_refusal().await["reason"].as_str().unwrap().to_owned());
    }
    emulator.client.admin("DELETE", "/faults", None).await;
    assert_eq!(exchange_code(&emulator).await.status, 200);
    assert_snapshot!(said.join("\n").replace(ORG, "{org}"), @r#"
    http://emulator.test/@{org}/idp/main/jwks answers 503 Service Unavailable
    http://emulator.test/@{org}/idp/main/jwks is no key set: expected value at line 1 column 1
    http://emulator.test/@{org}/idp/main/jwks: the answer could not be read: connection error
    http://emulator.test/@{org}/idp/main/token answers 404 Not Found without a token or an OAuth error
    http://emulator.test/@{org}/idp/main/token answers no token response: key must be a string at line 1 column 2
    "#);
}

#[tokio::test]
async fn every_org_asks_its_own_provider_and_nothing_of_that_is_seen_elsewhere() {
    let emulator = TestEmulator::start().await;
    let other = emulator.client.admin("POST", "/orgs", Some(&json!({ "name": "Other" }))).await.json();
    let (org, deployment) = (text(&other, "id"), text(&other, "deploymentId"));
    let path =
        format!("/@{org}/idp/main/authorize?{}", request(&[("prompt", "none"), ("login_hint", "bob")]));
    let code = came_back(&emulator.client.get(&path, None).await).remove("code").unwrap();
    let oauth = json!({ "code": code, "redirectUri": REDIRECT_URI });
    // the deployment says whose exchange it is
    let body = json!({ "deploymentId": deployment, "oauth": oauth });
    let answer = emulator.client.post(EXCHANGE, None, &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(super::claims(text(&answer.json(), "jwt"))["sub"], "user-bob");
    assert!(emulator.journal("").await.is_empty());
    assert_eq!(integration(&emulator).await["keySetFetches"], 0);
}

#[tokio::test]
async fn a_slow_provider_is_waited_for_in_the_org_s_time() {
    let emulator = TestEmulator::start().await;
    let slow = json!({ "when": { "path": "/idp/main/token" }, "effect": { "delay": { "for": "50s" } } });
    emulator.fault(slow).await;
    emulator.client.admin("PUT", "/clock", Some(&json!({ "rate": "auto" }))).await;
    assert_eq!(exchange_code(&emulator).await.status, 200);
}

/// Answers each connection with this, whatever is asked.
async fn stub(answer: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(&answer).await;
        }
    });
    format!("http://{address}/.well-known/openid-configuration")
}

#[tokio::test]
async fn an_answer_is_bounded_and_redirects_are_not_followed() {
    let huge =
        [b"HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n".to_vec(), vec![b' '; 2_000_000]].concat();
    let mut said = Vec::new();
    for answer in [
        huge,
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n".to_vec(),
        b"SSH-2.0-x\r\n".to_vec(),
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".to_vec(),
    ] {
        let url = stub(answer).await;
        let emulator = with_main(&format!("{{ discoveryUri: '{url}' }}")).await;
        let answer = exchange_code(&emulator).await;
        assert_eq!(word(&emulator, &answer).await, "idp.unreachable");
        let reason = emulator.last_refusal().await["reason"].as_str().unwrap().to_owned();
        said.push(reason.replace(&url, "{url}"));
    }
    assert_snapshot!(said.join("\n"), @r#"
    {url}: the answer has more than 1048576 bytes
    {url} answers 302 Found
    {url}: the answer could not be read: invalid HTTP version parsed
    {url} is no discovery document: missing field `issuer` at line 1 column 2
    "#);
}

#[tokio::test]
async fn a_provider_elsewhere_is_asked_over_the_network_and_may_be_gone_later() {
    let provider = TestEmulator::of_its_own_url().await;
    let discovery = format!("{}/idp/main/.well-known/openid-configuration", provider.base());
    let emulator = with_main(&format!("{{ discoveryUri: '{discovery}' }}")).await;
    for _ in 0..2 {
        let oauth = json!({ "code": code(&provider, &[]).await, "redirectUri": REDIRECT_URI });
        let answer = exchange(&emulator, oauth).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    assert_snapshot!(fetches(&emulator).await.replace(&provider.base(), "{provider}"), @r#"
    POST {provider}/idp/main/token: 200 OK
    user-alice has signed in
    "#);
    let nonce = "n-1";
    let token = id_token(&provider, nonce).await;
    let base = provider.base();
    provider.emulator.stop().await;
    let answer = exchange(&emulator, json!({ "idToken": token, "nonce": nonce })).await;
    assert_eq!(answer.status, 200, "what is kept is enough: {}", answer.text);
    emulator.advance("5m").await;
    let answer = exchange(&emulator, json!({ "idToken": token, "nonce": "n-2" })).await;
    assert_eq!(word(&emulator, &answer).await, "idp.unreachable");
    let told = fetches(&emulator).await.replace(&base, "{provider}");
    assert!(
        told.starts_with(
            "GET {provider}/idp/main/.well-known/openid-configuration: no connection to 127.0.0.1:"
        ),
        "{told}"
    );
}

#[tokio::test]
async fn fetches_can_be_confined_to_loopback() {
    let mut file = tempfile::Builder::new().suffix(".yaml").tempfile().unwrap();
    let yaml = "world: { orgs: [{ integrations: { main: { discoveryUri: 'http://192.0.2.1/x' } } }] }";
    std::io::Write::write_all(&mut file, yaml.as_bytes()).unwrap();
    let path = file.path().to_str().unwrap().to_owned();
    let emulator = TestEmulator::with(|builder| builder.confine_fetches(true).scenario(path)).await;
    let answer = exchange_code(&emulator).await;
    assert_eq!(word(&emulator, &answer).await, "idp.unreachable");
    assert_snapshot!(fetches(&emulator).await, @"GET http://192.0.2.1/x: 192.0.2.1 is at 192.0.2.1:80, and fetches are confined to loopback");
}

/// A public key as PEM: the structure of RFC 5280 section 4.1.2.7 around modulus and exponent.
fn pem(jwk: &Value) -> String {
    let integer = |name: &str| {
        let bytes = URL_SAFE_NO_PAD.decode(text(jwk, name)).unwrap();
        tagged(2, &[&[0][..usize::from(bytes[0] >= 128)], &bytes].concat())
    };
    let key = tagged(0x30, &[integer("n"), integer("e")].concat());
    let rsa = [0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1, 5, 0];
    let bits = tagged(3, &[vec![0], key].concat());
    let encoded = STANDARD.encode(tagged(0x30, &[&rsa[..], &bits].concat()));
    format!("-----BEGIN PUBLIC KEY-----\n{encoded}\n-----END PUBLIC KEY-----\n")
}

fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    let length = if content.len() < 128 { vec![length[1]] } else { vec![0x82, length[0], length[1]] };
    [vec![tag], length, content.to_vec()].concat()
}

#[tokio::test]
async fn an_uploaded_key_is_enough_and_then_nobody_is_asked() {
    let published = TestEmulator::start().await.client.get("/idp/main/jwks", None).await.json();
    let jwk = &published["keys"][0];
    for (key, after) in [(jwk.clone(), "kid.unknown"), (json!(pem(jwk)), "signature.invalid")] {
        let written = json!({ "issuer": "http://emulator.test/idp/main", "staticKey": key });
        let emulator = with_main(&written.to_string()).await;
        let token = id_token(&emulator, "n-1").await;
        let answer = exchange(&emulator, json!({ "idToken": token, "nonce": "n-1" })).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        rotate(&emulator).await;
        let token = id_token(&emulator, "n-2").await;
        let answer = exchange(&emulator, json!({ "idToken": token, "nonce": "n-2" })).await;
        assert_eq!(word(&emulator, &answer).await, after);
        assert!(emulator.journal("target=/idp/main/jwks").await.is_empty());
        let answer = exchange_code(&emulator).await;
        assert_eq!(word(&emulator, &answer).await, "idp.unreachable", "there is nobody to redeem a code");
    }
}

#[tokio::test]
async fn clock_skew_and_the_least_lifetime_are_settings() {
    for (written, status) in [
        ("{ clockSkew: 59m }", 401),
        ("{ clockSkew: 61m }", 200),
        ("{ clockSkew: 61m, minimumLifetime: 61m }", 401),
    ] {
        let emulator = with_main(written).await;
        let effect = json!({ "claims": { "token": "id", "mode": "expired" } });
        emulator.fault(json!({ "id": "f", "effect": effect })).await;
        assert_eq!(exchange_code(&emulator).await.status, status, "{written}");
    }
    let emulator = with_main("{ implicitFlow: false }").await;
    let token = id_token(&emulator, "n").await;
    let answer = exchange(&emulator, json!({ "idToken": token, "nonce": "n" })).await;
    assert_eq!(word(&emulator, &answer).await, "implicit.not.supported");
}

#[tokio::test]
async fn tokens_can_be_stamped_with_real_time_for_verifiers_elsewhere() {
    let emulator = TestEmulator::yaml("world: { orgs: [{ tokenTimes: wall }] }").await;
    let started = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let answer = exchange_code(&emulator).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let guest = emulator.guest_jwt().await;
    for jwt in [text(&answer.json(), "jwt"), &guest, &id_token(&emulator, "n").await] {
        let claims = super::claims(jwt);
        assert!(claims["iat"].as_u64().unwrap() >= started, "{claims}");
    }
    let target = format!("/v1?deploymentId={}&token={guest}", crate::support::GUEST_TOKEN_DEPLOYMENT);
    emulator.upgrade(&target).await.unwrap();
    // the org's clock has no say in it
    emulator.advance("720h").await;
    emulator.upgrade(&target).await.unwrap();
}

#[tokio::test]
async fn an_integration_that_cannot_work_is_refused_with_its_place() {
    let emulator = TestEmulator::start().await;
    let mut said = Vec::new();
    for written in [
        json!({ "provider": "mian" }),
        json!({ "discoveryUri": "idp.test" }),
        json!({ "provider": "main", "discoveryUri": "http://idp.test" }),
        json!({ "issuer": "http://idp.test" }),
        json!({ "provider": "main", "staticKey": 7 }),
        json!({ "provider": "main", "refreshLifetime": "1m" }),
    ] {
        let body = json!({ "world": { "orgs": [{ "integrations": { "main": written } }] } });
        let answer = emulator.client.admin("POST", "/scenarios/apply", Some(&body)).await;
        said.push(format!("{} {}", answer.status, text(&answer.json(), "detail")));
    }
    assert_snapshot!(said.join("\n"), @r"
    400 org 00000000-0000-4000-8000-0000000000aa: scenario (request body): line 1 column 44: world: integrations.main: there is no identity provider `mian`
    400 org 00000000-0000-4000-8000-0000000000aa: scenario (request body): line 1 column 44: world: integrations.main: `discoveryUri` begins with `http://` or `https://`
    400 org 00000000-0000-4000-8000-0000000000aa: scenario (request body): line 1 column 36: world: integrations.main: give one of `provider`, `discoveryUri` and `issuer`
    400 org 00000000-0000-4000-8000-0000000000aa: scenario (request body): line 1 column 36: world: integrations.main: with `issuer` nothing is fetched, so it needs `staticKey` and `implicitFlow: true`
    400 org 00000000-0000-4000-8000-0000000000aa: scenario (request body): line 1 column 62: world: integrations.main: `staticKey` is a public key as PEM text or as JWK
    400 org 00000000-0000-4000-8000-0000000000aa: scenario (request body): line 1 column 62: world: integrations.main: `refreshLifetime` is 15 min to 90 days
    ");
}
