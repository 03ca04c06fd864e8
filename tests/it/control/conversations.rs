//! `/conversations`: who took part and what was said, whatever became of the session.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::told;
use crate::support::{DEPLOYMENT, GUEST_TOKEN_DEPLOYMENT, Socket, TestEmulator};

const TOKEN: &str = "11111111-1111-4111-8111-111111111111";

async fn session(emulator: &TestEmulator, token: &str) -> Socket {
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, token).await;
    socket
}

/// Purpose, name, when it came and when it left, each after the start of the test.
fn sides(conversation: &Value) -> String {
    let clock = |time: Option<&Value>| time.map_or("-", |time| &time.as_str().unwrap()[14..23]).to_owned();
    let side = |one: &Value| {
        let (purpose, name) = (one["purpose"].as_str().unwrap(), one["name"].as_str().unwrap());
        format!("{purpose} {name}: {} {}\n", clock(one.get("startTime")), clock(one.get("endTime")))
    };
    conversation["participants"].as_array().unwrap().iter().map(side).collect()
}

fn presence(token: &str, kind: &str) -> Value {
    let event = json!({ "eventType": "Presence", "presence": { "type": kind } });
    json!({ "action": "onMessage", "token": token, "message": { "type": "Event", "events": [event] } })
}

#[tokio::test]
async fn bot_queue_and_agent_come_and_go_at_their_times() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    socket.say(TOKEN, "agent").await;
    socket.next().await;
    emulator.advance("1s").await;
    emulator.by_hand("messages", json!({ "text": "How can I help?" })).await;
    emulator.advance("1s").await;
    emulator.by_hand("messages", json!({ "text": "Still there?" })).await;
    emulator
        .by_hand("messages", json!({ "text": "I am", "from": { "firstName": "Bo", "lastName": "Li" } }))
        .await;
    emulator.advance("1s").await;
    let ended = emulator.by_hand("disconnect", json!({})).await;
    assert_eq!((ended.status, ended.json()), (200, emulator.conversation().await));
    assert_snapshot!(sides(&ended.json()), @r#"
customer Guest: 04:05.000 -
workflow echo: 04:05.000 04:05.200
acd Chat Queue: 04:05.200 04:06.000
agent Emulated Agent: 04:06.000 04:08.000
agent Bo Li: 04:07.000 04:08.000
"#);
    assert_eq!(
        (&ended.json()["endTime"], &ended.json()["ending"]),
        (&json!("2026-01-02T03:04:08.000Z"), &json!("disconnected"))
    );
    socket.send(presence(TOKEN, "Clear")).await;
    emulator.advance("1s").await;
    assert_snapshot!(sides(&emulator.conversation().await), @r#"
customer Guest: 04:05.000 04:08.000
workflow echo: 04:05.000 04:05.200
acd Chat Queue: 04:05.200 04:06.000
agent Emulated Agent: 04:06.000 04:08.000
agent Bo Li: 04:07.000 04:08.000
"#);
}

#[tokio::test]
async fn all_of_a_conversation_is_shown_in_a_stable_order() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    let channel = json!({ "metadata": { "customAttributes": { "plan": "gold", "cart": "3" } } });
    let message = json!({ "type": "Text", "text": "agent", "channel": channel });
    socket.send(json!({ "action": "onMessage", "token": TOKEN, "message": message })).await;
    socket.next().await;
    emulator.advance("200ms").await;
    emulator.by_hand("messages", json!({ "text": "Hi" })).await;
    let id = emulator.conversation().await["id"].as_str().unwrap().to_owned();
    let shown = emulator.client.admin("GET", &format!("/conversations/{id}"), None).await.text;
    assert_snapshot!(shown, @r#"{"id":"e0c545d8-d942-4fe0-98c8-4f2601aea596","deploymentId":"00000000-0000-4000-8000-0000000000cc","contactId":"54b3e899-6577-48e0-a1e2-e933cd0f0368","session":"(redacted d123dc23)","startTime":"2026-01-02T03:04:05.000Z","participants":[{"id":"d4943edd-a621-4798-a0b2-44c90ffcf7e2","purpose":"customer","name":"Guest","attributes":{"cart":"3","plan":"gold"},"startTime":"2026-01-02T03:04:05.000Z"},{"id":"17e11d3c-b762-4906-bd26-bd6b0c7b1611","purpose":"workflow","name":"echo","attributes":{},"startTime":"2026-01-02T03:04:05.000Z","endTime":"2026-01-02T03:04:05.200Z"},{"id":"d980f6d1-ed56-4356-8d1a-f9278556f047","purpose":"acd","name":"Chat Queue","queue":"chat","attributes":{},"startTime":"2026-01-02T03:04:05.200Z","endTime":"2026-01-02T03:04:05.200Z"},{"id":"02b38317-8766-4e11-8f01-7f4a37e585a7","purpose":"agent","name":"Emulated Agent","userId":"00000000-0000-4000-8000-0000000000bb","attributes":{},"startTime":"2026-01-02T03:04:05.200Z"}],"messages":[{"id":"4f410b89b1a91c27f7db45993a9a0456","type":"Text","text":"agent","direction":"Inbound","channel":{"time":"2026-01-02T03:04:05.000Z","messageId":"46567ffd-08dc-4d37-8ed5-793c03df774b"},"metadata":{"correlationId":"d851db21-6b95-448b-a9e2-986118434a89"}},{"id":"33ae5468dd2e2a39de6261ba65b9b15f","type":"Text","text":"Someone will be with you shortly.","direction":"Outbound","channel":{"time":"2026-01-02T03:04:05.200Z"},"originatingEntity":"Bot","metadata":{"correlationId":"a2c7813d-d93e-4cc4-a7ca-f3790cfd8229"}},{"id":"c0781e0f0e9e6a71959622ef46bde0ad","type":"Text","text":"Hi","direction":"Outbound","channel":{"time":"2026-01-02T03:04:05.201Z","from":{"nickname":"Emulated Agent"}},"originatingEntity":"Human","metadata":{"correlationId":"abdb0ec4-008b-491a-a370-58b18398cc28"}}]}"#);
}

#[tokio::test]
async fn what_was_said_can_be_read_after_the_session_was_cleared_or_begun_anew() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    socket.say(TOKEN, "first").await;
    socket.next().await;
    socket.send(presence(TOKEN, "Clear")).await;
    for _ in 0..3 {
        socket.next().await;
    }
    socket.configure(DEPLOYMENT, TOKEN).await;
    socket.say(TOKEN, "second").await;
    socket.next().await;
    let new =
        json!({ "action": "configureSession", "deploymentId": DEPLOYMENT, "token": TOKEN, "startNew": true });
    socket.send(new).await;
    socket.next().await;
    socket.say(TOKEN, "third").await;
    socket.next().await;
    let all = emulator.client.admin("GET", "/conversations", None).await.json();
    let mut seen = Vec::new();
    for one in all["entities"].as_array().unwrap() {
        let whole = emulator
            .client
            .admin("GET", &format!("/conversations/{}", one["id"].as_str().unwrap()), None)
            .await;
        let said = |message: &Value| {
            message
                .get("text")
                .unwrap_or(&message["events"][0]["presence"]["type"])
                .as_str()
                .unwrap()
                .to_owned()
        };
        let texts: Vec<_> = whole.json()["messages"].as_array().unwrap().iter().map(said).collect();
        let left =
            whole.json()["participants"].as_array().unwrap().iter().all(|side| side.get("endTime").is_some());
        seen.push(json!([texts, whole.json().get("ending"), left]));
    }
    assert_eq!(
        json!(seen),
        json!([
            [["first", "Clear"], "cleared", true],
            [["second"], "begunAnew", true],
            [["third"], null, false]
        ])
    );
}

#[tokio::test]
async fn they_are_listed_in_pages_and_found_by_deployment_session_and_guest() {
    let emulator = TestEmulator::start().await;
    for token in ["a", "b", "c"] {
        let mut socket = session(&emulator, token).await;
        socket.say(token, "Hi").await;
        socket.next().await;
    }
    let jwt = emulator.guest_jwt().await;
    let mut socket =
        emulator.upgrade(&format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}&token={jwt}")).await.unwrap();
    socket.configure(GUEST_TOKEN_DEPLOYMENT, "d").await;
    socket.say("d", "Hi").await;
    socket.next().await;
    let list = async |query: &str| {
        emulator.client.admin("GET", &format!("/conversations?{query}"), None).await.json()
    };
    let ids = |page: &Value| {
        page["entities"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let all = list("").await;
    assert_eq!((ids(&all).len(), &all["next"]), (4, &Value::Null));
    assert!(all["entities"][0].get("messages").is_none());
    let first = list("limit=3").await;
    assert_eq!((ids(&first), &first["next"]), (ids(&all)[..3].to_vec(), &json!(ids(&all)[2])));
    let rest = list(&format!("limit=3&after={}", ids(&all)[2])).await;
    assert_eq!((ids(&rest), &rest["next"]), (ids(&all)[3..].to_vec(), &Value::Null));
    let mark = all["entities"][1]["session"].as_str().unwrap().replace(' ', "%20");
    let guest = all["entities"][3]["participants"][0]["guestId"].as_str().unwrap().to_owned();
    for (query, places) in [
        (format!("deploymentId={DEPLOYMENT}"), 0..3),
        ("session=b".to_owned(), 1..2),
        (format!("session={mark}"), 1..2),
        (format!("guestId={guest}"), 3..4),
        (format!("deploymentId={DEPLOYMENT}&guestId={guest}"), 0..0),
    ] {
        assert_eq!(ids(&list(&query).await), ids(&all)[places].to_vec(), "{query}");
    }
    let mut said = String::new();
    for query in ["after=x", "limit=0", "limit=many", "guest=x"] {
        let answer = emulator.client.admin("GET", &format!("/conversations?{query}"), None).await;
        said.push_str(&told(&answer));
        said.push('\n');
    }
    assert_snapshot!(said, @r#"
400 after: there is no such conversation any more; take `next` of an earlier answer
400 limit: `limit` is between 1 and 1000
400 limit: `many` is not a number
400 guest: `guest` is not a filter, did you mean `guestId`?
"#);
}
