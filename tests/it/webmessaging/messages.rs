//! `onMessage`: what guests say and what comes back to them.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{TOKEN, session};
use crate::support::{Socket, TestEmulator};

async fn message(socket: &mut Socket, message: Value) -> String {
    socket.send(json!({ "action": "onMessage", "token": TOKEN, "tracingId": "t", "message": message })).await;
    socket.next_text().await
}

#[tokio::test]
async fn a_text_comes_back_with_ids_and_the_client_s_own_metadata() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    let text = json!({ "type": "Text", "text": "Hi", "metadata": { "customMessageId": "m-1", "n": 7, "none": null }, "id": "x" });
    assert_snapshot!(message(&mut socket, text).await, @r#"{"type":"message","class":"StructuredMessage","code":200,"tracingId":"t","body":{"id":"4f410b89b1a91c27f7db45993a9a0456","type":"Text","text":"Hi","direction":"Inbound","channel":{"time":"2026-01-02T03:04:05.000Z","messageId":"46567ffd-08dc-4d37-8ed5-793c03df774b"},"metadata":{"correlationId":"d851db21-6b95-448b-a9e2-986118434a89","customMessageId":"m-1","n":"7"}}}"#);
}

#[tokio::test]
async fn a_message_without_type_is_a_text_and_so_is_an_event_without_events() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    for said in [json!({ "text": "Hi" }), json!({ "type": "Event", "text": "Hi", "events": [] })] {
        assert!(message(&mut socket, said).await.contains(r#""type":"Text","text":"Hi""#));
    }
}

#[tokio::test]
async fn times_are_strictly_increasing_although_the_clock_stands() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    let mut times = Vec::new();
    for n in 0..3 {
        socket.say(TOKEN, &n.to_string()).await;
        times.push(socket.next().await["body"]["channel"]["time"].as_str().unwrap().to_owned());
    }
    assert_eq!(times, ["2026-01-02T03:04:05.000Z", "2026-01-02T03:04:05.001Z", "2026-01-02T03:04:05.002Z"]);
}

#[tokio::test]
async fn answers_come_in_the_order_of_the_questions() {
    let emulator = TestEmulator::unlimited().await;
    let mut socket = session(&emulator, TOKEN).await;
    let mut expected = Vec::new();
    for n in 0..50_u32 {
        let action = ["onMessage", "echo", "getJwt", "nonsense", "configureSession"][n as usize % 5];
        let frame = json!({
            "action": action, "token": TOKEN, "tracingId": n.to_string(), "deploymentId": crate::support::DEPLOYMENT,
            "message": { "type": "Text", "text": "x" },
        });
        socket.send(frame).await;
        expected.push(n.to_string());
    }
    for tracing_id in expected {
        assert_eq!(socket.next().await["tracingId"], tracing_id);
    }
}

#[tokio::test]
async fn text_is_limited_in_bytes() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    let fits = "é".repeat(2048);
    assert!(message(&mut socket, json!({ "type": "Text", "text": fits })).await.contains(&fits));
    assert_snapshot!(message(&mut socket, json!({ "type": "Text", "text": "é".repeat(2048) + "!" })).await, @r#"{"type":"response","class":"string","code":4011,"tracingId":"t","body":"Text has 4097 bytes, limit 4096"}"#);
}

#[tokio::test]
async fn custom_attributes_are_taken_in_both_places_and_limited_together() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    let channel = |name: &str, value: &str| json!({ "metadata": { "customAttributes": { name: value } } });
    let frame = |inner: Value, outer: Value| {
        json!({
            "action": "onMessage", "token": TOKEN, "channel": outer,
            "message": { "type": "Text", "text": "Hi", "channel": inner },
        })
    };
    socket.send(frame(channel("plan", "gold"), channel("page", "cart"))).await;
    let echo = socket.next_text().await;
    assert!(!echo.contains("gold") && !echo.contains("customAttributes"), "{echo}");
    let all = emulator.client.admin("GET", "/conversations", None).await.json();
    let known = &all["entities"][0]["participants"][0]["attributes"];
    assert_eq!(known, &json!({ "plan": "gold", "page": "cart" }));
    let half = "x".repeat(1022);
    socket.send(frame(channel("a", &half), channel("b", &half))).await;
    assert_eq!(socket.next().await["class"], "StructuredMessage", "2,046 bytes");
    socket.send(frame(channel("a", &half), channel("b", &"x".repeat(1025)))).await;
    assert_snapshot!(socket.next_text().await, @r#"{"type":"response","class":"string","code":4013,"body":"Custom attributes have 2049 bytes, limit 2048"}"#);
    socket.say(TOKEN, "go on").await;
    assert_eq!(socket.next().await["body"]["text"], "go on");
}

#[tokio::test]
async fn an_answer_to_a_button_comes_back_structured_with_its_label_as_text() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    let button = json!([{ "contentType": "ButtonResponse", "buttonResponse": { "text": "Red", "payload": "RED", "type": "QuickReply", "originatingMessageId": "o" } }]);
    let kotlin = json!({ "type": "Text", "text": "", "content": button });
    assert_snapshot!(message(&mut socket, kotlin).await, @r#"{"type":"message","class":"StructuredMessage","code":200,"tracingId":"t","body":{"id":"4f410b89b1a91c27f7db45993a9a0456","type":"Structured","text":"Red","direction":"Inbound","channel":{"time":"2026-01-02T03:04:05.000Z","messageId":"46567ffd-08dc-4d37-8ed5-793c03df774b"},"content":[{"buttonResponse":{"originatingMessageId":"o","payload":"RED","text":"Red","type":"QuickReply"},"contentType":"ButtonResponse"}],"metadata":{"correlationId":"d851db21-6b95-448b-a9e2-986118434a89"}}}"#);
    emulator.advance("200ms").await;
    assert_eq!(socket.next().await["body"]["text"], "You said: Red");
}

#[tokio::test]
async fn a_guest_that_joins_comes_back_as_an_event_and_begins_the_conversation() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    let join =
        json!({ "type": "Event", "events": [{ "eventType": "Presence", "presence": { "type": "Join" } }] });
    assert_snapshot!(message(&mut socket, join).await, @r#"{"type":"message","class":"StructuredMessage","code":200,"tracingId":"t","body":{"id":"4f410b89b1a91c27f7db45993a9a0456","type":"Event","direction":"Inbound","channel":{"time":"2026-01-02T03:04:05.000Z","messageId":"46567ffd-08dc-4d37-8ed5-793c03df774b"},"events":[{"eventType":"Presence","presence":{"type":"Join"}}],"metadata":{"correlationId":"d851db21-6b95-448b-a9e2-986118434a89"}}}"#);
    let all = emulator.client.admin("GET", "/conversations", None).await.json();
    assert_eq!(all["entities"].as_array().unwrap().len(), 1);
}
