//! `set_headers`: the answer is what it would be, its headers are not.

use insta::assert_snapshot;
use serde_json::json;

use crate::support::TestEmulator;

const JWKS: &str = "/.well-known/jwks.json";

#[tokio::test]
async fn the_scenario_forbids_caching_and_the_keys_are_the_same() {
    let (plain, emulator) = (TestEmulator::start().await, TestEmulator::scenario("set_headers").await);
    let (right, bent) = (plain.client.get(JWKS, None).await, emulator.client.get(JWKS, None).await);
    assert_eq!(
        (right.header("cache-control"), right.header("etag").is_empty()),
        ("public, max-age=300", false)
    );
    assert_eq!((bent.header("cache-control"), bent.header("etag")), ("no-store", ""));
    assert_eq!((bent.status, &bent.text, bent.header("x-emulator-fault")), (200, &right.text, "set_headers"));
    let journal = emulator.journal("fault=set_headers").await;
    assert_eq!(journal.len(), 1, "{journal:?}");
}

#[tokio::test]
async fn the_answer_of_another_fault_has_the_headers_too() {
    let emulator = TestEmulator::start().await;
    let when = json!({ "path": JWKS });
    emulator.fault(json!({ "when": when, "effect": { "set_headers": { "set": { "Vary": "*" } } } })).await;
    emulator.fault(json!({ "when": when, "effect": { "respond": { "status": 503 } } })).await;
    let answer = emulator.client.get(JWKS, None).await;
    assert_eq!((answer.status, answer.header("vary")), (503, "*"));
}

#[tokio::test]
async fn what_cannot_be_meant_is_explained() {
    let emulator = TestEmulator::start().await;
    let mut said = String::new();
    for effect in [
        json!({}),
        json!({ "set": { "a b": "c" } }),
        json!({ "set": { "a": "c\n" } }),
        json!({ "remove": ["Content-Length"] }),
        json!({ "set": { "Vary": "*" }, "remove": ["vary"] }),
    ] {
        let fault = json!({ "id": "f", "effect": { "set_headers": effect } });
        let answer = emulator.client.admin("POST", "/faults", Some(&fault)).await;
        said += &format!("{} {}\n", answer.status, answer.json()["detail"].as_str().unwrap());
    }
    assert_snapshot!(said, @r#"
    400 fault `f`: `set_headers`: give `set` or `remove`
    400 fault `f`: `set_headers`: `a b` is not a header name
    400 fault `f`: `set_headers`: the value of `a` is not a header value
    400 fault `f`: `set_headers`: `Content-Length` is not to be changed
    400 fault `f`: `set_headers`: `vary` is in `set` and in `remove`
    "#);
}
