//! What is refused of conversations, and to whom.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{AGENT, Desk, MESSAGES};

#[tokio::test]
async fn what_cannot_be_meant_of_a_participant_is_refused() {
    let desk = Desk::of_agent().await;
    desk.on_queue(true).await;
    let (_guest, id) = desk.guest().await;
    let (path, communication) = desk.taken(&id).await;
    let bodies = [
        "",
        "[]",
        "{}",
        r#"{"state":"alerting"}"#,
        r#"{"state":7}"#,
        r#"{"wrapup":{}}"#,
        r#"{"wrapup":{"code":"x"}}"#,
    ];
    assert_snapshot!(desk.refused("PATCH", &path, &bodies).await, @r#"
     400 "conversation.participant.update.invalid" "one of state, held, wrapup and wrapupSkipped is to be said"
    [] 400 "bad.request" "The body cannot be read: invalid type, expected an object"
    {} 400 "conversation.participant.update.invalid" "one of state, held, wrapup and wrapupSkipped is to be said"
    {"state":"alerting"} 400 "conversation.participant.update.invalid" "state alerting is none that a participant is set to: connected or disconnected"
    {"state":7} 400 "bad.request" "The body cannot be read: invalid type, expected a string at line 1 column 10"
    {"wrapup":{}} 400 "conversation.participant.update.invalid" "code is missing"
    {"wrapup":{"code":"x"}} 400 "conversation.participant.update.invalid" "there is no wrap-up code x"
    "#);
    let agent = path.rsplit('/').next().unwrap();
    let of_all = format!("/api/v2/conversations/{id}/participants/{agent}");
    assert_snapshot!(desk.refused("PATCH", &of_all, &bodies[..4]).await, @r#"
     400 "bad.request" "The body cannot be read: EOF while parsing a value at line 1 column 0"
    [] 400 "bad.request" "The body cannot be read: invalid type, expected an object"
    {} 400 "conversation.participant.update.invalid" "one of state, held, wrapup and wrapupSkipped is to be said"
    {"state":"alerting"} 400 "conversation.participant.update.invalid" "state alerting is none that a participant is set to: connected or disconnected"
    "#);
    let of_one = format!("{path}/communications/{communication}");
    assert_snapshot!(desk.refused("PATCH", &of_one, &bodies[..4]).await, @r#"
     400 "bad.request" "The body cannot be read: EOF while parsing a value at line 1 column 0"
    [] 400 "bad.request" "The body cannot be read: invalid type, expected an object"
    {} 400 "communication.state.required" "state is missing"
    {"state":"alerting"} 400 "constraint.validation" "state alerting is none that a participant is set to: connected or disconnected"
    "#);
    assert_eq!(desk.done("PATCH", &of_one, json!({ "state": "connected" }), 200).await.text, "{}");
    desk.done("PATCH", &format!("{path}/communications/x"), json!({ "state": "connected" }), 404).await;
    desk.done("PATCH", &path.replace(agent, "x"), json!({ "state": "connected" }), 404).await;
    desk.done("PATCH", &path, json!({ "held": true }), 202).await;
    assert_eq!(desk.participant(&id, "agent").await["held"], true);
    desk.done("PATCH", &path, json!({ "held": false, "muted": true }), 202).await;
    let say = format!("{MESSAGES}/{id}/communications/{communication}/messages");
    let long = format!(r#"{{"textBody":"{}"}}"#, "x".repeat(4001));
    let bodies = ["", "null", "{}", r#"{"textBody":7}"#, r#"{"textBody":"x","mediaIds":["y"]}"#, &long];
    assert_snapshot!(desk.refused("POST", &say, &bodies).await.replace(&"x".repeat(4001), "(4001 x)"), @r#"
     400 "bad.request" "The body cannot be read: EOF while parsing a value at line 1 column 0"
    null 400 "bad.request" "The body cannot be read: invalid type, expected struct AdditionalMessage at line 1 column 4"
    {} 400 "constraint.validation" "textBody is empty, and there are no mediaIds"
    {"textBody":7} 400 "bad.request" "The body cannot be read: invalid type, expected a string at line 1 column 13"
    {"textBody":"x","mediaIds":["y"]} 400 "constraint.validation" "there is no media y in conversation 421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd"
    {"textBody":"(4001 x)"} 400 "max.length.exceeded" "The text has 4001 characters, which are too many"
    "#);
    let bodies = ["", "{}", r#"{"typing":{"type":"Off"}}"#];
    assert_snapshot!(desk.refused("POST", &say.replace("/messages", "/typing").replacen("/typing", "/messages", 1), &bodies).await, @r#"
     400 "bad.request" "The body cannot be read: EOF while parsing a value at line 1 column 0"
    {} 400 "bad.request" "The body cannot be read: missing field `typing` at line 1 column 2"
    {"typing":{"type":"Off"}} 400 "bad.request" "The body cannot be read: unknown variant `Off`, expected `On` at line 1 column 23"
    "#);
    let customer = desk.participant(&id, "customer").await["id"].as_str().unwrap().to_owned();
    let as_guest = format!("{MESSAGES}/{id}/communications/{customer}/messages");
    let code = desk.done("POST", &as_guest, json!({ "textBody": "x" }), 403).await.json()["code"].clone();
    assert_eq!(code, "not.authorized");
    desk.done("POST", &format!("{MESSAGES}/{id}/communications/x/messages"), json!({ "textBody": "x" }), 404)
        .await;
    for path in
        [format!("{MESSAGES}/x"), format!("{MESSAGES}/x/details"), format!("{MESSAGES}/{id}/messages/x")]
    {
        desk.done("GET", &path, Value::Null, 404).await;
    }
}

#[tokio::test]
async fn scopes_and_permissions_are_those_that_are_published() {
    let emulator = crate::support::TestEmulator::yaml(
        "name: c\nworld: { orgs: [{ scopeChecks: all, clients: { may: { id: may, secret: may, scopes: ['conversations:readonly'], permissions: ['conversation:communication:view'] } } }] }",
    )
    .await;
    let desk = Desk::at(emulator).await;
    let (_guest, id) = desk.guest().await;
    let may = desk.emulator.token("may", "may").await;
    let mut said = String::new();
    for (method, path) in [
        ("GET", format!("/api/v2/conversations/{id}")),
        ("GET", format!("{MESSAGES}/{id}")),
        ("GET", format!("{MESSAGES}/{id}/messages/x")),
        ("POST", format!("/api/v2/conversations/{id}/disconnect")),
        ("POST", "/api/v2/notifications/channels".to_owned()),
        ("GET", format!("/api/v2/users/{AGENT}/presences/purecloud")),
    ] {
        let answer = desk.ask_as(&may, method, &path, "").await;
        let code = if answer.status < 400 { Value::Null } else { answer.json()["code"].clone() };
        said += &format!("{method} {} {} {code}\n", path.replace(&id, "{id}"), answer.status);
    }
    assert_snapshot!(said, @r#"
    GET /api/v2/conversations/{id} 200 null
    GET /api/v2/conversations/messages/{id} 200 null
    GET /api/v2/conversations/messages/{id}/messages/x 403 "missing.any.permissions"
    POST /api/v2/conversations/{id}/disconnect 403 "app.not.authorized.for.scope"
    POST /api/v2/notifications/channels 403 "app.not.authorized.for.scope"
    GET /api/v2/users/00000000-0000-4000-8000-0000000000bb/presences/purecloud 403 "app.not.authorized.for.scope"
    "#);
}

#[tokio::test]
async fn a_conversation_of_another_org_is_not_there() {
    let desk = Desk::start().await;
    let (_guest, id) = desk.guest().await;
    let other = desk.emulator.client.admin("POST", "/orgs", Some(&json!({}))).await.json();
    let [client, secret] = ["clientId", "clientSecret"].map(|name| other[name].as_str().unwrap().to_owned());
    let token = desk.emulator.token(&client, &secret).await;
    for path in [format!("/api/v2/conversations/{id}"), format!("{MESSAGES}/{id}")] {
        assert_eq!(desk.ask_as(&token, "GET", &path, "").await.status, 404);
    }
}
