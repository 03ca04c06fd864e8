//! Where users are, and whether they take what queues have.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{AGENT, Desk};

const DEFINITIONS: &str = "/api/v2/presencedefinitions";

fn presence(user: &str) -> String {
    format!("/api/v2/users/{user}/presences/purecloud")
}

fn routing(user: &str) -> String {
    format!("/api/v2/users/{user}/routingstatus")
}

#[tokio::test]
async fn presence_and_routing_status_go_together() {
    let desk = Desk::of_agent().await;
    let mut said = String::new();
    for (method, path, body) in [
        ("GET", presence(AGENT), Value::Null),
        ("GET", routing(AGENT), Value::Null),
        (
            "PATCH",
            presence(AGENT),
            json!({ "presenceDefinition": { "systemPresence": "ON_QUEUE" }, "message": "here" }),
        ),
        ("GET", routing(AGENT), Value::Null),
        ("PUT", routing(AGENT), json!({ "status": "OFF_QUEUE" })),
        ("GET", presence(AGENT), Value::Null),
        (
            "PATCH",
            presence(AGENT),
            json!({ "presenceDefinition": { "id": "3fd96123-badb-4f69-bc03-1b1ccc6d8014" } }),
        ),
    ] {
        desk.emulator.advance("1s").await;
        said += &format!("{method} {}\n", desk.done(method, &path, body, 200).await.text);
    }
    assert_snapshot!(said, @r#"
    GET {"source":"PURECLOUD","primary":true,"presenceDefinition":{"id":"ccf3c10a-aa2c-4845-8e8d-f59fa48c58e5","systemPresence":"Offline","selfUri":"/api/v2/presencedefinitions/ccf3c10a-aa2c-4845-8e8d-f59fa48c58e5"},"message":"","selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb/presences/purecloud"}
    GET {"userId":"00000000-0000-4000-8000-0000000000bb","status":"OFF_QUEUE"}
    PATCH {"source":"PURECLOUD","primary":true,"presenceDefinition":{"id":"e08eaf1b-ee47-4fa9-a231-1200e284798f","systemPresence":"On Queue","selfUri":"/api/v2/presencedefinitions/e08eaf1b-ee47-4fa9-a231-1200e284798f"},"message":"here","modifiedDate":"2026-01-02T03:04:08.000Z","selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb/presences/purecloud"}
    GET {"userId":"00000000-0000-4000-8000-0000000000bb","status":"IDLE","startTime":"2026-01-02T03:04:08.000Z"}
    PUT {"userId":"00000000-0000-4000-8000-0000000000bb","status":"OFF_QUEUE","startTime":"2026-01-02T03:04:10.000Z"}
    GET {"source":"PURECLOUD","primary":true,"presenceDefinition":{"id":"6a3af858-942f-489d-9700-5f9bcdcdae9b","systemPresence":"Available","selfUri":"/api/v2/presencedefinitions/6a3af858-942f-489d-9700-5f9bcdcdae9b"},"message":"here","modifiedDate":"2026-01-02T03:04:10.000Z","selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb/presences/purecloud"}
    PATCH {"source":"PURECLOUD","primary":true,"presenceDefinition":{"id":"3fd96123-badb-4f69-bc03-1b1ccc6d8014","systemPresence":"Meal","selfUri":"/api/v2/presencedefinitions/3fd96123-badb-4f69-bc03-1b1ccc6d8014"},"message":"here","modifiedDate":"2026-01-02T03:04:12.000Z","selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb/presences/purecloud"}
    "#);
}

#[tokio::test]
async fn what_cannot_be_meant_of_a_user_is_refused() {
    let mut desk = Desk::start().await;
    let bodies = [
        "",
        "[]",
        "{}",
        r#"{"presenceDefinition":{"systemPresence":"Asleep"}}"#,
        r#"{"presenceDefinition":{"id":"x"}}"#,
    ];
    assert_snapshot!(desk.refused("PATCH", &presence(AGENT), &bodies).await, @r#"
     400 "bad.request" "The body cannot be read: EOF while parsing a value at line 1 column 0"
    [] 400 "bad.request" "The body cannot be read: invalid type, expected an object"
    {} 400 "constraint.validation" "presenceDefinition has an id or a systemPresence"
    {"presenceDefinition":{"systemPresence":"Asleep"}} 400 "constraint.validation" "systemPresence is not a system presence"
    {"presenceDefinition":{"id":"x"}} 404 "not.found" "The requested resource was not found."
    "#);
    let bodies = ["", "{}", r#"{"status":"ASLEEP"}"#, r#"{"status":"INTERACTING"}"#];
    assert_snapshot!(desk.refused("PUT", &routing(AGENT), &bodies).await, @r#"
     400 "bad.request" "The body cannot be read: EOF while parsing a value at line 1 column 0"
    {} 400 "bad.request" "The body cannot be read: missing field `status` at line 1 column 2"
    {"status":"ASLEEP"} 400 "bad.request" "The body cannot be read: unknown variant `ASLEEP`, expected one of `OFF_QUEUE`, `IDLE`, `INTERACTING`, `NOT_RESPONDING`, `COMMUNICATING` at line 1 column 18"
    {"status":"INTERACTING"} 400 "general.bad.request" "status can be set to OFF_QUEUE or IDLE; the others come of what a user does"
    "#);
    for (method, path, code) in [
        ("GET", presence("x"), "presenceservice.usernotfound"),
        ("PATCH", presence("x"), "presenceservice.usernotfound"),
        ("GET", routing("x"), "not.found"),
        ("PUT", routing("x"), "resource.not.found"),
    ] {
        let body = json!({ "status": "IDLE", "presenceDefinition": { "systemPresence": "Meal" } });
        let body = if method == "GET" { Value::Null } else { body };
        assert_eq!(desk.done(method, &path, body, 404).await.json()["code"], code);
    }
    desk.token = desk.emulator.token("emulator-readonly-client", "emulator-readonly-secret").await;
    let body = json!({ "presenceDefinition": { "systemPresence": "Meal" } });
    let answer = desk.done("PATCH", &presence(AGENT), body, 403).await;
    assert_eq!(answer.json()["code"], "presence.not.authorized.update.other.user.presence");
}

#[tokio::test]
async fn an_org_defines_presences_of_its_own() {
    let desk = Desk::start().await;
    let body = json!({ "languageLabels": { "en_US": "Reading" }, "systemPresence": "Busy" });
    let made = desk.done("POST", DEFINITIONS, body.clone(), 200).await;
    assert_snapshot!(made.text, @r#"{"id":"7a9d72a3-0b48-4785-b727-67a0cf4980bd","name":"Reading","languageLabels":{"en_US":"Reading"},"systemPresence":"Busy","deactivated":false,"primary":false,"createdDate":"2026-01-02T03:04:05.000Z","modifiedDate":"2026-01-02T03:04:05.000Z","selfUri":"/api/v2/presencedefinitions/7a9d72a3-0b48-4785-b727-67a0cf4980bd"}"#);
    let path = made.json()["selfUri"].as_str().unwrap().to_owned();
    let used = json!({ "presenceDefinition": { "id": made.json()["id"] } });
    let there = desk.done("PATCH", &presence(AGENT), used.clone(), 200).await.json();
    assert_eq!(there["presenceDefinition"]["systemPresence"], "Busy");
    let body = json!({ "languageLabels": { "en_US": "Reading" }, "deactivated": true });
    desk.done("PUT", &path, body, 200).await;
    desk.done("PATCH", &presence(AGENT), used, 404).await;
    let count = |query: &'static str| {
        let desk = &desk;
        async move {
            desk.done("GET", &format!("{DEFINITIONS}{query}"), Value::Null, 200).await.json()["total"].clone()
        }
    };
    assert_eq!([count("").await, count("?deleted=true").await, count("?deleted=all").await], [9, 1, 10]);
    let page = desk.done("GET", &format!("{DEFINITIONS}?pageSize=1&pageNumber=8"), Value::Null, 200).await;
    assert_snapshot!(page.text, @r#"{"entities":[{"id":"e08eaf1b-ee47-4fa9-a231-1200e284798f","name":"On Queue","languageLabels":{"en_US":"On Queue"},"systemPresence":"On Queue","deactivated":false,"primary":true,"selfUri":"/api/v2/presencedefinitions/e08eaf1b-ee47-4fa9-a231-1200e284798f"}],"pageSize":1,"pageNumber":8,"total":9,"pageCount":9,"firstUri":"/api/v2/presencedefinitions?pageSize=1&pageNumber=1","selfUri":"/api/v2/presencedefinitions?pageSize=1&pageNumber=8","nextUri":"/api/v2/presencedefinitions?pageSize=1&pageNumber=9","previousUri":"/api/v2/presencedefinitions?pageSize=1&pageNumber=7","lastUri":"/api/v2/presencedefinitions?pageSize=1&pageNumber=9"}"#);
    for query in ["?pageSize=0", "?pageNumber=x", "?deleted=perhaps"] {
        desk.done("GET", &format!("{DEFINITIONS}{query}"), Value::Null, 400).await;
    }
    let bodies = [
        "",
        "{}",
        r#"{"languageLabels":{"en_US":"x"}}"#,
        r#"{"languageLabels":{"en_US":"x"},"systemPresence":"Asleep"}"#,
    ];
    assert_snapshot!(desk.refused("POST", DEFINITIONS, &bodies).await, @r#"
     400 "bad.request" "The body cannot be read: EOF while parsing a value at line 1 column 0"
    {} 400 "constraint.validation" "languageLabels is missing or empty"
    {"languageLabels":{"en_US":"x"}} 400 "constraint.validation" "systemPresence is one of Available, Away, Break, Busy, Meal, Meeting, Offline, On Queue, Training"
    {"languageLabels":{"en_US":"x"},"systemPresence":"Asleep"} 400 "constraint.validation" "systemPresence is one of Available, Away, Break, Busy, Meal, Meeting, Offline, On Queue, Training"
    "#);
    assert_eq!(desk.done("DELETE", &path, Value::Null, 200).await.text, "");
    for method in ["GET", "DELETE", "PUT"] {
        desk.done(method, &path, json!({ "languageLabels": { "en_US": "x" } }), 404).await;
    }
    let system = desk.done("GET", "/api/v2/systempresences", Value::Null, 200).await.json();
    assert_eq!(system.as_array().unwrap().len(), 9);
    assert_snapshot!(system[0], @r#"{"id":"6a3af858-942f-489d-9700-5f9bcdcdae9b","name":"Available","selfUri":"/api/v2/systempresences/6a3af858-942f-489d-9700-5f9bcdcdae9b"}"#);
}

#[tokio::test]
async fn other_systems_say_where_a_user_is_and_queues_do_not_care() {
    let mut desk = Desk::of_agent().await;
    let path = format!("/api/v2/users/{AGENT}/presences/microsoftteams");
    let none = desk.done("GET", &path, Value::Null, 404).await.json();
    assert_eq!(none["code"], "not.found");
    let body = json!({ "presenceDefinition": { "systemPresence": "Meeting" }, "message": "there" });
    let said = desk.done("PATCH", &path, body.clone(), 200).await;
    assert_snapshot!(said.text, @r#"{"source":"MICROSOFTTEAMS","primary":false,"presenceDefinition":{"id":"bbdff279-7ae1-48ea-bade-7831d7234c64","systemPresence":"Meeting","selfUri":"/api/v2/presencedefinitions/bbdff279-7ae1-48ea-bade-7831d7234c64"},"message":"there","modifiedDate":"2026-01-02T03:04:05.000Z","selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb/presences/microsoftteams"}"#);
    assert_eq!(desk.done("GET", &path, Value::Null, 200).await.json(), said.json());
    let own = desk.done("GET", &presence(AGENT), Value::Null, 200).await.json();
    assert_eq!(own["presenceDefinition"]["systemPresence"], "Offline");
    let shown =
        format!("/api/v2/users/{AGENT}?expand=integrationPresence&integrationPresenceSource=MicrosoftTeams");
    let user = desk.done("GET", &shown, Value::Null, 200).await.json();
    assert_eq!(user["integrationPresence"]["message"], "there");
    for nth in 1..10 {
        desk.done("PATCH", &format!("/api/v2/users/{AGENT}/presences/s{nth}"), body.clone(), 200).await;
    }
    desk.done("PATCH", &format!("/api/v2/users/{AGENT}/presences/s10"), body.clone(), 400).await;
    let bodies =
        ["", "[]", "{}", r#"{"presenceDefinition":{"systemPresence":"Asleep"}}"#, r#"{"message":7}"#];
    assert_snapshot!(desk.refused("PATCH", &path, &bodies).await, @r#"
     400 "bad.request" "The body cannot be read: EOF while parsing a value at line 1 column 0"
    [] 400 "bad.request" "The body cannot be read: invalid type, expected an object"
    {} 400 "constraint.validation" "presenceDefinition has an id or a systemPresence"
    {"presenceDefinition":{"systemPresence":"Asleep"}} 400 "constraint.validation" "systemPresence is not a system presence"
    {"message":7} 400 "bad.request" "The body cannot be read: invalid type, expected a string at line 1 column 12"
    "#);
    for method in ["GET", "PATCH"] {
        let answer =
            desk.done(method, "/api/v2/users/x/presences/microsoftteams", body.clone(), 404).await.json();
        assert_eq!(answer["code"], "presenceservice.usernotfound");
    }
    desk.token = desk.emulator.token("emulator-readonly-client", "emulator-readonly-secret").await;
    desk.done("PATCH", &path, body, 403).await;
}
