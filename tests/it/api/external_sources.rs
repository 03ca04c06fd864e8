//! `/api/v2/externalcontacts/externalsources`: other systems whose ids contacts may have.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{Answer, TestEmulator};

const SOURCES: &str = "/api/v2/externalcontacts/externalsources";
const CONTACTS: &str = "/api/v2/externalcontacts/contacts";

async fn ask(emulator: &TestEmulator, method: &str, path: &str, body: Value) -> Answer {
    let token = emulator.token("emulator-client", "emulator-secret").await;
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    emulator.client.send(method, path, &headers, body.to_string()).await
}

#[tokio::test]
async fn a_source_is_made_changed_and_taken_away_with_all_its_ids() {
    let emulator = TestEmulator::start().await;
    let body = json!({ "name": "crm", "linkConfiguration": { "uriTemplate": "https://crm.test/{id}" } });
    let made = ask(&emulator, "POST", SOURCES, body).await;
    assert_snapshot!(made.text, @r#"{"id":"7d2ae543-905d-480a-8cde-e23095053e48","name":"crm","active":true,"linkConfiguration":{"uriTemplate":"https://crm.test/{id}"},"selfUri":"/api/v2/externalcontacts/externalsources/7d2ae543-905d-480a-8cde-e23095053e48"}"#);
    let (id, path) = (made.json()["id"].clone(), made.json()["selfUri"].as_str().unwrap().to_owned());
    let ann = json!({ "externalIds": [{ "externalSource": { "id": id }, "value": "42" }] });
    let ann = ask(&emulator, "POST", CONTACTS, ann).await.json()["selfUri"].as_str().unwrap().to_owned();
    let changed = ask(&emulator, "PUT", &path, json!({ "name": "CRM", "active": false })).await;
    assert_snapshot!(changed.text, @r#"{"id":"7d2ae543-905d-480a-8cde-e23095053e48","name":"CRM","active":false,"selfUri":"/api/v2/externalcontacts/externalsources/7d2ae543-905d-480a-8cde-e23095053e48"}"#);
    assert_eq!(
        ask(&emulator, "GET", &ann, json!({})).await.json()["externalIds"][0]["externalSource"]["name"],
        "CRM"
    );
    assert_eq!(ask(&emulator, "DELETE", &path, json!({})).await.status, 204);
    assert_eq!(ask(&emulator, "GET", &path, json!({})).await.status, 404);
    assert_eq!(ask(&emulator, "GET", &ann, json!({})).await.json()["externalIds"], json!([]));
}

#[tokio::test]
async fn sources_are_listed_by_name_and_use_a_page_at_a_time() {
    let sources: Vec<_> = ["a", "b", "c"]
        .map(|id| format!("{id}: {{ id: {id}, name: crm-{id}, active: {} }}", id != "b"))
        .into();
    let yaml = format!("name: s\nworld: {{ orgs: [{{ externalSources: {{ {} }} }}] }}", sources.join(", "));
    let emulator = TestEmulator::yaml(&yaml).await;
    let mut said = String::new();
    for query in [
        "",
        "?limit=2",
        "?limit=2&cursor=b",
        "?limit=1&name=crm",
        "?name=crm-c",
        "?active=true",
        "?active=no",
        "?limit=x",
    ] {
        let answer = ask(&emulator, "GET", &format!("{SOURCES}{query}"), json!({})).await;
        let body = answer.json();
        said += &match answer.status {
            200 => {
                let ids: Vec<_> = body["entities"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|one| one["id"].as_str().unwrap())
                    .collect();
                format!("{query} {ids:?} {} {}\n", body["nextUri"], body["cursors"])
            }
            status => format!("{query} {status} {}\n", body["message"]),
        };
    }
    assert_snapshot!(said, @r#"
     ["a", "b", "c"] null {}
    ?limit=2 ["a", "b"] "/api/v2/externalcontacts/externalsources?limit=2&cursor=b" {"after":"b"}
    ?limit=2&cursor=b ["c"] null {}
    ?limit=1&name=crm ["a"] "/api/v2/externalcontacts/externalsources?limit=1&name=crm&cursor=a" {"after":"a"}
    ?name=crm-c ["c"] null {}
    ?active=true ["a", "c"] null {}
    ?active=no 400 "Value [no] is not valid for its query parameter."
    ?limit=x 400 "Value [x] is not valid for its query parameter."
    "#);
}

#[tokio::test]
async fn there_are_no_two_of_a_name_nor_more_than_a_hundred() {
    let emulator = TestEmulator::unlimited().await;
    let mut last = None;
    for nth in 0..101 {
        last = Some(ask(&emulator, "POST", SOURCES, json!({ "name": format!("s-{nth}") })).await);
    }
    let same = ask(&emulator, "POST", SOURCES, json!({ "name": "s-7" })).await;
    let codes = [last.unwrap(), same].map(|answer| (answer.status, answer.json()["code"].clone()));
    assert_eq!(
        codes,
        [(409, json!("max.external.source.limit.reached")), (409, json!("external.source.exists"))]
    );
}

#[tokio::test]
async fn sources_of_a_scenario_that_cannot_be_meant_do_not_load() {
    let emulator = TestEmulator::start().await;
    let mut said = String::new();
    for org in [
        "externalSources: { a: { name: crm }, b: { name: crm } }",
        "deployments: { x: { id: x, auth: { externalSource: crm } } }",
    ] {
        let yaml = format!("name: x\nworld: {{ orgs: [{{ {org} }}] }}");
        let answer = emulator.client.try_send("POST", "/__admin/scenarios/apply", &[], yaml).await.unwrap();
        said += &format!("{} {}\n", answer.status, answer.json()["detail"].as_str().unwrap());
    }
    assert_snapshot!(said, @r"
    400 org 00000000-0000-4000-8000-0000000000aa: scenario (request body): line 2 column 56: world: externalSources.b: id or name is that of external source crm
    400 org 00000000-0000-4000-8000-0000000000aa: scenario (request body): line 2 column 54: world: deployments.x.auth: there is no external source `crm`
    ");
}
