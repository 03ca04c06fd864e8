//! Every error code of the socket that a rule of this platform causes, and the rule.
//!
//! | code | rule | tested |
//! |---|---|---|
//! | 400 | a frame that cannot be read, asks for nothing known, or does not fit its connection | here, `errors`, `configure` |
//! | 401 | the guest token has expired; the JWT of a person is not good | `guest_session`, `authenticated` |
//! | 403 | typing, clearing, signing in or guests are not enabled; somebody else's session | here, `authenticated`, `ending` |
//! | 404 | `getConfiguration` of a deployment that is not there | here |
//! | 409 | a message when the conversation has ended read-only | here, `configure` |
//! | 429 | a limit is used up | `limits` |
//! | 4006 | a session that has expired, on a connection that was not configured for it; others get `SessionExpiredEvent` | here, `expiry` |
//! | 4007 | no session of this token | here, `errors` |
//! | 4011 | a text of more than 4096 bytes | here, `messages` |
//! | 4013 | custom attributes of more than 2048 bytes | here, `messages` |
//! | 4017 | a guest's configuration of a session whose person has signed in | `authenticated` |
//! | 4020 | `message`, or `token` where no session is configured, is missing; of a configuration it is 400 | here, `echo` |
//!
//! The strictest client takes 400 for an event and 4020 for nothing to speak of, but 400 for fatal while it configures:
//! there nothing else may be said.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{OTHER, TOKEN, session};
use crate::support::{AUTHENTICATED_DEPLOYMENT, DEPLOYMENT, Socket, TestEmulator};

const WORLD: &str = r#"
name: strict
world: { orgs: [{ deployments: { plain: { id: plain, typingIndicators: false, conversationClear: false } } }] }
"#;

async fn answer(socket: &mut Socket, frame: Value) -> String {
    socket.send(frame).await;
    socket.next_text().await
}

fn event(event: Value) -> Value {
    json!({ "action": "onMessage", "token": TOKEN, "message": { "type": "Event", "events": [event] } })
}

fn configure(token: &str, deployment: Option<&str>) -> Value {
    let mut frame = json!({ "action": "configureSession", "token": token });
    if let Some(id) = deployment {
        frame["deploymentId"] = json!(id);
    }
    frame
}

#[tokio::test]
async fn what_is_missing_is_4020_but_400_of_a_configuration() {
    let emulator = TestEmulator::start().await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    let mut answers = Vec::new();
    for frame in [
        json!({ "action": "onMessage", "message": { "text": "Hi" } }),
        json!({ "action": "getJwt", "token": "" }),
        json!({ "action": "closeSession", "token": null }),
        json!({ "action": "configureSession", "deploymentId": DEPLOYMENT }),
        configure("", Some(DEPLOYMENT)),
        configure(TOKEN, None),
        configure(TOKEN, Some("")),
        json!({ "action": "configureAuthenticatedSession", "deploymentId": DEPLOYMENT }),
        configure(TOKEN, Some(DEPLOYMENT)),
        json!({ "action": "onMessage", "token": TOKEN }),
    ] {
        answers.push(answer(&mut socket, frame).await);
    }
    assert_snapshot!(answers.join("\n"), @r#"
    {"type":"response","class":"string","code":4020,"body":"token is missing, and this connection was configured for no session"}
    {"type":"response","class":"string","code":4020,"body":"token is missing, and this connection was configured for no session"}
    {"type":"response","class":"string","code":4020,"body":"token is missing, and this connection was configured for no session"}
    {"type":"response","class":"string","code":400,"body":"token is missing"}
    {"type":"response","class":"string","code":400,"body":"token is missing"}
    {"type":"response","class":"string","code":400,"body":"deploymentId is missing"}
    {"type":"response","class":"string","code":400,"body":"deploymentId is missing"}
    {"type":"response","class":"string","code":400,"body":"token is missing"}
    {"type":"response","class":"SessionResponse","code":200,"body":{"connected":true,"newSession":true,"readOnly":false,"maxCustomDataBytes":2048,"allowedMedia":{"inbound":{"fileTypes":[{"type":"*/*"}],"maxFileSizeKB":10240}},"blockedExtensions":[".exe",".bat",".cmd",".msi",".sh"],"clearedExistingSession":false,"durationSeconds":259200,"expirationDate":1767582245}}
    {"type":"response","class":"string","code":4020,"body":"message is missing"}
    "#);
}

#[tokio::test]
async fn what_is_wrong_with_a_configuration_is_400_or_403() {
    let emulator = TestEmulator::yaml(WORLD).await;
    emulator.socket("plain").await.configure("plain", OTHER).await;
    let mut answers = Vec::new();
    for (upgraded, token, configured) in [
        (DEPLOYMENT, TOKEN, "plain"),
        (DEPLOYMENT, OTHER, DEPLOYMENT),
        (DEPLOYMENT, &*"x".repeat(129), DEPLOYMENT),
        (AUTHENTICATED_DEPLOYMENT, TOKEN, AUTHENTICATED_DEPLOYMENT),
    ] {
        let mut socket = emulator.socket(upgraded).await;
        answers.push(answer(&mut socket, configure(token, Some(configured))).await);
    }
    assert_snapshot!(answers.join("\n"), @r#"
    {"type":"response","class":"string","code":400,"body":"deploymentId is \"plain\", but the socket was opened for 00000000-0000-4000-8000-0000000000cc"}
    {"type":"response","class":"string","code":400,"body":"The token belongs to a session of another deployment"}
    {"type":"response","class":"string","code":400,"body":"token is longer than 128 bytes"}
    {"type":"response","class":"string","code":403,"body":"Session authentication failed: this deployment admits authenticated sessions only"}
    "#);
    let mut socket = emulator.socket(DEPLOYMENT).await;
    let longest = configure(&"x".repeat(128), Some(DEPLOYMENT));
    assert!(answer(&mut socket, longest).await.contains("SessionResponse"));
}

#[tokio::test]
async fn what_is_not_enabled_is_403() {
    let emulator = TestEmulator::yaml(WORLD).await;
    let mut socket = emulator.socket("plain").await;
    socket.configure("plain", TOKEN).await;
    let mut answers = Vec::new();
    for frame in [
        event(json!({ "eventType": "Typing", "typing": { "type": "On" } })),
        event(json!({ "eventType": "Presence", "presence": { "type": "Clear" } })),
    ] {
        answers.push(answer(&mut socket, frame).await);
    }
    assert_snapshot!(answers.join("\n"), @r#"
    {"type":"response","class":"string","code":403,"body":"Typing indicators are not enabled for this deployment"}
    {"type":"response","class":"string","code":403,"body":"Conversation Clear is not enabled for this deployment"}
    "#);
}

#[tokio::test]
async fn a_configuration_of_another_deployment_is_400_and_of_none_404() {
    let emulator = TestEmulator::start().await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    let mut answers = Vec::new();
    for id in [AUTHENTICATED_DEPLOYMENT, "nowhere"] {
        answers.push(answer(&mut socket, json!({ "action": "getConfiguration", "deploymentId": id })).await);
    }
    assert_snapshot!(answers.join("\n"), @r#"
    {"type":"response","class":"string","code":400,"body":"The socket was opened for another deployment"}
    {"type":"response","class":"string","code":404,"body":"There is no such deployment"}
    "#);
}

#[tokio::test]
async fn an_ended_conversation_is_409_and_what_is_too_long_4011_or_4013() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    let say = |text: &str, attribute: &str| {
        let channel = json!({ "metadata": { "customAttributes": { "a": attribute } } });
        json!({ "action": "onMessage", "token": TOKEN, "message": { "text": text, "channel": channel } })
    };
    let mut answers = Vec::new();
    for frame in [say(&"x".repeat(4097), ""), say("Hi", &"x".repeat(2048))] {
        answers.push(answer(&mut socket, frame).await);
    }
    answer(&mut socket, say("bye", "")).await;
    emulator.advance("1s").await;
    for _ in ["Goodbye.", "Disconnect"] {
        socket.next().await;
    }
    answers.push(answer(&mut socket, say("one more thing", "")).await);
    assert_snapshot!(answers.join("\n"), @r#"
    {"type":"response","class":"string","code":4011,"body":"Text has 4097 bytes, limit 4096"}
    {"type":"response","class":"string","code":4013,"body":"Custom attributes have 2049 bytes, limit 2048"}
    {"type":"response","class":"string","code":409,"body":"The conversation has ended and the session is read-only"}
    "#);
}

#[tokio::test]
async fn an_expired_session_is_an_event_where_it_was_configured_and_4006_elsewhere() {
    let emulator = TestEmulator::start().await;
    let mut here = session(&emulator, TOKEN).await;
    emulator.advance("72h").await;
    assert_eq!(here.next().await["class"], "SessionExpiredEvent");
    let mut elsewhere = emulator.socket(DEPLOYMENT).await;
    let mut answers = Vec::new();
    for frame in [
        json!({ "action": "onMessage", "token": TOKEN, "message": { "text": "Hi" } }),
        json!({ "action": "getJwt", "token": TOKEN }),
        json!({ "action": "echo", "token": TOKEN }),
    ] {
        answers.push(answer(&mut here, frame.clone()).await);
        answers.push(answer(&mut elsewhere, frame).await);
    }
    answers.push(answer(&mut elsewhere, json!({ "action": "echo", "token": OTHER })).await);
    assert_snapshot!(answers.join("\n"), @r#"
    {"type":"message","class":"SessionExpiredEvent","code":200,"body":{}}
    {"type":"response","class":"string","code":4006,"body":"The session of this token has expired"}
    {"type":"message","class":"SessionExpiredEvent","code":200,"body":{}}
    {"type":"response","class":"string","code":4006,"body":"The session of this token has expired"}
    {"type":"message","class":"SessionExpiredEvent","code":200,"body":{}}
    {"type":"response","class":"string","code":4006,"body":"The session of this token has expired"}
    {"type":"response","class":"string","code":4007,"body":"There is no session of this token; configureSession comes first"}
    "#);
}
