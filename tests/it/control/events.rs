//! `/events`: what happens in an org, for tests that wait.

use insta::assert_snapshot;
use serde_json::json;

use super::{Other, told};
use crate::support::{
    AUTHENTICATED_DEPLOYMENT, DEPLOYMENT, Events, GUEST_TOKEN_DEPLOYMENT, Socket, TestEmulator,
    files::{PNG, upload},
};

const TOKEN: &str = "11111111-1111-4111-8111-111111111111";

async fn session(emulator: &TestEmulator) -> Socket {
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, TOKEN).await;
    socket
}

/// What there is to read now, in lines.
async fn all(emulator: &TestEmulator, query: &str) -> String {
    emulator.client.admin("GET", &format!("/events?follow=false&{query}"), None).await.text
}

#[tokio::test]
async fn a_test_waits_until_the_guest_has_said_something() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator).await;
    let mut events = emulator.events("type=message.inbound").await;
    socket.say(TOKEN, "Hi").await;
    assert_eq!(events.expect("message.inbound").await["text"], "Hi");
}

#[tokio::test]
async fn a_chat_is_told_from_end_to_end() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator).await;
    socket.say(TOKEN, "agent").await;
    socket.next().await;
    emulator.advance("200ms").await;
    emulator.by_hand("typing", json!({ "duration": "2s" })).await;
    emulator.by_hand("messages", json!({ "text": "How can I help?" })).await;
    let typing =
        json!({ "type": "Event", "events": [{ "eventType": "Typing", "typing": { "type": "On" } }] });
    socket.send(json!({ "action": "onMessage", "token": TOKEN, "message": typing })).await;
    socket.send(json!({ "action": "onMessage", "token": TOKEN, "message": { "type": "Structured", "content": [{
        "contentType": "ButtonResponse", "buttonResponse": { "type": "Button", "text": "Red", "payload": "RED" } }] } }))
        .await;
    for _ in 0..4 {
        socket.next().await;
    }
    emulator.by_hand("disconnect", json!({})).await;
    assert_snapshot!(all(&emulator, "").await, @r#"
event: connection.opened
id: 0-1
data: {"time":"2026-01-02T03:04:05.000Z","deploymentId":"00000000-0000-4000-8000-0000000000cc","connection":1}

event: session.configured
id: 0-2
data: {"time":"2026-01-02T03:04:05.000Z","session":"(redacted d123dc23)","deploymentId":"00000000-0000-4000-8000-0000000000cc","connection":1,"newSession":true,"readOnly":false}

event: conversation.started
id: 0-3
data: {"time":"2026-01-02T03:04:05.000Z","conversationId":"e0c545d8-d942-4fe0-98c8-4f2601aea596","session":"(redacted d123dc23)","deploymentId":"00000000-0000-4000-8000-0000000000cc"}

event: participant.joined
id: 0-4
data: {"time":"2026-01-02T03:04:05.000Z","conversationId":"e0c545d8-d942-4fe0-98c8-4f2601aea596","session":"(redacted d123dc23)","deploymentId":"00000000-0000-4000-8000-0000000000cc","participant":{"id":"d4943edd-a621-4798-a0b2-44c90ffcf7e2","purpose":"customer","name":"Guest"}}

event: participant.joined
id: 0-5
data: {"time":"2026-01-02T03:04:05.000Z","conversationId":"e0c545d8-d942-4fe0-98c8-4f2601aea596","session":"(redacted d123dc23)","deploymentId":"00000000-0000-4000-8000-0000000000cc","participant":{"id":"17e11d3c-b762-4906-bd26-bd6b0c7b1611","purpose":"workflow","name":"echo"}}

event: message.inbound
id: 0-6
data: {"time":"2026-01-02T03:04:05.000Z","conversationId":"e0c545d8-d942-4fe0-98c8-4f2601aea596","session":"(redacted d123dc23)","deploymentId":"00000000-0000-4000-8000-0000000000cc","messageId":"4f410b89b1a91c27f7db45993a9a0456","text":"agent"}

event: message.outbound
id: 0-7
data: {"time":"2026-01-02T03:04:05.200Z","conversationId":"e0c545d8-d942-4fe0-98c8-4f2601aea596","session":"(redacted d123dc23)","deploymentId":"00000000-0000-4000-8000-0000000000cc","messageId":"33ae5468dd2e2a39de6261ba65b9b15f","text":"Someone will be with you shortly.","originatingEntity":"Bot"}

event: participant.left
id: 0-8
data: {"time":"2026-01-02T03:04:05.200Z","conversationId":"e0c545d8-d942-4fe0-98c8-4f2601aea596","session":"(redacted d123dc23)","deploymentId":"00000000-0000-4000-8000-0000000000cc","participant":{"id":"17e11d3c-b762-4906-bd26-bd6b0c7b1611","purpose":"workflow","name":"echo"}}

event: participant.joined
id: 0-9
data: {"time":"2026-01-02T03:04:05.200Z","conversationId":"e0c545d8-d942-4fe0-98c8-4f2601aea596","session":"(redacted d123dc23)","deploymentId":"00000000-0000-4000-8000-0000000000cc","participant":{"id":"d980f6d1-ed56-4356-8d1a-f9278556f047","purpose":"acd","name":"Chat Queue"}}

event: typing.agent
id: 0-10
data: {"time":"2026-01-02T03:04:05.200Z","conversationId":"e0c545d8-d942-4fe0-98c8-4f2601aea596","session":"(redacted d123dc23)","deploymentId":"00000000-0000-4000-8000-0000000000cc","typing":"On","originatingEntity":"Human"}

event: participant.joined
id: 0-11
data: {"time":"2026-01-02T03:04:05.200Z","conversationId":"e0c545d8-d942-4fe0-98c8-4f2601aea596","session":"(redacted d123dc23)","deploymentId":"00000000-0000-4000-8000-0000000000cc","participant":{"id":"6679138d-83ff-47cb-bdac-9bdf759e0c5e","purpose":"agent","name":"Emulated Agent"}}

event: participant.left
id: 0-12
data: {"time":"2026-01-02T03:04:05.200Z","conversationId":"e0c545d8-d942-4fe0-98c8-4f2601aea596","session":"(redacted d123dc23)","deploymentId":"00000000-0000-4000-8000-0000000000cc","participant":{"id":"d980f6d1-ed56-4356-8d1a-f9278556f047","purpose":"acd","name":"Chat Queue"}}

event: message.outbound
id: 0-13
data: {"time":"2026-01-02T03:04:05.200Z","conversationId":"e0c545d8-d942-4fe0-98c8-4f2601aea596","session":"(redacted d123dc23)","deploymentId":"00000000-0000-4000-8000-0000000000cc","messageId":"c0786adadf0938575a608d3a886382ba","text":"How can I help?","originatingEntity":"Human"}

event: typing.guest
id: 0-14
data: {"time":"2026-01-02T03:04:05.200Z","conversationId":"e0c545d8-d942-4fe0-98c8-4f2601aea596","session":"(redacted d123dc23)","deploymentId":"00000000-0000-4000-8000-0000000000cc","typing":"On"}

event: message.inbound
id: 0-15
data: {"time":"2026-01-02T03:04:05.200Z","conversationId":"e0c545d8-d942-4fe0-98c8-4f2601aea596","session":"(redacted d123dc23)","deploymentId":"00000000-0000-4000-8000-0000000000cc","messageId":"47f43df13b47ba8eb5acce74d7ab799b","text":"Red"}

event: presence.disconnect
id: 0-16
data: {"time":"2026-01-02T03:04:05.200Z","conversationId":"e0c545d8-d942-4fe0-98c8-4f2601aea596","session":"(redacted d123dc23)","deploymentId":"00000000-0000-4000-8000-0000000000cc","messageId":"b27070920ad382083011ea98e88eddee","originatingEntity":"Human"}

event: participant.left
id: 0-17
data: {"time":"2026-01-02T03:04:05.200Z","conversationId":"e0c545d8-d942-4fe0-98c8-4f2601aea596","session":"(redacted d123dc23)","deploymentId":"00000000-0000-4000-8000-0000000000cc","participant":{"id":"6679138d-83ff-47cb-bdac-9bdf759e0c5e","purpose":"agent","name":"Emulated Agent"}}

event: conversation.ended
id: 0-18
data: {"time":"2026-01-02T03:04:05.200Z","conversationId":"e0c545d8-d942-4fe0-98c8-4f2601aea596","session":"(redacted d123dc23)","deploymentId":"00000000-0000-4000-8000-0000000000cc","ending":"disconnected"}
"#);
}

#[tokio::test]
async fn types_and_conversations_are_chosen_and_a_mistyped_one_is_guessed() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator).await;
    socket.say(TOKEN, "Hi").await;
    socket.next().await;
    emulator.advance("200ms").await;
    let id = emulator.conversation().await["id"].as_str().unwrap().to_owned();
    let kinds = async |query: &str| {
        let text = all(&emulator, query).await;
        text.lines().filter_map(|line| line.strip_prefix("event: ")).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(kinds("type=message").await, "message.inbound message.outbound");
    assert_eq!(kinds("type=message.outbound&type=session").await, "session.configured message.outbound");
    let of_it = kinds(&format!("conversation={id}")).await;
    assert_eq!(
        of_it,
        "conversation.started participant.joined participant.joined message.inbound message.outbound"
    );
    assert_eq!(kinds("conversation=another").await, "");
    let mut said = String::new();
    for query in
        ["type=mesage.inbound", "type=message.", "type=", "tipe=x", "follow=yes", "after=0-99", "after=x"]
    {
        let answer = emulator.client.admin("GET", &format!("/events?{query}"), None).await;
        said.push_str(&told(&answer));
        said.push('\n');
    }
    assert_snapshot!(said, @r#"
400 type: `mesage.inbound` is no type of event; did you mean `message.inbound`?
400 type: `message.` is no type of event
400 type: `` is no type of event
400 tipe: `tipe` is not a filter, did you mean `type`?
400 follow: `yes` is not `true` or `false`
400 after: "0-99" is not the id of an event of this org
400 after: "x" is not the id of an event of this org
"#);
}

#[tokio::test]
async fn a_reader_that_comes_back_goes_on_where_it_was() {
    let emulator = TestEmulator::start().await;
    for _ in 0..3 {
        emulator.guest_client_token().await;
    }
    let first = emulator.events("follow=false").await.next().await.unwrap();
    assert_eq!(first.id, "0-1");
    let url = format!("{}/__admin/events?follow=false&after=0-2", emulator.base());
    let mut rest = Events::open(&url, None).await;
    assert_eq!((rest.next().await.unwrap().id, rest.next().await.is_none()), ("0-3".to_owned(), true));
    // what the browser says counts more than the address of the first time
    let mut rest = Events::open(&url, Some("0-1")).await;
    assert_eq!(rest.next().await.unwrap().id, "0-2");
}

#[tokio::test]
async fn who_comes_too_late_is_told_how_much_is_gone() {
    let emulator = TestEmulator::with(|builder| builder.limits(false)).await;
    let fault =
        json!({ "id": "f", "when": { "path": "/nowhere" }, "effect": { "respond": { "status": 503 } } });
    emulator.fault(fault).await;
    for _ in 0..2_003 {
        emulator.client.try_send("GET", "/nowhere", &[], "").await.unwrap();
    }
    let text = all(&emulator, "after=0-1").await;
    assert!(
        text.starts_with("event: lagged\nid: 0-3\ndata: {\"missed\":2}\n\nevent: fault.fired\nid: 0-4\n")
    );
    assert!(text.trim_end().ends_with(r#""fault":"f","target":"GET /nowhere"}"#));
}

#[tokio::test]
async fn a_reset_is_told_and_numbers_begin_anew() {
    let emulator = TestEmulator::start().await;
    emulator.guest_client_token().await;
    let mut events = emulator.events("type=token").await;
    events.expect("token.issued").await;
    emulator.client.admin("POST", "/reset", None).await;
    events.expect("reset").await;
    emulator.guest_client_token().await;
    let event = events.next().await.unwrap();
    assert_eq!((event.kind.as_str(), event.id.as_str()), ("token.issued", "1-1"));
    assert!(
        all(&emulator, "after=0-1")
            .await
            .starts_with("event: reset\nid: 1-0\ndata: {}\n\nevent: token.issued\n")
    );
}

#[tokio::test]
async fn the_stream_of_an_org_ends_with_it_and_knows_nothing_of_others() {
    let emulator = TestEmulator::start().await;
    let other = Other::make(&emulator, json!({})).await;
    let url = format!("{}/__admin/orgs/{}/events", emulator.base(), other.id);
    let mut events = Events::open(&url, None).await;
    emulator.guest_client_token().await;
    other.token().await;
    assert_eq!(events.expect("token.issued").await["clientId"], other.text("clientId"));
    emulator.client.admin("DELETE", &format!("/orgs/{}", other.id), None).await;
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn a_stop_ends_the_streams() {
    let emulator = TestEmulator::start().await;
    let events = emulator.events("").await;
    emulator.emulator.stop().await;
    assert_eq!(events.kinds().await, [""; 0]);
}

#[tokio::test]
async fn people_guests_keys_and_connections_are_told_of_too() {
    let emulator = TestEmulator::start().await;
    let jwt = emulator.guest_jwt().await;
    let guest = format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}&token={jwt}");
    drop(emulator.upgrade(&guest).await.unwrap());
    emulator.events("type=connection.closed").await.expect("connection.closed").await;
    emulator.client.admin("POST", "/keys/platform/rotate", None).await;
    let wanted = json!({ "deploymentId": AUTHENTICATED_DEPLOYMENT, "person": { "subject": "alice" } });
    let made = emulator.client.admin("POST", "/person-tokens", Some(&wanted)).await.json();
    let alice = made["jwt"].as_str().unwrap();
    let mut sockets = Vec::new();
    for _ in 0..4 {
        let mut socket = emulator.socket(AUTHENTICATED_DEPLOYMENT).await;
        socket
            .send(json!({
                "action": "configureAuthenticatedSession", "deploymentId": AUTHENTICATED_DEPLOYMENT, "token": TOKEN,
                "data": { "code": alice },
            }))
            .await;
        assert_eq!(socket.next().await["body"]["connected"], true);
        sockets.push(socket);
    }
    let revoke = "/api/v2/webdeployments/token/revoke";
    let bearer = format!("bearer {alice}");
    emulator.client.send("DELETE", revoke, &[("authorization", &bearer)], "").await;
    assert_snapshot!(all(&emulator, "").await, @r#"
event: token.issued
id: 0-1
data: {"time":"2026-01-02T03:04:05.000Z","clientId":"emulator-guest-client"}

event: guest.created
id: 0-2
data: {"time":"2026-01-02T03:04:05.000Z","conversationId":"1e9633d6-2cfc-4ae3-bfdb-6974da189285","guestId":"guest-393143b4-fb53-4864-af9f-18961d578d5e","clientId":"emulator-guest-client"}

event: connection.opened
id: 0-3
data: {"time":"2026-01-02T03:04:05.000Z","deploymentId":"00000000-0000-4000-8000-0000000000cb","guestId":"guest-393143b4-fb53-4864-af9f-18961d578d5e","connection":3}

event: connection.closed
id: 0-4
data: {"time":"2026-01-02T03:04:05.000Z","deploymentId":"00000000-0000-4000-8000-0000000000cb","guestId":"guest-393143b4-fb53-4864-af9f-18961d578d5e","connection":3}

event: key.rotated
id: 0-5
data: {"time":"2026-01-02T03:04:05.000Z","ring":"platform","kid":"emulator-b9085a92f235"}

event: connection.opened
id: 0-6
data: {"time":"2026-01-02T03:04:05.000Z","deploymentId":"00000000-0000-4000-8000-0000000000cd","connection":4}

event: person.signedIn
id: 0-7
data: {"time":"2026-01-02T03:04:05.000Z","session":"(redacted d123dc23)","deploymentId":"00000000-0000-4000-8000-0000000000cd","subject":"alice"}

event: session.configured
id: 0-8
data: {"time":"2026-01-02T03:04:05.000Z","session":"(redacted d123dc23)","deploymentId":"00000000-0000-4000-8000-0000000000cd","connection":4,"newSession":true,"readOnly":false}

event: connection.opened
id: 0-9
data: {"time":"2026-01-02T03:04:05.000Z","deploymentId":"00000000-0000-4000-8000-0000000000cd","connection":5}

event: session.configured
id: 0-10
data: {"time":"2026-01-02T03:04:05.000Z","session":"(redacted d123dc23)","deploymentId":"00000000-0000-4000-8000-0000000000cd","connection":5,"newSession":false,"readOnly":false}

event: connection.opened
id: 0-11
data: {"time":"2026-01-02T03:04:05.000Z","deploymentId":"00000000-0000-4000-8000-0000000000cd","connection":6}

event: session.configured
id: 0-12
data: {"time":"2026-01-02T03:04:05.000Z","session":"(redacted d123dc23)","deploymentId":"00000000-0000-4000-8000-0000000000cd","connection":6,"newSession":false,"readOnly":false}

event: connection.opened
id: 0-13
data: {"time":"2026-01-02T03:04:05.000Z","deploymentId":"00000000-0000-4000-8000-0000000000cd","connection":7}

event: connection.evicted
id: 0-14
data: {"time":"2026-01-02T03:04:05.000Z","session":"(redacted d123dc23)","deploymentId":"00000000-0000-4000-8000-0000000000cd","connection":4}

event: session.configured
id: 0-15
data: {"time":"2026-01-02T03:04:05.000Z","session":"(redacted d123dc23)","deploymentId":"00000000-0000-4000-8000-0000000000cd","connection":7,"newSession":false,"readOnly":false}

event: person.signedOut
id: 0-16
data: {"time":"2026-01-02T03:04:05.000Z","session":"(redacted d123dc23)","deploymentId":"00000000-0000-4000-8000-0000000000cd"}
"#);
}

#[tokio::test]
async fn what_a_session_comes_to_is_told() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator).await;
    socket.say(TOKEN, "Hi").await;
    socket.next().await;
    let clear =
        json!({ "type": "Event", "events": [{ "eventType": "Presence", "presence": { "type": "Clear" } }] });
    socket.send(json!({ "action": "onMessage", "token": TOKEN, "message": clear })).await;
    for _ in 0..3 {
        socket.next().await;
    }
    socket.configure(DEPLOYMENT, TOKEN).await;
    socket.say(TOKEN, "Hi again").await;
    socket.next().await;
    emulator.advance("73h").await;
    let text = all(&emulator, "").await;
    let lines: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("event: ")).collect();
    let endings: Vec<_> = text.split(r#""ending":""#).skip(1).map(|rest| &rest[..7]).collect();
    assert_snapshot!(lines.join(" "), @"connection.opened session.configured conversation.started participant.joined participant.joined message.inbound presence.clear session.cleared participant.left participant.left conversation.ended session.configured conversation.started participant.joined participant.joined message.inbound message.outbound session.expired participant.left participant.left conversation.ended");
    assert_eq!(endings, ["cleared", "expired"]);
}

#[tokio::test]
async fn neither_tokens_nor_attributes_are_told() {
    let emulator = TestEmulator::start().await;
    let jwt = emulator.guest_jwt().await;
    let mut socket = session(&emulator).await;
    let channel = json!({ "metadata": { "customAttributes": { "plan": "SENTINEL" } } });
    let message = json!({ "type": "Text", "text": "Hi", "channel": channel });
    socket.send(json!({ "action": "onMessage", "token": TOKEN, "message": message })).await;
    socket.next().await;
    let text = all(&emulator, "").await;
    for secret in [TOKEN, "SENTINEL", "gold", jwt.as_str(), "emulator-guest-secret"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}

#[tokio::test]
async fn files_of_guests_are_told_of() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator).await;
    upload(&emulator, &mut socket, TOKEN, "a.png", "image/png", PNG).await;
    upload(&emulator, &mut socket, TOKEN, "b.gif", "image/gif", PNG).await;
    assert_snapshot!(all(&emulator, "type=attachment").await, @r#"
event: attachment.uploaded
id: 0-3
data: {"time":"2026-01-02T03:04:05.000Z","session":"(redacted d123dc23)","deploymentId":"00000000-0000-4000-8000-0000000000cc","attachmentId":"d6adeb37-4e4c-4e91-839a-884fd39f0365","fileName":"a.png"}

event: attachment.failed
id: 0-4
data: {"time":"2026-01-02T03:04:05.000Z","session":"(redacted d123dc23)","deploymentId":"00000000-0000-4000-8000-0000000000cc","attachmentId":"4b7cc111-5284-4c9e-b67f-81c1714229c6","errorCode":4003,"errorMessage":"The file is a PNG image, which does not match its type image/gif"}
"#);
}
