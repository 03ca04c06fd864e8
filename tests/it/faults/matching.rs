//! `when`: each key matches what it says and nothing else, and faults are asked in their order.

use serde_json::{Value, json};

use super::{fault_of, guest, unavailable};
use crate::support::{AUTHENTICATED_DEPLOYMENT, DEPLOYMENT, ORG, TestEmulator};

async fn with(when: Value) -> TestEmulator {
    let emulator = TestEmulator::start().await;
    emulator.fault(unavailable("f", when)).await;
    emulator
}

fn config(deployment: &str) -> String {
    format!("/webdeployments/v1/deployments/{deployment}/config.json")
}

/// Which of these paths the fault bites at.
async fn bitten(when: Value, paths: &[&str]) -> Vec<bool> {
    let emulator = with(when).await;
    let mut bitten = Vec::new();
    for path in paths {
        bitten.push(fault_of(&emulator, path).await == "f");
    }
    bitten
}

#[tokio::test]
async fn surface_is_a_family_of_urls() {
    let cdn = config(DEPLOYMENT);
    let paths = ["/.well-known/jwks.json", "/api/v2/x", &cdn, "/v1", "/nowhere"];
    for (nth, surface) in ["login", "api", "cdn", "webmessaging", "unknown"].into_iter().enumerate() {
        let mut only = [false; 5];
        only[nth] = true;
        assert_eq!(bitten(json!({ "surface": surface }), &paths).await, only, "{surface}");
    }
}

#[tokio::test]
async fn method_is_matched_in_any_letter_case() {
    let emulator = with(json!({ "method": "post" })).await;
    assert_eq!(fault_of(&emulator, "/api/v2/x").await, "");
    let posted = emulator.client.post("/api/v2/x", None, &json!({})).await;
    assert_eq!(posted.header("x-emulator-fault"), "f");
}

#[tokio::test]
async fn path_patterns_stand_for_segments() {
    let paths = ["/api/v2/users", "/api/v2/users/1", "/api/v2/users/1/skills", "/api/v3/users"];
    for (pattern, bites) in [
        ("/api/v2/users", [true, false, false, false]),
        ("/api/v2/users/{id}", [false, true, false, false]),
        ("/api/v2/*/1", [false, true, false, false]),
        ("/api/v2/users/**", [true, true, true, false]),
        ("/api/*/users", [true, false, false, true]),
        ("/**", [true, true, true, true]),
    ] {
        assert_eq!(bitten(json!({ "path": pattern }), &paths).await, bites, "{pattern}");
    }
}

#[tokio::test]
async fn path_is_without_query_and_without_the_prefix_of_the_org() {
    let paths = [&*format!("/@{ORG}/api/v2/x"), "/api/v2/x?y=1"];
    assert_eq!(bitten(json!({ "path": "/api/v2/x" }), &paths).await, [true, true]);
}

#[tokio::test]
async fn client_is_whom_credentials_or_token_claim() {
    let emulator = TestEmulator::start().await;
    let (one, other) =
        (emulator.guest_client_token().await, emulator.token("emulator-client", "emulator-secret").await);
    emulator.fault(unavailable("f", json!({ "client": "emulator-client" }))).await;
    let me = "/api/v2/tokens/me";
    assert_eq!(emulator.client.get(me, Some(&one)).await.status, 200);
    assert_eq!(emulator.client.get(me, Some(&other)).await.status, 503);
    let form = "grant_type=client_credentials&client_id=emulator-client&client_secret=wrong";
    assert_eq!(emulator.client.post_form("/oauth/token", form).await.status, 503);
    let basic = [("authorization", "Basic ZW11bGF0b3ItY2xpZW50Ong=")];
    assert_eq!(emulator.client.send("POST", "/oauth/token", &basic, "").await.status, 503);
    assert_eq!(fault_of(&emulator, "/api/v2/x").await, "", "nobody is not that client");
}

#[tokio::test]
async fn deployment_is_in_the_path_or_in_the_query() {
    let (one, other) = (config(DEPLOYMENT), config(AUTHENTICATED_DEPLOYMENT));
    let upgrade = format!("/v1?deploymentId={DEPLOYMENT}");
    let bites = bitten(json!({ "deployment": DEPLOYMENT }), &[&one, &other, &upgrade]).await;
    assert_eq!(bites, [true, false, true]);
}

#[tokio::test]
async fn guest_is_in_the_path_or_in_the_jwt() {
    let emulator = TestEmulator::start().await;
    let jwt = emulator.guest_jwt().await;
    let id = emulator.journal("target=/api/v2/webchat").await[0]["guest"].clone();
    emulator.fault(unavailable("f", json!({ "guest": id }))).await;
    let path = format!("/api/v2/webchat/guest/{}", id.as_str().unwrap());
    assert_eq!(fault_of(&emulator, &path).await, "f");
    assert_eq!(fault_of(&emulator, &format!("/v1?token={jwt}")).await, "f");
    assert_eq!(fault_of(&emulator, "/api/v2/webchat/guest/other").await, "");
}

#[tokio::test]
async fn headers_and_queries_have_a_value_or_any() {
    let emulator = with(json!({ "header": { "X-Test": "7" } })).await;
    let send = async |value: &str| {
        let headers = [("x-test", value)];
        let answer = emulator.client.send("GET", "/api/v2/x", &headers, "").await;
        answer.header("x-emulator-fault").to_owned()
    };
    assert_eq!((&*send("7").await, &*send("8").await), ("f", ""));
    assert_eq!(fault_of(&emulator, "/api/v2/x").await, "");
    let any = with(json!({ "header": { "user-agent": "*" } })).await;
    let named = [("user-agent", "a browser")];
    let answer = any.client.send("GET", "/api/v2/x", &named, "").await;
    assert_eq!(answer.header("x-emulator-fault"), "f");

    let paths = ["/api/v2/x?a=1%202&b", "/api/v2/x?a=1", "/api/v2/x?b=", "/api/v2/x"];
    let exact = bitten(json!({ "query": { "a": "1 2" } }), &paths).await;
    assert_eq!(exact, [true, false, false, false]);
    let there = bitten(json!({ "query": { "b": "*" } }), &paths).await;
    assert_eq!(there, [true, false, true, false]);
}

#[tokio::test]
async fn all_that_is_given_must_hold() {
    let emulator = with(json!({ "method": "POST", "path": "/oauth/token", "client": "a" })).await;
    let answer = |form: &'static str| emulator.client.post_form("/oauth/token", form);
    assert_eq!(answer("client_id=a").await.status, 503);
    assert_eq!(answer("client_id=b").await.status, 400);
}

#[tokio::test]
async fn frames_are_matched_by_action_class_direction_session_and_deployment() {
    for (when, bites) in [
        (json!({ "action": "echo" }), true),
        (json!({ "action": "onMessage" }), false),
        (json!({ "direction": "in" }), true),
        (json!({ "direction": "out" }), true),
        (json!({ "class": "StructuredMessage" }), true),
        (json!({ "class": "SessionResponse" }), false),
        (json!({ "session": "t-1" }), true),
        (json!({ "session": "t-2" }), false),
        (json!({ "action": "echo", "deployment": DEPLOYMENT }), true),
        (json!({ "action": "echo", "deployment": AUTHENTICATED_DEPLOYMENT }), false),
        (json!({ "action": "echo", "surface": "webmessaging" }), true),
    ] {
        let emulator = TestEmulator::start().await;
        let mut socket = emulator.socket(DEPLOYMENT).await;
        socket.configure(DEPLOYMENT, "t-1").await;
        emulator.fault(unavailable("f", when.clone())).await;
        socket.send(json!({ "action": "echo", "token": "t-1" })).await;
        let code = socket.next().await["code"].clone();
        assert_eq!(code == 503, bites, "{when}");
    }
}

#[tokio::test]
async fn the_first_final_verdict_wins_and_later_faults_are_not_asked() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    let rotate = json!({ "id": "a", "effect": { "rotate_keys": {} } });
    let once = json!({ "id": "b", "schedule": { "first": 1 }, "effect": { "respond": { "status": 502 } } });
    emulator.fault(json!([rotate, once, unavailable("c", json!({}))])).await;
    let mut seen = Vec::new();
    for _ in 0..3 {
        let answer = guest(&emulator, &token).await;
        seen.push((answer.status, answer.header("x-emulator-fault").to_owned()));
    }
    let told = |status, faults: &str| (status, faults.to_owned());
    assert_eq!(seen, [told(502, "a, b"), told(503, "a, c"), told(503, "a, c")]);
    let listed = emulator.client.admin("GET", "/faults", None).await.json();
    let counts: Vec<_> = listed["entities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| (fault["matched"].as_u64().unwrap(), fault["fired"].as_u64().unwrap()))
        .collect();
    assert_eq!(counts, [(3, 3), (3, 1), (2, 2)]);
}

#[tokio::test]
async fn form_and_body_are_matched_by_name_and_by_the_way_to_a_member() {
    let emulator = with(json!({ "form": { "client_id": "emulator-client", "grant_type": "*" } })).await;
    let form = |id: &str| format!("grant_type=client%5Fcredentials&client_id={id}&client_secret=x");
    assert_eq!(emulator.client.post_form("/oauth/token", &form("emulator%2Dclient")).await.status, 503);
    assert_eq!(emulator.client.post_form("/oauth/token", &form("another")).await.status, 400);

    let emulator = with(json!({ "body": { "customAttributes.vip": true, "list.1": "*" } })).await;
    for (body, bites) in [
        (json!({ "customAttributes": { "vip": true }, "list": [1, 2] }), true),
        (json!({ "customAttributes": { "vip": true }, "list": [1] }), false),
        // as a person would write it, it is the same
        (json!({ "customAttributes": { "vip": "true" }, "list": [1, 2] }), true),
        (json!({ "customAttributes": { "vip": "yes" }, "list": [1, 2] }), false),
        (json!([]), false),
    ] {
        let answer = emulator.client.post("/api/v2/webchat/guest", None, &body).await;
        assert_eq!(answer.status, if bites { 503 } else { 401 }, "{body}");
    }
}

#[tokio::test]
async fn the_body_of_a_frame_is_its_text() {
    let emulator = TestEmulator::start().await;
    let when = json!({ "action": "onMessage", "body": { "message.text": "boom" } });
    emulator
        .fault(json!({ "id": "boom", "when": when, "effect": { "close_socket": { "code": 4000 } } }))
        .await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, "session").await;
    socket.say("session", "hello").await;
    socket.say("session", "boom").await;
    assert_eq!(u16::from(socket.closed().await.unwrap().code), 4000);
}

#[tokio::test]
async fn rules_stand_wherever_a_value_does() {
    let when = json!({
        "header": { "user-agent": { "startsWith": "naive" }, "x-trace": { "present": false } },
        "query": { "n": { "atLeast": 2 } },
        "body": { "name": { "oneOf": ["Ann", "Bob"] } },
    });
    let emulator = with(when).await;
    for (agent, traced, n, name, bites) in [
        ("naive/1", false, 2, "Ann", true),
        ("careful/1", false, 2, "Ann", false),
        ("naive/1", true, 2, "Ann", false),
        ("naive/1", false, 1, "Ann", false),
        ("naive/1", false, 2, "Eve", false),
    ] {
        let mut headers = vec![("content-type", "application/json"), ("user-agent", agent)];
        headers.extend(traced.then_some(("x-trace", "1")));
        let (path, body) = (format!("/api/v2/webchat/guest?n={n}"), json!({ "name": name }).to_string());
        let answer = emulator.client.send("POST", &path, &headers, body).await;
        assert_eq!(answer.status, if bites { 503 } else { 401 }, "{agent} {traced} {n} {name}");
    }
    let wrong = json!({ "when": { "query": { "n": { "atleast": 2 } } }, "effect": { "reset": {} } });
    let answer = emulator.client.admin("POST", "/faults", Some(&wrong)).await;
    assert_eq!(answer.status, 400);
    assert!(answer.text.contains("there is no rule `atleast`; did you mean `atLeast`?"), "{}", answer.text);
}
