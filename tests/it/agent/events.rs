//! What channels are told of conversations.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{AGENT, Desk, GUEST, MESSAGES};
use crate::support::Socket;

/// What a channel was told by now, a line an event: the last part of its topic, and how far everybody is.
async fn told(socket: &mut Socket) -> String {
    socket.send(json!({ "message": "ping" })).await;
    let mut said = String::new();
    loop {
        let frame: Value = serde_json::from_str(&socket.next_raw().await).unwrap();
        if frame["eventBody"]["message"] == "pong" {
            return said;
        }
        let everybody = frame["eventBody"]["participants"].as_array().into_iter().flatten();
        let states: Vec<_> = everybody
            .map(|one| {
                let state = one["state"].as_str().or(one["messages"][0]["state"].as_str()).unwrap_or("?");
                let count = one["messages"].as_array().unwrap().len();
                format!("{}:{state}:{count}", one["purpose"].as_str().unwrap())
            })
            .collect();
        said += &format!(
            "{} {}\n",
            frame["topicName"].as_str().unwrap().rsplit('.').next().unwrap(),
            states.join(" ")
        );
    }
}

#[tokio::test]
async fn an_agent_hears_of_every_change_of_its_conversations() {
    let desk = Desk::of_agent().await;
    let mut channel = desk.listen(&[&format!("v2.users.{AGENT}.conversations.messages")]).await;
    desk.on_queue(true).await;
    let (mut guest, id) = desk.guest().await;
    assert_snapshot!(told(&mut channel).await, @"messages customer:connected:1 workflow:disconnected:1 acd:connected:0 agent:alerting:0");
    let (path, communication) = desk.taken(&id).await;
    let say = format!("{MESSAGES}/{id}/communications/{communication}/messages");
    desk.done("POST", &say, json!({ "textBody": "Hello" }), 200).await;
    guest.next().await;
    guest.say(GUEST, "hi").await;
    guest.next().await;
    assert_snapshot!(told(&mut channel).await, @"
    messages customer:connected:1 workflow:disconnected:1 acd:connected:0 agent:connected:0
    messages customer:connected:1 workflow:disconnected:1 acd:disconnected:0 agent:connected:0
    messages customer:connected:1 workflow:disconnected:1 acd:disconnected:0 agent:connected:1
    messages customer:connected:2 workflow:disconnected:1 acd:disconnected:0 agent:connected:1
    ");
    desk.done("PATCH", &path, json!({ "state": "disconnected" }), 202).await;
    assert_snapshot!(told(&mut channel).await, @"messages customer:disconnected:2 workflow:disconnected:1 acd:disconnected:0 agent:disconnected:1");
}

#[tokio::test]
async fn the_bodies_of_events_are_those_of_the_published_schemas() {
    let desk = Desk::of_agent().await;
    desk.on_queue(true).await;
    let (_guest, id) = desk.guest().await;
    let queues = desk.done("GET", "/api/v2/routing/queues", Value::Null, 200).await.json();
    let queue = queues["entities"][0]["id"].as_str().unwrap();
    let mut messages = desk.listen(&[&format!("v2.routing.queues.{queue}.conversations.messages")]).await;
    let mut all = desk.listen(&[&format!("v2.users.{AGENT}.conversations")]).await;
    let mut of_queue = desk.listen(&[&format!("v2.routing.queues.{queue}.conversations")]).await;
    desk.taken(&id).await;
    assert_snapshot!(messages.next_raw().await, @r#"{"topicName":"v2.routing.queues.51590013-993c-4a0c-a5ec-ba62ff147112.conversations.messages","version":"2","eventBody":{"id":"421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd","participants":[{"id":"f60c7afa-91f1-4a47-b781-3b0776d9dd8a","name":"Guest","address":"da2f515d-e603-4d86-9b63-1cc3325c3df1","startTime":"2026-01-02T03:04:05.000Z","connectedTime":"2026-01-02T03:04:05.000Z","purpose":"customer","state":"connected","initialState":"connected","direction":"inbound","held":false,"wrapupRequired":false,"mediaRoles":["full"],"attributes":{},"provider":"PureCloud Messaging","externalContact":{"id":"da2f515d-e603-4d86-9b63-1cc3325c3df1"},"toAddress":{"name":"","addressNormalized":"00000000-0000-4000-8000-0000000000cc","addressRaw":"00000000-0000-4000-8000-0000000000cc"},"fromAddress":{"name":"Guest","addressNormalized":"da2f515d-e603-4d86-9b63-1cc3325c3df1","addressRaw":"da2f515d-e603-4d86-9b63-1cc3325c3df1"},"messages":[{"message":{"id":"59c8868be4e8716d0a94e12defc98bfa"},"messageTime":"2026-01-02T03:04:05.000Z","messageStatus":"received","messageSegmentCount":1,"media":[],"messageMetadata":{"type":"Text","events":[],"content":[]}}],"type":"webmessaging","authenticated":false},{"id":"7773939c-4e8b-49e4-bbc9-04bce62b826a","name":"echo","startTime":"2026-01-02T03:04:05.000Z","connectedTime":"2026-01-02T03:04:05.000Z","endTime":"2026-01-02T03:04:05.200Z","purpose":"workflow","state":"disconnected","initialState":"connected","direction":"inbound","disconnectType":"transfer","held":false,"wrapupRequired":false,"mediaRoles":["full"],"attributes":{},"provider":"PureCloud Messaging","toAddress":{"name":"","addressNormalized":"00000000-0000-4000-8000-0000000000cc","addressRaw":"00000000-0000-4000-8000-0000000000cc"},"fromAddress":{"name":"Guest","addressNormalized":"da2f515d-e603-4d86-9b63-1cc3325c3df1","addressRaw":"da2f515d-e603-4d86-9b63-1cc3325c3df1"},"messages":[{"message":{"id":"0cbd3dfa71e5bf0ea9c516758c7900f8"},"messageTime":"2026-01-02T03:04:05.200Z","messageStatus":"sent","messageSegmentCount":1,"media":[],"messageMetadata":{"type":"Text","events":[],"content":[]}}],"type":"webmessaging","authenticated":false},{"id":"2a24004b-7d9b-4c9e-b100-b0caf86ac43b","name":"Chat Queue","startTime":"2026-01-02T03:04:05.200Z","connectedTime":"2026-01-02T03:04:05.200Z","purpose":"acd","state":"connected","initialState":"connected","direction":"inbound","held":false,"wrapupRequired":false,"mediaRoles":["full"],"queue":{"id":"51590013-993c-4a0c-a5ec-ba62ff147112","name":"Chat Queue"},"attributes":{},"provider":"PureCloud Messaging","toAddress":{"name":"","addressNormalized":"00000000-0000-4000-8000-0000000000cc","addressRaw":"00000000-0000-4000-8000-0000000000cc"},"fromAddress":{"name":"Guest","addressNormalized":"da2f515d-e603-4d86-9b63-1cc3325c3df1","addressRaw":"da2f515d-e603-4d86-9b63-1cc3325c3df1"},"messages":[],"type":"webmessaging","authenticated":false},{"id":"7c844db2-5e5e-4722-aedd-11d3df7646ae","name":"Emulated Agent","startTime":"2026-01-02T03:04:05.200Z","startAlertingTime":"2026-01-02T03:04:05.200Z","connectedTime":"2026-01-02T03:04:06.000Z","purpose":"agent","state":"connected","initialState":"alerting","direction":"inbound","held":false,"wrapupRequired":false,"wrapupPrompt":"optional","mediaRoles":["full"],"user":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent"},"queue":{"id":"51590013-993c-4a0c-a5ec-ba62ff147112","name":"Chat Queue"},"attributes":{},"alertingTimeoutMs":30000,"provider":"PureCloud Messaging","toAddress":{"name":"","addressNormalized":"00000000-0000-4000-8000-0000000000cc","addressRaw":"00000000-0000-4000-8000-0000000000cc"},"fromAddress":{"name":"Guest","addressNormalized":"da2f515d-e603-4d86-9b63-1cc3325c3df1","addressRaw":"da2f515d-e603-4d86-9b63-1cc3325c3df1"},"messages":[],"type":"webmessaging","authenticated":false}],"otherMediaUris":[],"address":"da2f515d-e603-4d86-9b63-1cc3325c3df1"},"metadata":{"CorrelationId":"9bdcf32d-5a5e-4da3-ba5b-6a6fce18f1a1"}}"#);
    let whole = all.next_raw().await;
    assert_snapshot!(whole, @r#"{"topicName":"v2.users.00000000-0000-4000-8000-0000000000bb.conversations","version":"2","eventBody":{"id":"421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd","startTime":"2026-01-02T03:04:05.000Z","address":"da2f515d-e603-4d86-9b63-1cc3325c3df1","participants":[{"id":"f60c7afa-91f1-4a47-b781-3b0776d9dd8a","startTime":"2026-01-02T03:04:05.000Z","connectedTime":"2026-01-02T03:04:05.000Z","name":"Guest","externalContactId":"da2f515d-e603-4d86-9b63-1cc3325c3df1","purpose":"customer","address":"da2f515d-e603-4d86-9b63-1cc3325c3df1","wrapupRequired":false,"mediaRoles":["full"],"attributes":{},"messages":[{"state":"connected","initialState":"connected","id":"8c046ed2-59a5-4add-ab1c-110c182fc523","held":false,"direction":"inbound","connectedTime":"2026-01-02T03:04:05.000Z","provider":"PureCloud Messaging","authenticated":false,"type":"webmessaging","toAddress":{"name":"","addressNormalized":"00000000-0000-4000-8000-0000000000cc","addressRaw":"00000000-0000-4000-8000-0000000000cc"},"fromAddress":{"name":"Guest","addressNormalized":"da2f515d-e603-4d86-9b63-1cc3325c3df1","addressRaw":"da2f515d-e603-4d86-9b63-1cc3325c3df1"},"messages":[{"messageId":"59c8868be4e8716d0a94e12defc98bfa","messageURI":"/api/v2/conversations/messages/421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd/messages/59c8868be4e8716d0a94e12defc98bfa","messageStatus":"received","messageSegmentCount":1,"messageTime":"2026-01-02T03:04:05.000Z","media":[]}],"afterCallWorkRequired":false}]},{"id":"7773939c-4e8b-49e4-bbc9-04bce62b826a","startTime":"2026-01-02T03:04:05.000Z","endTime":"2026-01-02T03:04:05.200Z","connectedTime":"2026-01-02T03:04:05.000Z","name":"echo","purpose":"workflow","wrapupRequired":false,"mediaRoles":["full"],"attributes":{},"messages":[{"state":"disconnected","initialState":"connected","id":"21d860a4-e605-4f47-beb3-81e51f576596","held":false,"direction":"inbound","disconnectType":"transfer","connectedTime":"2026-01-02T03:04:05.000Z","disconnectedTime":"2026-01-02T03:04:05.200Z","provider":"PureCloud Messaging","authenticated":false,"type":"webmessaging","toAddress":{"name":"","addressNormalized":"00000000-0000-4000-8000-0000000000cc","addressRaw":"00000000-0000-4000-8000-0000000000cc"},"fromAddress":{"name":"Guest","addressNormalized":"da2f515d-e603-4d86-9b63-1cc3325c3df1","addressRaw":"da2f515d-e603-4d86-9b63-1cc3325c3df1"},"messages":[{"messageId":"0cbd3dfa71e5bf0ea9c516758c7900f8","messageURI":"/api/v2/conversations/messages/421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd/messages/0cbd3dfa71e5bf0ea9c516758c7900f8","messageStatus":"sent","messageSegmentCount":1,"messageTime":"2026-01-02T03:04:05.200Z","media":[]}],"afterCallWorkRequired":false}]},{"id":"2a24004b-7d9b-4c9e-b100-b0caf86ac43b","startTime":"2026-01-02T03:04:05.200Z","connectedTime":"2026-01-02T03:04:05.200Z","name":"Chat Queue","queueId":"51590013-993c-4a0c-a5ec-ba62ff147112","queueName":"Chat Queue","purpose":"acd","wrapupRequired":false,"mediaRoles":["full"],"attributes":{},"messages":[{"state":"connected","initialState":"connected","id":"a9b12460-6b0e-4895-b7d9-fa0710d06b30","held":false,"direction":"inbound","connectedTime":"2026-01-02T03:04:05.200Z","provider":"PureCloud Messaging","authenticated":false,"type":"webmessaging","toAddress":{"name":"","addressNormalized":"00000000-0000-4000-8000-0000000000cc","addressRaw":"00000000-0000-4000-8000-0000000000cc"},"fromAddress":{"name":"Guest","addressNormalized":"da2f515d-e603-4d86-9b63-1cc3325c3df1","addressRaw":"da2f515d-e603-4d86-9b63-1cc3325c3df1"},"messages":[],"afterCallWorkRequired":false}]},{"id":"7c844db2-5e5e-4722-aedd-11d3df7646ae","startTime":"2026-01-02T03:04:05.200Z","connectedTime":"2026-01-02T03:04:06.000Z","name":"Emulated Agent","userUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb","userId":"00000000-0000-4000-8000-0000000000bb","queueId":"51590013-993c-4a0c-a5ec-ba62ff147112","queueName":"Chat Queue","purpose":"agent","wrapupRequired":false,"wrapupPrompt":"optional","mediaRoles":["full"],"alertingTimeoutMs":30000,"attributes":{},"messages":[{"state":"connected","initialState":"alerting","id":"d34702d3-b29e-40b9-8a2e-7a38940eb587","held":false,"direction":"inbound","startAlertingTime":"2026-01-02T03:04:05.200Z","connectedTime":"2026-01-02T03:04:06.000Z","provider":"PureCloud Messaging","authenticated":false,"type":"webmessaging","toAddress":{"name":"","addressNormalized":"00000000-0000-4000-8000-0000000000cc","addressRaw":"00000000-0000-4000-8000-0000000000cc"},"fromAddress":{"name":"Guest","addressNormalized":"da2f515d-e603-4d86-9b63-1cc3325c3df1","addressRaw":"da2f515d-e603-4d86-9b63-1cc3325c3df1"},"messages":[],"afterCallWorkRequired":false}]}],"conversationIds":[],"recordingState":"NONE","state":"connected"},"metadata":{"CorrelationId":"9bdcf32d-5a5e-4da3-ba5b-6a6fce18f1a1"}}"#);
    let of_queue = of_queue.next_raw().await;
    let body = |text: &str| serde_json::from_str::<Value>(text).unwrap()["eventBody"].clone();
    assert_eq!(body(&whole), body(&of_queue));
}

#[tokio::test]
async fn whoever_counts_hears_of_each_participant_and_of_guests_who_type() {
    let desk = Desk::of_agent().await;
    desk.on_queue(true).await;
    let (mut guest, id) = desk.guest().await;
    let topics = ["customer.end", "acd.end", "user.start", "user.end", "attributes", "wrapup", "acw"];
    let topics = topics.map(|one| format!("v2.detail.events.conversation.{id}.{one}"));
    let mut topics: Vec<_> = topics.iter().map(String::as_str).collect();
    let typing = format!("v2.users.{AGENT}.conversations.inbound.typing.event");
    topics.push(&typing);
    let mut channel = desk.listen(&topics).await;
    let (path, communication) = desk.taken(&id).await;
    let typed = json!({ "type": "Event", "events": [{ "eventType": "Typing", "typing": { "type": "On" } }] });
    guest.send(json!({ "action": "onMessage", "token": GUEST, "message": typed })).await;
    let customer = desk.participant(&id, "customer").await["id"].as_str().unwrap().to_owned();
    let attributes = format!("{MESSAGES}/{id}/participants/{customer}/attributes");
    let mut said = channel.next_raw().await + "\n" + &channel.next_raw().await + "\n";
    desk.done("PATCH", &attributes, json!({ "attributes": { "a": "b" } }), 202).await;
    desk.done("PATCH", &path, json!({ "state": "disconnected" }), 202).await;
    let code = desk.done("POST", "/api/v2/routing/wrapupcodes", json!({ "name": "Done" }), 200).await.json();
    let wrapup = format!("{path}/communications/{communication}/wrapup");
    desk.done("POST", &wrapup, json!({ "code": code["id"] }), 202).await;
    for _ in 0..4 {
        said += &(channel.next_raw().await + "\n");
    }
    assert_snapshot!(said, @r#"
    {"topicName":"v2.detail.events.conversation.421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd.acd.end","version":"2","eventBody":{"eventTime":1767323046000,"conversationId":"421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd","participantId":"2a24004b-7d9b-4c9e-b100-b0caf86ac43b","sessionId":"a9b12460-6b0e-4895-b7d9-fa0710d06b30","mediaType":"MESSAGE","direction":"INBOUND","messageType":"WEBMESSAGING","queueId":"51590013-993c-4a0c-a5ec-ba62ff147112","disconnectType":"TRANSFER","interactingDurationMs":800},"metadata":{"CorrelationId":"8f908022-c48c-4284-b3a4-153369d5a12f"}}
    {"topicName":"v2.users.00000000-0000-4000-8000-0000000000bb.conversations.inbound.typing.event","version":"2","eventBody":{"conversationId":"421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd","normalizedMessage":{"id":"c699e3edd851530655b7352f18911eae","channel":{"platform":"WebMessaging","type":"Private","to":{"id":"00000000-0000-4000-8000-0000000000cc"},"from":{"id":"da2f515d-e603-4d86-9b63-1cc3325c3df1"},"time":"2026-01-02T03:04:06.000Z"},"type":"Event","events":[{"eventType":"Typing","typing":{"type":"On","duration":5000}}],"direction":"Inbound"}},"metadata":{"CorrelationId":"0a6ffa4f-d7a3-4cfb-aad7-d7f6205a2eff"}}
    {"topicName":"v2.detail.events.conversation.421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd.attributes","version":"2","eventBody":{"eventTime":1767323046000,"conversationId":"421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd","participantId":"f60c7afa-91f1-4a47-b781-3b0776d9dd8a","sessionId":"8c046ed2-59a5-4add-ab1c-110c182fc523","mediaType":"MESSAGE","direction":"INBOUND","messageType":"WEBMESSAGING","attributes":{"a":"b"}},"metadata":{"CorrelationId":"9f0ac3d4-23c2-4699-a262-e6b58b4e0bcd"}}
    {"topicName":"v2.detail.events.conversation.421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd.user.end","version":"2","eventBody":{"eventTime":1767323046000,"conversationId":"421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd","participantId":"7c844db2-5e5e-4722-aedd-11d3df7646ae","sessionId":"d34702d3-b29e-40b9-8a2e-7a38940eb587","mediaType":"MESSAGE","direction":"INBOUND","messageType":"WEBMESSAGING","userId":"00000000-0000-4000-8000-0000000000bb","queueId":"51590013-993c-4a0c-a5ec-ba62ff147112","disconnectType":"CLIENT","interactingDurationMs":0},"metadata":{"CorrelationId":"89cab634-e240-4b12-b2f7-19e348af460a"}}
    {"topicName":"v2.detail.events.conversation.421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd.wrapup","version":"2","eventBody":{"eventTime":1767323046000,"conversationId":"421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd","participantId":"7c844db2-5e5e-4722-aedd-11d3df7646ae","sessionId":"d34702d3-b29e-40b9-8a2e-7a38940eb587","mediaType":"MESSAGE","direction":"INBOUND","messageType":"WEBMESSAGING","userId":"00000000-0000-4000-8000-0000000000bb","queueId":"51590013-993c-4a0c-a5ec-ba62ff147112","wrapupCode":"17525f50-3942-48b1-989e-8479b884b173"},"metadata":{"CorrelationId":"feb1ea7d-c769-44be-bc40-c9c036612192"}}
    {"topicName":"v2.detail.events.conversation.421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd.acw","version":"2","eventBody":{"eventTime":1767323046000,"conversationId":"421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd","participantId":"7c844db2-5e5e-4722-aedd-11d3df7646ae","sessionId":"d34702d3-b29e-40b9-8a2e-7a38940eb587","mediaType":"MESSAGE","direction":"INBOUND","messageType":"WEBMESSAGING","userId":"00000000-0000-4000-8000-0000000000bb","queueId":"51590013-993c-4a0c-a5ec-ba62ff147112"},"metadata":{"CorrelationId":"feb1ea7d-c769-44be-bc40-c9c036612192"}}
    "#);
}
