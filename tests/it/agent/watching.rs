//! Looking on, recording, answering in public, files that were named by URL, and conversations that agents begin.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{AGENT, Desk, MESSAGES, of_another_org, open_messaging::integration, text};
use crate::login::sign_in;

#[tokio::test]
async fn a_user_looks_on_at_a_conversation_of_another_one() {
    let mut desk = Desk::start().await;
    let admin = desk.token.clone();
    desk.on_queue(true).await;
    let ada = desk.new_user("Ada").await;
    let role = json!({ "name": "monitors", "permissions": ["conversation:*"] });
    let role = desk.done("POST", "/api/v2/authorization/roles", role, 200).await.json();
    desk.undescribed("PUT", &format!("{}/roles", text(&ada, "selfUri")), json!([role["id"]]), 200).await;
    let (_guest, id) = desk.guest().await;
    let (agent, _) = desk.taken(&id).await;
    let monitor = format!("{agent}/monitor");
    assert_eq!(desk.done("POST", &monitor, Value::Null, 400).await.json()["code"], "not.a.user");
    desk.token = desk.agents_token().await;
    let own = desk.done("POST", &monitor, Value::Null, 400).await.json();
    assert_eq!(own["code"], "conversation.error.monitor.own.conversation");
    desk.token = sign_in(&desk.emulator, "ada@example.test").await;
    let mut channel = desk.listen(&[&format!("v2.users.{}.conversations", text(&ada, "id"))]).await;
    assert_eq!(desk.done("POST", &monitor, Value::Null, 201).await.text, "");
    let told: Value = serde_json::from_str(&channel.next_raw().await).unwrap();
    assert_eq!(told["eventBody"]["id"], id.as_str());
    desk.done("POST", &monitor, Value::Null, 201).await;
    for path in
        [format!("{MESSAGES}/{id}/participants/x/monitor"), format!("{MESSAGES}/x/participants/x/monitor")]
    {
        desk.done("POST", &path, Value::Null, 404).await;
    }
    desk.token = admin;
    desk.done("PATCH", &agent, json!({ "held": true }), 202).await;
    let told: Value = serde_json::from_str(&channel.next_raw().await).unwrap();
    assert_eq!(told["eventBody"]["participants"][3]["messages"][0]["held"], true);
}

#[tokio::test]
async fn a_conversation_is_recorded_as_somebody_in_it_says() {
    let mut desk = Desk::of_agent().await;
    desk.on_queue(true).await;
    let (mut guest, id) = desk.guest().await;
    let path = format!("{MESSAGES}/{id}/recordingstate");
    let of_all = format!("/api/v2/conversations/{id}/recordingstate");
    let early = desk.done("PUT", &path, json!({ "recordingState": "ACTIVE" }), 403).await.json();
    assert_eq!(early["code"], "conversation.error.forbidden.not.active.participant");
    let (agent, _) = desk.taken(&id).await;
    assert_eq!(desk.done("PUT", &path, json!({ "recordingState": "ACTIVE" }), 200).await.text, "\"ACTIVE\"");
    let known =
        || async { desk.done("GET", &format!("/api/v2/conversations/{id}"), Value::Null, 200).await.json() };
    assert_eq!(known().await["recordingState"], "ACTIVE");
    desk.undescribed("PATCH", &of_all, json!({ "recordingState": "PAUSED" }), 202).await;
    assert_eq!(known().await["recordingState"], "PAUSED");
    let bodies = ["", "[]", "{}", r#"{"recordingState":7}"#, r#"{"recordingState":"ON"}"#];
    assert_snapshot!(desk.refused("PUT", &path, &bodies).await, @r#"
     400 "bad.request" "The body cannot be read: EOF while parsing a value at line 1 column 0"
    [] 400 "bad.request" "The body cannot be read: invalid type, expected an object"
    {} 400 "general.bad.request" "recordingState is missing"
    {"recordingState":7} 400 "bad.request" "The body cannot be read: expected value at line 1 column 19"
    {"recordingState":"ON"} 400 "bad.request" "The body cannot be read: unknown variant `ON`, expected one of `ACTIVE`, `PAUSED`, `NONE` at line 1 column 22"
    "#);
    for (path, method) in [(MESSAGES, "PUT"), ("/api/v2/conversations", "PATCH")] {
        let path = format!("{path}/x/recordingstate");
        let answer = desk.undescribed(method, &path, json!({ "recordingState": "ACTIVE" }), 404).await.json();
        assert_eq!(answer["code"], "conversation.error.conversation.not.found");
    }
    desk.done("PATCH", &agent, json!({ "state": "disconnected" }), 202).await;
    guest.next().await;
    desk.token = desk.emulator.token("emulator-client", "emulator-secret").await;
    let body = json!({ "recordingState": "ACTIVE" });
    let over = desk.done("PUT", &path, body.clone(), 400).await.json();
    assert_eq!(over["code"], "conversation.error.conversation.disconnected");
    assert_eq!(desk.undescribed("PATCH", &of_all, body.clone(), 400).await.json()["code"], "not.a.user");
    desk.token = of_another_org(&desk).await;
    desk.done("PUT", &path, body, 404).await;
}

#[tokio::test]
async fn a_message_is_answered_in_public() {
    let desk = Desk::of_agent().await;
    desk.on_queue(true).await;
    let (mut guest, id) = desk.guest().await;
    let (_, communication) = desk.taken(&id).await;
    let customer = desk.participant(&id, "customer").await;
    let asked = text(&customer["messages"][0], "messageId").to_owned();
    let path = format!("{MESSAGES}/{id}/communications/{communication}/socialmedia/messages");
    let body = json!({ "textBody": "Here.", "inReplyToMessageId": asked });
    let said = desk.done("POST", &path, body, 200).await.json();
    assert_eq!([&said["textBody"], &said["direction"]], ["Here.", "outbound"]);
    assert_eq!(guest.next().await["body"]["text"], "Here.");
    let long = format!(r#"{{"inReplyToMessageId":"{asked}","textBody":"{}"}}"#, "x".repeat(4_001));
    let empty = format!(r#"{{"inReplyToMessageId":"{asked}"}}"#);
    let bodies = [
        "",
        "[]",
        "{}",
        r#"{"textBody":"x"}"#,
        r#"{"inReplyToMessageId":7}"#,
        r#"{"inReplyToMessageId":"x","textBody":"x"}"#,
        r#"{"inReplyToMessageId":"x","mediaIds":"x"}"#,
        &long,
        &empty,
    ];
    let said = desk.refused("POST", &path, &bodies).await;
    assert_snapshot!(said.replace(&asked, "ASKED").replace(&"x".repeat(4_001), "xxx"), @r#"
     400 "bad.request" "The body cannot be read: EOF while parsing a value at line 1 column 0"
    [] 400 "bad.request" "The body cannot be read: invalid type, expected an object"
    {} 400 "constraint.validation" "inReplyToMessageId is missing"
    {"textBody":"x"} 400 "constraint.validation" "inReplyToMessageId is missing"
    {"inReplyToMessageId":7} 400 "bad.request" "The body cannot be read: invalid type, expected a string at line 1 column 23"
    {"inReplyToMessageId":"x","textBody":"x"} 404 "not.found" "The requested resource was not found."
    {"inReplyToMessageId":"x","mediaIds":"x"} 400 "bad.request" "The body cannot be read: invalid type, expected a sequence at line 1 column 40"
    {"inReplyToMessageId":"ASKED","textBody":"xxx"} 400 "max.length.exceeded" "The text has 4001 characters, which are too many"
    {"inReplyToMessageId":"ASKED"} 400 "constraint.validation" "textBody is empty, and there are no mediaIds"
    "#);
    desk.done(
        "POST",
        &path.replace(&communication, "x"),
        json!({ "textBody": "x", "inReplyToMessageId": asked }),
        404,
    )
    .await;
}

#[tokio::test]
async fn files_that_messages_name_by_url_are_known_for_a_day() {
    let mut desk = Desk::start().await;
    let id = integration(&desk, "http://127.0.0.1:9/").await;
    let inbound = format!("{MESSAGES}/{id}/inbound/open/message");
    let items = format!("{MESSAGES}/cachedmedia");
    for name in ["a", "b", "a"] {
        let attachment = json!({ "mediaType": "Image", "url": format!("https://files.test/{name}"), "mime": "image/png", "contentSizeBytes": 7 });
        let body = json!({
            "channel": { "messageId": name, "from": { "id": "u", "idType": "Opaque" }, "time": "2026-01-05T09:00:00.000Z" },
            "content": [{ "contentType": "Attachment", "attachment": attachment }],
        });
        desk.done("POST", &inbound, body, 200).await;
    }
    let all = desk.done("GET", &items, Value::Null, 200).await.json();
    assert_eq!(all["total"], 2);
    assert_snapshot!(all["entities"][0], @r#"{"contentLengthBytes":7,"dateCreated":"2026-01-02T03:04:05.000Z","dateExpires":"2026-01-03T03:04:05.000Z","downloadUrl":"https://files.test/a","id":"930996c4-5e0b-4d75-9eac-0ccd9a280871","mediaType":"image/png","selfUri":"/api/v2/conversations/messages/cachedmedia/930996c4-5e0b-4d75-9eac-0ccd9a280871","url":"https://files.test/a"}"#);
    let path = text(&all["entities"][0], "selfUri").to_owned();
    assert_eq!(desk.done("GET", &path, Value::Null, 200).await.json(), all["entities"][0]);
    for (query, total) in [("url=https://files.test/b", 1), ("url=x", 0), ("pageSize=1&pageNumber=2", 2)] {
        assert_eq!(
            desk.done("GET", &format!("{items}?{query}"), Value::Null, 200).await.json()["total"],
            total
        );
    }
    desk.done("GET", &format!("{items}?pageSize=x"), Value::Null, 400).await;
    for method in ["GET", "DELETE"] {
        desk.done(method, &format!("{items}/x"), Value::Null, 404).await;
    }
    let admin = desk.token.clone();
    desk.token = of_another_org(&desk).await;
    desk.done("GET", &path, Value::Null, 404).await;
    desk.token = admin;
    desk.done("DELETE", &path, Value::Null, 202).await;
    desk.done("GET", &path, Value::Null, 404).await;
    desk.emulator.advance("23h").await;
    desk.token = desk.emulator.token("emulator-client", "emulator-secret").await;
    assert_eq!(desk.done("GET", &items, Value::Null, 200).await.json()["total"], 1);
    desk.emulator.advance("1h").await;
    assert_eq!(desk.done("GET", &items, Value::Null, 200).await.json()["total"], 0);
}

#[tokio::test]
async fn a_member_of_a_queue_begins_a_conversation() {
    let mut desk = Desk::of_agent().await;
    let queues = desk.done("GET", "/api/v2/routing/queues", Value::Null, 200).await.json();
    let queue = text(&queues["entities"][0], "id").to_owned();
    let with = |kind: &str, to: &str, more: bool| json!({ "queueId": queue, "toAddress": to, "toAddressMessengerType": kind, "useExistingConversation": more });
    let none = desk.done("POST", MESSAGES, with("open", "u", false), 400).await.json();
    assert_eq!(none["code"], "queue.address.required");
    integration(&desk, "http://127.0.0.1:9/").await;
    let begun = desk.done("POST", MESSAGES, with("open", "u", false), 200).await.json();
    let agent = desk.participant(text(&begun, "id"), "agent").await;
    assert_eq!([&agent["state"], &agent["user"]["id"]], ["connected", AGENT]);
    assert_eq!(desk.participant(text(&begun, "id"), "customer").await["address"], "u");
    assert_eq!(desk.done("POST", MESSAGES, with("open", "u", true), 200).await.json(), begun);
    for (body, code) in [
        (with("open", "u", false), "active.conversation"),
        (with("sms", "nobody", false), "invalid.phone.number"),
        (with("whatsapp", "nobody", false), "invalid.whatsapp.address"),
        (with("sms", "+15550100000", false), "queue.address.required"),
        (with("pigeon", "x", false), "bad.request"),
        (json!([]), "bad.request"),
        (json!({}), "constraint.validation"),
        (json!({ "queueId": 1 }), "bad.request"),
        (json!({ "queueId": queue, "toAddress": 1 }), "bad.request"),
        (json!({ "queueId": queue, "toAddress": "u" }), "constraint.validation"),
        (json!({ "queueId": "x", "toAddress": "u", "toAddressMessengerType": "open" }), "bad.request"),
        (
            json!({ "queueId": queue, "toAddress": "u", "toAddressMessengerType": "open", "useExistingConversation": 1 }),
            "bad.request",
        ),
    ] {
        let answer = desk.done("POST", MESSAGES, body.clone(), 400).await.json();
        assert_eq!(answer["code"], code, "{body}: {answer}");
    }
    desk.token = desk.emulator.token("emulator-client", "emulator-secret").await;
    let nobody = desk.done("POST", MESSAGES, with("open", "v", false), 400).await.json();
    assert_eq!(nobody["code"], "queue.membership.required");
}

#[tokio::test]
async fn applications_call_a_conversation_what_they_want() {
    let mut desk = Desk::start().await;
    let (_guest, id) = desk.guest().await;
    let (path, known) = (format!("/api/v2/conversations/{id}/tags"), format!("/api/v2/conversations/{id}"));
    desk.undescribed("PUT", &path, json!({ "externalTag": "case 7" }), 202).await;
    assert_eq!(desk.done("GET", &known, Value::Null, 200).await.json()["externalTag"], "case 7");
    for (body, code) in [
        (json!([]), "bad.request"),
        (json!({ "externalTag": 7 }), "bad.request"),
        (json!({ "externalTag": "x".repeat(101) }), "constraint.validation"),
    ] {
        assert_eq!(desk.undescribed("PUT", &path, body, 400).await.json()["code"], code);
    }
    desk.undescribed("PUT", &path, json!({}), 202).await;
    assert_eq!(desk.done("GET", &known, Value::Null, 200).await.json().get("externalTag"), None);
    let nowhere = path.replace(&id, "x");
    let answer = desk.undescribed("PUT", &nowhere, json!({}), 404).await.json();
    assert_eq!(answer["code"], "conversation.error.conversation.not.found");
    let code = desk.done("POST", "/api/v2/routing/wrapupcodes", json!({ "name": "sold" }), 200).await.json();
    desk.on_queue(true).await;
    let (agent, _) = desk.taken(&id).await;
    desk.done("PATCH", &agent, json!({ "wrapup": { "code": code["id"] } }), 202).await;
    let of_all = agent.replace(MESSAGES, "/api/v2/conversations");
    let said = desk.undescribed("GET", &format!("{of_all}/wrapup"), Value::Null, 200).await.json();
    assert_eq!(said["code"], code["id"]);
    let codes = desk.undescribed("GET", &format!("{of_all}/wrapupcodes"), Value::Null, 200).await.json();
    assert_eq!(codes[0]["name"], "sold");
    for rest in ["wrapup", "wrapupcodes"] {
        desk.undescribed("GET", &format!("{}/{rest}", of_all.replace(&id, "x")), Value::Null, 404).await;
    }
    desk.token = of_another_org(&desk).await;
    desk.undescribed("PUT", &path, json!({}), 404).await;
}
