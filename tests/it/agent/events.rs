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
    assert_snapshot!(messages.next_raw().await, @r#"{"topicName":"v2.routing.queues.51590013-993c-4a0c-a5ec-ba62ff147112.conversations.messages","version":"2","eventBody":{"id":"9a0b3293-6f1b-4d45-8837-ed8fbc218d72","participants":[{"id":"7a444cbd-396a-47ee-96a4-afa420c69cb9","name":"Guest","address":"31f18e2f-3192-4d1b-828e-1f7153da8957","startTime":"2026-01-02T03:04:05.000Z","connectedTime":"2026-01-02T03:04:05.000Z","purpose":"customer","state":"connected","initialState":"connected","direction":"inbound","held":false,"wrapupRequired":false,"mediaRoles":["full"],"attributes":{},"provider":"PureCloud Messaging","externalContact":{"id":"31f18e2f-3192-4d1b-828e-1f7153da8957"},"toAddress":{"name":"","addressNormalized":"00000000-0000-4000-8000-0000000000cc","addressRaw":"00000000-0000-4000-8000-0000000000cc"},"fromAddress":{"name":"Guest","addressNormalized":"31f18e2f-3192-4d1b-828e-1f7153da8957","addressRaw":"31f18e2f-3192-4d1b-828e-1f7153da8957"},"messages":[{"message":{"id":"294f4484776de0eacab9064350d84c0b"},"messageTime":"2026-01-02T03:04:05.000Z","messageStatus":"received","messageSegmentCount":1,"media":[],"messageMetadata":{"type":"Text","events":[],"content":[]}}],"type":"webmessaging","authenticated":false},{"id":"8e6103b3-b70c-4008-a5ae-0fde8b34a5f1","name":"echo","startTime":"2026-01-02T03:04:05.000Z","connectedTime":"2026-01-02T03:04:05.000Z","endTime":"2026-01-02T03:04:05.200Z","purpose":"workflow","state":"disconnected","initialState":"connected","direction":"inbound","disconnectType":"transfer","held":false,"wrapupRequired":false,"mediaRoles":["full"],"attributes":{},"provider":"PureCloud Messaging","toAddress":{"name":"","addressNormalized":"00000000-0000-4000-8000-0000000000cc","addressRaw":"00000000-0000-4000-8000-0000000000cc"},"fromAddress":{"name":"Guest","addressNormalized":"31f18e2f-3192-4d1b-828e-1f7153da8957","addressRaw":"31f18e2f-3192-4d1b-828e-1f7153da8957"},"messages":[{"message":{"id":"19bf9729ba47940abcc42a3c61ae3e2c"},"messageTime":"2026-01-02T03:04:05.200Z","messageStatus":"sent","messageSegmentCount":1,"media":[],"messageMetadata":{"type":"Text","events":[],"content":[]}}],"type":"webmessaging","authenticated":false},{"id":"7fa74d6d-c4d3-4e2e-a23b-c497dfb08870","name":"Chat Queue","startTime":"2026-01-02T03:04:05.200Z","connectedTime":"2026-01-02T03:04:05.200Z","purpose":"acd","state":"connected","initialState":"connected","direction":"inbound","held":false,"wrapupRequired":false,"mediaRoles":["full"],"queue":{"id":"51590013-993c-4a0c-a5ec-ba62ff147112","name":"Chat Queue"},"attributes":{},"provider":"PureCloud Messaging","toAddress":{"name":"","addressNormalized":"00000000-0000-4000-8000-0000000000cc","addressRaw":"00000000-0000-4000-8000-0000000000cc"},"fromAddress":{"name":"Guest","addressNormalized":"31f18e2f-3192-4d1b-828e-1f7153da8957","addressRaw":"31f18e2f-3192-4d1b-828e-1f7153da8957"},"messages":[],"type":"webmessaging","authenticated":false},{"id":"cbd8ebc4-f9b5-4326-a391-d8dd8a1c446c","name":"Emulated Agent","startTime":"2026-01-02T03:04:05.200Z","startAlertingTime":"2026-01-02T03:04:05.200Z","connectedTime":"2026-01-02T03:04:06.000Z","purpose":"agent","state":"connected","initialState":"alerting","direction":"inbound","held":false,"wrapupRequired":false,"wrapupPrompt":"optional","mediaRoles":["full"],"user":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent"},"queue":{"id":"51590013-993c-4a0c-a5ec-ba62ff147112","name":"Chat Queue"},"attributes":{},"alertingTimeoutMs":30000,"provider":"PureCloud Messaging","toAddress":{"name":"","addressNormalized":"00000000-0000-4000-8000-0000000000cc","addressRaw":"00000000-0000-4000-8000-0000000000cc"},"fromAddress":{"name":"Guest","addressNormalized":"31f18e2f-3192-4d1b-828e-1f7153da8957","addressRaw":"31f18e2f-3192-4d1b-828e-1f7153da8957"},"messages":[],"type":"webmessaging","authenticated":false}],"otherMediaUris":[],"address":"31f18e2f-3192-4d1b-828e-1f7153da8957"},"metadata":{"CorrelationId":"feb1ea7d-c769-44be-bc40-c9c036612192"}}"#);
    let whole = all.next_raw().await;
    assert_snapshot!(whole, @r#"{"topicName":"v2.users.00000000-0000-4000-8000-0000000000bb.conversations","version":"2","eventBody":{"id":"9a0b3293-6f1b-4d45-8837-ed8fbc218d72","startTime":"2026-01-02T03:04:05.000Z","address":"31f18e2f-3192-4d1b-828e-1f7153da8957","participants":[{"id":"7a444cbd-396a-47ee-96a4-afa420c69cb9","startTime":"2026-01-02T03:04:05.000Z","connectedTime":"2026-01-02T03:04:05.000Z","name":"Guest","externalContactId":"31f18e2f-3192-4d1b-828e-1f7153da8957","purpose":"customer","address":"31f18e2f-3192-4d1b-828e-1f7153da8957","wrapupRequired":false,"mediaRoles":["full"],"attributes":{},"messages":[{"state":"connected","initialState":"connected","id":"a13f1d28-ecb2-49a6-9e23-94e75d115376","held":false,"direction":"inbound","connectedTime":"2026-01-02T03:04:05.000Z","provider":"PureCloud Messaging","authenticated":false,"type":"webmessaging","toAddress":{"name":"","addressNormalized":"00000000-0000-4000-8000-0000000000cc","addressRaw":"00000000-0000-4000-8000-0000000000cc"},"fromAddress":{"name":"Guest","addressNormalized":"31f18e2f-3192-4d1b-828e-1f7153da8957","addressRaw":"31f18e2f-3192-4d1b-828e-1f7153da8957"},"messages":[{"messageId":"294f4484776de0eacab9064350d84c0b","messageURI":"/api/v2/conversations/messages/9a0b3293-6f1b-4d45-8837-ed8fbc218d72/messages/294f4484776de0eacab9064350d84c0b","messageStatus":"received","messageSegmentCount":1,"messageTime":"2026-01-02T03:04:05.000Z","media":[]}],"afterCallWorkRequired":false}]},{"id":"8e6103b3-b70c-4008-a5ae-0fde8b34a5f1","startTime":"2026-01-02T03:04:05.000Z","endTime":"2026-01-02T03:04:05.200Z","connectedTime":"2026-01-02T03:04:05.000Z","name":"echo","purpose":"workflow","wrapupRequired":false,"mediaRoles":["full"],"attributes":{},"messages":[{"state":"disconnected","initialState":"connected","id":"ac99e730-cef2-49cc-a02f-1e47778fcb19","held":false,"direction":"inbound","disconnectType":"transfer","connectedTime":"2026-01-02T03:04:05.000Z","disconnectedTime":"2026-01-02T03:04:05.200Z","provider":"PureCloud Messaging","authenticated":false,"type":"webmessaging","toAddress":{"name":"","addressNormalized":"00000000-0000-4000-8000-0000000000cc","addressRaw":"00000000-0000-4000-8000-0000000000cc"},"fromAddress":{"name":"Guest","addressNormalized":"31f18e2f-3192-4d1b-828e-1f7153da8957","addressRaw":"31f18e2f-3192-4d1b-828e-1f7153da8957"},"messages":[{"messageId":"19bf9729ba47940abcc42a3c61ae3e2c","messageURI":"/api/v2/conversations/messages/9a0b3293-6f1b-4d45-8837-ed8fbc218d72/messages/19bf9729ba47940abcc42a3c61ae3e2c","messageStatus":"sent","messageSegmentCount":1,"messageTime":"2026-01-02T03:04:05.200Z","media":[]}],"afterCallWorkRequired":false}]},{"id":"7fa74d6d-c4d3-4e2e-a23b-c497dfb08870","startTime":"2026-01-02T03:04:05.200Z","connectedTime":"2026-01-02T03:04:05.200Z","name":"Chat Queue","queueId":"51590013-993c-4a0c-a5ec-ba62ff147112","queueName":"Chat Queue","purpose":"acd","wrapupRequired":false,"mediaRoles":["full"],"attributes":{},"messages":[{"state":"connected","initialState":"connected","id":"8e5a94cb-3d15-4616-bde1-55b3faa47b91","held":false,"direction":"inbound","connectedTime":"2026-01-02T03:04:05.200Z","provider":"PureCloud Messaging","authenticated":false,"type":"webmessaging","toAddress":{"name":"","addressNormalized":"00000000-0000-4000-8000-0000000000cc","addressRaw":"00000000-0000-4000-8000-0000000000cc"},"fromAddress":{"name":"Guest","addressNormalized":"31f18e2f-3192-4d1b-828e-1f7153da8957","addressRaw":"31f18e2f-3192-4d1b-828e-1f7153da8957"},"messages":[],"afterCallWorkRequired":false}]},{"id":"cbd8ebc4-f9b5-4326-a391-d8dd8a1c446c","startTime":"2026-01-02T03:04:05.200Z","connectedTime":"2026-01-02T03:04:06.000Z","name":"Emulated Agent","userUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb","userId":"00000000-0000-4000-8000-0000000000bb","queueId":"51590013-993c-4a0c-a5ec-ba62ff147112","queueName":"Chat Queue","purpose":"agent","wrapupRequired":false,"wrapupPrompt":"optional","mediaRoles":["full"],"alertingTimeoutMs":30000,"attributes":{},"messages":[{"state":"connected","initialState":"alerting","id":"392cb726-cb99-4e22-b2c7-5a1c3087c186","held":false,"direction":"inbound","startAlertingTime":"2026-01-02T03:04:05.200Z","connectedTime":"2026-01-02T03:04:06.000Z","provider":"PureCloud Messaging","authenticated":false,"type":"webmessaging","toAddress":{"name":"","addressNormalized":"00000000-0000-4000-8000-0000000000cc","addressRaw":"00000000-0000-4000-8000-0000000000cc"},"fromAddress":{"name":"Guest","addressNormalized":"31f18e2f-3192-4d1b-828e-1f7153da8957","addressRaw":"31f18e2f-3192-4d1b-828e-1f7153da8957"},"messages":[],"afterCallWorkRequired":false}]}],"conversationIds":[],"recordingState":"NONE","state":"connected"},"metadata":{"CorrelationId":"feb1ea7d-c769-44be-bc40-c9c036612192"}}"#);
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
    {"topicName":"v2.detail.events.conversation.9a0b3293-6f1b-4d45-8837-ed8fbc218d72.acd.end","version":"2","eventBody":{"eventTime":1767323046000,"conversationId":"9a0b3293-6f1b-4d45-8837-ed8fbc218d72","participantId":"7fa74d6d-c4d3-4e2e-a23b-c497dfb08870","sessionId":"8e5a94cb-3d15-4616-bde1-55b3faa47b91","mediaType":"MESSAGE","direction":"INBOUND","messageType":"WEBMESSAGING","queueId":"51590013-993c-4a0c-a5ec-ba62ff147112","disconnectType":"TRANSFER","interactingDurationMs":800},"metadata":{"CorrelationId":"1f752669-0e9c-42aa-be9c-539e29825b37"}}
    {"topicName":"v2.users.00000000-0000-4000-8000-0000000000bb.conversations.inbound.typing.event","version":"2","eventBody":{"conversationId":"9a0b3293-6f1b-4d45-8837-ed8fbc218d72","normalizedMessage":{"id":"89522a5445326a81c3e6b7e081366767","channel":{"platform":"WebMessaging","type":"Private","to":{"id":"00000000-0000-4000-8000-0000000000cc"},"from":{"id":"31f18e2f-3192-4d1b-828e-1f7153da8957"},"time":"2026-01-02T03:04:06.000Z"},"type":"Event","events":[{"eventType":"Typing","typing":{"type":"On","duration":5000}}],"direction":"Inbound"}},"metadata":{"CorrelationId":"fdd7e46c-df2c-40d0-a7ab-fc307a14d6e8"}}
    {"topicName":"v2.detail.events.conversation.9a0b3293-6f1b-4d45-8837-ed8fbc218d72.attributes","version":"2","eventBody":{"eventTime":1767323046000,"conversationId":"9a0b3293-6f1b-4d45-8837-ed8fbc218d72","participantId":"7a444cbd-396a-47ee-96a4-afa420c69cb9","sessionId":"a13f1d28-ecb2-49a6-9e23-94e75d115376","mediaType":"MESSAGE","direction":"INBOUND","messageType":"WEBMESSAGING","attributes":{"a":"b"}},"metadata":{"CorrelationId":"b7dcb5d3-f54b-43e1-b522-dc0d22587eae"}}
    {"topicName":"v2.detail.events.conversation.9a0b3293-6f1b-4d45-8837-ed8fbc218d72.user.end","version":"2","eventBody":{"eventTime":1767323046000,"conversationId":"9a0b3293-6f1b-4d45-8837-ed8fbc218d72","participantId":"cbd8ebc4-f9b5-4326-a391-d8dd8a1c446c","sessionId":"392cb726-cb99-4e22-b2c7-5a1c3087c186","mediaType":"MESSAGE","direction":"INBOUND","messageType":"WEBMESSAGING","userId":"00000000-0000-4000-8000-0000000000bb","queueId":"51590013-993c-4a0c-a5ec-ba62ff147112","disconnectType":"CLIENT","interactingDurationMs":0},"metadata":{"CorrelationId":"9f0ac3d4-23c2-4699-a262-e6b58b4e0bcd"}}
    {"topicName":"v2.detail.events.conversation.9a0b3293-6f1b-4d45-8837-ed8fbc218d72.wrapup","version":"2","eventBody":{"eventTime":1767323046000,"conversationId":"9a0b3293-6f1b-4d45-8837-ed8fbc218d72","participantId":"cbd8ebc4-f9b5-4326-a391-d8dd8a1c446c","sessionId":"392cb726-cb99-4e22-b2c7-5a1c3087c186","mediaType":"MESSAGE","direction":"INBOUND","messageType":"WEBMESSAGING","userId":"00000000-0000-4000-8000-0000000000bb","queueId":"51590013-993c-4a0c-a5ec-ba62ff147112","wrapupCode":"d451d7b7-4ef4-4eb0-a258-ecbab8d27aa9"},"metadata":{"CorrelationId":"2926bf3c-701b-4f8b-bb1f-a48887d968cd"}}
    {"topicName":"v2.detail.events.conversation.9a0b3293-6f1b-4d45-8837-ed8fbc218d72.acw","version":"2","eventBody":{"eventTime":1767323046000,"conversationId":"9a0b3293-6f1b-4d45-8837-ed8fbc218d72","participantId":"cbd8ebc4-f9b5-4326-a391-d8dd8a1c446c","sessionId":"392cb726-cb99-4e22-b2c7-5a1c3087c186","mediaType":"MESSAGE","direction":"INBOUND","messageType":"WEBMESSAGING","userId":"00000000-0000-4000-8000-0000000000bb","queueId":"51590013-993c-4a0c-a5ec-ba62ff147112"},"metadata":{"CorrelationId":"2926bf3c-701b-4f8b-bb1f-a48887d968cd"}}
    "#);
}
