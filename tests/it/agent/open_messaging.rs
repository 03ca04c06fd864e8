//! Open Messaging: what applications bring, and what goes to their URL.

use std::time::Duration;

use insta::assert_snapshot;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    time::timeout,
};

use super::{Desk, MESSAGES};
use crate::support::{Answer, TestEmulator};

const INTEGRATIONS: &str = "/api/v2/conversations/messaging/integrations/open";
const SECRET: &str = "a-secret-of-some-length";

/// Takes one request, answers it with 200, and tells its text.
async fn taken(listener: &TcpListener) -> String {
    let taking = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut text = Vec::new();
        loop {
            let mut part = [0; 4096];
            let read = stream.read(&mut part).await.unwrap();
            text.extend_from_slice(&part[..read]);
            let known = String::from_utf8_lossy(&text);
            if let Some((head, body)) = known.split_once("\r\n\r\n") {
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
                if body.len() >= length.parse().unwrap() {
                    break;
                }
            }
        }
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok")
            .await
            .unwrap();
        String::from_utf8(text).unwrap()
    };
    timeout(Duration::from_secs(60), taking).await.expect("a webhook in time")
}

/// The endpoints of integrations are not in the description, so their answers are held against nothing.
async fn plain(desk: &Desk, method: &str, path: &str, body: Value) -> Answer {
    let bearer = format!("Bearer {}", desk.token);
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    desk.emulator.client.send(method, path, &headers, body.to_string()).await
}

pub async fn integration(desk: &Desk, url: &str) -> String {
    let body = json!({
        "name": "Mine",
        "outboundNotificationWebhookUrl": url,
        "outboundNotificationWebhookSignatureSecretToken": SECRET,
        "webhookHeaders": { "x-mine": "yes" },
    });
    let made = plain(desk, "POST", INTEGRATIONS, body).await;
    assert_eq!(made.status, 200, "{}", made.text);
    made.json()["id"].as_str().unwrap().to_owned()
}

fn from() -> Value {
    json!({ "id": "user-42", "idType": "Opaque", "nickname": "jo", "firstName": "Jo" })
}

fn message(text: &str) -> Value {
    json!({ "channel": { "messageId": "ext-1", "from": from(), "time": "2026-01-05T09:00:00.000Z" }, "text": text, "metadata": { "plan": "gold" } })
}

#[tokio::test]
async fn a_message_begins_a_conversation_and_the_answer_goes_signed_to_the_url() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook?a=b", listener.local_addr().unwrap());
    let desk = Desk::start().await;
    desk.on_queue(true).await;
    let id = integration(&desk, &url).await;
    let inbound = format!("{MESSAGES}/{id}/inbound/open");
    let path = format!("{inbound}/message?prefetchConversationId=true");
    let taken_in = desk.done("POST", &path, message("Grüße"), 200).await;
    assert_snapshot!(taken_in.text, @r#"{"id":"0300f5d991d69b25850c84812727df2e","channel":{"id":"9962896e-64e2-4f2e-ad5a-45383fb87282","platform":"Open","type":"Private","messageId":"ext-1","to":{"id":"9962896e-64e2-4f2e-ad5a-45383fb87282","idType":"Opaque"},"from":{"firstName":"Jo","id":"user-42","idType":"Opaque","nickname":"jo"},"time":"2026-01-05T09:00:00.000Z"},"type":"Text","text":"Grüße","conversationId":"ae00c9fc-ab0a-4367-b06f-bdea8ff0cafe"}"#);
    let conversation = taken_in.json()["conversationId"].as_str().unwrap().to_owned();
    let again = desk.done("POST", &path, message("again"), 200).await.json();
    assert_eq!(again["conversationId"], conversation.as_str(), "it goes on");
    let customer = desk.participant(&conversation, "customer").await;
    assert_eq!([&customer["address"], &customer["type"], &customer["name"]], ["user-42", "open", "jo"]);
    assert_eq!(customer["attributes"], json!({ "plan": "gold" }));
    assert_eq!(desk.participant(&conversation, "agent").await["state"], "alerting");
    let (agent, communication) = desk.taken(&conversation).await;
    let say = format!("{MESSAGES}/{conversation}/communications/{communication}/messages");
    let sent = desk.done("POST", &say, json!({ "textBody": "Hallo, größe/Grüße" }), 200).await.json();
    let hook = taken(&listener).await;
    let (head, body) = hook.split_once("\r\n\r\n").unwrap();
    assert_snapshot!(body, @r#"{"id":"2c5c6e834cd22f655342d63f33eb50fa","channel":{"id":"9962896e-64e2-4f2e-ad5a-45383fb87282","platform":"Open","type":"Private","to":{"nickname":"jo","id":"user-42","idType":"Opaque","firstName":"Jo"},"from":{"nickName":"Emulated Agent","id":"9962896e-64e2-4f2e-ad5a-45383fb87282","idType":"Opaque"},"time":"2026-01-02T03:04:05.002Z","messageId":"2c5c6e834cd22f655342d63f33eb50fa"},"type":"Text","text":"Hallo, größe/Grüße","originatingEntity":"Human","direction":"Outbound","conversationId":"ae00c9fc-ab0a-4367-b06f-bdea8ff0cafe"}"#);
    let told: Vec<_> =
        head.lines().filter(|line| !line.starts_with("host") && !line.starts_with("user-agent")).collect();
    assert_snapshot!(told.join("\n"), @"
    POST /hook?a=b HTTP/1.1
    accept: application/json
    content-type: application/json
    x-hub-signature-256: sha256=uIfTOUXHjCr37MUilnOEA+CtHmPa6fgw/eNoHoqfijY=
    x-mine: yes
    content-length: 538
    ");
    let entry = loop {
        let journal = desk.emulator.journal("surface=webhooks").await;
        if let [entry] = &journal[..] {
            break entry.clone();
        }
        tokio::task::yield_now().await;
    };
    assert_eq!([&entry["status"], &entry["method"]], [&json!(200), &json!("POST")]);
    let receipt = json!({ "id": sent["id"], "status": "Delivered", "channel": { "to": { "id": "user-42" }, "time": "2026-01-05T09:00:00.000Z" } });
    desk.done("POST", &format!("{inbound}/receipt"), receipt, 200).await;
    let known = desk.done("GET", sent["selfUri"].as_str().unwrap(), Value::Null, 200).await.json();
    assert_eq!([&known["status"], &known["messengerType"]], ["delivery-success", "open"]);
    desk.done("PATCH", &agent, json!({ "state": "disconnected" }), 202).await;
    let next = desk.done("POST", &path, message("new"), 200).await.json();
    assert_ne!(next["conversationId"], conversation.as_str(), "the other one is over");
}

#[tokio::test]
async fn typing_goes_both_ways_and_buttons_are_answered() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let desk = Desk::start().await;
    desk.on_queue(true).await;
    let id = integration(&desk, &format!("http://{}/", listener.local_addr().unwrap())).await;
    let inbound = format!("{MESSAGES}/{id}/inbound/open");
    let path = format!("{inbound}/message?prefetchConversationId=true");
    let taken_in = desk.done("POST", &path, message("hi"), 200).await.json();
    let conversation = taken_in["conversationId"].as_str().unwrap();
    let (_, communication) = desk.taken(conversation).await;
    let typing = format!("{MESSAGES}/{conversation}/communications/{communication}/typing");
    desk.done("POST", &typing, json!({ "typing": { "type": "On", "duration": 5000 } }), 204).await;
    let hook = taken(&listener).await;
    assert_snapshot!(hook.split_once("\r\n\r\n").unwrap().1, @r#"{"id":"4d142d35b08bc3d4c91750b974c7d197","channel":{"id":"9962896e-64e2-4f2e-ad5a-45383fb87282","platform":"Open","type":"Private","to":{"nickname":"jo","id":"user-42","idType":"Opaque","firstName":"Jo"},"from":{"nickName":"Emulated Agent","id":"9962896e-64e2-4f2e-ad5a-45383fb87282","idType":"Opaque"},"time":"2026-01-02T03:04:05.001Z","messageId":"4d142d35b08bc3d4c91750b974c7d197"},"type":"Event","events":[{"eventType":"Typing","typing":{"type":"On","duration":5000}}],"originatingEntity":"Human","direction":"Outbound","conversationId":"ae00c9fc-ab0a-4367-b06f-bdea8ff0cafe"}"#);
    let mut channel =
        desk.listen(&[&format!("v2.users.{}.conversations.inbound.typing.event", super::AGENT)]).await;
    let event = json!({ "channel": { "from": from(), "time": "2026-01-05T09:00:00.000Z" }, "events": [{ "eventType": "Typing" }] });
    let told = desk.done("POST", &format!("{inbound}/event"), event, 200).await;
    assert_snapshot!(told.text, @r#"{"id":"3f2936c4f045a2d1a51528138d8ed10b","channel":{"id":"9962896e-64e2-4f2e-ad5a-45383fb87282","platform":"Open","type":"Private","to":{"id":"9962896e-64e2-4f2e-ad5a-45383fb87282","idType":"Opaque"},"from":{"firstName":"Jo","id":"user-42","idType":"Opaque","nickname":"jo"},"time":"2026-01-05T09:00:00.000Z"},"type":"Event","events":[{"eventType":"Typing"}]}"#);
    assert!(channel.next_raw().await.contains(conversation));
    let button = json!({ "channel": { "from": from(), "time": "2026-01-05T09:00:00.000Z" }, "originatingMessageId": "m",
        "buttonResponse": { "type": "QuickReply", "text": "Red", "payload": "RED" } });
    let answered = desk.done("POST", &format!("{inbound}/structured/response"), button, 200).await.json();
    let known = desk
        .done("GET", &format!("{MESSAGES}/{}/details", answered["id"].as_str().unwrap()), Value::Null, 200)
        .await
        .json();
    assert_eq!(known["normalizedMessage"]["content"][0]["buttonResponse"]["payload"], "RED");
}

#[tokio::test]
async fn the_older_form_and_messages_that_nobody_asked_for() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let desk = Desk::start().await;
    let id = integration(&desk, &format!("http://{}/", listener.local_addr().unwrap())).await;
    let body = json!({ "fromAddress": id, "toAddress": "user-7", "toAddressMessengerType": "open", "textBody": "Hello" });
    let sent = desk.done("POST", &format!("{MESSAGES}/agentless"), body, 200).await;
    assert_snapshot!(sent.text.replace(&id, "{integration}"), @r#"{"id":"a7ebe72942dc63d6be8a91433b36ad4e","conversationId":"75f24e02-094a-40a9-a7c7-cc6f235615ae","fromAddress":"{integration}","toAddress":"user-7","messengerType":"open","textBody":"Hello","timestamp":"2026-01-02T03:04:05.000Z","selfUri":"/api/v2/conversations/messages/75f24e02-094a-40a9-a7c7-cc6f235615ae/messages/a7ebe72942dc63d6be8a91433b36ad4e"}"#);
    let hook = taken(&listener).await;
    assert!(hook.contains(r#""originatingEntity":"Bot""#), "{hook}");
    let older = json!({ "type": "Text", "text": "hi", "direction": "Inbound",
        "channel": { "platform": "Open", "type": "Private", "to": { "id": id }, "from": { "id": "user-7", "idType": "Opaque" }, "time": "2026-01-05T09:00:00.000Z" } });
    let taken_in = desk.done("POST", &format!("{MESSAGES}/inbound/open"), older, 200).await.json();
    let known = desk
        .done("GET", &format!("{MESSAGES}/{}/details", taken_in["id"].as_str().unwrap()), Value::Null, 200)
        .await
        .json();
    assert_eq!(known["conversationId"], sent.json()["conversationId"]);
    let conversation = known["conversationId"].as_str().unwrap();
    assert_eq!(desk.participant(conversation, "acd").await["state"], "connected", "the answer waits");
}

#[tokio::test]
async fn who_writes_when_nobody_is_there_waits_in_a_queue_again() {
    let emulator = TestEmulator::yaml(
        "name: q\nworld: { orgs: [{ users: { second: { id: second, name: Second, queue: chat } } }] }",
    )
    .await;
    let desk = Desk::at(emulator).await;
    desk.on_queue(true).await;
    let id = integration(&desk, "http://127.0.0.1:1/").await;
    let path = format!("{MESSAGES}/{id}/inbound/open/message?prefetchConversationId=true");
    let taken_in = desk.done("POST", &path, message("hi"), 200).await.json();
    let conversation = taken_in["conversationId"].as_str().unwrap().to_owned();
    let (agent, _) = desk.taken(&conversation).await;
    desk.on_queue(false).await;
    desk.done("POST", &format!("{agent}/replace"), json!({ "userId": "second" }), 202).await;
    let second = desk.participant(&conversation, "agent").await;
    let second = format!("{MESSAGES}/{conversation}/participants/{}", second["id"].as_str().unwrap());
    desk.done("PATCH", &second, json!({ "state": "disconnected" }), 202).await;
    assert_eq!(desk.participant(&conversation, "acd").await["state"], "connected");
    desk.emulator.advance("1s").await;
    desk.on_queue(true).await;
    let again = desk.done("POST", &path, message("still there?"), 200).await.json();
    assert_eq!(again["conversationId"], conversation.as_str());
    let known = desk.done("GET", &format!("{MESSAGES}/{conversation}"), Value::Null, 200).await.json();
    let waits = |one: &&Value| one["purpose"] == "acd" && one["state"] == "connected";
    let waiting = known["participants"].as_array().unwrap().iter().filter(waits).count();
    assert_eq!(waiting, 1, "it waits once");
}

#[tokio::test]
async fn names_and_ids_have_a_length_that_somebody_reads() {
    let desk = Desk::start().await;
    let id = integration(&desk, "http://127.0.0.1:1/").await;
    let inbound = format!("{MESSAGES}/{id}/inbound/open");
    let (time, long) = ("2026-01-05T09:00:00.000Z", "x".repeat(257));
    let mut said = String::new();
    for (member, value) in [
        ("id", json!({ "id": long, "idType": "Opaque" })),
        ("nickname", json!({ "id": "u", "idType": "Opaque", "nickname": long })),
        ("firstName", json!({ "id": "u", "idType": "Opaque", "firstName": long })),
        ("lastName", json!({ "id": "u", "idType": "Opaque", "lastName": long })),
        ("email", json!({ "id": "u", "idType": "Opaque", "email": long })),
    ] {
        let body = json!({ "channel": { "from": value, "time": time }, "text": "x", "events": [{ "eventType": "Typing" }] });
        for rest in ["message", "event"] {
            let refused = desk.done("POST", &format!("{inbound}/{rest}"), body.clone(), 400).await.json();
            assert_eq!(refused["code"], "constraint.validation");
            assert_eq!(refused["message"], format!("channel.from.{member} is longer than 256 characters"));
        }
    }
    let body = json!({ "channel": { "from": from(), "time": time, "messageId": long }, "text": "x" });
    said += &desk.done("POST", &format!("{inbound}/message"), body, 400).await.json()["message"].to_string();
    let body = json!({ "fromAddress": id, "toAddress": long, "toAddressMessengerType": "open", "textBody": "Hello" });
    said +=
        &desk.done("POST", &format!("{MESSAGES}/agentless"), body, 400).await.json()["message"].to_string();
    let one = format!("{INTEGRATIONS}/{id}");
    for body in [
        json!({ "name": long }),
        json!({ "outboundNotificationWebhookUrl": format!("http://x/{}", "x".repeat(2_048)) }),
        json!({ "outboundNotificationWebhookSignatureSecretToken": long }),
        json!({ "webhookHeaders": { "a": "x".repeat(2_049) } }),
    ] {
        let answer = plain(&desk, "PATCH", &one, body).await;
        assert_eq!(answer.status, 400, "{}", answer.text);
        said += &answer.json()["message"].to_string();
    }
    assert_snapshot!(said.replace("\"\"", "\"\n\""), @r#"
    "channel.messageId is longer than 256 characters"
    "toAddress is longer than 256 characters"
    "name is longer than 256 characters"
    "outboundNotificationWebhookUrl is longer than 2048 characters"
    "outboundNotificationWebhookSignatureSecretToken is longer than 256 characters"
    "a value of webhookHeaders is longer than 2048 characters"
    "#);
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused() {
    let desk = Desk::start().await;
    let id = integration(&desk, "http://127.0.0.1:1/").await;
    let inbound = format!("{MESSAGES}/{id}/inbound/open");
    let bodies = [
        "",
        "[]",
        "{}",
        r#"{"channel":{"from":{"id":"u","idType":"Opaque"}},"text":"x"}"#,
        r#"{"channel":{"time":"2026-01-05T09:00:00.000Z"},"text":"x"}"#,
        r#"{"channel":{"from":{"id":"u","idType":"Opaque"},"time":"2026-01-05T09:00:00.000Z"}}"#,
        r#"{"channel":{"from":{"id":"u","idType":"Face"},"time":"2026-01-05T09:00:00.000Z"},"text":"x"}"#,
    ];
    let mut said = desk.refused("POST", &format!("{inbound}/message"), &bodies).await;
    for rest in ["event", "receipt", "structured/response"] {
        said += &desk.refused("POST", &format!("{inbound}/{rest}"), &bodies[5..6]).await;
    }
    assert_snapshot!(said, @r#"
     400 "bad.request" "The body cannot be read: EOF while parsing a value at line 1 column 0"
    [] 400 "bad.request" "The body cannot be read: invalid type, expected an object"
    {} 400 "bad.request" "The body cannot be read: missing field `channel` at line 1 column 2"
    {"channel":{"from":{"id":"u","idType":"Opaque"}},"text":"x"} 400 "missing.open.channel.date" "channel.time is missing."
    {"channel":{"time":"2026-01-05T09:00:00.000Z"},"text":"x"} 400 "constraint.validation" "channel.from.id is missing"
    {"channel":{"from":{"id":"u","idType":"Opaque"},"time":"2026-01-05T09:00:00.000Z"}} 400 "constraint.validation" "text is missing, and there is no attachment in content"
    {"channel":{"from":{"id":"u","idType":"Face"},"time":"2026-01-05T09:00:00.000Z"},"text":"x"} 400 "bad.request" "The body cannot be read: unknown variant `Face`, expected one of `Email`, `Phone`, `Opaque` at line 1 column 44"
    {"channel":{"from":{"id":"u","idType":"Opaque"},"time":"2026-01-05T09:00:00.000Z"}} 400 "constraint.validation" "events is missing or empty"
    {"channel":{"from":{"id":"u","idType":"Opaque"},"time":"2026-01-05T09:00:00.000Z"}} 400 "constraint.validation" "id or status is missing"
    {"channel":{"from":{"id":"u","idType":"Opaque"},"time":"2026-01-05T09:00:00.000Z"}} 400 "constraint.validation" "buttonResponse is missing"
    "#);
    let receipt = json!({ "id": "x", "status": "Delivered", "channel": { "to": { "id": "u" }, "time": "2026-01-05T09:00:00.000Z" } });
    desk.done("POST", &format!("{inbound}/receipt"), receipt, 404).await;
    desk.done("POST", &format!("{MESSAGES}/nowhere/inbound/open/message"), message("x"), 404).await;
    let bodies = [
        "",
        "{}",
        r#"{"fromAddress":"x","toAddressMessengerType":"sms"}"#,
        r#"{"fromAddress":"x","toAddressMessengerType":"open"}"#,
    ];
    assert_snapshot!(desk.refused("POST", &format!("{MESSAGES}/agentless"), &bodies).await, @r#"
     400 "bad.request" "The body cannot be read: EOF while parsing a value at line 1 column 0"
    {} 400 "bad.request" "The body cannot be read: missing field `fromAddress` at line 1 column 2"
    {"fromAddress":"x","toAddressMessengerType":"sms"} 400 "constraint.validation" "messages are sent to people of open; sms is not served here"
    {"fromAddress":"x","toAddressMessengerType":"open"} 400 "constraint.validation" "toAddress or textBody is missing"
    "#);
    let user = Desk::of_agent().await;
    let id = integration(&user, "http://127.0.0.1:1/").await;
    let refused =
        user.done("POST", &format!("{MESSAGES}/{id}/inbound/open/message"), message("x"), 400).await;
    assert_eq!(refused.json()["code"], "not.a.client");
}

#[tokio::test]
async fn integrations_are_made_changed_listed_and_taken_away() {
    let desk = Desk::start().await;
    let mut said = String::new();
    for body in [
        json!({}),
        json!({ "name": "x", "outboundNotificationWebhookUrl": "ftp://x", "outboundNotificationWebhookSignatureSecretToken": SECRET }),
        json!({ "name": "x", "outboundNotificationWebhookUrl": "http://x", "outboundNotificationWebhookSignatureSecretToken": "short" }),
        json!({ "name": "x", "outboundNotificationWebhookUrl": "http://x", "outboundNotificationWebhookSignatureSecretToken": SECRET, "webhookHeaders": { "a b": "c" } }),
        json!([]),
    ] {
        let answer = plain(&desk, "POST", INTEGRATIONS, body).await;
        said += &format!("{} {}\n", answer.status, answer.json()["code"]);
    }
    assert_snapshot!(said, @r#"
    400 "missing.required.field.value"
    400 "invalid.outbound.webhook.url"
    400 "notification.webhook.signature.secret.token.longer.than.15.characters"
    400 "invalid.integration"
    400 "bad.request"
    "#);
    let id = integration(&desk, "https://example.test/hook").await;
    let one = format!("{INTEGRATIONS}/{id}");
    assert_snapshot!(plain(&desk, "GET", &one, Value::Null).await.text, @r#"{"id":"d2e790b6-7511-40ef-a6e8-162d1ccd8721","name":"Mine","outboundNotificationWebhookUrl":"https://example.test/hook","outboundNotificationWebhookSignatureSecretToken":"a-secret-of-some-length","webhookHeaders":{"x-mine":"yes"},"status":"Active","dateCreated":"2026-01-02T03:04:05.000Z","dateModified":"2026-01-02T03:04:05.000Z","createStatus":"Completed","selfUri":"/api/v2/conversations/messaging/integrations/open/d2e790b6-7511-40ef-a6e8-162d1ccd8721"}"#);
    let changed = plain(&desk, "PATCH", &one, json!({ "name": "Yours" })).await.json();
    assert_eq!(changed["name"], "Yours");
    let all = plain(&desk, "GET", INTEGRATIONS, Value::Null).await.json();
    assert_eq!(all["entities"], json!([changed]));
    let journal = desk.emulator.journal("path=/api/v2/conversations/messaging/**").await;
    assert!(!json!(journal).to_string().contains(SECRET), "secrets are not shown");
    assert_eq!(plain(&desk, "DELETE", &one, Value::Null).await.status, 204);
    for method in ["GET", "PATCH", "DELETE"] {
        assert_eq!(plain(&desk, method, &one, json!({})).await.status, 404);
    }
}

#[tokio::test]
async fn a_url_where_nobody_is_gets_an_entry_that_says_so() {
    let desk = Desk::start().await;
    desk.on_queue(true).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let id = integration(&desk, &url).await;
    let body = json!({ "fromAddress": id, "toAddress": "user-7", "toAddressMessengerType": "open", "textBody": "Hello" });
    desk.done("POST", &format!("{MESSAGES}/agentless"), body, 200).await;
    let entry = loop {
        let journal = desk.emulator.journal("surface=webhooks").await;
        if let [entry] = &journal[..] {
            break entry.clone();
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(entry["refusal"]["rule"], "webhook.failed");
}
