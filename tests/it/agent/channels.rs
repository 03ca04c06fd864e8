//! `/api/v2/notifications`: channels and their subscriptions.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{AGENT, CHANNELS, Desk};
use crate::support::TestEmulator;

const PRESENCE: &str = "v2.users.00000000-0000-4000-8000-0000000000bb.presence";

fn subscriptions(channel: &Value) -> String {
    format!("{CHANNELS}/{}/subscriptions", channel["id"].as_str().unwrap())
}

fn ids(listing: &Value) -> Vec<&str> {
    listing["entities"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap_or("(none)")).collect()
}

#[tokio::test]
async fn a_channel_is_made_subscribed_and_asked_for() {
    let desk = Desk::start().await;
    let made = desk.ask_as(&desk.token, "POST", CHANNELS, "null").await;
    assert_snapshot!(made.text, @r#"{"connectUri":"ws://emulator.test/channels/streaming-1-q7mw4b6rx4byiclpw5y76222yu","id":"streaming-1-q7mw4b6rx4byiclpw5y76222yu","expires":"2026-01-03T03:04:05.000Z"}"#);
    let channel = made.json();
    let path = subscriptions(&channel);
    let body = json!([{ "id": PRESENCE }, { "id": format!("v2.users.{AGENT}?routingStatus&conversations") }]);
    let added = desk.done("POST", &path, body.clone(), 200).await;
    assert_snapshot!(added.text, @r#"{"entities":[{"id":"v2.users.00000000-0000-4000-8000-0000000000bb.presence","state":"Permitted","selfUri":"/api/v2/notifications/channels/streaming-1-q7mw4b6rx4byiclpw5y76222yu/subscriptions/v2.users.00000000-0000-4000-8000-0000000000bb.presence"},{"id":"v2.users.00000000-0000-4000-8000-0000000000bb?routingStatus&conversations","state":"Permitted","selfUri":"/api/v2/notifications/channels/streaming-1-q7mw4b6rx4byiclpw5y76222yu/subscriptions/v2.users.00000000-0000-4000-8000-0000000000bb?routingStatus&conversations"}]}"#);
    assert_eq!(desk.done("POST", &path, body, 200).await.text, added.text, "nothing is there twice");
    assert_eq!(desk.done("GET", &path, Value::Null, 200).await.text, added.text);
    let replaced = desk.done("PUT", &path, json!([{ "id": PRESENCE }]), 200).await.json();
    assert_eq!(ids(&replaced), [PRESENCE]);
    assert_eq!(desk.done("POST", &path, json!([]), 200).await.json(), replaced, "an empty list adds nothing");
    assert_eq!(desk.done("DELETE", &path, Value::Null, 200).await.text, "");
    assert_eq!(desk.done("GET", &path, Value::Null, 200).await.text, r#"{"entities":[]}"#);
    let one = path.trim_end_matches("/subscriptions").to_owned();
    assert_eq!(desk.done("HEAD", &one, Value::Null, 200).await.text, "");
    desk.emulator.advance("24h").await;
    assert_eq!(desk.ask("HEAD", &one, Value::Null).await.status, 401, "the token is over, too");
}

#[tokio::test]
async fn what_cannot_be_subscribed_to_is_refused_or_told() {
    let desk = Desk::start().await;
    let channel = desk.channel(&[]).await;
    let path = subscriptions(&channel);
    let bodies = [
        "",
        "null",
        "{}",
        r#"["v2.users.x.presence"]"#,
        r#"[{}]"#,
        r#"[{"id":7}]"#,
        r#"[{"id":"v2.nothing"}]"#,
        r#"[{"id":"v2.users.x.presence"},{"id":"v2.users.{id}.presence"}]"#,
        r#"[{"id":"v2.users.x?presence&nothing"}]"#,
    ];
    assert_snapshot!(desk.refused("POST", &path, &bodies).await, @r#"
     400 "bad.request" "The body cannot be read: EOF while parsing a value at line 1 column 0"
    null 400 "bad.request" "The body cannot be read: invalid type, expected a sequence at line 1 column 4"
    {} 400 "bad.request" "The body cannot be read: invalid type, expected a sequence at line 1 column 0"
    ["v2.users.x.presence"] 400 "bad.request" "The body cannot be read: invalid type, expected struct TopicRequest at line 1 column 22"
    [{}] 400 "notification.invalid.topic" "Topic  is not a valid topic"
    [{"id":7}] 400 "bad.request" "The body cannot be read: invalid type, expected a string at line 1 column 8"
    [{"id":"v2.nothing"}] 400 "notification.invalid.topic" "Topic v2.nothing is not a valid topic"
    [{"id":"v2.users.x.presence"},{"id":"v2.users.{id}.presence"}] 400 "notification.invalid.topic" "Topic v2.users.{id}.presence is not a valid topic"
    [{"id":"v2.users.x?presence&nothing"}] 400 "notification.invalid.topic" "Topic v2.users.x.nothing is not a valid topic"
    "#);
    let long = json!([{ "id": format!("v2.users.{}.presence", "x".repeat(200)) }]).to_string();
    let answer = desk.ask_as(&desk.token, "PUT", &path, long).await;
    assert_eq!(answer.json()["code"], "notification.invalid.topic");
    assert_eq!(desk.done("GET", &path, Value::Null, 200).await.text, r#"{"entities":[]}"#, "all or nothing");
    let body = json!([{ "id": PRESENCE }, { "id": "v2.nothing" }]);
    let told = desk.done("POST", &format!("{path}?ignoreErrors=true"), body, 200).await;
    assert_snapshot!(told.text, @r#"{"entities":[{"id":"v2.users.00000000-0000-4000-8000-0000000000bb.presence","state":"Permitted","selfUri":"/api/v2/notifications/channels/streaming-1-q7mw4b6rx4byiclpw5y76222yu/subscriptions/v2.users.00000000-0000-4000-8000-0000000000bb.presence"},{"id":"v2.nothing","state":"Rejected","rejectionReason":"Topic v2.nothing is not a valid topic","selfUri":"/api/v2/notifications/channels/streaming-1-q7mw4b6rx4byiclpw5y76222yu/subscriptions/v2.nothing"}]}"#);
    desk.done("POST", &format!("{path}?ignoreErrors=maybe"), json!([]), 400).await;
}

#[tokio::test]
async fn topics_that_need_permissions_are_for_those_who_have_them_and_for_the_user_itself() {
    let emulator = TestEmulator::yaml(
        "name: c\nworld: { orgs: [{ clients: { may: { id: may, secret: may, permissions: ['routing:queue:view'] } } }] }",
    )
    .await;
    let mut desk = Desk::at(emulator).await;
    desk.token = desk.emulator.token("may", "may").await;
    let mine = format!("v2.users.{AGENT}.conversations.messages");
    let channel = desk.channel(&["v2.routing.queues.q.conversations.messages"]).await;
    let path = subscriptions(&channel);
    let refused = desk.ask("POST", &path, json!([{ "id": mine }])).await;
    assert_snapshot!(refused.text, @r#"{"message":"Topic v2.users.00000000-0000-4000-8000-0000000000bb.conversations.messages needs the permissions [conversation:communication:view]","code":"notification.unauthorized.topic","status":403,"contextId":"6e06327e-9b2b-4d2c-9db5-667662fc5c68","details":[],"errors":[]}"#);
    let told = desk.done("PUT", &format!("{path}?ignoreErrors=true"), json!([{ "id": mine }]), 200).await;
    assert_snapshot!(told.text, @r#"{"entities":[{"id":"v2.users.00000000-0000-4000-8000-0000000000bb.conversations.messages","state":"Rejected","rejectionReason":"Topic v2.users.00000000-0000-4000-8000-0000000000bb.conversations.messages needs the permissions [conversation:communication:view]","missingPermissions":["conversation:communication:view"],"selfUri":"/api/v2/notifications/channels/streaming-9-q7mw4b6rx4fsutm5nn5acwzrqq/subscriptions/v2.users.00000000-0000-4000-8000-0000000000bb.conversations.messages"}]}"#);
}

#[tokio::test]
async fn a_channel_has_a_thousand_topics_at_most() {
    let desk = Desk::start().await;
    let path = subscriptions(&desk.channel(&[]).await);
    let many = |count: usize| -> Value {
        (0..count).map(|nth| json!({ "id": format!("v2.users.u{nth}?presence&routingStatus") })).collect()
    };
    desk.done("POST", &path, many(500), 200).await;
    let refused = desk.ask("POST", &path, many(501)).await;
    assert_eq!(
        (refused.status, refused.json()["code"].clone()),
        (400, json!("notification.subscription.too.many.subscriptions"))
    );
    let listed = desk.done("GET", &path, Value::Null, 200).await.json();
    assert_eq!(listed["entities"].as_array().unwrap().len(), 500);
    // nor is more read than a channel can have, whatever it comes to
    let one: Value = (0..1_001).map(|_| json!({ "id": PRESENCE })).collect();
    for query in ["", "?ignoreErrors=true"] {
        let refused = desk.ask("PUT", &format!("{path}{query}"), one.clone()).await;
        assert_eq!(refused.json()["code"], "notification.subscription.too.many.subscriptions");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_subscribed_to_at_once_is_subscribed_to_altogether() {
    let desk = Desk::start().await;
    let path = subscriptions(&desk.channel(&[]).await);
    // each takes a while to read, so that they come at the same time
    let calls = (0..8).map(|nth| {
        let (desk, path) = (&desk, &path);
        let topics = (0..125).map(|one| json!({ "id": format!("v2.users.u{nth}-{one}.presence") }));
        let body = topics.collect::<Value>().to_string();
        async move { desk.ask_as(&desk.token, "POST", path, body).await.status }
    });
    assert_eq!(futures_util::future::join_all(calls).await, [200; 8]);
    let listed = desk.done("GET", &path, Value::Null, 200).await.json();
    assert_eq!(listed["entities"].as_array().unwrap().len(), 1_000);
}

#[tokio::test]
async fn channels_are_listed_by_token_and_by_application_and_are_nobody_elses() {
    let desk = Desk::start().await;
    let mine = desk.channel(&[]).await;
    let other_token = desk.emulator.token("emulator-client", "emulator-secret").await;
    let listed = |query: &'static str| {
        let (desk, token) = (&desk, &other_token);
        async move { desk.ask_as(token, "GET", &format!("{CHANNELS}{query}"), "").await }
    };
    assert_eq!(listed("").await.text, r#"{"entities":[]}"#);
    assert_snapshot!(listed("?includechannels=oauthclient").await.text, @r#"{"entities":[{"expires":"2026-01-03T03:04:05.000Z"}]}"#);
    assert_eq!(listed("?includechannels=all").await.status, 400);
    let own = desk.done("GET", &format!("{CHANNELS}?includechannels=token"), Value::Null, 200).await.json();
    assert_eq!(own["entities"], json!([mine]));
    let path = subscriptions(&mine);
    assert_eq!(desk.ask_as(&other_token, "GET", &path, "").await.status, 200, "the application is the same");
    let stranger = desk.emulator.token("emulator-readonly-client", "emulator-readonly-secret").await;
    for (method, path) in [("GET", path.as_str()), ("PUT", &path), ("POST", &path), ("DELETE", &path)] {
        let answer = desk.ask_as(&stranger, method, path, "[]").await;
        assert_eq!((answer.status, answer.json()["code"].clone()), (404, json!("not.found")), "{method}");
    }
    assert_eq!(desk.ask_as(&stranger, "HEAD", path.trim_end_matches("/subscriptions"), "").await.status, 404);
    assert_eq!(desk.ask_as("nonsense", "POST", CHANNELS, "").await.status, 401);
}

#[tokio::test]
async fn what_there_is_to_hear_of_is_listed_with_what_it_needs() {
    let desk = Desk::start().await;
    let path = "/api/v2/notifications/availabletopics";
    let plain = desk.done("GET", path, Value::Null, 200).await.json();
    assert!(plain["entities"].as_array().unwrap().len() > 30);
    assert_snapshot!(plain["entities"][3], @r#"{"id":"v2.users.{id}.conversations.messages","requiresAnyValidator":false,"requiresCurrentUser":false,"requiresCurrentUserOrPermission":true,"requiresDivisionPermissions":false}"#);
    let query = "?expand=description,requiresPermissions&expand=permissionDetails%2Ctransports,topicParameters,enforced,visibility";
    let full = desk.done("GET", &format!("{path}{query}"), Value::Null, 200).await.json();
    assert_snapshot!(full["entities"][3], @r#"{"description":"A message conversation has changed in which a user takes part","enforced":true,"id":"v2.users.{id}.conversations.messages","permissionDetails":[{"allowsCurrentUser":true,"enforced":true,"permissions":["conversation:communication:view"],"type":"requiresPermissions"}],"requiresAnyValidator":false,"requiresCurrentUser":false,"requiresCurrentUserOrPermission":true,"requiresDivisionPermissions":false,"requiresPermissions":["conversation:communication:view"],"topicParameters":["id"],"transports":["Websocket"],"visibility":"Public"}"#);
    desk.done("GET", &format!("{path}?expand=everything"), Value::Null, 400).await;
}
