//! Wrapping up.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{AGENT, Desk, MESSAGES};

const CODES: &str = "/api/v2/routing/wrapupcodes";

#[tokio::test]
async fn an_agent_says_what_it_was_about() {
    let desk = Desk::of_agent().await;
    let code = desk.done("POST", CODES, json!({ "name": "Done", "description": "All well" }), 200).await;
    assert_snapshot!(code.text, @r#"{"id":"cdd4d097-4cc2-4bfa-86aa-790419628c2f","name":"Done","description":"All well","dateCreated":"2026-01-02T03:04:05.000Z","dateModified":"2026-01-02T03:04:05.000Z","selfUri":"/api/v2/routing/wrapupcodes/cdd4d097-4cc2-4bfa-86aa-790419628c2f"}"#);
    let code = code.json()["id"].as_str().unwrap().to_owned();
    desk.on_queue(true).await;
    let (_guest, id) = desk.guest().await;
    let (path, communication) = desk.taken(&id).await;
    let codes = desk.done("GET", &format!("{path}/wrapupcodes"), Value::Null, 200).await.json();
    assert_eq!(codes[0]["name"], "Done");
    let of_one = format!("{path}/communications/{communication}/wrapup");
    desk.done("GET", &of_one, Value::Null, 404).await;
    let bodies = ["", "{}", r#"{"code":""}"#, r#"{"code":"x"}"#, "[]"];
    assert_snapshot!(desk.refused("POST", &of_one, &bodies).await, @r#"
     400 "missing.wrapup.code" "code is missing"
    {} 400 "missing.wrapup.code" "code is missing"
    {"code":""} 400 "missing.wrapup.code" "code is missing"
    {"code":"x"} 400 "constraint.validation" "there is no wrap-up code x"
    [] 400 "bad.request" "The body cannot be read: invalid type, expected an object"
    "#);
    desk.done("PATCH", &path, json!({ "state": "disconnected" }), 202).await;
    let said = json!({ "code": code, "notes": "fine", "tags": ["a"], "durationSeconds": 7 });
    assert_eq!(desk.done("POST", &of_one, said, 202).await.text, "");
    let wrapped = desk.done("GET", &of_one, Value::Null, 200).await;
    assert_snapshot!(wrapped.text, @r#"{"code":"cdd4d097-4cc2-4bfa-86aa-790419628c2f","name":"Done","notes":"fine","tags":["a"],"durationSeconds":7,"endTime":"2026-01-02T03:04:06.000Z","provisional":false}"#);
    assert_eq!(desk.done("GET", &format!("{path}/wrapup"), Value::Null, 200).await.text, wrapped.text);
    assert_eq!(desk.participant(&id, "agent").await["wrapup"], wrapped.json());
    let nowhere = of_one.replace(&id, "nowhere");
    let code = desk.done("GET", &nowhere, Value::Null, 404).await.json()["code"].clone();
    assert_eq!(code, "conversation.error.conversation.not.found");
    assert_eq!(
        desk.done("GET", &format!("{MESSAGES}/{id}/participants/x/wrapupcodes"), Value::Null, 404)
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn where_it_must_be_said_the_agent_is_busy_until_it_is_said_or_skipped() {
    let desk = Desk::of_agent().await;
    let queues = desk.done("GET", "/api/v2/routing/queues", Value::Null, 200).await.json();
    let queue = queues["entities"][0]["selfUri"].as_str().unwrap().to_owned();
    let body = json!({ "name": "Chat Queue", "acwSettings": { "wrapupPrompt": "MANDATORY" } });
    desk.done("PUT", &queue, body, 200).await;
    desk.on_queue(true).await;
    let (_guest, id) = desk.guest().await;
    let (path, _) = desk.taken(&id).await;
    desk.done("PATCH", &path, json!({ "state": "disconnected" }), 202).await;
    let routing = format!("/api/v2/users/{AGENT}/routingstatus");
    assert_eq!(desk.done("GET", &routing, Value::Null, 200).await.json()["status"], "INTERACTING");
    let agent = desk.participant(&id, "agent").await;
    assert_eq!([&agent["wrapupRequired"], &agent["wrapupPrompt"]], [&json!(true), &json!("mandatory")]);
    assert!(agent["startAcwTime"].is_string());
    desk.done("PATCH", &path, json!({ "wrapupSkipped": true }), 202).await;
    assert_eq!(desk.done("GET", &routing, Value::Null, 200).await.json()["status"], "IDLE");
}

#[tokio::test]
async fn codes_are_made_changed_listed_and_taken_away() {
    let desk = Desk::start().await;
    let bodies = ["", "[]", "{}", r#"{"name":" "}"#];
    assert_snapshot!(desk.refused("POST", CODES, &bodies).await, @r#"
     400 "bad.request" "The body cannot be read: EOF while parsing a value at line 1 column 0"
    [] 400 "bad.request" "The body cannot be read: invalid type, expected an object"
    {} 400 "invalid.name" "name is missing, or longer than 200 characters"
    {"name":" "} 400 "invalid.name" "name is missing, or longer than 200 characters"
    "#);
    let mut ids = Vec::new();
    for name in ["Beta", "alpha", "Gamma"] {
        ids.push(
            desk.done("POST", CODES, json!({ "name": name }), 200).await.json()["id"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
    assert_eq!(
        desk.done("POST", CODES, json!({ "name": "ALPHA" }), 400).await.json()["code"],
        "duplicate.name"
    );
    let mut said = String::new();
    let by_id = format!("?id={},{}", ids[0], ids[2]);
    for query in [
        "",
        "?sortOrder=descending",
        "?name=*a*",
        "?name=alp",
        &by_id,
        "?pageSize=1&pageNumber=2",
        "?sortBy=age",
        "?sortOrder=up",
    ] {
        let answer = desk.ask("GET", &format!("{CODES}{query}"), Value::Null).await;
        let names: Vec<_> = answer.json()["entities"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|one| one["name"].to_string())
            .collect();
        said += &format!("{} {} {names:?}\n", query.split('=').next().unwrap(), answer.status);
    }
    assert_snapshot!(said, @r#"
     200 ["\"Beta\"", "\"Gamma\"", "\"alpha\""]
    ?sortOrder 200 ["\"alpha\"", "\"Gamma\"", "\"Beta\""]
    ?name 200 ["\"Beta\"", "\"Gamma\"", "\"alpha\""]
    ?name 200 ["\"alpha\""]
    ?id 200 ["\"Beta\"", "\"Gamma\""]
    ?pageSize 200 ["\"Gamma\""]
    ?sortBy 400 []
    ?sortOrder 400 []
    "#);
    let views = format!("{CODES}/divisionviews");
    assert_eq!(desk.done("GET", &views, Value::Null, 200).await.json()["total"], 3);
    let viewed = desk.done("GET", &format!("{views}/{}", ids[0]), Value::Null, 200).await.json();
    assert_eq!(viewed["name"], "Beta");
    desk.done("GET", &format!("{views}/x"), Value::Null, 404).await;
    let one = format!("{CODES}/{}", ids[0]);
    assert_eq!(desk.done("PUT", &one, json!({ "name": "Beta 2" }), 200).await.json()["name"], "Beta 2");
    assert_eq!(desk.done("GET", &one, Value::Null, 200).await.json()["name"], "Beta 2");
    assert_eq!(desk.done("DELETE", &one, Value::Null, 200).await.text, "");
    for method in ["GET", "PUT", "DELETE"] {
        let code = desk.done(method, &one, json!({ "name": "x" }), 404).await.json()["code"].clone();
        assert_eq!(code, "resource.not.found");
    }
}

#[tokio::test]
async fn what_is_refused_has_changed_nothing() {
    let desk = Desk::of_agent().await;
    let code = desk.done("POST", CODES, json!({ "name": "Done" }), 200).await.json()["id"].clone();
    desk.on_queue(true).await;
    let (_guest, id) = desk.guest().await;
    let (path, communication) = desk.taken(&id).await;
    let before = desk.participant(&id, "agent").await;
    for change in [
        json!({ "wrapup": { "code": code }, "state": "dancing" }),
        json!({ "held": true, "state": "dancing" }),
        json!({ "wrapupSkipped": true, "wrapup": { "code": "x" }, "state": "disconnected" }),
        json!({ "wrapup": { "code": code, "notes": "x".repeat(4_001) }, "held": true }),
        json!({ "wrapup": { "code": code, "tags": ["x".repeat(201)] }, "held": true }),
        json!({ "wrapup": { "code": code, "tags": vec!["x"; 101] }, "held": true }),
    ] {
        let refused = desk.done("PATCH", &path, change.clone(), 400).await.json();
        assert_eq!(refused["code"], "conversation.participant.update.invalid");
        assert_eq!(desk.participant(&id, "agent").await, before, "{change}");
    }
    desk.done("PATCH", &path, json!({ "state": "disconnected" }), 202).await;
    let after = desk.participant(&id, "agent").await;
    let change = json!({ "wrapup": { "code": code }, "held": true });
    desk.done("PATCH", &path, change, 400).await;
    assert_eq!(desk.participant(&id, "agent").await, after, "whoever has left holds nothing");
    desk.done("GET", &format!("{path}/communications/{communication}/wrapup"), Value::Null, 404).await;
}

#[tokio::test]
async fn that_an_agent_has_dealt_with_it_is_told_once() {
    let desk = Desk::of_agent().await;
    let code = desk.done("POST", CODES, json!({ "name": "Done" }), 200).await.json()["id"].clone();
    desk.on_queue(true).await;
    let (_guest, id) = desk.guest().await;
    let (path, communication) = desk.taken(&id).await;
    let topics = ["acw", "wrapup"].map(|one| format!("v2.detail.events.conversation.{id}.{one}"));
    let mut channel = desk.listen(&topics.iter().map(String::as_str).collect::<Vec<_>>()).await;
    desk.done("PATCH", &path, json!({ "state": "disconnected" }), 202).await;
    let wrapup = format!("{path}/communications/{communication}/wrapup");
    desk.done("POST", &wrapup, json!({ "code": code, "provisional": true }), 202).await;
    desk.done("PATCH", &path, json!({ "wrapup": { "code": code }, "wrapupSkipped": true }), 202).await;
    desk.done("POST", &wrapup, json!({ "code": code, "notes": "again" }), 202).await;
    let mut told = Vec::new();
    for _ in 0..4 {
        let event: Value = serde_json::from_str(&channel.next_raw().await).unwrap();
        told.push(event["topicName"].as_str().unwrap().rsplit('.').next().unwrap().to_owned());
    }
    assert_eq!(told, ["wrapup", "wrapup", "acw", "wrapup"]);
    channel.send(json!({ "message": "ping" })).await;
    assert!(channel.next_raw().await.contains("pong"));
}

#[tokio::test]
async fn a_description_has_a_length_that_somebody_reads() {
    let desk = Desk::start().await;
    let long = json!({ "name": "x", "description": "x".repeat(4_001) });
    for path in [CODES, "/api/v2/routing/queues"] {
        let refused = desk.done("POST", path, long.clone(), 400).await.json();
        assert_eq!(refused["code"], "constraint.validation");
        assert_eq!(refused["message"], "description has more than 4000 characters");
    }
}
