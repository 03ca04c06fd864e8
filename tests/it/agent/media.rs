//! Files that agents send.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Desk, MESSAGES};

#[tokio::test]
async fn a_file_is_announced_put_and_sent() {
    let desk = Desk::of_agent().await;
    desk.on_queue(true).await;
    let (mut guest, id) = desk.guest().await;
    let (_, communication) = desk.taken(&id).await;
    let path = format!("{MESSAGES}/{id}/communications/{communication}/messages");
    let body = json!({ "fileName": "hello.txt", "contentLengthBytes": 5 });
    let announced = desk.done("POST", &format!("{path}/media/uploads"), body, 200).await.json();
    assert_snapshot!(announced, @r#"{"id":"3ddec5ed-59ee-474c-a717-b9b253b6e87c","name":"hello.txt","selfUri":"/api/v2/conversations/messages/421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd/communications/d34702d3-b29e-40b9-8a2e-7a38940eb587/messages/media/3ddec5ed-59ee-474c-a717-b9b253b6e87c","uploadHeaders":{"x-amz-tagging":"organizationId=00000000-0000-4000-8000-0000000000aa&originPlatform=PureCloud&role=guest"},"uploadUrl":"http://emulator.test/uploads/h9luB9G_KUDqga-Nd7o-bHbjSrNorDxX6cwDBUlKv-BuGN4c"}"#);
    let media = announced["selfUri"].as_str().unwrap();
    let waiting = desk.done("GET", media, Value::Null, 200).await.json();
    assert_eq!(waiting["status"], "uploading");
    let send = json!({ "textBody": "look", "mediaIds": [announced["id"]] });
    desk.done("POST", &path, send.clone(), 400).await;
    let put = announced["uploadUrl"].as_str().unwrap().replace("http://emulator.test", "");
    let tag = announced["uploadHeaders"]["x-amz-tagging"].as_str().unwrap();
    let answer = desk.emulator.client.send("PUT", &put, &[("x-amz-tagging", tag)], "hello").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let there = desk.done("GET", media, Value::Null, 200).await.json();
    assert_snapshot!(there, @r#"{"communicationId":"d34702d3-b29e-40b9-8a2e-7a38940eb587","contentLengthBytes":5,"conversationId":"421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd","id":"3ddec5ed-59ee-474c-a717-b9b253b6e87c","mediaType":"text/plain","name":"hello.txt","selfUri":"/api/v2/conversations/messages/421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd/communications/d34702d3-b29e-40b9-8a2e-7a38940eb587/messages/media/3ddec5ed-59ee-474c-a717-b9b253b6e87c","status":"valid","url":"http://emulator.test/api/v2/downloads/h9luB9G_S51p3xznbbkrH7D8olZHVir42fV5idOHy3QEQwCZ"}"#);
    let sent = desk.done("POST", &path, send, 200).await.json();
    assert_snapshot!(sent["media"], @r#"[{"contentLengthBytes":5,"id":"3ddec5ed-59ee-474c-a717-b9b253b6e87c","mediaType":"text/plain","name":"hello.txt","url":"http://emulator.test/api/v2/downloads/h9luB9G_SLQjnh6TtbPLguCMk7hsps9KZNLSxUpd4f3ycLJb"}]"#);
    let seen = guest.next().await;
    let url =
        seen["body"]["content"][0]["attachment"]["url"].as_str().unwrap().replace("http://emulator.test", "");
    assert_eq!(desk.emulator.client.get(&url, None).await.text, "hello");
    let later = desk.done("POST", &format!("{path}/media"), Value::Null, 202).await.json();
    assert_eq!(later["status"], "uploading");
    let listed = desk.done("GET", &format!("{path}/media"), Value::Null, 200).await.json();
    assert_eq!(listed["total"], 2);
    let valid = desk.done("GET", &format!("{path}/media?status=valid"), Value::Null, 200).await.json();
    assert_eq!(valid["total"], 1);
    desk.done("GET", &format!("{path}/media?status=lost"), Value::Null, 400).await;
    desk.done("GET", &format!("{path}/media/x"), Value::Null, 404).await;
    let bodies = [
        "",
        "{}",
        r#"{"fileName":"a.exe","contentLengthBytes":5}"#,
        r#"{"fileName":"a.txt","contentLengthBytes":0}"#,
        r#"{"fileName":"a.txt","contentLengthBytes":-1}"#,
    ];
    assert_snapshot!(desk.refused("POST", &format!("{path}/media/uploads"), &bodies).await, @r#"
     400 "bad.request" "The body cannot be read: EOF while parsing a value at line 1 column 0"
    {} 400 "bad.request" "The body cannot be read: missing field `fileName` at line 1 column 2"
    {"fileName":"a.exe","contentLengthBytes":5} 400 "constraint.validation" "Programs such as .exe are never accepted"
    {"fileName":"a.txt","contentLengthBytes":0} 400 "constraint.validation" "The file is empty"
    {"fileName":"a.txt","contentLengthBytes":-1} 400 "bad.request" "The body cannot be read: invalid value, expected u64 at line 1 column 43"
    "#);
}

#[tokio::test]
async fn files_are_of_whoever_has_taken_the_conversation() {
    let desk = Desk::of_agent().await;
    desk.on_queue(true).await;
    let (_guest, id) = desk.guest().await;
    let agent = desk.participant(&id, "agent").await["id"].as_str().unwrap().to_owned();
    let path = format!("{MESSAGES}/{id}/communications/{agent}/messages/media");
    desk.done("POST", &path, Value::Null, 400).await;
    desk.taken(&id).await;
    desk.done("POST", &path, Value::Null, 202).await;
}

#[tokio::test]
async fn a_file_that_is_not_what_it_was_announced_as_is_invalid() {
    let desk = Desk::of_agent().await;
    desk.on_queue(true).await;
    let (_guest, id) = desk.guest().await;
    let (_, communication) = desk.taken(&id).await;
    let path = format!("{MESSAGES}/{id}/communications/{communication}/messages/media/uploads");
    let body = json!({ "fileName": "a.png", "contentLengthBytes": 6 });
    let announced = desk.done("POST", &path, body, 200).await.json();
    let put = announced["uploadUrl"].as_str().unwrap().replace("http://emulator.test", "");
    let tag = announced["uploadHeaders"]["x-amz-tagging"].as_str().unwrap();
    desk.emulator.client.send("PUT", &put, &[("x-amz-tagging", tag)], "hello").await;
    let media = desk.done("GET", announced["selfUri"].as_str().unwrap(), Value::Null, 200).await.json();
    assert_eq!(media["status"], "invalid");
}

#[tokio::test]
async fn a_file_of_another_conversation_is_not_sent() {
    let desk = Desk::of_agent().await;
    desk.on_queue(true).await;
    let application = desk.emulator.token("emulator-client", "emulator-secret").await;
    let body = json!({ "name": "Mine", "outboundNotificationWebhookUrl": "http://127.0.0.1:1/",
        "outboundNotificationWebhookSignatureSecretToken": "a-secret-of-some-length" });
    let headers = [("authorization", format!("Bearer {application}"))];
    let headers = [(headers[0].0, headers[0].1.as_str()), ("content-type", "application/json")];
    let path = "/api/v2/conversations/messaging/integrations/open";
    let made = desk.emulator.client.send("POST", path, &headers, body.to_string()).await.json();
    let path = format!(
        "{MESSAGES}/{}/inbound/open/message?prefetchConversationId=true",
        made["id"].as_str().unwrap()
    );
    let mut all = Vec::new();
    for person in ["jo", "mo"] {
        let from = json!({ "id": person, "idType": "Opaque" });
        let body = json!({ "channel": { "from": from, "time": "2026-01-05T09:00:00.000Z" }, "text": "hi" });
        let taken = desk.ask_as(&application, "POST", &path, body.to_string()).await.json();
        let id = taken["conversationId"].as_str().unwrap().to_owned();
        let (_, communication) = desk.taken(&id).await;
        all.push(format!("{MESSAGES}/{id}/communications/{communication}/messages"));
    }
    let body = json!({ "fileName": "hello.txt", "contentLengthBytes": 5 });
    let file = desk.done("POST", &format!("{}/media/uploads", all[0]), body, 200).await.json();
    let put = file["uploadUrl"].as_str().unwrap().replace("http://emulator.test", "");
    let tag = file["uploadHeaders"]["x-amz-tagging"].as_str().unwrap();
    desk.emulator.client.send("PUT", &put, &[("x-amz-tagging", tag)], "hello").await;
    let send = json!({ "mediaIds": [file["id"]] });
    let refused = desk.done("POST", &all[1], send.clone(), 400).await.json();
    assert!(refused["message"].as_str().unwrap().starts_with("there is no media"), "{refused}");
    // nor does what is there go when something else is not
    desk.done("POST", &all[0], json!({ "mediaIds": [file["id"], "x"] }), 400).await;
    desk.done("POST", &all[0], send, 200).await;
}
