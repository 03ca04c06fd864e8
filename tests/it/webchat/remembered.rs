//! Chats by hand, in snapshots, and the same every time.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Guest, OURS, under_way, until};
use crate::{
    agent::Desk,
    support::{Socket, TestEmulator},
};

#[tokio::test]
async fn somebody_answers_by_hand() {
    let desk = Desk::start().await;
    let guest = Guest::comes(&desk).await;
    let mut socket = guest.hears(&desk).await;
    let words = async |socket: &mut Socket, kind: &str| {
        let frame = until(socket, kind, |body| body["body"] != "").await;
        frame["eventBody"]["body"].as_str().unwrap_or("-").to_owned()
    };
    let bot = json!({ "text": "I am a bot", "originatingEntity": "Bot" });
    assert_eq!(desk.emulator.by_hand("messages", bot).await.status, 201);
    assert_eq!(words(&mut socket, "message").await, "I am a bot");
    assert_eq!(desk.emulator.by_hand("messages", json!({ "text": "Hello" })).await.status, 201);
    assert_eq!(words(&mut socket, "message").await, "Hello");
    assert_eq!(desk.emulator.by_hand("typing", json!({})).await.status, 204);
    let typing = until(&mut socket, "typing-indicator", |_| true).await;
    assert_eq!(typing["eventBody"]["sender"]["id"], guest.other(&desk, "agent").await["id"]);
    let card = json!({ "card": { "title": "Oslo", "description": "3 nights", "actions": [ { "type": "Link", "text": "Details", "url": "https://shop.example.test" } ] } });
    for more_than_words in [
        card,
        json!({ "text": "x", "attachment": { "fileName": "a.txt", "fileType": "text/plain", "text": "x" } }),
    ] {
        let refused = desk.emulator.by_hand("messages", more_than_words).await;
        assert!(refused.status >= 400 && refused.text.contains("nothing but words"), "{}", refused.text);
    }
    assert_eq!(desk.emulator.by_hand("disconnect", json!({})).await.status, 200);
    assert_eq!(u16::from(socket.closed().await.unwrap().code), 1000);
    assert_eq!(desk.emulator.by_hand("messages", json!({ "text": "too late" })).await.status, 409);
    let lines = guest.done(&desk, "GET", &guest.at("/messages"), Value::Null, 200).await.json();
    let shown: Vec<_> = lines["entities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            format!(
                "{} {}: {}",
                line["sender"]["role"].as_str().unwrap(),
                line["bodyType"].as_str().unwrap(),
                line["body"].as_str().unwrap()
            )
        })
        .collect();
    assert_snapshot!(shown.join("\n"), @"
    CUSTOMER member-join: 
    ACD member-join: 
    WORKFLOW member-join: 
    WORKFLOW standard: I am a bot
    AGENT member-join: 
    ACD member-leave: 
    WORKFLOW member-leave: 
    AGENT standard: Hello
    AGENT member-leave: 
    CUSTOMER member-leave:
    ");
}

#[tokio::test]
async fn whoever_answers_by_hand_before_anybody_hears_it_spares_the_guest_the_queue() {
    let desk = Desk::start().await;
    let guest = Guest::comes(&desk).await;
    assert_eq!(desk.emulator.by_hand("messages", json!({ "text": "Hello" })).await.status, 201);
    let mut socket = guest.hears(&desk).await;
    until(&mut socket, "message", |body| body["sender"]["id"] == guest.member.as_str()).await;
    assert_eq!(guest.other(&desk, "acd").await, Value::Null);
    guest.says(&desk, "Hi").await;
    assert_eq!(until(&mut socket, "message", |_| true).await["eventBody"]["body"], "Hi");
}

#[tokio::test]
async fn events_of_the_org_tell_of_chats() {
    let desk = Desk::of_agent().await;
    let (guest, _socket, ..) = under_way(&desk).await;
    guest.says(&desk, "hello").await;
    guest.done(&desk, "POST", &guest.own("/typing"), Value::Null, 200).await;
    guest.done(&desk, "DELETE", &guest.own(""), Value::Null, 204).await;
    let mut events = desk.emulator.events(&format!("conversation={}", guest.id)).await;
    let mut names = Vec::new();
    while names.last().is_none_or(|last| last != "conversation.ended") {
        names.push(events.next().await.unwrap().kind);
    }
    assert_snapshot!(names.join(" "), @"conversation.started participant.joined connection.opened participant.joined participant.joined participant.left message.inbound typing.guest participant.left participant.left conversation.ended");
}

#[tokio::test]
async fn a_chat_goes_on_after_a_restore_and_is_gone_after_a_reset() {
    let desk = Desk::of_agent().await;
    let (guest, mut socket, _, communication) = under_way(&desk).await;
    guest.says(&desk, "before").await;
    let state = desk.emulator.client.admin("GET", "/state", None).await.text;
    guest.says(&desk, "after").await;
    let json = [("content-type", "application/json")];
    let put = desk.emulator.client.try_send("PUT", "/__admin/state", &json, state.clone()).await.unwrap();
    assert_eq!(put.status, 200, "{}", put.text);
    assert!(socket.closed().await.is_some());
    let mut socket = guest.hears(&desk).await;
    let say = format!("{OURS}/{}/communications/{communication}/messages", guest.id);
    let line = desk.done("POST", &say, json!({ "body": "again" }), 200).await.json();
    let first: Value = serde_json::from_str(&socket.next_raw().await).unwrap();
    assert_eq!(first["eventBody"]["id"], line["id"], "nobody comes anew");
    let lines = guest.done(&desk, "GET", &guest.at("/messages"), Value::Null, 200).await.json();
    let words: Vec<_> = lines["entities"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|line| line["body"].as_str())
        .filter(|body| !body.is_empty())
        .collect();
    assert_eq!(words, ["before", "again"]);
    // another org has it under its own ids
    let other = desk.emulator.client.admin("POST", "/orgs", Some(&json!({}))).await.json();
    let path = format!("/__admin/orgs/{}/state", other["id"].as_str().unwrap());
    let put = desk.emulator.client.try_send("PUT", &path, &json, state).await.unwrap();
    assert_eq!(put.status, 200, "{}", put.text);
    let copy = desk
        .emulator
        .client
        .admin(
            "GET",
            &path.replace("/__admin", "").replace("/state", &format!("/conversations/{}", guest.id)),
            None,
        )
        .await;
    assert_eq!(copy.json()["deploymentId"], other["ids"]["chatDeployments.chat"]);
    desk.emulator.client.admin("POST", "/reset", None).await;
    assert!(socket.closed().await.is_some());
    let Err((401 | 400, _)) = desk.emulator.upgrade(&guest.stream).await else { panic!("it was let in") };
    let gone = desk.emulator.client.get(&guest.at("/members"), Some(&guest.jwt)).await;
    assert_eq!(gone.status, 404);
}

#[tokio::test]
async fn the_same_chat_is_the_same_bytes() {
    let once = async || {
        let desk = Desk::at(TestEmulator::unlimited().await).await;
        let (guest, mut socket, ..) = under_way(&desk).await;
        let line = guest.says(&desk, "hello").await;
        (guest.jwt, line, socket.next_raw().await)
    };
    assert_eq!(once().await, once().await);
}
