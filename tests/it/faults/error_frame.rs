//! `error_frame`.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{configured, echo, message, next_said, said};
use crate::support::TestEmulator;

/// The two frames that follow a health check.
async fn seen(when: Value, options: Value) -> [String; 2] {
    let emulator = TestEmulator::start().await;
    let mut socket = configured(&emulator).await;
    let schedule = json!({ "first": 1 });
    emulator
        .fault(json!({ "id": "f", "when": when, "schedule": schedule, "effect": { "error_frame": options } }))
        .await;
    for text in ["one", "two"] {
        let mut check = echo(text);
        check["tracingId"] = json!(format!("trace {text}"));
        socket.send(check).await;
    }
    [socket.next_text().await, socket.next_text().await]
}

#[tokio::test]
async fn the_scenario_refuses_the_first_message_which_is_not_done() {
    let emulator = TestEmulator::scenario("error_frame").await;
    let mut socket = configured(&emulator).await;
    socket.send(message("Hello")).await;
    assert_snapshot!(socket.next_text().await, @r#"{"type":"response","class":"string","code":4011,"body":"The message is too long"}"#);
    assert_eq!(said(&emulator).await, [] as [&str; 0]);
    socket.send(message("Hello")).await;
    assert_eq!(next_said(&mut socket).await, "Hello");
    let faulted = emulator.journal("fault=error_frame").await;
    assert_eq!((faulted.len(), &faulted[0]["kind"]), (1, &json!("frameIn")));
}

#[tokio::test]
async fn any_code_has_words_and_429_is_a_class_of_its_own() {
    let echoed = || json!({ "action": "echo" });
    let mut all = Vec::new();
    for options in [
        json!({ "code": 4006 }),
        json!({ "code": 403, "message": "Session authentication failed: sign in again" }),
        json!({ "code": 500 }),
        json!({ "code": 429 }),
        json!({ "code": 429, "retryAfter": "7s", "message": "Session sends too fast" }),
    ] {
        let [error, next] = seen(echoed(), options).await;
        assert!(next.contains("trace two"), "{next}");
        all.push(error);
    }
    assert_snapshot!(all.join("\n"), @r#"
{"type":"response","class":"string","code":4006,"tracingId":"trace one","body":"Error 4006"}
{"type":"response","class":"string","code":403,"tracingId":"trace one","body":"Session authentication failed: sign in again"}
{"type":"response","class":"string","code":500,"tracingId":"trace one","body":"The server encountered an unexpected condition."}
{"type":"response","class":"TooManyRequestsErrorMessage","code":429,"tracingId":"trace one","body":{"retryAfter":1,"errorCode":4029,"errorMessage":"Rate limit exceeded"}}
{"type":"response","class":"TooManyRequestsErrorMessage","code":429,"tracingId":"trace one","body":{"retryAfter":7,"errorCode":4029,"errorMessage":"Session sends too fast"}}
"#);
}

#[tokio::test]
async fn before_lets_the_frame_be_dealt_with_after_the_error() {
    let [error, answer] = seen(json!({ "action": "echo" }), json!({ "code": 4013, "mode": "before" })).await;
    assert_snapshot!(error, @r#"{"type":"response","class":"string","code":4013,"tracingId":"trace one","body":"Error 4013"}"#);
    assert!(answer.contains("trace one"), "{answer}");
}

#[tokio::test]
async fn a_frame_to_the_client_is_replaced_or_preceded_and_no_fault_is_asked_about_what_a_fault_sends() {
    let out = || json!({ "direction": "out" });
    let [error, next] = seen(out(), json!({ "code": 4000 })).await;
    assert_snapshot!(error, @r#"{"type":"response","class":"string","code":4000,"tracingId":"trace one","body":"Error 4000"}"#);
    assert!(next.contains("trace two"), "{next}");
    let [error, answer] = seen(out(), json!({ "code": 4000, "mode": "before" })).await;
    assert_snapshot!(error, @r#"{"type":"response","class":"string","code":4000,"tracingId":"trace one","body":"Error 4000"}"#);
    assert!(answer.contains("trace one"), "{answer}");
}
