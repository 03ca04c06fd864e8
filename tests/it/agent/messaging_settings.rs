//! What is done with events of integrations, and how long conversations go on.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{AGENT, Desk, MESSAGES, of_another_org, open_messaging::integration, text};

const SETTINGS: &str = "/api/v2/conversations/messaging/settings";
const WINDOWS: &str = "/api/v2/conversations/messaging/threadingtimeline";

#[tokio::test]
async fn settings_are_made_changed_listed_and_taken_away() {
    let mut desk = Desk::start().await;
    let body = json!({
        "name": "Quiet",
        "content": { "story": { "mention": { "inbound": "Disabled" } } },
        "event": { "typing": { "on": { "inbound": "Disabled", "outbound": "Enabled" } } },
    });
    let made = desk.undescribed("POST", SETTINGS, body, 200).await;
    assert_snapshot!(made.text, @r#"{"id":"c9d6a0f9-2d2d-4832-b09d-5b7aaa5a3936","name":"Quiet","dateCreated":"2026-01-02T03:04:05.000Z","dateModified":"2026-01-02T03:04:05.000Z","version":"1","createdBy":{"id":"emulator-client","selfUri":"/api/v2/oauth/clients/emulator-client"},"updatedBy":{"id":"emulator-client","selfUri":"/api/v2/oauth/clients/emulator-client"},"content":{"story":{"mention":{"inbound":"Disabled"},"reply":{}}},"event":{"typing":{"on":{"inbound":"Disabled","outbound":"Enabled"}}},"selfUri":"/api/v2/conversations/messaging/settings/c9d6a0f9-2d2d-4832-b09d-5b7aaa5a3936"}"#);
    let made = made.json();
    let one = text(&made, "selfUri").to_owned();
    let changed = json!({ "name": "Quieter", "event": { "typing": { "on": { "outbound": "Disabled" } } } });
    let changed = desk.undescribed("PATCH", &one, changed, 200).await.json();
    assert_eq!(
        changed["event"],
        json!({ "typing": { "on": { "inbound": "Disabled", "outbound": "Disabled" } } })
    );
    assert_eq!([&changed["name"], &changed["version"]], ["Quieter", "2"]);
    desk.undescribed("POST", SETTINGS, json!({ "name": "Another" }), 200).await;
    let page = desk.undescribed("GET", &format!("{SETTINGS}?pageSize=1"), Value::Null, 200).await.json();
    assert_eq!([&page["total"], &page["entities"][0]["name"]], [&json!(2), &json!("Another")]);
    let usual = format!("{SETTINGS}/default");
    desk.undescribed("GET", &usual, Value::Null, 404).await;
    let set = desk.undescribed("PUT", &usual, json!({ "settingId": made["id"] }), 200).await.json();
    assert_eq!(set, changed);
    assert_eq!(desk.undescribed("GET", &usual, Value::Null, 200).await.json(), changed);
    desk.undescribed("DELETE", &usual, Value::Null, 204).await;
    for (method, path, body, status, code) in [
        ("DELETE", usual.as_str(), Value::Null, 404, "not.found"),
        ("PUT", &usual, json!({}), 400, "constraint.validation"),
        ("PUT", &usual, json!({ "settingId": 1 }), 400, "bad.request"),
        ("PUT", &usual, json!({ "settingId": "x" }), 404, "not.found"),
        ("GET", &format!("{SETTINGS}/x"), Value::Null, 404, "not.found"),
        ("PATCH", &format!("{SETTINGS}/x"), json!({}), 404, "not.found"),
        ("DELETE", &format!("{SETTINGS}/x"), Value::Null, 404, "not.found"),
        ("GET", &format!("{SETTINGS}?pageNumber=0"), Value::Null, 400, "invalid.query.param.value"),
        ("POST", SETTINGS, json!([]), 400, "bad.request"),
        ("POST", SETTINGS, json!({}), 400, "invalid.messaging.setting"),
        ("POST", SETTINGS, json!({ "name": 1 }), 400, "bad.request"),
        ("PATCH", &one, json!({ "name": "" }), 400, "invalid.messaging.setting"),
        ("PATCH", &one, json!({ "content": 1 }), 400, "bad.request"),
        (
            "PATCH",
            &one,
            json!({ "content": { "story": { "reply": { "inbound": "On" } } } }),
            400,
            "bad.request",
        ),
        ("PATCH", &one, json!({ "event": { "typing": [] } }), 400, "bad.request"),
        ("PATCH", &one, json!({ "event": { "typing": { "on": { "outbound": true } } } }), 400, "bad.request"),
    ] {
        let answer = desk.undescribed(method, path, body.clone(), status).await.json();
        assert_eq!(answer["code"], code, "{method} {path} {body}: {answer}");
    }
    let admin = desk.token.clone();
    desk.token = of_another_org(&desk).await;
    desk.undescribed("GET", &one, Value::Null, 404).await;
    desk.token = admin;
    desk.undescribed("DELETE", &one, Value::Null, 204).await;
    desk.undescribed("GET", &one, Value::Null, 404).await;
}

#[tokio::test]
async fn typing_that_is_switched_off_is_not_told() {
    let desk = Desk::start().await;
    desk.on_queue(true).await;
    let id = integration(&desk, "http://127.0.0.1:9/").await;
    let inbound = format!("{MESSAGES}/{id}/inbound/open");
    let from = json!({ "id": "u", "idType": "Opaque" });
    let channel = json!({ "messageId": "m", "from": from, "time": "2026-01-05T09:00:00.000Z" });
    let path = format!("{inbound}/message?prefetchConversationId=true");
    let begun = desk.done("POST", &path, json!({ "channel": channel, "text": "hi" }), 200).await.json();
    let (_, communication) = desk.taken(text(&begun, "conversationId")).await;
    let typing =
        format!("{MESSAGES}/{}/communications/{communication}/typing", text(&begun, "conversationId"));
    let off = json!({ "name": "Quiet", "event": { "typing": { "on": { "inbound": "Disabled", "outbound": "Disabled" } } } });
    let setting = desk.undescribed("POST", SETTINGS, off, 200).await.json();
    let mut agent = desk.listen(&[&format!("v2.users.{AGENT}.conversations.inbound.typing.event")]).await;
    let types = json!({ "channel": { "from": from, "time": "2026-01-05T09:00:00.000Z" }, "events": [{ "eventType": "Typing" }] });
    let open = format!("/api/v2/conversations/messaging/integrations/open/{id}");
    let reference = json!({ "messagingSetting": { "id": setting["id"] } });
    desk.undescribed("PATCH", &open, reference, 200).await;
    desk.undescribed("DELETE", text(&setting, "selfUri"), Value::Null, 400).await;
    desk.done("POST", &format!("{inbound}/event"), types.clone(), 200).await;
    desk.done("POST", &typing, json!({ "typing": { "type": "On" } }), 204).await;
    let on = json!({ "event": { "typing": { "on": { "inbound": "Enabled", "outbound": "Enabled" } } } });
    desk.undescribed("PATCH", text(&setting, "selfUri"), on, 200).await;
    desk.emulator.advance("1m").await;
    desk.done("POST", &format!("{inbound}/event"), types, 200).await;
    let told: Value = loop {
        let told: Value = serde_json::from_str(&agent.next_raw().await).unwrap();
        if told["topicName"] != "channel.metadata" {
            break told;
        }
    };
    assert_eq!(told["eventBody"]["normalizedMessage"]["channel"]["time"], "2026-01-02T03:05:05.000Z");
    desk.done("POST", &typing, json!({ "typing": { "type": "On" } }), 204).await;
    let sent = loop {
        let journal = desk.emulator.journal("surface=webhooks").await;
        if !journal.is_empty() {
            break journal;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(sent.len(), 1, "the first one did not go");
}

#[tokio::test]
async fn windows_are_kept_as_they_were_said() {
    let desk = Desk::start().await;
    let usual = desk.undescribed("GET", WINDOWS, Value::Null, 200).await.text;
    assert_snapshot!(usual, @r#"{"settings":[],"defaultTimeoutMinutes":4320}"#);
    let said = json!({ "settings": [
        { "messengerType": "open", "timeoutInMinutes": 5 },
        { "messengerType": "webmessaging", "timeoutInMinutes": 60 },
        { "messengerType": "open", "timeoutInMinutes": 10 },
    ] });
    let set = desk.undescribed("PUT", WINDOWS, said, 200).await.text;
    assert_snapshot!(set, @r#"{"settings":[{"messengerType":"webmessaging","timeoutInMinutes":60},{"messengerType":"open","timeoutInMinutes":10}],"defaultTimeoutMinutes":4320}"#);
    assert_eq!(desk.undescribed("GET", WINDOWS, Value::Null, 200).await.text, set);
    let one = |kind: Value, minutes: Value| json!({ "settings": [{ "messengerType": kind, "timeoutInMinutes": minutes }] });
    for (body, code) in [
        (json!([]), "bad.request"),
        (json!({}), "constraint.validation"),
        (json!({ "settings": {} }), "bad.request"),
        (one(Value::Null, json!(5)), "constraint.validation"),
        (one(json!("pigeon"), json!(5)), "constraint.validation"),
        (one(json!("open"), Value::Null), "invalid.threading.window.timeout"),
        (one(json!("open"), json!(-1)), "invalid.threading.window.timeout"),
        (one(json!("open"), json!(4_321)), "invalid.threading.window.timeout"),
        (one(json!("open"), json!("5")), "bad.request"),
    ] {
        let answer = desk.undescribed("PUT", WINDOWS, body.clone(), 400).await.json();
        assert_eq!(answer["code"], code, "{body}: {answer}");
    }
}
