//! Faults that never fired, what nobody serves, what nobody asked for.

use serde_json::{Value, json};

use super::{ask, problems};
use crate::{control::Other, support::TestEmulator};

fn fault(id: &str, path: &str) -> Value {
    json!({ "id": id, "when": { "method": "POST", "path": path }, "effect": { "respond": { "status": 503 } } })
}

#[tokio::test]
async fn a_fault_that_never_fired_fails_and_tells_what_it_was_nearly_about() {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!([fault("token", "/oauth/token"), fault("guest", "/api/v2/webchat/gest")])).await;
    emulator.client.post_form("/oauth/token", "").await;
    emulator.client.post("/api/v2/webchat/guest", None, &json!({})).await;
    let answer = ask(&emulator, &json!({})).await;
    let report = answer.json();
    assert_eq!(answer.status, 409);
    assert_eq!(report["problems"], json!(["fault `guest` never fired: nothing came that it is about"]));
    assert_eq!(report["faults"]["fired"], json!([{ "id": "token", "matched": 1, "fired": 1 }]));
    let near = &report["faults"]["unfired"][0]["nearest"][0];
    assert_eq!((&near["n"], &near["differences"][0]["at"]), (&json!("2"), &json!("path")));
    let told = report["detail"].as_str().unwrap();
    assert!(told.contains("nearest: 2 (POST /api/v2/webchat/guest → 401)"), "{told}");
}

#[tokio::test]
async fn a_fault_may_be_allowed_to_never_fire() {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!([fault("a", "/a"), fault("b", "/b")])).await;
    emulator.client.get("/x", None).await;
    let x = json!({ "match": { "path": "/x" }, "times": 1 });
    let with = |allowed: Value| {
        let mut x = x.clone();
        x["allowUnfired"] = allowed;
        x
    };
    assert_eq!(problems(&emulator, &x).await.len(), 2);
    assert_eq!(
        problems(&emulator, &with(json!(["a"]))).await,
        ["fault `b` never fired: nothing came that it is about"]
    );
    assert!(problems(&emulator, &with(json!(true))).await.is_empty());
}

#[tokio::test]
async fn a_schedule_that_let_everything_pass_is_told_apart() {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!({ "id": "third", "when": { "path": "/x" }, "schedule": { "nth": 3 }, "effect": { "reset": {} } })).await;
    emulator.client.get("/x", None).await;
    assert_eq!(
        problems(&emulator, &json!({})).await,
        ["fault `third` never fired: what it is about came, and its schedule or its effect let it pass"]
    );
}

#[tokio::test]
async fn faults_of_the_emulator_count_where_no_org_is_named() {
    let emulator = TestEmulator::start().await;
    let org = Other::make(&emulator, json!({})).await;
    emulator
        .fault(json!({ "id": "refused", "schedule": { "nth": 1000 }, "effect": { "refuse_connection": {} } }))
        .await;
    assert_eq!(problems(&emulator, &json!({})).await.len(), 1);
    assert_eq!(org.admin(&emulator, "POST", "/verify", Some(&json!({}))).await.status, 400);
}

#[tokio::test]
async fn what_nobody_serves_and_what_nobody_asked_for_is_listed() {
    let emulator = TestEmulator::start().await;
    for path in ["/api/v2/groups", "/api/v2/groups", "/nothing", "/.well-known/jwks.json"] {
        emulator.client.get(path, None).await;
    }
    let mut body = json!({ "match": { "surface": "api" }, "times": 2 });
    let report = ask(&emulator, &body).await.json();
    assert_eq!(
        report["unmatched"],
        json!([
            { "request": "GET /api/v2/groups → 501", "times": 2, "n": "1" },
            { "request": "GET /nothing → 404", "times": 1, "n": "3" },
        ])
    );
    let untouched = report["untouched"].as_array().unwrap();
    assert!(untouched.contains(&json!("POST /oauth/token")));
    assert!(!untouched.contains(&json!("GET /.well-known/jwks.json")));
    body["allowUnmatched"] = false.into();
    assert_eq!(problems(&emulator, &body).await.len(), 2);
}

#[tokio::test]
async fn every_endpoint_that_is_listed_is_touched_by_a_request_for_it() {
    let emulator = TestEmulator::unlimited().await;
    emulator.client.get("/nothing", None).await;
    let report = ask(&emulator, &json!({ "match": { "path": "/nothing" } })).await.json();
    let untouched = report["untouched"].as_array().unwrap();
    for endpoint in untouched {
        let (method, path) = endpoint.as_str().unwrap().split_once(' ').unwrap();
        let path: String = path
            .split('/')
            .map(|part| if part.starts_with('{') { "main" } else { part })
            .collect::<Vec<_>>()
            .join("/");
        let answer = emulator.client.try_send(method, &path, &[], "").await.unwrap();
        assert!(![405, 501].contains(&answer.status), "{method} {path}: {}", answer.status);
    }
    let report = ask(&emulator, &json!({ "match": { "path": "/nothing" } })).await.json();
    assert_eq!(report["untouched"], json!([]));
    let unmatched = report["unmatched"].as_array().unwrap();
    assert_eq!(unmatched.len(), 1, "{unmatched:?}");
}
