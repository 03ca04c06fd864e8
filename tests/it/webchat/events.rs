//! `/v1/token/{jwt}`: what guests hear.

use futures_util::SinkExt;
use insta::assert_snapshot;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::{Guest, OURS, under_way, until};
use crate::{
    agent::{AGENT, Desk},
    support::Socket,
};

/// The frames that come next, one a line.
async fn frames(socket: &mut Socket, count: usize) -> String {
    let mut said = String::new();
    for _ in 0..count {
        said += &socket.next_raw().await;
        said.push('\n');
    }
    said
}

async fn goodbye(socket: &mut Socket) -> String {
    match socket.next_message().await {
        Some(Ok(Message::Close(Some(frame)))) => format!("{} {}", u16::from(frame.code), frame.reason),
        other => panic!("a close frame was expected, not {other:?}"),
    }
}

#[tokio::test]
async fn a_whole_chat_is_heard_from_coming_to_leaving() {
    let desk = Desk::of_agent().await;
    desk.on_queue(true).await;
    let guest = Guest::comes(&desk).await;
    let conversations = desk.done("GET", OURS, Value::Null, 200).await.json();
    assert_eq!(conversations["total"], 0, "nobody is offered it yet");
    let mut socket = guest.hears(&desk).await;
    // the guest, the queue, and the agent who is alerted
    assert_snapshot!(frames(&mut socket, 5).await, @r#"
    {"topicName":"v2.conversations.chats.550e92db-f803-4b12-9084-d6a6b564f252.members","version":"2","eventBody":{"conversation":{"id":"550e92db-f803-4b12-9084-d6a6b564f252"},"member":{"id":"ed7ff795-2e60-4455-8b64-884efa8d1d78","state":"CONNECTED"},"timestamp":"2026-01-02T03:04:05.000Z"},"metadata":{"CorrelationId":"525809dd-54cb-44b0-bf29-140ce73f0706","type":"member-change"}}
    {"topicName":"v2.conversations.chats.550e92db-f803-4b12-9084-d6a6b564f252.messages","version":"2","eventBody":{"id":"a5591357-d60d-455b-a28a-8e261c0773b9","conversation":{"id":"550e92db-f803-4b12-9084-d6a6b564f252"},"sender":{"id":"ed7ff795-2e60-4455-8b64-884efa8d1d78"},"body":"","bodyType":"member-join","timestamp":"2026-01-02T03:04:05.000Z"},"metadata":{"CorrelationId":"525809dd-54cb-44b0-bf29-140ce73f0706","type":"message"}}
    {"topicName":"v2.conversations.chats.550e92db-f803-4b12-9084-d6a6b564f252.members","version":"2","eventBody":{"conversation":{"id":"550e92db-f803-4b12-9084-d6a6b564f252"},"member":{"id":"6976c0ed-e952-4a2e-b650-479f9987f527","state":"CONNECTED"},"timestamp":"2026-01-02T03:04:05.000Z"},"metadata":{"CorrelationId":"525809dd-54cb-44b0-bf29-140ce73f0706","type":"member-change"}}
    {"topicName":"v2.conversations.chats.550e92db-f803-4b12-9084-d6a6b564f252.messages","version":"2","eventBody":{"id":"f33ecc0b-454f-4a05-a088-ca0383136e05","conversation":{"id":"550e92db-f803-4b12-9084-d6a6b564f252"},"sender":{"id":"6976c0ed-e952-4a2e-b650-479f9987f527"},"body":"","bodyType":"member-join","timestamp":"2026-01-02T03:04:05.001Z"},"metadata":{"CorrelationId":"525809dd-54cb-44b0-bf29-140ce73f0706","type":"message"}}
    {"topicName":"v2.conversations.chats.550e92db-f803-4b12-9084-d6a6b564f252.members","version":"2","eventBody":{"conversation":{"id":"550e92db-f803-4b12-9084-d6a6b564f252"},"member":{"id":"87c1cab1-bb38-484a-a3e7-ee93203c27a7","state":"ALERTING"},"timestamp":"2026-01-02T03:04:05.000Z"},"metadata":{"CorrelationId":"525809dd-54cb-44b0-bf29-140ce73f0706","type":"member-change"}}
    "#);
    let (path, communication) = guest.answered(&desk).await;
    // the agent is there, and the queue is not any more
    assert_snapshot!(frames(&mut socket, 4).await, @r#"
    {"topicName":"v2.conversations.chats.550e92db-f803-4b12-9084-d6a6b564f252.members","version":"2","eventBody":{"conversation":{"id":"550e92db-f803-4b12-9084-d6a6b564f252"},"member":{"id":"87c1cab1-bb38-484a-a3e7-ee93203c27a7","state":"CONNECTED"},"timestamp":"2026-01-02T03:04:05.000Z"},"metadata":{"CorrelationId":"1f752669-0e9c-42aa-be9c-539e29825b37","type":"member-change"}}
    {"topicName":"v2.conversations.chats.550e92db-f803-4b12-9084-d6a6b564f252.messages","version":"2","eventBody":{"id":"42ebb22c-3b76-4c25-966c-858b82d16616","conversation":{"id":"550e92db-f803-4b12-9084-d6a6b564f252"},"sender":{"id":"87c1cab1-bb38-484a-a3e7-ee93203c27a7"},"body":"","bodyType":"member-join","timestamp":"2026-01-02T03:04:05.002Z"},"metadata":{"CorrelationId":"1f752669-0e9c-42aa-be9c-539e29825b37","type":"message"}}
    {"topicName":"v2.conversations.chats.550e92db-f803-4b12-9084-d6a6b564f252.messages","version":"2","eventBody":{"id":"5abbaf4f-77b5-47c2-a42b-1e067499119b","conversation":{"id":"550e92db-f803-4b12-9084-d6a6b564f252"},"sender":{"id":"6976c0ed-e952-4a2e-b650-479f9987f527"},"body":"","bodyType":"member-leave","timestamp":"2026-01-02T03:04:05.003Z"},"metadata":{"CorrelationId":"1f752669-0e9c-42aa-be9c-539e29825b37","type":"message"}}
    {"topicName":"v2.conversations.chats.550e92db-f803-4b12-9084-d6a6b564f252.members","version":"2","eventBody":{"conversation":{"id":"550e92db-f803-4b12-9084-d6a6b564f252"},"member":{"id":"6976c0ed-e952-4a2e-b650-479f9987f527","state":"DISCONNECTED"},"timestamp":"2026-01-02T03:04:05.000Z"},"metadata":{"CorrelationId":"1f752669-0e9c-42aa-be9c-539e29825b37","type":"member-change"}}
    "#);
    let said = guest.says(&desk, "Grüße 👋").await;
    assert_snapshot!(frames(&mut socket, 1).await, @r#"{"topicName":"v2.conversations.chats.550e92db-f803-4b12-9084-d6a6b564f252.messages","version":"2","eventBody":{"id":"c30f42ff-2663-4aa5-8f6a-ea7f879e7291","conversation":{"id":"550e92db-f803-4b12-9084-d6a6b564f252"},"sender":{"id":"ed7ff795-2e60-4455-8b64-884efa8d1d78"},"body":"Grüße 👋","bodyType":"standard","timestamp":"2026-01-02T03:04:05.004Z"},"metadata":{"CorrelationId":"1031fb20-b079-45ff-b0b1-dcba96636a4a","type":"message"}}"#);
    assert_snapshot!(said.to_string(), @r#"{"body":"Grüße 👋","bodyType":"standard","conversation":{"id":"550e92db-f803-4b12-9084-d6a6b564f252","selfUri":"/api/v2/webchat/guest/conversations/550e92db-f803-4b12-9084-d6a6b564f252"},"id":"c30f42ff-2663-4aa5-8f6a-ea7f879e7291","selfUri":"/api/v2/webchat/guest/conversations/550e92db-f803-4b12-9084-d6a6b564f252/messages/c30f42ff-2663-4aa5-8f6a-ea7f879e7291","sender":{"authenticatedGuest":false,"displayName":"Jo Guest","id":"ed7ff795-2e60-4455-8b64-884efa8d1d78","joinDate":"2026-01-02T03:04:05.000Z","role":"CUSTOMER","state":"CONNECTED"},"timestamp":"2026-01-02T03:04:05.004Z"}"#);
    let say = format!("{OURS}/{}/communications/{communication}/messages", guest.id);
    let answered = desk.done("POST", &say, json!({ "body": "Hello", "bodyType": "notice" }), 200).await;
    assert_snapshot!(frames(&mut socket, 1).await, @r#"{"topicName":"v2.conversations.chats.550e92db-f803-4b12-9084-d6a6b564f252.messages","version":"2","eventBody":{"id":"087f7c33-7c7a-4555-88d7-df786bbbf7ad","conversation":{"id":"550e92db-f803-4b12-9084-d6a6b564f252"},"sender":{"id":"87c1cab1-bb38-484a-a3e7-ee93203c27a7"},"body":"Hello","bodyType":"notice","timestamp":"2026-01-02T03:04:05.005Z"},"metadata":{"CorrelationId":"b7dcb5d3-f54b-43e1-b522-dc0d22587eae","type":"message"}}"#);
    assert_snapshot!(answered.text, @r#"{"id":"087f7c33-7c7a-4555-88d7-df786bbbf7ad","conversation":{"id":"550e92db-f803-4b12-9084-d6a6b564f252","selfUri":"/api/v2/conversations/chats/550e92db-f803-4b12-9084-d6a6b564f252"},"sender":{"id":"87c1cab1-bb38-484a-a3e7-ee93203c27a7","displayName":"Emulated Agent","role":"AGENT","joinDate":"2026-01-02T03:04:05.000Z","authenticatedGuest":false,"state":"CONNECTED"},"body":"Hello","bodyType":"notice","timestamp":"2026-01-02T03:04:05.005Z","selfUri":"/api/v2/conversations/chats/550e92db-f803-4b12-9084-d6a6b564f252/messages/087f7c33-7c7a-4555-88d7-df786bbbf7ad"}"#);
    guest.done(&desk, "POST", &guest.own("/typing"), Value::Null, 200).await;
    desk.done("POST", &say.replace("/messages", "/typing"), Value::Null, 200).await;
    assert_snapshot!(frames(&mut socket, 2).await, @r#"
    {"topicName":"v2.conversations.chats.550e92db-f803-4b12-9084-d6a6b564f252.messages","version":"2","eventBody":{"id":"3f2936c4-f045-42d1-a515-28138d8ed10b","conversation":{"id":"550e92db-f803-4b12-9084-d6a6b564f252"},"sender":{"id":"ed7ff795-2e60-4455-8b64-884efa8d1d78"},"timestamp":"2026-01-02T03:04:05.000Z"},"metadata":{"CorrelationId":"9f0ac3d4-23c2-4699-a262-e6b58b4e0bcd","type":"typing-indicator"}}
    {"topicName":"v2.conversations.chats.550e92db-f803-4b12-9084-d6a6b564f252.messages","version":"2","eventBody":{"id":"ae1b92cb-f2c6-4163-849c-e70f4c2ce9fc","conversation":{"id":"550e92db-f803-4b12-9084-d6a6b564f252"},"sender":{"id":"87c1cab1-bb38-484a-a3e7-ee93203c27a7"},"timestamp":"2026-01-02T03:04:05.000Z"},"metadata":{"CorrelationId":"89cab634-e240-4b12-b2f7-19e348af460a","type":"typing-indicator"}}
    "#);
    desk.done("PATCH", &path, json!({ "state": "disconnected" }), 202).await;
    assert_snapshot!(frames(&mut socket, 4).await, @r#"
    {"topicName":"v2.conversations.chats.550e92db-f803-4b12-9084-d6a6b564f252.messages","version":"2","eventBody":{"id":"027b974e-15bc-44a2-af5a-157feb89ca03","conversation":{"id":"550e92db-f803-4b12-9084-d6a6b564f252"},"sender":{"id":"87c1cab1-bb38-484a-a3e7-ee93203c27a7"},"body":"","bodyType":"member-leave","timestamp":"2026-01-02T03:04:05.006Z"},"metadata":{"CorrelationId":"2926bf3c-701b-4f8b-bb1f-a48887d968cd","type":"message"}}
    {"topicName":"v2.conversations.chats.550e92db-f803-4b12-9084-d6a6b564f252.members","version":"2","eventBody":{"conversation":{"id":"550e92db-f803-4b12-9084-d6a6b564f252"},"member":{"id":"87c1cab1-bb38-484a-a3e7-ee93203c27a7","state":"DISCONNECTED"},"timestamp":"2026-01-02T03:04:05.000Z"},"metadata":{"CorrelationId":"2926bf3c-701b-4f8b-bb1f-a48887d968cd","type":"member-change"}}
    {"topicName":"v2.conversations.chats.550e92db-f803-4b12-9084-d6a6b564f252.messages","version":"2","eventBody":{"id":"a8ce0e45-5025-473d-8da3-73638649a113","conversation":{"id":"550e92db-f803-4b12-9084-d6a6b564f252"},"sender":{"id":"ed7ff795-2e60-4455-8b64-884efa8d1d78"},"body":"","bodyType":"member-leave","timestamp":"2026-01-02T03:04:05.007Z"},"metadata":{"CorrelationId":"2926bf3c-701b-4f8b-bb1f-a48887d968cd","type":"message"}}
    {"topicName":"v2.conversations.chats.550e92db-f803-4b12-9084-d6a6b564f252.members","version":"2","eventBody":{"conversation":{"id":"550e92db-f803-4b12-9084-d6a6b564f252"},"member":{"id":"ed7ff795-2e60-4455-8b64-884efa8d1d78","state":"DISCONNECTED"},"timestamp":"2026-01-02T03:04:05.000Z"},"metadata":{"CorrelationId":"2926bf3c-701b-4f8b-bb1f-a48887d968cd","type":"member-change"}}
    "#);
    assert_eq!(goodbye(&mut socket).await, "1000 The guest takes no part any more");
    let known = desk.done("GET", &format!("{OURS}/{}", guest.id), Value::Null, 200).await.json();
    let ways: Vec<_> =
        known["participants"].as_array().unwrap().iter().map(|one| &one["disconnectType"]).collect();
    assert_eq!(json!(ways), json!(["peer", "transfer", "client"]));
    let Err((status, body)) = desk.emulator.upgrade(&guest.stream).await else { panic!("it was let in") };
    assert_eq!(status, 400);
    assert!(body.contains(r#""code":"chat.error.conversation.state""#), "{body}");
}

#[tokio::test]
async fn a_guest_that_leaves_ends_the_chat_on_every_stream() {
    let desk = Desk::of_agent().await;
    let (guest, mut socket, ..) = under_way(&desk).await;
    let mut other = guest.hears(&desk).await;
    guest.says(&desk, "to both").await;
    for socket in [&mut socket, &mut other] {
        assert_eq!(until(socket, "message", |_| true).await["eventBody"]["body"], "to both");
    }
    guest.done(&desk, "DELETE", &guest.own(""), Value::Null, 204).await;
    for socket in [&mut socket, &mut other] {
        let left = until(socket, "message", |_| true).await;
        assert_eq!(left["eventBody"]["bodyType"], "member-leave");
        assert_eq!(left["eventBody"]["sender"]["id"], guest.member.as_str());
        until(socket, "member-change", |body| body["member"]["id"] != guest.member.as_str()).await;
        assert_eq!(goodbye(socket).await, "1000 The guest takes no part any more");
    }
    assert_eq!(guest.other(&desk, "agent").await["disconnectType"], "peer");
    assert_eq!(guest.other(&desk, "customer").await["disconnectType"], "endpoint");
}

#[tokio::test]
async fn a_stream_is_alive_every_half_minute_and_passes_over_what_it_cannot_read() {
    let desk = Desk::start().await;
    let guest = Guest::comes(&desk).await;
    let mut socket = guest.hears(&desk).await;
    frames(&mut socket, 4).await;
    socket.send_text("[]").await;
    socket.stream.send(Message::binary(vec![0xff])).await.unwrap();
    socket.send(json!({ "message": "ping" })).await;
    assert_eq!(socket.next_raw().await, r#"{"topicName":"channel.metadata","eventBody":{"message":"pong"}}"#);
    desk.emulator.advance("29s").await;
    desk.emulator.advance("1s").await;
    let heartbeat = r#"{"topicName":"channel.metadata","eventBody":{"message":"WebSocket Heartbeat"}}"#;
    assert_eq!(socket.next_raw().await, heartbeat);
    desk.emulator.advance("1m").await;
    assert_eq!(frames(&mut socket, 2).await, format!("{heartbeat}\n{heartbeat}\n"));
    drop(socket);
    let mut again = guest.hears(&desk).await;
    guest.says(&desk, "still there").await;
    let first: Value = serde_json::from_str(&again.next_raw().await).unwrap();
    assert_eq!(first["eventBody"]["body"], "still there", "nobody waits twice");
}

#[tokio::test]
async fn who_is_subscribed_hears_of_chats_too() {
    let desk = Desk::of_agent().await;
    let of_user = format!("v2.users.{AGENT}.conversations.chats");
    let mut user = desk.listen(&[&of_user]).await;
    let mut messages = desk.listen(&[&format!("v2.users.{AGENT}.conversations.messages")]).await;
    let (guest, mut stream, ..) = under_way(&desk).await;
    assert_snapshot!(user.next_raw().await, @r#"{"topicName":"v2.users.00000000-0000-4000-8000-0000000000bb.conversations.chats","version":"2","eventBody":{"id":"88005b4a-342f-428e-b630-ea9acd5c5e7f","participants":[{"id":"fe5edcb0-8e68-45b0-bfbe-4fb0a7d90c9b","name":"Jo Guest","address":"fe5edcb0-8e68-45b0-bfbe-4fb0a7d90c9b","startTime":"2026-01-02T03:04:05.000Z","connectedTime":"2026-01-02T03:04:05.000Z","purpose":"customer","state":"connected","initialState":"connected","direction":"inbound","held":false,"wrapupRequired":false,"mediaRoles":["full"],"attributes":{"context.genesys.legacyRoutingTargetQueueAddress":"Chat Queue"},"provider":"PureCloud Webchat v2","roomId":"88005b4a-342f-428e-b630-ea9acd5c5e7f"},{"id":"76e34ec1-1a8c-4a10-9713-c148830305d8","name":"Chat Queue","startTime":"2026-01-02T03:04:05.000Z","connectedTime":"2026-01-02T03:04:05.000Z","purpose":"acd","state":"connected","initialState":"connected","direction":"inbound","held":false,"wrapupRequired":false,"mediaRoles":["full"],"queue":{"id":"51590013-993c-4a0c-a5ec-ba62ff147112","name":"Chat Queue"},"attributes":{},"provider":"PureCloud Webchat v2","roomId":"88005b4a-342f-428e-b630-ea9acd5c5e7f"},{"id":"af354cdb-55ad-443d-8d88-1f90fac63a22","name":"Emulated Agent","startTime":"2026-01-02T03:04:05.000Z","startAlertingTime":"2026-01-02T03:04:05.000Z","purpose":"agent","state":"alerting","initialState":"alerting","direction":"inbound","held":false,"wrapupRequired":false,"wrapupPrompt":"optional","mediaRoles":["full"],"user":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent"},"queue":{"id":"51590013-993c-4a0c-a5ec-ba62ff147112","name":"Chat Queue"},"attributes":{},"alertingTimeoutMs":30000,"provider":"PureCloud Webchat v2","roomId":"88005b4a-342f-428e-b630-ea9acd5c5e7f"}],"otherMediaUris":[],"address":"fe5edcb0-8e68-45b0-bfbe-4fb0a7d90c9b"},"metadata":{"CorrelationId":"b7dcb5d3-f54b-43e1-b522-dc0d22587eae"}}"#);
    let topics = ["messages", "members"].map(|what| format!("v2.conversations.chats.{}.{what}", guest.id));
    let mut lines = desk.listen(&[&topics[0], &topics[1]]).await;
    guest.says(&desk, "hello").await;
    assert_eq!(lines.next_raw().await, stream.next_raw().await);
    guest.done(&desk, "DELETE", &guest.own(""), Value::Null, 204).await;
    for _ in 0..4 {
        assert_eq!(lines.next_raw().await, stream.next_raw().await);
    }
    messages.send(json!({ "message": "ping" })).await;
    assert!(messages.next_raw().await.contains("pong"), "it is no message conversation");
}

#[tokio::test]
async fn streams_are_of_the_streaming_surface_for_journal_and_faults() {
    let desk = Desk::start().await;
    let guest = Guest::comes(&desk).await;
    let class = "v2.conversations.chats.{id}.messages";
    desk.emulator
        .fault(json!({ "id": "lost", "when": { "surface": "streaming", "class": class },
            "schedule": { "nth": 2 }, "effect": { "drop_frame": {} } }))
        .await;
    let mut socket = guest.hears(&desk).await;
    for kind in ["member-change", "message", "member-change"] {
        let frame: Value = serde_json::from_str(&socket.next_raw().await).unwrap();
        assert_eq!(frame["metadata"]["type"], kind);
    }
    guest.says(&desk, "third").await;
    let frame: Value = serde_json::from_str(&socket.next_raw().await).unwrap();
    assert_eq!(frame["eventBody"]["body"], "third", "the second line was lost");
    let journal = desk.emulator.journal("surface=streaming").await;
    let text = Value::Array(journal).to_string();
    assert!(text.contains("/v1/token/(redacted") && !text.contains(&guest.jwt), "{text}");
    assert!(!Value::Array(desk.emulator.journal("").await).to_string().contains(&guest.jwt));
    desk.emulator
        .fault(json!({ "when": { "surface": "streaming", "class": class },
            "effect": { "close_socket": { "code": 1011, "reason": "gone" } } }))
        .await;
    guest.says(&desk, "fourth").await;
    assert_eq!(goodbye(&mut socket).await, "1011 gone");
    desk.emulator.client.admin("DELETE", "/faults", None).await;
    let mut socket = guest.hears(&desk).await;
    desk.emulator.fault(json!({ "when": { "class": class }, "effect": { "evict": {} } })).await;
    guest.says(&desk, "fifth").await;
    assert!(socket.next_raw().await.contains("fifth"));
    assert_eq!(goodbye(&mut socket).await, "1001 The connection was closed");
}

#[tokio::test]
async fn a_stream_is_opened_with_the_jwt_of_a_chat_alone() {
    let desk = Desk::start().await;
    let guest = Guest::comes(&desk).await;
    let guide = desk.emulator.guest_jwt().await;
    for (jwt, code) in
        [("x", "bad.credentials"), ("a.b.c", "bad.credentials"), (guide.as_str(), "bad.credentials")]
    {
        let Err((status, body)) = desk.emulator.upgrade(&format!("/v1/token/{jwt}")).await else {
            panic!("{jwt} was let in")
        };
        assert_eq!(status, 401);
        assert!(body.contains(&format!(r#""code":"{code}""#)), "{body}");
    }
    desk.emulator.advance("24h").await;
    let Err((401, body)) = desk.emulator.upgrade(&guest.stream).await else { panic!("it was let in") };
    assert!(body.contains(r#""code":"credentials.expired""#), "{body}");
    let plain = desk.emulator.client.get(&guest.stream, None).await;
    assert_eq!(plain.status, 426);
}
