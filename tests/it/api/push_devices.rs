//! `/api/v2/webmessaging/deployments/{id}/pushdevices/{token}`: phones that are told of messages.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{Answer, DEPLOYMENT, RESTRICTED_DEPLOYMENT, TestEmulator};

const TOKEN: &str = "aaaaaaaa-1111-4111-8111-111111111111";

async fn ask(emulator: &TestEmulator, method: &str, deployment: &str, token: &str, body: &str) -> Answer {
    let path = format!("/api/v2/webmessaging/deployments/{deployment}/pushdevices/{token}");
    emulator.client.send(method, &path, &[("content-type", "application/json")], body.to_owned()).await
}

async fn post(emulator: &TestEmulator, body: &Value) -> Answer {
    ask(emulator, "POST", DEPLOYMENT, TOKEN, &body.to_string()).await
}

fn phone() -> Value {
    json!({ "deviceToken": "fcm-1", "language": "en-us", "deviceType": "android", "notificationProvider": "FCM" })
}

/// Status and code, and what the message names.
fn told(answer: &Answer) -> String {
    if answer.text.is_empty() {
        return answer.status.to_string();
    }
    let body = answer.json();
    format!("{} {} {} {}", answer.status, body["code"], body["message"], body["details"])
}

#[tokio::test]
async fn a_phone_is_registered_changed_and_taken_out_without_any_authorization() {
    let emulator = TestEmulator::start().await;
    let mut seen = Vec::new();
    for (method, body) in [
        ("PATCH", r#"{"language":"de"}"#.to_owned()),
        ("DELETE", String::new()),
        ("POST", phone().to_string()),
        ("POST", phone().to_string()),
        ("PATCH", r#"{"deviceToken":"fcm-2","language":"de"}"#.to_owned()),
        ("PATCH", r#"{"language":"fr"}"#.to_owned()),
        ("DELETE", String::new()),
        ("DELETE", String::new()),
        ("POST", phone().to_string()),
    ] {
        seen.push(format!("{method} {}", told(&ask(&emulator, method, DEPLOYMENT, TOKEN, &body).await)));
    }
    assert_snapshot!(seen.join("\n"), @r#"
    PATCH 404 "device.not.found" "No device is registered for this token." []
    DELETE 404 "device.not.found" "No device is registered for this token." []
    POST 204
    POST 409 "device.already.registered" "A device is registered for this token already." []
    PATCH 204
    PATCH 204
    DELETE 204
    DELETE 404 "device.not.found" "No device is registered for this token." []
    POST 204
    "#);
}

#[tokio::test]
async fn the_journal_has_the_phone_but_neither_its_address_nor_the_session_token() {
    let emulator = TestEmulator::start().await;
    assert_eq!(post(&emulator, &phone()).await.status, 204);
    ask(&emulator, "GET", DEPLOYMENT, TOKEN, "").await;
    ask(&emulator, "POST", "nowhere", TOKEN, "").await;
    let entries = emulator.journal("").await;
    let shown = json!([
        entries[0]["target"],
        entries[0]["session"],
        entries[0]["notes"],
        entries[0]["request"]["body"]
    ]);
    assert_snapshot!(shown, @r#"["/api/v2/webmessaging/deployments/00000000-0000-4000-8000-0000000000cc/pushdevices/(redacted 915b7cc3)","(redacted 915b7cc3)",["a device is told of messages: Android by Fcm in en-us"],"{\"deviceToken\":\"(redacted 0679b957)\",\"deviceType\":\"android\",\"language\":\"en-us\",\"notificationProvider\":\"FCM\"}"]"#);
    let all = serde_json::to_string(&entries).unwrap();
    assert!(!all.contains(TOKEN) && !all.contains("fcm-1"), "{all}");
}

#[tokio::test]
async fn the_letter_case_of_the_token_does_not_matter() {
    let emulator = TestEmulator::start().await;
    assert_eq!(post(&emulator, &phone()).await.status, 204);
    let upper = TOKEN.to_ascii_uppercase();
    assert_eq!(ask(&emulator, "DELETE", DEPLOYMENT, &upper, "").await.status, 204);
}

#[tokio::test]
async fn what_is_wrong_with_a_body_is_named() {
    let emulator = TestEmulator::start().await;
    let mut seen = Vec::new();
    let but = |name: &str, value: Value| {
        let mut body = phone();
        body[name] = value;
        body.to_string()
    };
    let registered = [
        String::new(),
        "{".to_owned(),
        r#"["fcm-1","en-us","android","FCM"]"#.to_owned(),
        "{}".to_owned(),
        but("language", Value::Null),
        but("deviceToken", json!("")),
        but("deviceToken", json!("x".repeat(4097))),
        but("deviceType", json!("toaster")),
        but("notificationProvider", json!("fcm")),
    ];
    for body in registered {
        seen.push(told(&ask(&emulator, "POST", DEPLOYMENT, TOKEN, &body).await));
    }
    assert_snapshot!(emulator.last_refusal().await, @r#"{"reason":"field.value.invalid notificationProvider","rule":"body.invalid"}"#);
    post(&emulator, &phone()).await;
    for body in [
        "",
        "{}",
        r#"{"deviceType":"ios"}"#,
        r#"{"language":"xxxxxxxx-xxxxxxxx-xxxxxxxx-xxxxxxxx-xxxxxxxx"}"#,
    ] {
        seen.push(told(&ask(&emulator, "PATCH", DEPLOYMENT, TOKEN, body).await));
    }
    assert_snapshot!(seen.join("\n"), @r#"
    400 "request.body.empty" "The request has no body." []
    400 "bad.request" "The request could not be understood by the server due to malformed syntax." []
    400 "bad.request" "The request could not be understood by the server due to malformed syntax." []
    400 "required.fields.missing" "Required fields are missing: deviceToken, language, deviceType, notificationProvider" ["deviceToken","language","deviceType","notificationProvider"]
    400 "required.fields.missing" "Required fields are missing: language" ["language"]
    400 "required.fields.missing" "Required fields are missing: deviceToken" ["deviceToken"]
    400 "field.value.invalid" "The value of field deviceToken is not valid." ["deviceToken"]
    400 "field.value.invalid" "The value of field deviceType is not valid." ["deviceType"]
    400 "field.value.invalid" "The value of field notificationProvider is not valid." ["notificationProvider"]
    400 "request.body.empty" "The request has no body." []
    400 "update.fields.missing" "There is no field to update." []
    400 "update.fields.missing" "There is no field to update." []
    400 "field.value.invalid" "The value of field language is not valid." ["language"]
    "#);
}

#[tokio::test]
async fn what_is_wrong_with_the_path_is_told_as_clients_tell_it_apart() {
    let emulator = TestEmulator::yaml(
        "name: p\nworld: { orgs: [{ deployments: { silent: { id: silent, notifications: Disabled } } }] }",
    )
    .await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, &TOKEN.to_ascii_uppercase()).await;
    let mut seen = Vec::new();
    for method in ["POST", "PATCH", "DELETE"] {
        for (deployment, token) in [
            (DEPLOYMENT, "me"),
            ("nowhere", TOKEN),
            ("%ff", TOKEN),
            ("silent", TOKEN),
            (RESTRICTED_DEPLOYMENT, TOKEN),
        ] {
            let answer = ask(&emulator, method, deployment, token, &phone().to_string()).await;
            seen.push(told(&answer));
        }
    }
    let (first, rest) = seen.split_at(5);
    assert_eq!([first, first].concat(), rest, "each method says the same");
    assert_snapshot!(first.join("\n"), @r#"
    400 "invalid.path.parameter" "tokenId is not a UUID" []
    404 "deployment.not.found" "The deployment was not found." []
    400 "invalid.path.parameter" "the path is not UTF-8" []
    403 "feature.toggle.disabled" "The feature is not enabled." []
    400 "invalid.path.parameter" "Deployment Id in the request does not match the expected deployment Id for the given TokenId" []
    "#);
    let whole = ask(&emulator, "POST", "silent", TOKEN, "").await;
    assert_snapshot!(whole.text, @r#"{"message":"The feature is not enabled.","code":"feature.toggle.disabled","status":403,"contextId":"9bdcf32d-5a5e-4da3-ba5b-6a6fce18f1a1","details":[],"errors":[]}"#);
}

#[tokio::test]
async fn the_deployment_in_the_path_names_the_org() {
    let emulator = TestEmulator::start().await;
    let made = emulator.client.admin("POST", "/orgs", Some(&json!({}))).await.json();
    let (org, deployment) = (made["id"].as_str().unwrap(), made["deploymentId"].as_str().unwrap());
    assert_eq!(ask(&emulator, "POST", deployment, TOKEN, &phone().to_string()).await.status, 204);
    assert_eq!(emulator.journal("").await.len(), 0, "it is not the default org's");
    let entries = emulator.client.admin("GET", &format!("/orgs/{org}/journal"), None).await.json();
    assert_eq!(entries["entities"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn failures_of_the_service_can_be_injected_by_their_codes() {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!({ "effect": { "respond": { "code": "device.registration.failure" } } })).await;
    assert_snapshot!(told(&post(&emulator, &phone()).await), @r#"500 "device.registration.failure" "The device could not be registered." []"#);
}
