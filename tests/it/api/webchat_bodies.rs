//! `POST /api/v2/webchat/guest`: bodies of all kinds.

use insta::assert_snapshot;

use super::{jwt, post_guest};
use crate::support::TestEmulator;

#[tokio::test]
async fn no_body_null_and_an_empty_object_make_an_anonymous_guest() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    for body in ["", "null", " {} ", r#"{"name":null,"customAttributes":null,"guestId":null,"unknown":[1]}"#]
    {
        let answer = post_guest(&emulator, &token, body).await;
        let claims: serde_json::Value = serde_json::from_str(&super::claims(&jwt(&answer))).unwrap();
        assert_eq!(claims["webchat"]["name"], "Anonymous Guest", "{body}");
        assert_eq!(claims["webchat"]["email"], serde_json::Value::Null, "{body}");
        assert_eq!(claims["webchat"]["customAttributes"], serde_json::json!({}), "{body}");
    }
}

#[tokio::test]
async fn a_mark_of_utf_8_before_json_is_passed_over() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    for body in ["\u{feff}{\"name\":\"Ann\"}", "\u{feff} {\"name\":\"Ann\"}"] {
        let answer = post_guest(&emulator, &token, body).await;
        let claims: serde_json::Value = serde_json::from_str(&super::claims(&jwt(&answer))).unwrap();
        assert_eq!(claims["webchat"]["name"], "Ann", "{body}");
    }
    let entry = emulator.journal("path=/api/v2/webchat/guest").await.remove(0);
    assert_eq!(entry["request"]["body"], r#"{"name":"Ann"}"#);
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_400() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    let answer = post_guest(&emulator, &token, "{").await;
    assert_eq!(answer.status, 400);
    assert_snapshot!(answer.text, @r#"{"message":"The body cannot be read: EOF while parsing an object at line 1 column 1","code":"bad.request","status":400,"contextId":"ce8c5a36-ff6b-4372-a46c-6311e122de80","details":[],"errors":[]}"#);
    assert_snapshot!(emulator.last_refusal().await, @r#"{"expected":"a JSON object","reason":"EOF while parsing an object at line 1 column 1","rule":"body.unreadable"}"#);

    let mut messages = Vec::new();
    for body in [
        "[]",
        "true",
        "name=Ann",
        r#"["Ann","ann@shop.example.test"]"#,
        r#""{\"name\":\"Ann\"}""#,
        r#"{"name":42}"#,
        r#"{"email":{}}"#,
        r#"{"customAttributes":"plan"}"#,
        r#"{"customAttributes":[]}"#,
        r#"{"guestId":1}"#,
        r#"{"token":"a","jwt":"b"}"#,
        r#"{"name":"Ann"}{}"#,
    ] {
        let answer = post_guest(&emulator, &token, body).await;
        let refusal = emulator.last_refusal().await;
        assert_eq!((answer.status, &answer.json()["code"]), (400, &"bad.request".into()), "{body}");
        assert_eq!(refusal["rule"], "body.unreadable", "{body}");
        messages.push(format!("{body}: {}", answer.json()["message"]));
    }
    assert_snapshot!(messages.join("\n"), @r#"
    []: "The body cannot be read: it is not a JSON object"
    true: "The body cannot be read: it is not a JSON object"
    name=Ann: "The body cannot be read: it is not a JSON object"
    ["Ann","ann@shop.example.test"]: "The body cannot be read: it is not a JSON object"
    "{\"name\":\"Ann\"}": "The body cannot be read: it is not a JSON object"
    {"name":42}: "The body cannot be read: invalid type, expected a string at line 1 column 10"
    {"email":{}}: "The body cannot be read: invalid type, expected a string at line 1 column 9"
    {"customAttributes":"plan"}: "The body cannot be read: customAttributes is not an object"
    {"customAttributes":[]}: "The body cannot be read: customAttributes is not an object"
    {"guestId":1}: "The body cannot be read: invalid type, expected a string at line 1 column 12"
    {"token":"a","jwt":"b"}: "The body cannot be read: duplicate field `token` at line 1 column 18"
    {"name":"Ann"}{}: "The body cannot be read: trailing characters at line 1 column 15"
    "#);
    let answer = post_guest(&emulator, &token, b"{\"name\":\"\xff\"}".as_slice()).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.json()["message"], "The body cannot be read: the body is not UTF-8");
}

#[tokio::test]
async fn who_may_not_is_told_so_before_the_body_is_read() {
    let emulator = TestEmulator::start().await;
    let answer = post_guest(&emulator, "nonsense", "{").await;
    assert_eq!((answer.status, &answer.json()["code"]), (401, &"bad.credentials".into()));
}
