//! `/api/v2/integrations/actions/{id}/execute`: who in another system is which contact.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::{
    support::{Answer, DEPLOYMENT, TestEmulator},
    webmessaging::authenticated::configure,
};

const CONTACTS: &str = "/api/v2/externalcontacts/contacts";
const ACTIONS: &str = "
name: migration
world:
  orgs:
    - externalSources: { zendesk: { id: zendesk } }
      dataActions:
        find: { id: find, externalSource: zendesk, input: userId }
        findOrCreate: { id: findOrCreate, externalSource: zendesk, input: userId, create: true }
      deployments: { messaging: { auth: { externalSource: zendesk } } }
";

async fn post(emulator: &TestEmulator, path: &str, body: Value) -> Answer {
    let token = emulator.token("emulator-client", "emulator-secret").await;
    emulator.client.post(path, Some(&token), &body).await
}

async fn execute(emulator: &TestEmulator, action: &str, input: Value) -> Answer {
    post(emulator, &format!("/api/v2/integrations/actions/{action}/execute"), input).await
}

#[tokio::test]
async fn a_foreign_user_id_is_mapped_to_the_contact_that_claims_it() {
    let emulator = TestEmulator::yaml(ACTIONS).await;
    let id = json!({ "externalSource": { "id": "zendesk" }, "value": "4711" });
    let written = json!({ "firstName": "Ann", "lastName": "Adams", "externalIds": [id] });
    let contact = post(&emulator, CONTACTS, written).await.json()["id"].clone();
    let found = execute(&emulator, "find", json!({ "userId": "4711" })).await.text;
    assert_eq!(found, execute(&emulator, "find", json!({ "userId": 4711 })).await.text);
    assert_snapshot!(found.replace(contact.as_str().unwrap(), "{contact}"), @r#"{"contactId":"{contact}","externalId":"4711","type":"Curated","firstName":"Ann","lastName":"Adams","created":false}"#);
}

#[tokio::test]
async fn an_id_that_nobody_has_becomes_a_contact_once_where_the_action_says_so() {
    let emulator = TestEmulator::yaml(ACTIONS).await;
    let input = json!({ "userId": "7", "firstName": "Bob", "personalEmail": "bob@shop.test" });
    let [first, again] = [
        execute(&emulator, "findOrCreate", input.clone()).await.json(),
        execute(&emulator, "findOrCreate", input).await.json(),
    ];
    assert_eq!((&first["created"], &again["created"]), (&json!(true), &json!(false)));
    assert_eq!((&first["contactId"], &first["firstName"]), (&again["contactId"], &json!("Bob")));

    // who signs in as this user is the contact, and so are the conversations
    let person = json!({ "deploymentId": DEPLOYMENT, "person": { "subject": "7" } });
    let made = emulator.client.admin("POST", "/person-tokens", Some(&person)).await.json();
    let mut socket = emulator.socket(DEPLOYMENT).await;
    configure(&mut socket, DEPLOYMENT, "t-1", made["jwt"].as_str().unwrap()).await;
    socket.say("t-1", "hello").await;
    socket.next().await;
    assert_eq!(emulator.conversation().await["contactId"], first["contactId"]);
}

#[tokio::test]
async fn what_cannot_be_executed_is_told() {
    let emulator = TestEmulator::yaml(ACTIONS).await;
    let mut said = String::new();
    for (action, input) in [
        ("find", json!({ "userId": "nobody" })),
        ("find", json!({ "user": "7" })),
        ("find", json!({ "userId": "" })),
        ("find", json!([])),
        ("nothing", json!({ "userId": "7" })),
        ("findOrCreate", json!({ "userId": "7", "firstName": 7 })),
        ("findOrCreate", json!({ "userId": "7", "workEmail": "nobody" })),
    ] {
        let answer = execute(&emulator, action, input).await;
        let rule = emulator.last_refusal().await["rule"].clone();
        said += &format!("{} {} {} {rule}\n", answer.status, answer.json()["code"], answer.json()["message"]);
    }
    let guest = emulator.guest_client_token().await;
    let path = "/api/v2/integrations/actions/find/execute";
    let answer = emulator.client.post(path, Some(&guest), &json!({})).await;
    said += &format!("{} {}", answer.status, answer.json()["messageParams"]);
    assert_snapshot!(said, @r#"
    404 "not.found" "The requested resource was not found." "not.found"
    400 "parameters.missing" "A required parameter is missing: userId" "data_action.input"
    400 "parameters.missing" "A required parameter is missing: userId" "data_action.input"
    400 "parameters.missing" "A required parameter is missing: userId" "data_action.input"
    404 "not.found" "The requested resource was not found." "data_action.unknown"
    400 "bad.request" "the input cannot be written down: invalid type, expected a string" "data_action.input"
    422 "validation.failed" "workEmail is no address with `@`" "validation.failed"
    403 {"permissions":"[integrations:action:execute, bridge:actions:execute]"}
    "#);
}

#[tokio::test]
async fn actions_that_cannot_be_meant_do_not_load() {
    let emulator = TestEmulator::start().await;
    let mut said = String::new();
    for actions in [
        "a: {}",
        "a: { externalSource: crm }",
        "a: { id: x, externalSource: zendesk }, b: { id: x, externalSource: zendesk }",
    ] {
        let yaml = format!(
            "name: x\nworld: {{ orgs: [{{ externalSources: {{ zendesk: {{}} }}, dataActions: {{ {actions} }} }}] }}"
        );
        let answer = emulator.client.try_send("POST", "/__admin/scenarios/apply", &[], yaml).await.unwrap();
        said += &format!("{} {}\n", answer.status, answer.json()["detail"].as_str().unwrap());
    }
    assert_snapshot!(said, @r"
    400 org 00000000-0000-4000-8000-0000000000aa: scenario (request body): line 2 column 68: world: dataActions.a: `externalSource` is missing
    400 org 00000000-0000-4000-8000-0000000000aa: scenario (request body): line 2 column 73: world: dataActions.a: there is no external source `crm`
    400 org 00000000-0000-4000-8000-0000000000aa: scenario (request body): line 2 column 107: world: dataActions.b: its id is that of another data action
    ");
}
