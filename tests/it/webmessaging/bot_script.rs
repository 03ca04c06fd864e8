//! Bots as scenarios script them: what they look for, what they do, and when a turn ends.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{TOKEN, session};
use crate::support::{DEPLOYMENT, Socket, TestEmulator, files::path};

/// The default world with this bot, and some more for its deployment.
async fn with_bot(bot: &str, deployment: &str) -> TestEmulator {
    let bot = bot.replace('\n', "\n          ");
    TestEmulator::yaml(&format!(
        "world:\n  orgs:\n    - deployments:\n        messaging: {{ bot: scripted{deployment} }}\n      \
         bots:\n        scripted:\n          {bot}\n"
    ))
    .await
}

async fn message(socket: &mut Socket, message: Value) {
    socket.send(json!({ "action": "onMessage", "token": TOKEN, "message": message })).await;
    socket.next().await;
}

fn presence(kind: &str) -> Value {
    json!({ "type": "Event", "events": [{ "eventType": "Presence", "presence": { "type": kind } }] })
}

/// What was said to the guest and when, or what came instead of it.
async fn outbound(emulator: &TestEmulator) -> Vec<String> {
    let all = emulator.journal("kind=frameOut").await;
    let bodies = all
        .iter()
        .map(|entry| (entry, serde_json::from_str::<Value>(entry["frame"].as_str().unwrap()).unwrap()));
    bodies
        .filter(|(_, frame)| frame["body"]["direction"] == "Outbound")
        .map(|(entry, frame)| {
            let at =
                entry["at"].as_str().unwrap().trim_start_matches("2026-01-02T03:04:").trim_end_matches('Z');
            let body = &frame["body"];
            match body["events"].get(0) {
                Some(event) => {
                    format!("{at} {}", event["typing"].to_string() + &event["presence"].to_string())
                }
                None => format!("{at} {}", body["text"].as_str().unwrap_or_default()),
            }
            .replace("null", "")
        })
        .collect()
}

#[tokio::test]
async fn a_rule_looks_for_a_text_a_part_of_it_a_payload_or_the_guest_s_coming() {
    let emulator = with_bot(
        "rules:
  - { event: join, reply: { say: Welcome } }
  - { text: Hello, reply: { say: Hello yourself } }
  - { payload: RED, reply: { say: 'red, said {text}, is {payload}' } }
  - { contains: refund, reply: { say: About money } }
otherwise: { say: 'What is {text}?' }",
        "",
    )
    .await;
    let mut socket = session(&emulator, TOKEN).await;
    let button = |payload: &str| json!([{ "contentType": "ButtonResponse", "buttonResponse": { "text": "Rouge", "payload": payload, "type": "Button" } }]);
    for said in [
        presence("Join"),
        json!({ "type": "Text", "text": " hELLO" }),
        json!({ "type": "Structured", "content": button("RED") }),
        json!({ "type": "Structured", "content": button("red") }),
        json!({ "type": "Text", "text": "A Refund, please" }),
        json!({ "type": "Text", "text": "{payload}" }),
    ] {
        message(&mut socket, said).await;
        emulator.advance("1s").await;
        socket.next().await;
    }
    assert_snapshot!(outbound(&emulator).await.join("\n"), @r#"
05.000 Welcome
06.000 Hello yourself
07.000 red, said Rouge, is RED
08.000 What is Rouge?
09.000 About money
10.000 What is {payload}?
"#);
}

const SLOW: &str = "delay: 200ms
rules:
  - text: wait
    reply:
      - typing: 2s
      - say: First
      - wait: 1s
      - say: Second
      - wait: 500ms
      - say: Third
  - { text: agent, reply: { handOver: { queue: chat } } }
  - { text: bye, reply: { disconnect: {} } }
otherwise: { say: '{text}!' }";

#[tokio::test]
async fn steps_wait_exactly_so_long_in_the_org_s_time_and_typing_does_not() {
    let emulator = with_bot(SLOW, "").await;
    let mut socket = session(&emulator, TOKEN).await;
    socket.say(TOKEN, "wait").await;
    socket.next().await;
    for (step, fired) in
        [("199ms", 0), ("1ms", 1), ("999ms", 0), ("1ms", 1), ("499ms", 0), ("1ms", 1), ("1h", 0)]
    {
        assert_eq!(emulator.advance(step).await["fired"], fired, "{step}");
    }
    assert_snapshot!(outbound(&emulator).await.join("\n"), @r#"
05.200 {"duration":2000,"type":"On"}
05.200 First
06.200 Second
06.700 Third
"#);
}

#[tokio::test]
async fn a_message_in_between_does_not_stop_the_bot() {
    let emulator = with_bot(SLOW, "").await;
    let mut socket = session(&emulator, TOKEN).await;
    socket.say(TOKEN, "wait").await;
    socket.next().await;
    emulator.advance("500ms").await;
    socket.say(TOKEN, "hurry").await;
    emulator.advance("1h").await;
    assert_snapshot!(outbound(&emulator).await.join("\n"), @r#"
05.200 {"duration":2000,"type":"On"}
05.200 First
05.700 hurry!
06.200 Second
06.700 Third
"#);
}

/// A turn has begun and waits; then this happens. Answers what comes of it.
async fn interrupted(deployment: &str, what: &[Value]) -> Vec<String> {
    let emulator = with_bot(SLOW, deployment).await;
    let mut socket = session(&emulator, TOKEN).await;
    socket.say(TOKEN, "wait").await;
    socket.next().await;
    emulator.advance("300ms").await;
    for frame in what {
        socket.send(frame.clone()).await;
        emulator.advance("200ms").await;
    }
    emulator.advance("1h").await;
    outbound(&emulator).await.into_iter().skip(2).collect()
}

fn say(text: &str) -> Value {
    json!({ "action": "onMessage", "token": TOKEN, "message": { "type": "Text", "text": text } })
}

fn configure(start_new: bool) -> Value {
    json!({ "action": "configureSession", "deploymentId": DEPLOYMENT, "token": TOKEN, "startNew": start_new })
}

#[tokio::test]
async fn a_turn_ends_with_the_conversation_or_when_the_bot_has_left() {
    let clear = json!({ "action": "onMessage", "token": TOKEN, "message": presence("Clear") });
    let close = json!({ "action": "closeSession", "token": TOKEN, "closeAllConnections": false });
    for (what, left) in [
        (vec![say("agent")], vec![]),
        (vec![say("bye")], vec![r#"05.500 {"type":"Disconnect"}"#]),
        (vec![clear, configure(false), say("x")], vec!["05.900 x!"]),
        (vec![configure(true), say("x")], vec!["05.700 x!"]),
        (vec![close], vec![]),
    ] {
        assert_eq!(interrupted("", &what).await, left, "{what:?}");
    }
}

#[tokio::test]
async fn a_turn_ends_when_the_session_expires() {
    let emulator =
        with_bot("otherwise: [{ say: One }, { wait: 2h }, { say: Two }]", ", sessionDuration: 1h").await;
    let mut socket = session(&emulator, TOKEN).await;
    socket.say(TOKEN, "x").await;
    socket.next().await;
    emulator.advance("3h").await;
    assert_eq!(socket.next().await["body"]["text"], "One");
    assert_eq!(socket.next().await["class"], "SessionExpiredEvent");
    assert_eq!(outbound(&emulator).await.len(), 1);
}

#[tokio::test]
async fn a_turn_of_before_the_end_is_over_and_the_bot_is_back_when_the_guest_takes_the_conversation_up_again()
{
    let left = interrupted(", conversationDisconnect: Send", &[say("bye"), say("more")]).await;
    assert_eq!(left, [r#"05.500 {"type":"Disconnect"}"#, "05.700 more!"]);
    let after_an_agent = [say("agent"), say("more")];
    assert_eq!(interrupted(", conversationDisconnect: Send", &after_an_agent).await, [""; 0]);
}

#[tokio::test]
async fn a_bot_that_cannot_be_played_is_refused_with_its_place() {
    let emulator = TestEmulator::start().await;
    let mut said = String::new();
    for bot in [
        "rules: [ { reply: { say: x } } ]",
        "rules: [ { text: a, contains: b, reply: { say: x } } ]",
        "rules: [ { event: leave, reply: { say: x } } ]",
        "otherwise: []",
        "otherwise: { shout: x }",
        "otherwise: [ { say: x, wait: 1s } ]",
        "otherwise: { say: x, wait: 1s }",
        "otherwise: [ { disconnect: {} }, { say: x } ]",
        "otherwise: { carousel: [] }",
        "otherwise: { handOver: { queue: nowhere } }",
        "otherwise: { wait: soon }",
        "otherwise: { attachment: { fileName: a.txt, fileType: text/plain, base64: '***' } }",
        "otherwise: { attachment: { fileName: a.txt, fileType: picture, text: x } }",
    ] {
        let body = format!("world: {{ orgs: [ {{ bots: {{ b: {{ {bot} }} }} }} ] }}");
        let answer = emulator.client.try_send("POST", "/__admin/scenarios/apply", &[], body).await.unwrap();
        let problem = answer.json();
        let detail = problem["detail"].as_str().unwrap().lines().next().unwrap();
        said.push_str(&format!("{} {detail}\n", answer.status));
    }
    assert_snapshot!(said, @r#"
    400 scenario (request body): error: line 1 column 42: a rule has exactly one of `text`, `payload`, `contains`, `event`
    400 scenario (request body): error: line 1 column 42: a rule has exactly one of `text`, `payload`, `contains`, `event`
    400 scenario (request body): error: line 1 column 51: unknown variant `leave`, expected one of join
    400 scenario (request body): error: line 1 column 44: a reply has at least one step
    400 scenario (request body): error: line 1 column 46: unknown variant `shout`, expected one of say, typing, wait, quickReplies, card, carousel, datePicker, listPicker, form, attachment, handOver, disconnect
    400 scenario (request body): error: line 1 column 46: a step does one thing; write several as a list
    400 scenario (request body): error: line 1 column 44: a step does one thing; write several as a list
    400 scenario (request body): error: line 1 column 44: step 2 comes after `disconnect`, when the bot has left
    400 scenario (request body): error: line 1 column 44: step 1: `carousel` is an empty list
    400 org 00000000-0000-4000-8000-0000000000aa: scenario (request body): line 1 column 28: world: bots.b: there is no queue `nowhere`
    400 scenario (request body): error: line 1 column 52: `soon` is not a duration; expected `250ms`, `2s`, `1h30m` or an integer of milliseconds
    400 scenario (request body): error: line 1 column 58: `base64` is not base64 (RFC 4648 section 4)
    400 scenario (request body): error: line 1 column 58: fileType "picture" is not a MIME type such as image/png
    "#);
}

#[tokio::test]
async fn a_file_is_shown_can_be_fetched_and_the_turn_goes_on_at_once() {
    let bot = "otherwise:
  - say: One
  - attachment: { fileName: note.txt, fileType: text/plain, text: 'You said {text}' }
  - attachment: { fileName: dot.gif, fileType: image/gif, base64: R0lGODlhAQABAAAAACw= }
  - say: Two
  - wait: 1s
  - say: Three";
    let emulator = with_bot(bot, "").await;
    let mut socket = session(&emulator, TOKEN).await;
    socket.say(TOKEN, "hi").await;
    socket.next().await;
    emulator.advance("1ms").await;
    assert_eq!(socket.next().await["body"]["text"], "One");
    let file = socket.next_text().await;
    assert_snapshot!(file, @r#"{"type":"message","class":"StructuredMessage","code":200,"body":{"id":"a0cf9bf5e9317e791f56b7e2b721b717","type":"Text","direction":"Outbound","channel":{"time":"2026-01-02T03:04:05.002Z"},"content":[{"contentType":"Attachment","attachment":{"id":"0ce2e91e-a1a6-4b42-8dbc-4dd507d53573","url":"http://emulator.test/api/v2/downloads/h9luB9G_-nXXeqTOCqoBHMiKmIzMlsIf1cZi7SRoyD9CgHKI","filename":"note.txt","mediaType":"File","mime":"text/plain","fileSize":11,"sha256":"6e0ba962835c8d0598473ee58e122f30b3f4e0a58dd5fcd816854b47d645330c"}}],"originatingEntity":"Bot","metadata":{"correlationId":"9d7d5163-30c3-4d21-8b2f-bc53b98be872"}}}"#);
    let shown: Value = serde_json::from_str(&file).unwrap();
    let fetched = emulator.client.get(&path(&shown["body"]["content"][0]["attachment"]["url"]), None).await;
    assert_eq!((fetched.text.as_str(), fetched.header("content-type")), ("You said hi", "text/plain"));
    let gif = socket.next().await["body"]["content"][0]["attachment"].clone();
    assert_eq!((&gif["mediaType"], &gif["fileSize"]), (&json!("Image"), &json!(14)));
    let fetched = emulator.client.get(&path(&gif["url"]), None).await;
    assert_eq!(fetched.bytes, b"GIF89a\x01\x00\x01\x00\x00\x00\x00,");
    assert_eq!(socket.next().await["body"]["text"], "Two");
    emulator.advance("1s").await;
    assert_eq!(socket.next().await["body"]["text"], "Three");
}
