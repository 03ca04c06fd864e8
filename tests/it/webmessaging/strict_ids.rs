//! `strictMessageIds`: every block of a message has an id of its own.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::TOKEN;
use crate::support::{DEPLOYMENT, Socket, TestEmulator};

const STRICT: &str = "name: s\nworld: { orgs: [{ deployments: { messaging: { strictMessageIds: true } } }] }";

async fn answer(socket: &mut Socket, message: Value) -> String {
    socket.send(json!({ "action": "onMessage", "token": TOKEN, "message": message })).await;
    socket.next_text().await
}

fn button(id: Option<&str>, text: &str) -> Value {
    let mut response = json!({ "type": "ListPicker", "text": text, "payload": text });
    if let Some(id) = id {
        response["id"] = json!(id);
    }
    json!({ "contentType": "ButtonResponse", "buttonResponse": response })
}

#[tokio::test]
async fn a_block_without_id_or_with_that_of_another_one_is_named() {
    let emulator = TestEmulator::yaml(STRICT).await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, TOKEN).await;
    let mut answers = Vec::new();
    for content in [
        json!([button(None, "Oslo")]),
        json!([button(Some("1"), "Oslo"), button(Some(""), "Bergen")]),
        json!([button(Some("1"), "Oslo"), button(Some("2"), "Bergen"), button(Some("1"), "Molde")]),
        json!([{ "id": "1", "contentType": "Text" }, button(Some("1"), "Oslo")]),
        json!([{ "id": 7, "contentType": "Text" }]),
    ] {
        answers.push(answer(&mut socket, json!({ "content": content })).await);
    }
    assert_snapshot!(answers.join("\n"), @r#"
    {"type":"response","class":"string","code":400,"body":"message.content[0] has no id"}
    {"type":"response","class":"string","code":400,"body":"message.content[1] has no id"}
    {"type":"response","class":"string","code":400,"body":"message.content[2] has the same id as message.content[0]"}
    {"type":"response","class":"string","code":400,"body":"message.content[1] has the same id as message.content[0]"}
    {"type":"response","class":"string","code":400,"body":"message.content[0] has no id"}
    "#);
    assert_snapshot!(emulator.last_refusal().await, @r#"{"reason":"message.content[0] has no id","rule":"frame.refused"}"#);
}

#[tokio::test]
async fn an_id_of_the_block_or_of_what_it_shows_will_do_and_texts_need_none() {
    let emulator = TestEmulator::yaml(STRICT).await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, TOKEN).await;
    let mut own = button(None, "Bergen");
    own["id"] = json!("2");
    let picked = json!({ "type": "Structured", "text": "Both", "content": [button(Some("1"), "Oslo"), own] });
    assert!(answer(&mut socket, picked.clone()).await.contains(r#""text":"Both""#));
    assert!(answer(&mut socket, picked).await.contains(r#""text":"Both""#), "ids are of one message");
    assert!(answer(&mut socket, json!({ "text": "Hi" })).await.contains(r#""text":"Hi""#));
}

#[tokio::test]
async fn elsewhere_ids_are_nobody_s_business() {
    let emulator = TestEmulator::start().await;
    let mut socket = super::session(&emulator, TOKEN).await;
    let content = json!([button(Some("1"), "Oslo"), button(Some("1"), "Bergen"), button(None, "Molde")]);
    assert!(
        answer(&mut socket, json!({ "text": "All", "content": content })).await.contains("StructuredMessage")
    );
}
