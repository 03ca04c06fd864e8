//! `/conversations/{id}/messages`, `/typing` and `/disconnect`: the agent's or bot's side, by hand.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::told;
use crate::support::{DEPLOYMENT, Socket, TestEmulator, files::path};

const TOKEN: &str = "11111111-1111-4111-8111-111111111111";

/// A conversation that the guest has begun; the bot has answered.
async fn begun(emulator: &TestEmulator) -> Socket {
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, TOKEN).await;
    socket.say(TOKEN, "Hi").await;
    socket.next().await;
    emulator.advance("200ms").await;
    socket.next().await;
    socket
}

#[tokio::test]
async fn a_human_speaks_as_the_agent_of_the_org_and_the_bot_is_silent_from_then_on() {
    let emulator = TestEmulator::start().await;
    let mut socket = begun(&emulator).await;
    let answer = emulator.by_hand("messages", json!({ "text": "How can I help?" })).await;
    assert_eq!(answer.status, 201);
    let frame = socket.next_text().await;
    assert_snapshot!(frame, @r#"{"type":"message","class":"StructuredMessage","code":200,"body":{"id":"c0781e0f0e9e6a71959622ef46bde0ad","type":"Text","text":"How can I help?","direction":"Outbound","channel":{"time":"2026-01-02T03:04:05.201Z","from":{"nickname":"Emulated Agent"}},"originatingEntity":"Human","metadata":{"correlationId":"abdb0ec4-008b-491a-a370-58b18398cc28"}}}"#);
    assert_eq!(serde_json::from_str::<Value>(&frame).unwrap()["body"], answer.json());
    socket.say(TOKEN, "You cannot").await;
    assert_eq!(emulator.advance("1h").await["fired"], 0);
    let journalled = emulator.journal("kind=frameOut").await;
    assert!(journalled.iter().any(|entry| entry["frame"] == frame), "frames are journalled, the call is not");
}

#[tokio::test]
async fn whoever_is_named_is_shown_and_everything_can_be_shown() {
    let emulator = TestEmulator::start().await;
    let mut socket = begun(&emulator).await;
    let from = json!({ "nickname": "Dana", "image": "https://img.example.test/dana.png" });
    for body in [
        json!({ "text": "Hi", "from": from }),
        json!({ "text": "Beep", "originatingEntity": "Bot" }),
        json!({ "text": "Pick", "quickReplies": [{ "text": "Red", "payload": "RED" }], "originatingEntity": "Bot" }),
        json!({ "carousel": [{ "title": "Oslo", "description": "", "actions": [] }], "from": from }),
        json!({ "datePicker": { "title": "When?", "availableTimes": [] }, "from": { "firstName": "Bo" } }),
    ] {
        let answer = emulator.by_hand("messages", body).await;
        assert_eq!((answer.status, answer.json()), (201, socket.next().await["body"].clone()));
    }
    let known = emulator.conversation().await;
    let texts: Vec<_> = known["messages"].as_array().unwrap().iter().skip(2).cloned().collect();
    assert_snapshot!(json!(texts).to_string(), @r#"[{"channel":{"from":{"image":"https://img.example.test/dana.png","nickname":"Dana"},"time":"2026-01-02T03:04:05.201Z"},"direction":"Outbound","id":"c0781e0f0e9e6a71959622ef46bde0ad","metadata":{"correlationId":"abdb0ec4-008b-491a-a370-58b18398cc28"},"originatingEntity":"Human","text":"Hi","type":"Text"},{"channel":{"time":"2026-01-02T03:04:05.202Z"},"direction":"Outbound","id":"c0786adadf0938575a608d3a886382ba","metadata":{"correlationId":"f6a005ff-057e-437d-b277-671e8b431414"},"originatingEntity":"Bot","text":"Beep","type":"Text"},{"channel":{"time":"2026-01-02T03:04:05.203Z"},"content":[{"contentType":"QuickReply","quickReply":{"action":"Message","payload":"RED","text":"Red"}}],"direction":"Outbound","id":"b27070920ad382083011ea98e88eddee","metadata":{"correlationId":"bb701cc7-ba49-4e93-a5c2-acb5a1594ad3"},"originatingEntity":"Bot","text":"Pick","type":"Structured"},{"channel":{"from":{"image":"https://img.example.test/dana.png","nickname":"Dana"},"time":"2026-01-02T03:04:05.204Z"},"content":[{"carousel":{"cards":[{"actions":[],"description":"","title":"Oslo"}]},"contentType":"Carousel"}],"direction":"Outbound","id":"eacde8dc55576ef44a74da5f42842e87","metadata":{"correlationId":"f14fbb45-ca5c-435b-9a76-0a650fd31d3d"},"originatingEntity":"Human","text":"Oslo","type":"Structured"},{"channel":{"from":{"firstName":"Bo"},"time":"2026-01-02T03:04:05.205Z"},"content":[{"contentType":"DatePicker","datePicker":{"availableTimes":[],"title":"When?"}}],"direction":"Outbound","id":"af91db9f2a9c5d0242d57d4d51d9dab8","metadata":{"correlationId":"ecd28610-e777-4ffe-8243-ce72b4af2685"},"originatingEntity":"Human","text":"When?","type":"Structured"}]"#);
    let names: Vec<_> =
        known["participants"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert_eq!(json!(names), json!(["Guest", "echo", "Dana", "Bo"]));
}

#[tokio::test]
async fn a_file_is_shown_and_can_be_fetched() {
    let emulator = TestEmulator::start().await;
    let mut socket = begun(&emulator).await;
    let file = json!({ "fileName": "offer.pdf", "fileType": "application/pdf", "base64": "JVBERi0xLjc=" });
    let answer = emulator.by_hand("messages", json!({ "text": "Our offer", "attachment": file })).await;
    assert_eq!((answer.status, answer.json()), (201, socket.next().await["body"].clone()));
    assert_snapshot!(answer.text, @r#"{"id":"c0781e0f0e9e6a71959622ef46bde0ad","type":"Text","text":"Our offer","direction":"Outbound","channel":{"time":"2026-01-02T03:04:05.201Z","from":{"nickname":"Emulated Agent"}},"content":[{"contentType":"Attachment","attachment":{"id":"69ff0e7a-df3d-4f4d-89c1-20befe2ca131","url":"http://emulator.test/api/v2/downloads/h9luB9G_halRXOa7lL5k6vHHDgcZ2ZSfskVDcuOidM9b4Lkr","filename":"offer.pdf","mediaType":"File","mime":"application/pdf","fileSize":8,"sha256":"86edbaa24831badfa0a8b04bb410141e2ee4182b6d0014493fe262a7a331c20b"}}],"originatingEntity":"Human","metadata":{"correlationId":"abdb0ec4-008b-491a-a370-58b18398cc28"}}"#);
    let url = answer.json()["content"][0]["attachment"]["url"].clone();
    assert_eq!(emulator.client.get(&path(&url), None).await.text, "%PDF-1.7");
    let mut said = String::new();
    for (name, kind, base64) in [
        ("offer.pdf", "application/pdf", "R0lGODlhAQABAAAAACw="),
        ("offer", "application/pdf", "JVBERi0xLjc="),
        ("offer.pdf", "pdf", "JVBERi0xLjc="),
        ("offer.pdf", "application/pdf", "?"),
        ("offer.exe", "application/pdf", "JVBERi0xLjc="),
    ] {
        let file = json!({ "fileName": name, "fileType": kind, "base64": base64 });
        said.push_str(&told(&emulator.by_hand("messages", json!({ "attachment": file })).await));
        said.push('\n');
    }
    assert_snapshot!(said, @r#"
    400 attachment: The file is a GIF image, which does not match its type application/pdf at line 1 column 99
    400 attachment: fileName "offer" has no extension at line 1 column 87
    400 attachment: fileType "pdf" is not a MIME type such as image/png at line 1 column 79
    400 attachment: `base64` is not base64 (RFC 4648 section 4) at line 1 column 80
    400 attachment: Programs such as .exe are never accepted at line 1 column 91
    "#);
}

#[tokio::test]
async fn typing_is_shown_for_as_long_as_it_says_and_leaves_no_trace() {
    let emulator = TestEmulator::start().await;
    let mut socket = begun(&emulator).await;
    for body in
        [json!({}), json!({ "duration": "5s", "from": { "nickname": "Dana" } }), json!({ "type": "Off" })]
    {
        let answer = emulator.by_hand("typing", body).await;
        assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    }
    let frames = [socket.next_text().await, socket.next_text().await, socket.next_text().await];
    assert_snapshot!(frames.join("\n"), @r#"
{"type":"message","class":"StructuredMessage","code":200,"body":{"id":"c0781e0f0e9e6a71959622ef46bde0ad","type":"Event","direction":"Outbound","channel":{"time":"2026-01-02T03:04:05.201Z","from":{"nickname":"Emulated Agent"}},"events":[{"eventType":"Typing","typing":{"type":"On"}}],"originatingEntity":"Human","metadata":{"correlationId":"abdb0ec4-008b-491a-a370-58b18398cc28"}}}
{"type":"message","class":"StructuredMessage","code":200,"body":{"id":"c0786adadf0938575a608d3a886382ba","type":"Event","direction":"Outbound","channel":{"time":"2026-01-02T03:04:05.202Z","from":{"nickname":"Dana"}},"events":[{"eventType":"Typing","typing":{"type":"On","duration":5000}}],"originatingEntity":"Human","metadata":{"correlationId":"f6a005ff-057e-437d-b277-671e8b431414"}}}
{"type":"message","class":"StructuredMessage","code":200,"body":{"id":"b27070920ad382083011ea98e88eddee","type":"Event","direction":"Outbound","channel":{"time":"2026-01-02T03:04:05.203Z","from":{"nickname":"Emulated Agent"}},"events":[{"eventType":"Typing","typing":{"type":"Off"}}],"originatingEntity":"Human","metadata":{"correlationId":"bb701cc7-ba49-4e93-a5c2-acb5a1594ad3"}}}
"#);
    assert_eq!(emulator.conversation().await["messages"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn typing_is_limited_to_twelve_a_minute_of_the_org_s_time() {
    let emulator = TestEmulator::start().await;
    let _socket = begun(&emulator).await;
    let mut statuses = Vec::new();
    for _ in 0..13 {
        statuses.push(emulator.by_hand("typing", json!({})).await.status);
    }
    assert_eq!((&statuses[..12], statuses[12]), (&[204; 12][..], 429));
    emulator.advance("59s").await;
    assert_snapshot!(told(&emulator.by_hand("typing", json!({})).await), @"429 -: a conversation has at most 12 typing events a minute; the next one in 1 s");
    emulator.advance("1s").await;
    assert_eq!(emulator.by_hand("typing", json!({})).await.status, 204);

    let unlimited = TestEmulator::with(|builder| builder.limits(false)).await;
    let _socket = begun(&unlimited).await;
    for _ in 0..20 {
        assert_eq!(unlimited.by_hand("typing", json!({})).await.status, 204);
    }
}

#[tokio::test]
async fn where_typing_is_not_shown_it_is_refused() {
    let yaml = "world: { orgs: [ { deployments: { messaging: { typingIndicators: false } } } ] }";
    let emulator = TestEmulator::yaml(yaml).await;
    let _socket = begun(&emulator).await;
    assert_snapshot!(told(&emulator.by_hand("typing", json!({})).await), @"409 -: typing indicators are not enabled for deployment 00000000-0000-4000-8000-0000000000cc");
}

#[tokio::test]
async fn what_the_guest_sees_of_a_disconnect_is_the_deployment_s_choice() {
    for (how, told_readonly) in [("Disabled", None), ("Send", Some("false")), ("ReadOnly", Some("true"))] {
        let yaml = format!(
            "world: {{ orgs: [ {{ deployments: {{ messaging: {{ conversationDisconnect: {how} }} }} }} ] }}"
        );
        let emulator = TestEmulator::yaml(&yaml).await;
        let mut socket = begun(&emulator).await;
        let ended = emulator.by_hand("disconnect", json!({ "from": { "nickname": "Dana" } })).await;
        assert_eq!((ended.status, &ended.json()["ending"]), (200, &json!("disconnected")), "{how}");
        if let Some(read_only) = told_readonly {
            let event = socket.next().await;
            assert_eq!(event["body"]["events"][0]["presence"]["type"], "Disconnect");
            assert_eq!(event["body"]["metadata"]["readOnly"], read_only);
            assert_eq!(event["body"]["channel"]["from"]["nickname"], "Dana");
        }
        let refused = emulator.by_hand("messages", json!({ "text": "One more thing" })).await;
        assert_eq!(refused.status, 409, "{how}: {}", refused.text);
        socket.say(TOKEN, "One more thing").await;
        let echo = socket.next().await;
        if how == "ReadOnly" {
            assert_eq!((&echo["class"], &echo["code"]), (&json!("string"), &json!(409)));
            continue;
        }
        assert_eq!(echo["body"]["text"], "One more thing", "{how}");
        emulator.advance("200ms").await;
        assert_eq!(socket.next().await["body"]["text"], "You said: One more thing", "the bot talks again");
        assert_eq!(emulator.by_hand("messages", json!({ "text": "Hi again" })).await.status, 201);
        assert_eq!(emulator.conversation().await.get("endTime"), None);
    }
}

#[tokio::test]
async fn what_cannot_be_said_is_refused_with_the_reason() {
    let emulator = TestEmulator::start().await;
    let mut socket = begun(&emulator).await;
    let mut said = String::new();
    let mut note = |answer: &crate::support::Answer| {
        said.push_str(&told(answer));
        said.push('\n');
    };
    let card = json!({ "title": "x", "description": "", "actions": [] });
    for body in [
        json!({}),
        json!({ "text": "" }),
        json!({ "txet": "x" }),
        json!({ "text": "é".repeat(4_001) }),
        json!({ "card": card, "carousel": [card] }),
        json!({ "quickReplies": [] }),
        json!({ "card": { "title": "x", "actions": [] } }),
        json!({ "text": "x", "originatingEntity": "Dog" }),
    ] {
        note(&emulator.by_hand("messages", body).await);
    }
    note(&emulator.by_hand("typing", json!({ "type": "Off", "duration": "5s" })).await);
    note(&emulator.by_hand("typing", json!({ "duration": "soon" })).await);
    let nobody =
        emulator.client.admin("POST", "/conversations/c-0/messages", Some(&json!({ "text": "x" }))).await;
    note(&nobody);
    assert_eq!(emulator.by_hand("messages", json!({ "text": "é".repeat(4_000) })).await.status, 201);
    emulator.by_hand("disconnect", json!({})).await;
    note(&emulator.by_hand("messages", json!({ "text": "x" })).await);
    note(&emulator.by_hand("disconnect", json!({})).await);
    let new =
        json!({ "action": "configureSession", "deploymentId": DEPLOYMENT, "token": TOKEN, "startNew": true });
    socket.send(new).await;
    emulator.advance("1s").await;
    note(&emulator.by_hand("typing", json!({})).await);
    assert_snapshot!(said, @r#"
400 text: a message has a text or something to show
400 text: a message has a text or something to show
400 txet: unknown field `txet`, expected one of `text`, `from`, `originatingEntity`, `quickReplies`, `card`, `carousel`, `datePicker`, `listPicker`, `form`, `attachment` at line 1 column 7; did you mean `text`?
400 text: the text has 4001 characters, limit 4000
400 -: a message shows at most one of quickReplies, card, carousel, datePicker, listPicker, form, attachment
400 -: `quickReplies` is an empty list
400 card: missing field `description` at line 1 column 34
400 originatingEntity: unknown variant `Dog`, expected `Human` or `Bot` at line 1 column 26
400 duration: whoever types no more does so for no time
400 duration: `soon` is not a duration; expected `250ms`, `2s`, `1h30m` or an integer of milliseconds at line 1 column 18
404 -: There is no conversation c-0
409 -: the conversation has ended and its session is read-only until the guest starts a new one
409 -: the conversation has ended and its session is read-only until the guest starts a new one
409 -: the conversation has ended: the flow or an agent has disconnected it
"#);
}

#[tokio::test]
async fn an_expired_session_hears_nothing_more() {
    let emulator = TestEmulator::start().await;
    let _socket = begun(&emulator).await;
    emulator.advance("72h").await;
    assert_snapshot!(told(&emulator.by_hand("messages", json!({ "text": "x" })).await), @"409 -: the session of the conversation has expired");
}

#[tokio::test]
async fn calls_by_hand_shift_no_ids_of_anything_else_and_have_ids_of_their_own() {
    let chat = async |by_hand: u32| {
        let emulator = TestEmulator::start().await;
        let _socket = begun(&emulator).await;
        for _ in 0..by_hand {
            emulator.by_hand("typing", json!({})).await;
        }
        let jwt = emulator.guest_jwt().await;
        let mut other = emulator.socket(DEPLOYMENT).await;
        other.configure(DEPLOYMENT, "other").await;
        other.say("other", "Hi").await;
        (jwt, other.next_text().await)
    };
    assert_eq!(chat(0).await, chat(3).await);
    let emulator = TestEmulator::start().await;
    let _socket = begun(&emulator).await;
    let mut ids = Vec::new();
    for _ in 0..2 {
        let said = emulator.by_hand("messages", json!({ "text": "Hi" })).await.json();
        ids.push(said["id"].as_str().unwrap().to_owned());
    }
    assert_snapshot!(ids.join(" "), @"c0781e0f0e9e6a71959622ef46bde0ad c0786adadf0938575a608d3a886382ba");
}
