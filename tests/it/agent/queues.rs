//! `/api/v2/routing/queues`.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::Desk;

const QUEUES: &str = "/api/v2/routing/queues";

#[tokio::test]
async fn queues_are_made_changed_listed_and_taken_away() {
    let desk = Desk::start().await;
    desk.on_queue(true).await;
    let listed = desk.done("GET", QUEUES, Value::Null, 200).await;
    assert_snapshot!(listed.text, @r#"{"entities":[{"id":"51590013-993c-4a0c-a5ec-ba62ff147112","name":"Chat Queue","division":{"id":"e3b75d5c-39cc-45e0-b40b-f170c324fa6e","name":"Home","selfUri":"/api/v2/authorization/divisions/e3b75d5c-39cc-45e0-b40b-f170c324fa6e"},"memberCount":1,"userMemberCount":1,"joinedMemberCount":1,"mediaSettings":{"message":{"alertingTimeoutSeconds":30}},"acwSettings":{"wrapupPrompt":"OPTIONAL"},"skillEvaluationMethod":"NONE","autoAnswerOnly":false,"selfUri":"/api/v2/routing/queues/51590013-993c-4a0c-a5ec-ba62ff147112"}],"pageSize":25,"pageNumber":1,"total":1,"pageCount":1,"firstUri":"/api/v2/routing/queues?pageSize=25&pageNumber=1","selfUri":"/api/v2/routing/queues?pageSize=25&pageNumber=1","lastUri":"/api/v2/routing/queues?pageSize=25&pageNumber=1"}"#);
    let body = json!({ "name": "Support", "description": "d", "mediaSettings": { "message": { "alertingTimeoutSeconds": 60 } } });
    let made = desk.done("POST", QUEUES, body, 200).await;
    assert_snapshot!(made.text, @r#"{"id":"7bda6a98-6425-4048-b1b8-e4ed879f9605","name":"Support","description":"d","division":{"id":"e3b75d5c-39cc-45e0-b40b-f170c324fa6e","name":"Home","selfUri":"/api/v2/authorization/divisions/e3b75d5c-39cc-45e0-b40b-f170c324fa6e"},"dateCreated":"2026-01-02T03:04:05.000Z","dateModified":"2026-01-02T03:04:05.000Z","memberCount":0,"userMemberCount":0,"joinedMemberCount":0,"mediaSettings":{"message":{"alertingTimeoutSeconds":60}},"acwSettings":{"wrapupPrompt":"OPTIONAL"},"skillEvaluationMethod":"NONE","autoAnswerOnly":false,"selfUri":"/api/v2/routing/queues/7bda6a98-6425-4048-b1b8-e4ed879f9605"}"#);
    let one = made.json()["selfUri"].as_str().unwrap().to_owned();
    let changed = desk.done("PUT", &one, json!({ "name": "Support 2" }), 200).await.json();
    assert_eq!([&changed["name"], &changed["description"]], ["Support 2", "d"]);
    assert_eq!(desk.done("GET", &one, Value::Null, 200).await.json(), changed);
    let bodies = [
        "",
        "{}",
        r#"{"name":"chat queue"}"#,
        r#"{"name":"x","acwSettings":{"wrapupPrompt":"NEVER"}}"#,
        r#"{"name":"x","mediaSettings":{"message":{"alertingTimeoutSeconds":1}}}"#,
    ];
    assert_snapshot!(desk.refused("POST", QUEUES, &bodies).await, @r#"
     400 "bad.request" "The body cannot be read: EOF while parsing a value at line 1 column 0"
    {} 400 "invalid.name" "name is missing, or longer than 200 characters"
    {"name":"chat queue"} 400 "duplicate.name" "Another one has the name chat queue"
    {"name":"x","acwSettings":{"wrapupPrompt":"NEVER"}} 400 "bad.request" "The body cannot be read: unknown variant `NEVER`, expected one of `MANDATORY`, `OPTIONAL`, `MANDATORY_TIMEOUT`, `MANDATORY_FORCED_TIMEOUT`, `AGENT_REQUESTED` at line 1 column 49"
    {"name":"x","mediaSettings":{"message":{"alertingTimeoutSeconds":1}}} 400 "constraint.validation" "alertingTimeoutSeconds of mediaSettings.message is between 7 and 3600"
    "#);
    for (query, total) in [("?name=support", 1), ("?name=*u*&sortOrder=desc", 2), ("?id=x", 0)] {
        assert_eq!(
            desk.done("GET", &format!("{QUEUES}{query}"), Value::Null, 200).await.json()["total"],
            total
        );
    }
    desk.done("GET", &format!("{QUEUES}?sortOrder=up"), Value::Null, 400).await;
    assert_eq!(desk.done("DELETE", &one, Value::Null, 200).await.text, "");
    for method in ["GET", "PUT", "DELETE"] {
        desk.done(method, &one, json!({ "name": "x" }), 404).await;
    }
}

#[tokio::test]
async fn a_user_has_the_queue_that_it_is_a_member_of() {
    let mut desk = Desk::of_agent().await;
    let mine = format!("{QUEUES}/me");
    let all = desk.done("GET", &mine, Value::Null, 200).await.json();
    assert_eq!([&all["total"], &all["entities"][0]["name"]], [&json!(1), &json!("Chat Queue")]);
    let left = desk.done("GET", &format!("{mine}?joined=false"), Value::Null, 200).await.json();
    assert_eq!(left["total"], 0);
    desk.done("GET", &format!("{mine}?joined=perhaps"), Value::Null, 400).await;
    desk.token = desk.emulator.token("emulator-client", "emulator-secret").await;
    assert_eq!(desk.done("GET", &mine, Value::Null, 400).await.json()["code"], "not.a.user");
}

#[tokio::test]
async fn a_queue_in_which_somebody_waits_stays_unless_it_is_forced() {
    let desk = Desk::start().await;
    let (_guest, _) = desk.guest().await;
    let all = desk.done("GET", QUEUES, Value::Null, 200).await.json();
    let one = all["entities"][0]["selfUri"].as_str().unwrap();
    assert_eq!(desk.done("DELETE", one, Value::Null, 400).await.json()["code"], "active.queue");
    desk.done("DELETE", &format!("{one}?forceDelete=true"), Value::Null, 200).await;
    assert_eq!(desk.done("GET", QUEUES, Value::Null, 200).await.json()["total"], 0);
}
