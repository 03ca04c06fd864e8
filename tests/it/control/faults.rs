//! `/faults`: setting, showing with counters, replacing, clearing.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Other, told};
use crate::support::TestEmulator;

async fn ids(emulator: &TestEmulator) -> Vec<Value> {
    let listed = emulator.client.admin("GET", "/faults", None).await.json();
    let faults = listed["entities"].as_array().unwrap();
    faults.iter().map(|fault| fault["id"].clone()).collect()
}

/// Several of them can be set at once: each could be the one that is left out at times.
fn respond(id: &str) -> Value {
    json!({ "id": id, "schedule": { "every": 1 }, "effect": { "respond": { "status": 503 } } })
}

#[tokio::test]
async fn one_fault_or_a_list_is_answered_with_ids() {
    let emulator = TestEmulator::start().await;
    assert_eq!(emulator.fault(respond("a")).await.text, r#"{"ids":["a"]}"#);
    let list = json!([respond("b"), respond("c")]);
    assert_eq!(emulator.fault(list).await.text, r#"{"ids":["b","c"]}"#);
    assert_eq!(ids(&emulator).await, ["a", "b", "c"]);
}

#[tokio::test]
async fn a_fault_without_id_gets_one_of_its_content() {
    let emulator = TestEmulator::start().await;
    let fault = json!({ "effect": { "reset": {} } });
    let answer = emulator.fault(fault.clone()).await;
    assert_snapshot!(answer.text, @r#"{"ids":["fault-69bf4501"]}"#);
    let same = emulator.client.admin("POST", "/faults", Some(&fault)).await;
    assert_eq!(same.status, 409);
    let other = emulator.fault(json!({ "effect": { "reset": { "at": "after_head" } } })).await;
    assert_ne!(other.text, answer.text);
}

#[tokio::test]
async fn a_fault_is_shown_as_it_was_written_with_its_counters() {
    let emulator = TestEmulator::start().await;
    let fault = json!({
        "id": "a",
        "when": { "surface": "api", "header": { "x": "*" } },
        "schedule": { "every": 2 },
        "effect": { "respond": { "code": "not.found", "retryAfter": 1500 } },
    });
    emulator.fault(fault).await;
    for _ in 0..5 {
        emulator.client.send("GET", "/api/v2/x", &[("x", "1")], "").await;
    }
    emulator.client.get("/api/v2/x", None).await;
    let shown = emulator.client.admin("GET", "/faults/a", None).await;
    assert_snapshot!(shown.text, @r#"{"id":"a","when":{"surface":"api","header":{"x":"*"}},"schedule":{"every":2},"effect":{"respond":{"code":"not.found","retryAfter":"1500ms"}},"matched":5,"fired":2}"#);
    let listed = emulator.client.admin("GET", "/faults", None).await;
    assert_eq!(listed.json(), json!({ "entities": [shown.json()], "next": null }));
}

#[tokio::test]
async fn a_fault_that_looks_but_does_not_bite_is_matched_and_not_fired() {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!({ "id": "a", "effect": { "rate_limit": { "limit": 2 } } })).await;
    for _ in 0..3 {
        emulator.client.get("/api/v2/x", None).await;
    }
    let shown = emulator.client.admin("GET", "/faults/a", None).await.json();
    assert_eq!((&shown["matched"], &shown["fired"]), (&json!(3), &json!(1)));
}

#[tokio::test]
async fn one_is_taken_away_and_then_all() {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!([respond("a"), respond("b"), respond("c")])).await;
    let gone = emulator.client.admin("DELETE", "/faults/b", None).await;
    assert_eq!((gone.status, gone.text.as_str()), (204, ""));
    assert_eq!(ids(&emulator).await, ["a", "c"]);
    assert_eq!(emulator.client.admin("DELETE", "/faults", None).await.status, 204);
    assert!(ids(&emulator).await.is_empty());
    assert_eq!(emulator.client.get("/api/v2/x", None).await.status, 501);
}

#[tokio::test]
async fn putting_replaces_all_or_nothing_and_starts_the_counters_anew() {
    let emulator = TestEmulator::start().await;
    emulator.fault(respond("a")).await;
    emulator.client.get("/api/v2/x", None).await;
    let bad = json!([respond("b"), respond("b")]);
    let refused = emulator.client.admin("PUT", "/faults", Some(&bad)).await;
    assert_eq!(told(&refused), "409 id: fault `b`: there is one with this id already");
    assert_eq!(ids(&emulator).await, ["a"]);
    let put = emulator.client.admin("PUT", "/faults", Some(&json!([respond("a")]))).await;
    assert_eq!((put.status, put.text.as_str()), (200, r#"{"ids":["a"]}"#));
    let shown = emulator.client.admin("GET", "/faults/a", None).await.json();
    assert_eq!(shown["matched"], 0);
    assert_eq!(emulator.client.admin("PUT", "/faults", Some(&json!([]))).await.text, r#"{"ids":[]}"#);
    assert!(ids(&emulator).await.is_empty());
}

#[tokio::test]
async fn an_unknown_id_and_an_unreadable_body_are_problems() {
    let emulator = TestEmulator::start().await;
    for method in ["GET", "DELETE"] {
        let answer = emulator.client.admin(method, "/faults/nobody", None).await;
        assert_eq!(told(&answer), "404 -: There is no fault nobody");
    }
    let post = async |body: &str| {
        let sent = body.to_owned();
        told(&emulator.client.try_send("POST", "/__admin/faults", &[], sent).await.unwrap())
    };
    let said = [post("").await, post("{").await, post("{} {}").await, post("[{\"when\":{}}, 7]").await];
    assert_snapshot!(said.join("\n"), @r#"
400 fault: fault `fault-987a771c`: it has no `effect` and no `plan`; give one
400 -: EOF while parsing an object at line 1 column 1
400 -: trailing characters at line 1 column 4
400 [1]: invalid type: integer `7`, expected an object at line 1 column 15
"#);
    let large = format!("\"{}\"", "x".repeat(1 << 20));
    assert_eq!(post(&large).await, "413 -: length limit exceeded; at most 1048576 bytes");
}

#[tokio::test]
async fn another_org_has_its_own() {
    let emulator = TestEmulator::start().await;
    let org = Other::make(&emulator, json!({})).await;
    org.admin(&emulator, "POST", "/faults", Some(&respond("a"))).await;
    assert!(ids(&emulator).await.is_empty());
    assert_eq!(emulator.client.get("/api/v2/x", None).await.status, 501);
    assert_eq!(org.client.get("/api/v2/x", None).await.status, 503);
    let shown = org.admin(&emulator, "GET", "/faults/a", None).await.json();
    assert_eq!(shown["fired"], 1);
    assert_eq!(org.admin(&emulator, "DELETE", "/faults/a", None).await.status, 204);
    assert_eq!(org.client.get("/api/v2/x", None).await.status, 501);
}
