//! Histories that are long, old or too much to remember.

use futures_util::{SinkExt, StreamExt};
use insta::assert_snapshot;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::{OTHER, TOKEN, session};
use crate::support::{DEPLOYMENT, Socket, TestEmulator};

const MESSAGES: &str = "/api/v2/webmessaging/messages";

async fn page(emulator: &TestEmulator, jwt: &str, query: &str) -> Value {
    let answer = emulator.client.get(&format!("{MESSAGES}?{query}"), Some(jwt)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

async fn jwt(socket: &mut Socket, token: &str) -> String {
    socket.send(json!({ "action": "getJwt", "token": token })).await;
    socket.next().await["body"]["jwt"].as_str().unwrap().to_owned()
}

fn texts(page: &Value) -> Vec<&str> {
    page["entities"].as_array().unwrap().iter().filter_map(|one| one["text"].as_str()).collect()
}

#[tokio::test]
async fn ten_thousand_messages_are_paged_from_the_newest_to_the_oldest_and_beyond() {
    const COUNT: usize = 10_000;
    const SIZE: usize = 500;
    let emulator = TestEmulator::unlimited().await;
    let mut socket = session(&emulator, TOKEN).await;
    let frames: Vec<_> = (0..COUNT)
        .map(|nth| json!({ "action": "onMessage", "token": TOKEN, "message": { "text": nth.to_string() } }))
        .collect();
    let (mut writing, mut reading) = socket.stream.split();
    let writer = tokio::spawn(async move {
        for frame in frames {
            writing.send(Message::text(frame.to_string())).await.unwrap();
        }
        writing
    });
    for _ in 0..COUNT {
        reading.next().await.unwrap().unwrap();
    }
    socket.stream = writer.await.unwrap().reunite(reading).unwrap();
    let jwt = jwt(&mut socket, TOKEN).await;
    let mut newest = (0..COUNT).rev();
    for number in 1..=COUNT / SIZE {
        let page = page(&emulator, &jwt, &format!("pageSize={SIZE}&pageNumber={number}")).await;
        assert_eq!(json!([page["total"], page["pageCount"]]), json!([COUNT, COUNT / SIZE]));
        let expected: Vec<_> = newest.by_ref().take(SIZE).map(|nth| nth.to_string()).collect();
        assert_eq!(texts(&page), expected);
    }
    for beyond in [COUNT / SIZE + 1, usize::MAX] {
        let page = page(&emulator, &jwt, &format!("pageSize={SIZE}&pageNumber={beyond}")).await;
        assert_eq!(json!([page["total"], page["entities"], page["pageNumber"]]), json!([COUNT, [], beyond]));
    }
}

#[tokio::test]
async fn a_page_has_at_most_500_messages_and_says_so() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    let jwt = jwt(&mut socket, TOKEN).await;
    assert_eq!(page(&emulator, &jwt, "pageSize=500").await["pageSize"], 500);
    assert_eq!(page(&emulator, &jwt, "pageSize=&pageNumber=").await["pageSize"], 25, "empty is absent");
    let answer = emulator.client.get(&format!("{MESSAGES}?pageSize=501"), Some(&jwt)).await;
    assert_eq!((answer.status, &answer.json()["code"]), (400, &json!("invalid.query.param.value")));
    assert_snapshot!(emulator.last_refusal().await, @r#"{"expected":"1 to 500","reason":"pageSize is not a number of pages or entries","rule":"query.invalid","seen":"501"}"#);
}

#[tokio::test]
async fn events_are_part_of_it_typing_and_health_checks_are_not_and_metadata_comes_back() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    let event = |event: Value| json!({ "type": "Event", "events": [event] });
    let chosen = json!({ "type": "Structured", "text": "Oslo", "metadata": { "id": "m-2", "parentMessageId": "m-1" } });
    for message in [
        event(json!({ "eventType": "Presence", "presence": { "type": "Join" } })),
        event(json!({ "eventType": "Typing", "typing": { "type": "On" } })),
        chosen,
        json!({ "text": "bye" }),
    ] {
        socket.send(json!({ "action": "onMessage", "token": TOKEN, "message": message })).await;
    }
    socket.send(json!({ "action": "echo", "token": TOKEN })).await;
    emulator.advance("1s").await;
    for _ in 0..7 {
        socket.next().await;
    }
    let jwt = jwt(&mut socket, TOKEN).await;
    let history = emulator.client.get(MESSAGES, Some(&jwt)).await;
    assert_snapshot!(history.text.replace("},{\"id\"", "},\n{\"id\""), @r#"
    {"entities":[{"id":"1880b5f6388825289b14252cb2be484e","type":"Event","direction":"Outbound","channel":{"time":"2026-01-02T03:04:05.202Z"},"events":[{"eventType":"Presence","presence":{"type":"Disconnect"}}],"originatingEntity":"Bot","metadata":{"correlationId":"5d4ff51d-ede4-40b1-9317-7b1511696038","readOnly":"true"}},
    {"id":"9a33fdd540fb5f18e785bda44e28b80e","type":"Text","text":"Goodbye.","direction":"Outbound","channel":{"time":"2026-01-02T03:04:05.201Z"},"originatingEntity":"Bot","metadata":{"correlationId":"b6925c52-f5c3-440e-b63c-258c46067395"}},
    {"id":"63666c265a31ceb3cdd2cde856225185","type":"Text","text":"You said: Oslo","direction":"Outbound","channel":{"time":"2026-01-02T03:04:05.200Z"},"originatingEntity":"Bot","metadata":{"correlationId":"ff81b28d-87da-4d88-9773-2bb2d1ae2f63"}},
    {"id":"e66fcda652a906d06f503a894a84cb1d","type":"Text","text":"bye","direction":"Inbound","channel":{"time":"2026-01-02T03:04:05.002Z","messageId":"e9492b1d-d60a-45f4-b3dd-a789bd297c98"},"metadata":{"correlationId":"c102a095-7e44-4e08-82c3-fd292b50eb0d"}},
    {"id":"66564ecb20605ae7f8a8268b1ee4fa0c","type":"Structured","text":"Oslo","direction":"Inbound","channel":{"time":"2026-01-02T03:04:05.001Z","messageId":"2b1368b7-dff0-4d48-b813-96b03a88345e"},"metadata":{"correlationId":"059e2d00-419f-4cc7-80ab-8ec615005454","id":"m-2","parentMessageId":"m-1"}},
    {"id":"4f410b89b1a91c27f7db45993a9a0456","type":"Event","direction":"Inbound","channel":{"time":"2026-01-02T03:04:05.000Z","messageId":"46567ffd-08dc-4d37-8ed5-793c03df774b"},"events":[{"eventType":"Presence","presence":{"type":"Join"}}],"metadata":{"correlationId":"d851db21-6b95-448b-a9e2-986118434a89"}}],"pageSize":25,"pageNumber":1,"total":6,"pageCount":1}
    "#);
}

#[tokio::test]
async fn guests_can_read_fifteen_days_back() {
    let emulator = TestEmulator::yaml(
        "name: long\nworld: { orgs: [{ deployments: { messaging: { sessionDuration: 90d, bot: silent } }, \
         bots: { silent: {} } }] }",
    )
    .await;
    let mut socket = session(&emulator, TOKEN).await;
    for text in ["first", "second"] {
        socket.say(TOKEN, text).await;
        socket.next().await;
        emulator.advance("10d").await;
    }
    let token = jwt(&mut socket, TOKEN).await;
    let history = page(&emulator, &token, "").await;
    assert_eq!(
        (texts(&history), &history["total"], &history["pageCount"]),
        (vec!["second"], &json!(1), &json!(1))
    );
    emulator.advance("6d").await;
    let token = jwt(&mut socket, TOKEN).await;
    assert_eq!(page(&emulator, &token, "").await["total"], 0);
}

#[tokio::test]
async fn what_all_sessions_remember_is_bounded_and_the_journal_says_what_was_forgotten() {
    const LARGE: usize = 120_000;
    let emulator = TestEmulator::unlimited().await;
    let (mut old, mut new) = (session(&emulator, TOKEN).await, session(&emulator, OTHER).await);
    old.say(TOKEN, "first").await;
    old.next().await;
    old.say(TOKEN, "second").await;
    old.next().await;
    let content = json!([{ "contentType": "Text", "text": "x".repeat(LARGE) }]);
    let frame =
        json!({ "action": "onMessage", "token": OTHER, "message": { "content": content } }).to_string();
    let noted = async || {
        let entries = emulator.journal("kind=frameOut").await;
        entries.last().unwrap().get("notes").cloned()
    };
    for _ in 0..(64 << 20) / (LARGE + 1_000) {
        new.send_text(&frame).await;
        new.next_message().await.unwrap().unwrap();
    }
    assert_eq!(noted().await, None);
    let jwt = jwt(&mut old, TOKEN).await;
    assert_eq!(texts(&page(&emulator, &jwt, "").await), ["second", "first"]);
    for _ in 0..4 {
        new.send_text(&frame).await;
        new.next_message().await.unwrap().unwrap();
    }
    assert_eq!(page(&emulator, &jwt, "").await["total"], 0, "the oldest session's messages go first");
    assert_snapshot!(noted().await.unwrap(), @r#"["the histories of all sessions are 64 MiB: 3 of the oldest messages were forgotten"]"#);
    let resumed = old.configure(DEPLOYMENT, TOKEN).await;
    assert_eq!(resumed["body"]["newSession"], false, "the session goes on");
}
