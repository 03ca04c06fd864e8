//! What a guest JWT means to the session: its participant, its end, and coming back.

use futures_util::SinkExt;
use insta::assert_snapshot;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::{OTHER, TOKEN};
use crate::support::{DEPLOYMENT, GUEST_TOKEN_DEPLOYMENT, Socket, TestEmulator};

/// A guest JWT; with a guest's id it is a fresh one of that guest.
async fn jwt(emulator: &TestEmulator, body: Value) -> (String, Value) {
    let token = emulator.guest_client_token().await;
    let answer = emulator.client.post("/api/v2/webchat/guest", Some(&token), &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let answer = answer.json();
    (answer["access_token"].as_str().unwrap().to_owned(), answer["guestId"].clone())
}

async fn guest(emulator: &TestEmulator, deployment: &str, jwt: &str) -> Socket {
    let target = format!("/v1?deploymentId={deployment}&token={jwt}");
    emulator.upgrade(&target).await.unwrap()
}

#[tokio::test]
async fn id_name_and_attributes_of_the_guest_become_the_participant() {
    let emulator = TestEmulator::start().await;
    let body = json!({ "name": "Ann", "customAttributes": { "plan": "gold", "seats": 3 } });
    let (jwt, _) = jwt(&emulator, body).await;
    let mut socket = guest(&emulator, GUEST_TOKEN_DEPLOYMENT, &jwt).await;
    socket.configure(GUEST_TOKEN_DEPLOYMENT, TOKEN).await;
    assert_eq!(emulator.client.admin("GET", "/conversations", None).await.json()["entities"], json!([]));
    let channel = json!({ "metadata": { "customAttributes": { "page": "cart" } } });
    socket
        .send(json!({ "action": "onMessage", "token": TOKEN, "message": { "type": "Text", "text": "hi" }, "channel": channel }))
        .await;
    socket.next().await;
    assert_snapshot!(emulator.client.admin("GET", "/conversations", None).await.text, @r#"{"entities":[{"id":"1e9633d6-2cfc-4ae3-bfdb-6974da189285","deploymentId":"00000000-0000-4000-8000-0000000000cb","contactId":"4ad1eaee-27d0-4509-986d-6aea7216eed2","session":"(redacted d123dc23)","startTime":"2026-01-02T03:04:05.000Z","participants":[{"id":"9dbdb957-9583-476d-afd5-45e860dd5731","purpose":"customer","name":"Ann","guestId":"guest-393143b4-fb53-4864-af9f-18961d578d5e","attributes":{"page":"cart","plan":"gold","seats":"3"},"startTime":"2026-01-02T03:04:05.000Z"},{"id":"8f9f806b-2f18-429c-a727-0cca3baecdbd","purpose":"workflow","name":"echo","attributes":{},"startTime":"2026-01-02T03:04:05.000Z"}]}],"next":null}"#);
}

#[tokio::test]
async fn at_its_expiry_the_socket_is_told_and_stays_open_but_says_no() {
    let emulator = TestEmulator::start().await;
    let jwt = emulator.guest_jwt().await;
    let mut socket = guest(&emulator, GUEST_TOKEN_DEPLOYMENT, &jwt).await;
    socket.configure(GUEST_TOKEN_DEPLOYMENT, TOKEN).await;
    assert_eq!(emulator.advance("1799s").await["fired"], 0);
    assert_eq!(emulator.advance("1s").await["fired"], 1);
    assert_snapshot!(socket.next_text().await, @r#"{"type":"response","class":"string","code":401,"body":"Authentication token has expired"}"#);
    for action in ["onMessage", "echo", "getJwt", "configureSession"] {
        let frame = json!({
            "action": action, "token": TOKEN, "tracingId": action, "deploymentId": GUEST_TOKEN_DEPLOYMENT,
            "message": { "type": "Text", "text": "still there?" },
        });
        socket.send(frame).await;
        let refused = socket.next().await;
        assert_eq!((&refused["class"], &refused["code"]), (&json!("string"), &json!(401)), "{action}");
        assert_eq!(refused["tracingId"], action);
    }
    socket.stream.send(Message::Ping("open".into())).await.unwrap();
    emulator.advance("1h").await;
    assert!(emulator.journal("kind=frameOut").await.len() == 6, "nothing else was said");
}

#[tokio::test]
async fn a_fresh_token_of_the_same_guest_goes_on_with_the_session_on_a_new_socket() {
    let emulator = TestEmulator::start().await;
    let (first, id) = jwt(&emulator, json!({ "name": "Ann" })).await;
    let mut before = guest(&emulator, GUEST_TOKEN_DEPLOYMENT, &first).await;
    before.configure(GUEST_TOKEN_DEPLOYMENT, TOKEN).await;
    before.say(TOKEN, "before").await;
    emulator.advance("1h").await;
    let (fresh, same) = jwt(&emulator, json!({ "guestId": id })).await;
    assert_eq!(id, same);
    let mut after = guest(&emulator, GUEST_TOKEN_DEPLOYMENT, &fresh).await;
    let answer = after.configure(GUEST_TOKEN_DEPLOYMENT, TOKEN).await;
    assert_eq!(answer["body"]["newSession"], false);
    after.say(TOKEN, "after").await;
    assert_eq!(after.next().await["body"]["text"], "after");
    let all = emulator.client.admin("GET", "/conversations", None).await.json();
    assert_eq!(all["entities"].as_array().unwrap().len(), 1, "one conversation goes on");
    let one = format!("/conversations/{}", all["entities"][0]["id"].as_str().unwrap());
    let texts = emulator.client.admin("GET", &one, None).await.json()["messages"].clone();
    let texts: Vec<_> = texts.as_array().unwrap().iter().map(|message| message["text"].clone()).collect();
    assert_eq!(texts, ["before", "You said: before", "after"]);
}

#[tokio::test]
async fn a_session_that_begins_with_start_new_has_the_conversation_of_the_guest() {
    let emulator = TestEmulator::start().await;
    let (jwt, id) = jwt(&emulator, json!({ "name": "Ann" })).await;
    let mut socket = guest(&emulator, DEPLOYMENT, &jwt).await;
    socket
        .send(json!({ "action": "configureSession", "deploymentId": DEPLOYMENT, "token": TOKEN, "startNew": true }))
        .await;
    assert_eq!(socket.next().await["body"]["newSession"], true);
    socket.say(TOKEN, "hello").await;
    socket.next().await;
    let access = emulator.token("emulator-client", "emulator-secret").await;
    let shown = format!("/api/v2/webchat/guest/{}", id.as_str().unwrap());
    let shown = emulator.client.get(&shown, Some(&access)).await.json();
    let all = emulator.client.admin("GET", "/conversations", None).await.json();
    assert_eq!(all["entities"][0]["id"], shown["conversationId"]);
}

#[tokio::test]
async fn another_guest_cannot_have_the_session() {
    let emulator = TestEmulator::start().await;
    let (ann, _) = jwt(&emulator, json!({ "name": "Ann" })).await;
    let (bob, _) = jwt(&emulator, json!({ "name": "Bob" })).await;
    let mut first = guest(&emulator, DEPLOYMENT, &ann).await;
    first.configure(DEPLOYMENT, TOKEN).await;
    let mut second = guest(&emulator, DEPLOYMENT, &bob).await;
    second.send(json!({ "action": "configureSession", "deploymentId": DEPLOYMENT, "token": TOKEN })).await;
    let refused = second.next_text().await;
    assert_snapshot!(refused, @r#"{"type":"response","class":"string","code":403,"body":"The session belongs to another guest"}"#);
    let mut nobody = emulator.socket(DEPLOYMENT).await;
    nobody.send(json!({ "action": "configureSession", "deploymentId": DEPLOYMENT, "token": TOKEN })).await;
    assert_eq!(nobody.next_text().await, refused, "nor can somebody without a token");
    second.say(TOKEN, "let me in").await;
    assert_eq!(second.next().await["code"], 400);
}

#[tokio::test]
async fn a_guest_who_comes_back_with_another_session_finds_the_human_still_there_and_no_bot() {
    let emulator = TestEmulator::start().await;
    let (jwt, _) = jwt(&emulator, json!({ "name": "Ann" })).await;
    let mut first = guest(&emulator, DEPLOYMENT, &jwt).await;
    first.configure(DEPLOYMENT, TOKEN).await;
    first.say(TOKEN, "agent").await;
    emulator.advance("200ms").await;
    emulator.by_hand("messages", json!({ "text": "How can I help?" })).await;
    let mut second = guest(&emulator, DEPLOYMENT, &jwt).await;
    second.configure(DEPLOYMENT, OTHER).await;
    second.say(OTHER, "it is me again").await;
    assert_eq!(second.next().await["body"]["text"], "it is me again");
    assert_eq!(emulator.advance("1m").await["fired"], 0, "the bot has left");
    emulator.by_hand("messages", json!({ "text": "Welcome back" })).await;
    assert_eq!(second.next().await["body"]["text"], "Welcome back");
    let known = emulator.conversation().await;
    let sides: Vec<_> =
        known["participants"].as_array().unwrap().iter().map(|one| one["purpose"].clone()).collect();
    assert_eq!(json!(sides), json!(["customer", "workflow", "acd", "agent"]));
}

#[tokio::test]
async fn a_guest_whom_a_reset_has_forgotten_is_as_its_token_says() {
    let emulator = TestEmulator::start().await;
    let body = json!({ "name": "Ann", "customAttributes": { "plan": "gold" } });
    let (jwt, id) = jwt(&emulator, body).await;
    let show = async || {
        let access = emulator.token("emulator-client", "emulator-secret").await;
        let path = format!("/api/v2/webchat/guest/{}", id.as_str().unwrap());
        emulator.client.get(&path, Some(&access)).await.json()
    };
    let before = show().await;
    emulator.client.admin("POST", "/reset", None).await;
    assert_eq!(show().await["status"], 404);
    let mut socket = guest(&emulator, GUEST_TOKEN_DEPLOYMENT, &jwt).await;
    let note = format!("guest {} was not known, and is now as the token says", id.as_str().unwrap());
    assert_eq!(emulator.journal("surface=webmessaging&kind=http").await[0]["notes"], json!([note]));
    assert_eq!(show().await, before);
    socket.configure(GUEST_TOKEN_DEPLOYMENT, TOKEN).await;
    socket.say(TOKEN, "hi").await;
    socket.next().await;
    let known = emulator.conversation().await;
    assert_eq!(known["id"], before["conversationId"]);
    let customer = &known["participants"][0];
    assert_eq!((&customer["name"], &customer["attributes"]), (&json!("Ann"), &json!({ "plan": "gold" })));
}

#[tokio::test]
async fn a_guest_who_has_come_back_is_nobody_who_is_made_since() {
    let emulator = TestEmulator::start().await;
    let access = emulator.guest_client_token().await;
    emulator.client.get("/api/v2/tokens/me", Some(&access)).await;
    let made = emulator.client.post("/api/v2/webchat/guest", Some(&access), &json!({})).await.json();
    emulator.client.admin("POST", "/reset", None).await;
    let access = emulator.guest_client_token().await;
    guest(&emulator, GUEST_TOKEN_DEPLOYMENT, made["access_token"].as_str().unwrap()).await;
    // the third visit again, which drew the other's id
    let other = emulator.client.post("/api/v2/webchat/guest", Some(&access), &json!({})).await.json();
    assert_ne!(other["guestId"], made["guestId"]);
}

/// Name and attributes of the guest in the conversation, whose agents see the same.
async fn participant(emulator: &TestEmulator) -> (Value, Value) {
    let customer = emulator.conversation().await["participants"][0].clone();
    (customer["name"].clone(), customer["attributes"].clone())
}

#[tokio::test]
async fn what_a_renewal_says_reaches_the_conversation_when_the_guest_comes_back() {
    let emulator = TestEmulator::start().await;
    let body = json!({ "name": "Ann", "customAttributes": { "plan": "gold", "page": "cart" } });
    let (first, id) = jwt(&emulator, body).await;
    let mut before = guest(&emulator, GUEST_TOKEN_DEPLOYMENT, &first).await;
    before.configure(GUEST_TOKEN_DEPLOYMENT, TOKEN).await;
    before.say(TOKEN, "before").await;
    before.next().await;
    let body = json!({ "guestId": id, "name": "Anna", "customAttributes": { "plan": "silver" } });
    let (fresh, _) = jwt(&emulator, body).await;
    assert_eq!(participant(&emulator).await.0, "Ann", "nobody has come yet");
    let mut after = guest(&emulator, GUEST_TOKEN_DEPLOYMENT, &fresh).await;
    after.configure(GUEST_TOKEN_DEPLOYMENT, TOKEN).await;
    let (name, attributes) = participant(&emulator).await;
    assert_eq!((name, attributes), (json!("Anna"), json!({ "plan": "silver", "page": "cart" })));

    // what agents write is not undone by a guest of whom nothing new is said
    let access = emulator.token("emulator-client", "emulator-secret").await;
    let known = emulator.conversation().await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let path = format!(
        "/api/v2/conversations/{}/participants/{}/attributes",
        text(&known["id"]),
        text(&known["participants"][0]["id"])
    );
    let bearer = format!("Bearer {access}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let body = json!({ "attributes": { "plan": "bronze" } }).to_string();
    assert_eq!(emulator.client.send("PATCH", &path, &headers, body).await.status, 202);
    let (same, _) = jwt(&emulator, json!({ "guestId": id, "name": "Anna" })).await;
    let mut again = guest(&emulator, GUEST_TOKEN_DEPLOYMENT, &same).await;
    again.configure(GUEST_TOKEN_DEPLOYMENT, TOKEN).await;
    assert_eq!(participant(&emulator).await.1["plan"], "bronze");
}

#[tokio::test]
async fn so_it_does_when_the_guest_comes_back_with_another_session() {
    let emulator = TestEmulator::start().await;
    let (first, id) = jwt(&emulator, json!({ "name": "Ann" })).await;
    let mut before = guest(&emulator, DEPLOYMENT, &first).await;
    before.configure(DEPLOYMENT, TOKEN).await;
    before.say(TOKEN, "before").await;
    before.next().await;
    let body = json!({ "guestId": id, "name": "Anna", "customAttributes": { "plan": "gold" } });
    let (fresh, _) = jwt(&emulator, body).await;
    let mut after = guest(&emulator, DEPLOYMENT, &fresh).await;
    after.configure(DEPLOYMENT, OTHER).await;
    after.say(OTHER, "after").await;
    after.next().await;
    assert_eq!(participant(&emulator).await, (json!("Anna"), json!({ "plan": "gold" })));
}

#[tokio::test]
async fn a_socket_that_was_never_configured_is_told_of_the_expiry_too() {
    let emulator = TestEmulator::start().await;
    let jwt = emulator.guest_jwt().await;
    let mut socket = guest(&emulator, GUEST_TOKEN_DEPLOYMENT, &jwt).await;
    assert_eq!(emulator.advance("30m").await["fired"], 1);
    assert_snapshot!(socket.next_text().await, @r#"{"type":"response","class":"string","code":401,"body":"Authentication token has expired"}"#);
    let frame =
        json!({ "action": "configureSession", "deploymentId": GUEST_TOKEN_DEPLOYMENT, "token": TOKEN });
    socket.send(frame).await;
    assert_eq!(socket.next().await["code"], 401);
}
