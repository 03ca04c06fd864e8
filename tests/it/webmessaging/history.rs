//! `getJwt`, and `GET /api/v2/webmessaging/messages`.

use insta::assert_snapshot;
use serde_json::json;

use super::{OTHER, TOKEN, session};
use crate::support::{Socket, TestEmulator};

const MESSAGES: &str = "/api/v2/webmessaging/messages";

async fn jwt(socket: &mut Socket, token: &str) -> String {
    socket.send(json!({ "action": "getJwt", "token": token })).await;
    socket.next().await["body"]["jwt"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_jwt_names_its_expiry_a_minute_from_now() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    socket.send(json!({ "action": "getJwt", "token": TOKEN, "tracingId": "t" })).await;
    let answer = socket.next().await;
    assert_eq!(
        json!([answer["type"], answer["class"], answer["code"], answer["tracingId"]]),
        json!(["response", "JwtResponse", 200, "t"])
    );
    let start = "2026-01-02T03:04:05Z".parse::<jiff::Timestamp>().unwrap().as_second();
    assert_eq!(answer["body"]["exp"], start + 60);
}

#[tokio::test]
async fn the_history_is_newest_first_and_spells_messages_as_the_frames_did() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    socket.say(TOKEN, "card").await;
    emulator.advance("200ms").await;
    socket.send(json!({ "action": "echo", "token": TOKEN })).await;
    let (echo, reply) = (socket.next_text().await, socket.next_text().await);
    socket.next().await;
    let jwt = jwt(&mut socket, TOKEN).await;
    let page = emulator.client.get(MESSAGES, Some(&jwt)).await;
    assert_snapshot!(page.text, @r#"{"entities":[{"id":"33ae5468dd2e2a39de6261ba65b9b15f","type":"Structured","text":"Oslo","direction":"Outbound","channel":{"time":"2026-01-02T03:04:05.200Z"},"content":[{"contentType":"Card","card":{"title":"Oslo","description":"3 nights","actions":[{"type":"Link","text":"Details","url":"https://shop.example.test/oslo"},{"type":"Postback","text":"Book","payload":"BOOK_OSLO"}]}}],"originatingEntity":"Bot","metadata":{"correlationId":"a2c7813d-d93e-4cc4-a7ca-f3790cfd8229"}},{"id":"4f410b89b1a91c27f7db45993a9a0456","type":"Text","text":"card","direction":"Inbound","channel":{"time":"2026-01-02T03:04:05.000Z","messageId":"46567ffd-08dc-4d37-8ed5-793c03df774b"},"metadata":{"correlationId":"d851db21-6b95-448b-a9e2-986118434a89"}}],"pageSize":25,"pageNumber":1,"total":2,"pageCount":1}"#);
    let body = |frame: &str| {
        let (_, body) = frame.split_once(r#""body":"#).unwrap();
        body.strip_suffix('}').unwrap().to_owned()
    };
    assert!(page.text.starts_with(&format!(r#"{{"entities":[{},{}],"#, body(&reply), body(&echo))));
}

#[tokio::test]
async fn pages_have_their_size_and_there_is_an_empty_one_past_the_end() {
    let emulator = TestEmulator::unlimited().await;
    let mut socket = session(&emulator, TOKEN).await;
    for n in 0..7 {
        socket.say(TOKEN, &n.to_string()).await;
        socket.next().await;
    }
    let jwt = jwt(&mut socket, TOKEN).await;
    let mut pages = Vec::new();
    for page in 1..=4 {
        let answer =
            emulator.client.get(&format!("{MESSAGES}?pageNumber={page}&pageSize=3"), Some(&jwt)).await.json();
        let counts = json!([answer["pageNumber"], answer["pageSize"], answer["total"], answer["pageCount"]]);
        assert_eq!(counts, json!([page, 3, 7, 3]));
        let texts: Vec<_> =
            answer["entities"].as_array().unwrap().iter().map(|one| one["text"].clone()).collect();
        pages.push(texts);
    }
    assert_eq!(json!(pages), json!([["6", "5", "4"], ["3", "2", "1"], ["0"], []]));
    let usual = emulator.client.get(MESSAGES, Some(&jwt)).await.json();
    assert_eq!((&usual["pageNumber"], &usual["pageSize"]), (&json!(1), &json!(25)));
    for wrong in ["pageNumber=0", "pageNumber=x", "pageSize=0", "pageSize=-1"] {
        let answer = emulator.client.get(&format!("{MESSAGES}?{wrong}"), Some(&jwt)).await;
        assert_eq!(answer.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn an_empty_session_has_an_empty_history() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    let bearer = format!("bearer {}", jwt(&mut socket, TOKEN).await);
    let headers = [("authorization", bearer.as_str()), ("origin", "mypurecloud.com")];
    let answer = emulator.client.send("GET", MESSAGES, &headers, "").await;
    assert_snapshot!(answer.text, @r#"{"entities":[],"pageSize":25,"pageNumber":1,"total":0,"pageCount":0}"#);
}

#[tokio::test]
async fn a_history_without_jwt_is_refused() {
    let emulator = TestEmulator::start().await;
    let answer = emulator.client.get(MESSAGES, None).await;
    assert_eq!((answer.status, answer.json()["code"].clone()), (401, json!("authentication.required")));
    assert_snapshot!(answer.text, @r#"{"message":"No authentication bearer token specified in authorization header.","code":"authentication.required","status":401,"contextId":"1f4000f2-f7ae-4856-8af7-364288c30816","details":[],"errors":[]}"#);
}

#[tokio::test]
async fn other_tokens_open_no_history() {
    let emulator = TestEmulator::start().await;
    let access = emulator.guest_client_token().await;
    let guest = emulator.guest_jwt().await;
    for (token, rule) in [
        (access.as_str(), "guest_token.is_an_access_token"),
        (guest.as_str(), "audience.mismatch"),
        ("garbage", "guest_token.foreign"),
    ] {
        let answer = emulator.client.get(MESSAGES, Some(token)).await;
        assert_eq!((answer.status, answer.json()["code"].clone()), (401, json!("bad.credentials")));
        assert_eq!(emulator.last_refusal().await["rule"], rule);
    }
}

#[tokio::test]
async fn a_jwt_is_dead_after_a_minute_and_the_next_one_is_good() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    let old = jwt(&mut socket, TOKEN).await;
    emulator.advance("59s").await;
    assert_eq!(emulator.client.get(MESSAGES, Some(&old)).await.status, 200);
    emulator.advance("2s").await;
    assert_eq!(emulator.client.get(MESSAGES, Some(&old)).await.status, 401);
    assert_eq!(emulator.last_refusal().await["rule"], "token.expired");
    let fresh = jwt(&mut socket, TOKEN).await;
    assert_eq!(emulator.client.get(MESSAGES, Some(&fresh)).await.status, 200);
}

#[tokio::test]
async fn a_jwt_shows_the_history_of_its_own_session_alone() {
    let emulator = TestEmulator::start().await;
    let (mut ann, mut bob) = (session(&emulator, TOKEN).await, session(&emulator, OTHER).await);
    ann.say(TOKEN, "secret").await;
    ann.next().await;
    let foreign = jwt(&mut bob, OTHER).await;
    let page = emulator.client.get(MESSAGES, Some(&foreign)).await;
    assert_eq!(page.json()["total"], 0);
    bob.send(json!({ "action": "getJwt", "token": TOKEN })).await;
    let refused = bob.next().await;
    assert_eq!(
        (&refused["class"], &refused["code"]),
        (&json!("string"), &json!(400)),
        "a token alone opens nothing"
    );
}
