//! Deployments of legacy chats, settings, and signed data.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::LEGACY;
use crate::{agent::Desk, support::TestEmulator};

const DEPLOYMENTS: &str = "/api/v2/webchat/deployments";
const SETTINGS: &str = "/api/v2/webchat/settings";
const SIGNED: &str = "/api/v2/signeddata";

#[tokio::test]
async fn deployments_are_made_changed_listed_and_taken_away() {
    let desk = Desk::start().await;
    let all = desk.done("GET", DEPLOYMENTS, Value::Null, 200).await;
    assert_snapshot!(all.text, @r#"{"total":1,"entities":[{"id":"00000000-0000-4000-8000-0000000000cf","name":"Legacy chat","authenticationRequired":false,"disabled":false,"allowedDomains":[],"selfUri":"/api/v2/webchat/deployments/00000000-0000-4000-8000-0000000000cf"}],"selfUri":"/api/v2/webchat/deployments"}"#);
    let wish = json!({ "name": "Shop", "description": "d", "authenticationRequired": true,
        "authenticationUrl": "https://shop.example.test/sign", "disabled": false,
        "webChatConfig": { "webChatSkin": "modern-caret-skin" }, "allowedDomains": ["shop.example.test"],
        "flow": { "id": "f" } });
    let made = desk.done("POST", DEPLOYMENTS, wish, 200).await;
    assert_snapshot!(made.text, @r#"{"id":"748f987c-eade-4968-85c0-d2e41572a358","name":"Shop","description":"d","authenticationRequired":true,"authenticationUrl":"https://shop.example.test/sign","disabled":false,"webChatConfig":{"webChatSkin":"modern-caret-skin"},"allowedDomains":["shop.example.test"],"flow":{"id":"f","selfUri":"/api/v2/flows/f"},"selfUri":"/api/v2/webchat/deployments/748f987c-eade-4968-85c0-d2e41572a358"}"#);
    let path = format!("{DEPLOYMENTS}/{}", made.json()["id"].as_str().unwrap());
    assert_eq!(desk.done("GET", &path, Value::Null, 200).await.text, made.text);
    // it is written as a whole
    let changed = desk.done("PUT", &path, json!({ "name": "Store", "disabled": true }), 200).await.json();
    assert_eq!(
        (&changed["name"], &changed["disabled"], &changed["description"]),
        (&json!("Store"), &json!(true), &Value::Null)
    );
    assert_eq!(desk.done("GET", DEPLOYMENTS, Value::Null, 200).await.json()["total"], 2);
    desk.done("DELETE", &path, Value::Null, 204).await;
    for (method, code) in
        [("GET", "resource.not.found"), ("DELETE", "resource.not.found"), ("PUT", "not.found")]
    {
        let body = if method == "PUT" { json!({ "name": "x" }) } else { Value::Null };
        assert_eq!(desk.done(method, &path, body, 404).await.json()["code"], code);
    }
}

#[tokio::test]
async fn there_are_at_most_twenty_five() {
    let desk = Desk::start().await;
    for nth in 1..25 {
        desk.done("POST", DEPLOYMENTS, json!({ "name": nth.to_string() }), 200).await;
    }
    let refused = desk.done("POST", DEPLOYMENTS, json!({ "name": "one too many" }), 409).await.json();
    assert_eq!(refused["code"], "maximum.deployments.exceeded");
    desk.done("DELETE", &format!("{DEPLOYMENTS}/{LEGACY}"), Value::Null, 204).await;
    desk.done("POST", DEPLOYMENTS, json!({ "name": "the last" }), 200).await;
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused() {
    let desk = Desk::start().await;
    let bodies = [
        "",
        "[]",
        "{}",
        r#"{"name":7}"#,
        r#"{"name":" "}"#,
        r#"{"name":"x","description":7}"#,
        r#"{"name":"x","authenticationRequired":"yes"}"#,
        r#"{"name":"x","authenticationUrl":7}"#,
        r#"{"name":"x","disabled":7}"#,
        r#"{"name":"x","webChatConfig":7}"#,
        r#"{"name":"x","webChatConfig":{"webChatSkin":"loud"}}"#,
        r#"{"name":"x","allowedDomains":"a.test"}"#,
        r#"{"name":"x","allowedDomains":[7]}"#,
        r#"{"name":"x","flow":"f"}"#,
        r#"{"name":"x","flow":{}}"#,
    ];
    let said = desk.refused("POST", DEPLOYMENTS, &bodies).await;
    assert_snapshot!(said, @r#"
     400 "bad.request" "The body cannot be read: EOF while parsing a value at line 1 column 0"
    [] 400 "bad.request" "The body is not a JSON object"
    {} 400 "constraint.validation" "name is missing"
    {"name":7} 400 "bad.request" "name is not a text"
    {"name":" "} 400 "constraint.validation" "name is missing"
    {"name":"x","description":7} 400 "bad.request" "description is not a text"
    {"name":"x","authenticationRequired":"yes"} 400 "bad.request" "authenticationRequired is not true or false"
    {"name":"x","authenticationUrl":7} 400 "bad.request" "authenticationUrl is not a text"
    {"name":"x","disabled":7} 400 "bad.request" "disabled is not true or false"
    {"name":"x","webChatConfig":7} 400 "bad.request" "webChatConfig is not an object"
    {"name":"x","webChatConfig":{"webChatSkin":"loud"}} 400 "bad.request" "webChatConfig.webChatSkin is not basic or modern-caret-skin"
    {"name":"x","allowedDomains":"a.test"} 400 "bad.request" "allowedDomains is not a list of texts"
    {"name":"x","allowedDomains":[7]} 400 "bad.request" "allowedDomains is not a list of texts"
    {"name":"x","flow":"f"} 400 "bad.request" "flow is not an object"
    {"name":"x","flow":{}} 400 "constraint.validation" "flow.id is missing"
    "#);
    assert_eq!(desk.refused("PUT", &format!("{DEPLOYMENTS}/{LEGACY}"), &bodies).await, said);
    assert_snapshot!(desk.refused("PUT", SETTINGS, &["", "[]", r#"{"requireDeployment":"yes"}"#]).await, @r#"
     400 "bad.request" "The body cannot be read: EOF while parsing a value at line 1 column 0"
    [] 400 "bad.request" "The body is not a JSON object"
    {"requireDeployment":"yes"} 400 "bad.request" "requireDeployment is not true or false"
    "#);
}

#[tokio::test]
async fn settings_are_decided_and_not_decided_any_more() {
    let yaml = "name: s\nworld: { orgs: [{ guestChat: { requireDeployment: true } }] }";
    let desk = Desk::at(TestEmulator::yaml(yaml).await).await;
    let required = async || desk.done("GET", SETTINGS, Value::Null, 200).await.json();
    assert_eq!(required().await, json!({ "requireDeployment": true }));
    desk.done("DELETE", SETTINGS, Value::Null, 204).await;
    assert_eq!(required().await, json!({ "requireDeployment": false }));
    desk.done("PUT", SETTINGS, json!({ "requireDeployment": true }), 200).await;
    assert_eq!(required().await, json!({ "requireDeployment": true }));
}

#[tokio::test]
async fn data_is_signed_for_who_may_have_it_signed() {
    let yaml = "name: s\nworld: { orgs: [{ clients: { signs: { id: signs, secret: signs, permissions: ['authentication:signature:create'] } } }] }";
    let desk = Desk::at(TestEmulator::yaml(yaml).await).await;
    let signs = desk.emulator.token("signs", "signs").await;
    let user = json!({ "userInformation": { "name": "Jo", "accountId": "42" } });
    let post = async |token: &str, body: &str| {
        let bearer = format!("Bearer {token}");
        desk.emulator
            .client
            .send("POST", SIGNED, &[("authorization", bearer.as_str())], body.to_owned())
            .await
    };
    let signed = post(&signs, &user.to_string()).await;
    assert_eq!(signed.status, 200, "{}", signed.text);
    let jwt = signed.json()["jwt"].as_str().unwrap().to_owned();
    let claims = super::begin::claims(&jwt);
    assert_snapshot!(claims, @r#"{"iss":"http://emulator.test","aud":"signeddata","sub":"signs","iat":1767323045,"exp":1767326645,"jti":"a5ea6162-e2fa-4c46-888e-5f47447fbd23","orgId":"00000000-0000-4000-8000-0000000000aa","data":{"userInformation":{"accountId":"42","name":"Jo"}}}"#);
    let guest = desk.emulator.guest_client_token().await;
    let mut said = String::new();
    for (token, body) in [(signs.as_str(), ""), (&signs, "[]"), (&signs, "{"), (&guest, "{}"), ("x", "{}")] {
        let answer = post(token, body).await;
        said += &format!("{body} {} {}\n", answer.status, answer.json()["code"]);
    }
    assert_snapshot!(said, @r#"
     400 "bad.request"
    [] 400 "bad.request"
    { 400 "bad.request"
    {} 403 "missing.any.permissions"
    {} 401 "bad.credentials"
    "#);
    let journal = Value::Array(desk.emulator.journal("").await).to_string();
    assert!(!journal.contains(&jwt), "what is signed is a credential");
}
