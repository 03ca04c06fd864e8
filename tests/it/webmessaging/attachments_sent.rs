//! `onMessage` that shows files.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{OTHER, TOKEN, session};
use crate::support::{
    DEPLOYMENT, TestEmulator,
    files::{PNG, act, announce, path, show, upload},
};

/// The newest entity of the history.
async fn newest(emulator: &TestEmulator, socket: &mut crate::support::Socket) -> Value {
    let jwt = act(socket, "getJwt", TOKEN, json!({})).await;
    let page = emulator.client.get("/api/v2/webmessaging/messages", jwt["body"]["jwt"].as_str()).await;
    page.json()["entities"][0].clone()
}

#[tokio::test]
async fn a_message_of_a_file_alone_has_neither_type_nor_text_and_comes_back_as_text() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    let (id, _) = upload(&emulator, &mut socket, TOKEN, "bill.png", "image/png", PNG).await;
    let content = json!([{ "contentType": "Attachment", "attachment": { "id": id } }]);
    socket.send(json!({ "action": "onMessage", "token": TOKEN, "tracingId": "t", "message": { "content": content } })).await;
    let echo = socket.next_text().await;
    assert_snapshot!(echo, @r#"{"type":"message","class":"StructuredMessage","code":200,"tracingId":"t","body":{"id":"239bfcc88d77a278658cb7a23f40c814","type":"Text","direction":"Inbound","channel":{"time":"2026-01-02T03:04:05.000Z","messageId":"2bb11ac2-d5b7-46fd-9628-fb5f5692dc33"},"content":[{"contentType":"Attachment","attachment":{"id":"d6adeb37-4e4c-4e91-839a-884fd39f0365","url":"http://emulator.test/api/v2/downloads/h9luB9G_6DNLOVVA00caf0s7OJAxdlaU3b5yBFcy673W34nO","filename":"bill.png","mediaType":"Image","mime":"image/png","fileSize":21,"sha256":"8fd214381bde91b2640ee9a6c4b0c144443f643d713b5eb6e219d563ca4c8e9f"}}],"metadata":{"correlationId":"e8c368e2-2bbe-494b-b5bf-96349c014589"}}}"#);
    let echo: Value = serde_json::from_str(&echo).unwrap();
    assert_eq!(newest(&emulator, &mut socket).await, echo["body"]);
    let fetched = emulator.client.get(&path(&echo["body"]["content"][0]["attachment"]["url"]), None).await;
    assert_eq!((fetched.status, &*fetched.bytes), (200, PNG));
}

#[tokio::test]
async fn files_go_with_a_text_in_their_order_each_once() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    let (one, _) = upload(&emulator, &mut socket, TOKEN, "a.png", "image/png", PNG).await;
    let (other, _) = upload(&emulator, &mut socket, TOKEN, "b.mp4", "video/mp4", b"b").await;
    let echo = show(&mut socket, TOKEN, Some("Both"), &[&other, &one, &other]).await;
    let content = echo["body"]["content"].as_array().unwrap();
    let shown: Vec<_> =
        content.iter().map(|item| (&item["attachment"]["id"], &item["attachment"]["mediaType"])).collect();
    assert_eq!(shown, [(&json!(other), &json!("Video")), (&json!(one), &json!("Image"))]);
    assert_eq!((&echo["body"]["text"], &echo["body"]["type"]), (&json!("Both"), &json!("Text")));
}

#[tokio::test]
async fn a_message_that_shows_what_cannot_be_sent_is_refused_and_sends_nothing() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    let (id, _) = upload(&emulator, &mut socket, TOKEN, "a.png", "image/png", PNG).await;
    let waiting = announce(&mut socket, TOKEN, "b.png", "image/png", 1).await;
    let waiting = waiting["body"]["attachmentId"].as_str().unwrap();
    let mut answers = vec![
        show(&mut socket, TOKEN, Some("x"), &[&id, "never heard of"]).await,
        show(&mut socket, TOKEN, Some("x"), &[&id, waiting]).await,
        show(&mut socket, TOKEN, Some(&"x".repeat(5_000)), &[&id]).await,
    ];
    let file = json!({ "contentType": "Attachment", "attachment": { "id": id } });
    let button = json!({ "contentType": "ButtonResponse", "buttonResponse": { "text": "a", "payload": "b", "type": "Button" } });
    for content in [
        json!([file, button]),
        json!([{ "contentType": "Attachment" }]),
        json!([{ "contentType": "Attachment", "attachment": { "id": 7 } }]),
    ] {
        answers.push(
            act(&mut socket, "onMessage", TOKEN, json!({ "message": { "text": "x", "content": content } }))
                .await,
        );
    }
    let answers: Vec<_> =
        answers.iter().map(|one| format!("{} {} {}", one["class"], one["code"], one["body"])).collect();
    assert_snapshot!(answers.join("\n").replace(waiting, "(waiting)"), @r#"
    "string" 4009 "There is no attachment \"never heard of\" in this session"
    "string" 4010 "The attachment (waiting) was not uploaded"
    "string" 4011 "Text has 5000 bytes, limit 4096"
    "string" 400 "content of type Attachment cannot be mixed with content of other types"
    "string" 400 "content of type Attachment has no attachment.id"
    "string" 400 "content of type Attachment has no attachment.id"
    "#);
    // it was not sent, so it can be deleted
    let deleted = act(&mut socket, "deleteAttachment", TOKEN, json!({ "attachmentId": id })).await;
    assert_eq!(deleted["class"], "AttachmentDeletedResponse");
}

#[tokio::test]
async fn a_session_that_is_over_says_so_before_it_looks_at_files() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    emulator.advance("73h").await;
    assert_eq!(socket.next().await["class"], "SessionExpiredEvent");
    assert_eq!(show(&mut socket, TOKEN, None, &["unknown"]).await["class"], "SessionExpiredEvent");
}

#[tokio::test]
async fn clearing_the_conversation_forgets_its_files() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    let (id, success) = upload(&emulator, &mut socket, TOKEN, "a.png", "image/png", PNG).await;
    let (_, mut others) =
        upload(&emulator, &mut session(&emulator, OTHER).await, OTHER, "a.png", "image/png", PNG).await;
    let clear =
        json!({ "type": "Event", "events": [{ "eventType": "Presence", "presence": { "type": "Clear" } }] });
    act(&mut socket, "onMessage", TOKEN, json!({ "message": clear })).await;
    while socket.next().await["class"] != "ConnectionClosedEvent" {}
    let mut again = session(&emulator, TOKEN).await;
    let gone = act(&mut again, "getAttachment", TOKEN, json!({ "attachmentId": id })).await;
    assert_eq!(gone["body"]["errorCode"], 4009);
    assert_eq!(emulator.client.get(&path(&success["body"]["downloadUrl"]), None).await.status, 404);
    assert_eq!(emulator.client.get(&path(&others["body"]["downloadUrl"].take()), None).await.status, 200);
}

#[tokio::test]
async fn a_new_session_of_the_same_token_keeps_what_it_uploaded() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    let (id, _) = upload(&emulator, &mut socket, TOKEN, "a.png", "image/png", PNG).await;
    let mut back = emulator.socket(DEPLOYMENT).await;
    back.configure(DEPLOYMENT, TOKEN).await;
    assert_eq!(show(&mut back, TOKEN, None, &[&id]).await["class"], "StructuredMessage");
}
