//! The bot's replies, in the org's time.

use insta::assert_snapshot;
use serde_json::json;

use super::{TOKEN, session};
use crate::support::{Socket, TestEmulator};

/// Says a text and advances to the reply; the echo is passed over.
async fn reply(emulator: &TestEmulator, socket: &mut Socket, text: &str) -> String {
    socket.say(TOKEN, text).await;
    socket.next().await;
    assert_eq!(emulator.advance("200ms").await["fired"], 1);
    socket.next_text().await
}

#[tokio::test]
async fn the_bot_replies_after_exactly_200_ms_of_the_org_s_time() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    socket.say(TOKEN, "hello").await;
    assert_eq!(socket.next().await["body"]["direction"], "Inbound");
    assert_eq!(emulator.advance("199ms").await["fired"], 0);
    let before = emulator.journal("kind=frameOut").await.len();
    assert_eq!(emulator.advance("1ms").await["fired"], 1);
    let frames = emulator.journal("kind=frameOut").await;
    assert_eq!(frames.len(), before + 1);
    assert_eq!(frames[before]["at"], "2026-01-02T03:04:05.200Z");
    assert_snapshot!(socket.next_text().await, @r#"{"type":"message","class":"StructuredMessage","code":200,"body":{"id":"33ae5468dd2e2a39de6261ba65b9b15f","type":"Text","text":"You said: hello","direction":"Outbound","channel":{"time":"2026-01-02T03:04:05.200Z"},"originatingEntity":"Bot","metadata":{"correlationId":"a2c7813d-d93e-4cc4-a7ca-f3790cfd8229"}}}"#);
}

#[tokio::test]
async fn quick_replies_have_text_and_payload() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    assert_snapshot!(reply(&emulator, &mut socket, "Quick Replies ").await, @r#"{"type":"message","class":"StructuredMessage","code":200,"body":{"id":"33ae5468dd2e2a39de6261ba65b9b15f","type":"Structured","text":"Pick a colour","direction":"Outbound","channel":{"time":"2026-01-02T03:04:05.200Z"},"content":[{"contentType":"QuickReply","quickReply":{"text":"Red","payload":"RED","action":"Message"}},{"contentType":"QuickReply","quickReply":{"text":"Blue","payload":"BLUE","action":"Message"}}],"originatingEntity":"Bot","metadata":{"correlationId":"a2c7813d-d93e-4cc4-a7ca-f3790cfd8229"}}}"#);
}

#[tokio::test]
async fn a_card_has_description_and_labelled_actions() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    assert_snapshot!(reply(&emulator, &mut socket, "card").await, @r#"{"type":"message","class":"StructuredMessage","code":200,"body":{"id":"33ae5468dd2e2a39de6261ba65b9b15f","type":"Structured","text":"Oslo","direction":"Outbound","channel":{"time":"2026-01-02T03:04:05.200Z"},"content":[{"contentType":"Card","card":{"title":"Oslo","description":"3 nights","actions":[{"type":"Link","text":"Details","url":"https://shop.example.test/oslo"},{"type":"Postback","text":"Book","payload":"BOOK_OSLO"}]}}],"originatingEntity":"Bot","metadata":{"correlationId":"a2c7813d-d93e-4cc4-a7ca-f3790cfd8229"}}}"#);
}

#[tokio::test]
async fn a_carousel_has_cards() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    assert_snapshot!(reply(&emulator, &mut socket, "carousel").await, @r#"{"type":"message","class":"StructuredMessage","code":200,"body":{"id":"33ae5468dd2e2a39de6261ba65b9b15f","type":"Structured","text":"Oslo","direction":"Outbound","channel":{"time":"2026-01-02T03:04:05.200Z"},"content":[{"contentType":"Carousel","carousel":{"cards":[{"title":"Oslo","description":"3 nights","actions":[{"type":"Link","text":"Details","url":"https://shop.example.test/oslo"},{"type":"Postback","text":"Book","payload":"BOOK_OSLO"}]},{"title":"Bergen","description":"2 nights","actions":[{"type":"Postback","text":"Book","payload":"BOOK_BERGEN"}]}]}}],"originatingEntity":"Bot","metadata":{"correlationId":"a2c7813d-d93e-4cc4-a7ca-f3790cfd8229"}}}"#);
}

#[tokio::test]
async fn an_attachment_is_a_small_file() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    assert_snapshot!(reply(&emulator, &mut socket, "attachment").await, @r#"{"type":"message","class":"StructuredMessage","code":200,"body":{"id":"427f745f9ef9273d417425cfd432ead3","type":"Text","direction":"Outbound","channel":{"time":"2026-01-02T03:04:05.200Z"},"content":[{"contentType":"Attachment","attachment":{"id":"c64ed167-195c-4439-9262-29e8f5ad48b4","url":"http://emulator.test/api/v2/downloads/h9luB9G_HRav28Dhd_d4eikWYaXzHI1vPPaJOkX2lG28US-0","filename":"hello.txt","mediaType":"File","mime":"text/plain","fileSize":19,"sha256":"5cf63aab7a8a42e763f15811a6e99b6d4db6a6ced15fec2287e7339fdf8c392b"}}],"originatingEntity":"Bot","metadata":{"correlationId":"181fea89-2951-4e88-8d42-385d6915e1db"}}}"#);
}

#[tokio::test]
async fn after_handing_over_the_bot_is_silent_and_the_queue_is_there() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    let said = reply(&emulator, &mut socket, "agent").await;
    assert!(said.contains("Someone will be with you shortly."), "{said}");
    socket.say(TOKEN, "hello?").await;
    socket.next().await;
    assert_eq!(emulator.advance("1h").await["fired"], 0);
    let all = emulator.client.admin("GET", "/conversations", None).await.json();
    let sides: Vec<_> = all["entities"][0]["participants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|side| json!([side["purpose"], side["name"], side.get("endTime").is_some()]))
        .collect();
    let expected = [
        json!(["customer", "Guest", false]),
        json!(["workflow", "echo", true]),
        json!(["acd", "Chat Queue", false]),
    ];
    assert_eq!(sides, expected);
}

#[tokio::test]
async fn bye_disconnects_and_the_session_is_read_only_from_then_on() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    let said = reply(&emulator, &mut socket, "bye").await;
    assert!(said.contains(r#""text":"Goodbye.""#), "{said}");
    assert_snapshot!(socket.next_text().await, @r#"{"type":"message","class":"StructuredMessage","code":200,"body":{"id":"427f745f9ef9273d417425cfd432ead3","type":"Event","direction":"Outbound","channel":{"time":"2026-01-02T03:04:05.201Z"},"events":[{"eventType":"Presence","presence":{"type":"Disconnect"}}],"originatingEntity":"Bot","metadata":{"correlationId":"181fea89-2951-4e88-8d42-385d6915e1db","readOnly":"true"}}}"#);
    socket.say(TOKEN, "wait").await;
    assert_snapshot!(socket.next_text().await, @r#"{"type":"response","class":"string","code":409,"body":"The conversation has ended and the session is read-only"}"#);
    assert_eq!(emulator.advance("1h").await["fired"], 0);
}

#[tokio::test]
async fn a_deployment_may_let_the_guest_go_on_after_a_disconnect_or_not_tell_it_at_all() {
    let yaml = "world: { orgs: [ { deployments: {
        send: { id: send, bot: echo, conversationDisconnect: Send },
        none: { id: none, bot: echo, conversationDisconnect: Disabled } } } ] }";
    let emulator = TestEmulator::yaml(yaml).await;
    for (deployment, told) in [("send", true), ("none", false)] {
        let mut socket = emulator.socket(deployment).await;
        socket.configure(deployment, deployment).await;
        socket.say(deployment, "bye").await;
        socket.next().await;
        emulator.advance("200ms").await;
        assert_eq!(socket.next().await["body"]["text"], "Goodbye.");
        if told {
            let event = socket.next().await;
            assert_eq!(event["body"]["events"][0]["presence"]["type"], "Disconnect");
            assert_eq!(event["body"]["metadata"]["readOnly"], "false");
        }
        socket.say(deployment, "one more thing").await;
        assert_eq!(socket.next().await["body"]["text"], "one more thing", "{deployment}");
    }
    let shown = emulator.client.admin("GET", "/conversations", None).await.json();
    let open: Vec<_> = shown["entities"].as_array().unwrap().iter().map(|one| one.get("endTime")).collect();
    assert_eq!(open, [None, None], "the next message takes the same conversation up again");
}
