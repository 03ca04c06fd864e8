//! `/channels/{id}`: the sockets of notification channels.

use insta::assert_snapshot;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::{AGENT, CHANNELS, Desk};
use crate::support::Socket;

const PRESENCE: &str = "v2.users.00000000-0000-4000-8000-0000000000bb.presence";

async fn be(desk: &Desk, system: &str) {
    let path = format!("/api/v2/users/{AGENT}/presences/purecloud");
    desk.done("PATCH", &path, json!({ "presenceDefinition": { "systemPresence": system } }), 200).await;
}

/// The close frame that comes next.
async fn goodbye(socket: &mut Socket) -> String {
    match socket.next_message().await {
        Some(Ok(Message::Close(Some(frame)))) => format!("{} {}", u16::from(frame.code), frame.reason),
        other => panic!("a close frame was expected, not {other:?}"),
    }
}

#[tokio::test]
async fn whoever_is_subscribed_hears_of_it_on_its_socket_and_nobody_else() {
    let desk = Desk::start().await;
    let mut one = desk.listen(&[PRESENCE]).await;
    let mut both = desk.listen(&[&format!("v2.users.{AGENT}?presence&routingStatus")]).await;
    let mut other = desk.listen(&["v2.users.somebody.presence"]).await;
    be(&desk, "On Queue").await;
    let heard = one.next_raw().await;
    assert_snapshot!(heard, @r#"{"topicName":"v2.users.00000000-0000-4000-8000-0000000000bb.presence","version":"2","eventBody":{"source":"PURECLOUD","presenceDefinition":{"id":"e08eaf1b-ee47-4fa9-a231-1200e284798f","systemPresence":"ON_QUEUE"},"primary":true,"message":"","modifiedDate":"2026-01-02T03:04:05.000Z"},"metadata":{"CorrelationId":"1031fb20-b079-45ff-b0b1-dcba96636a4a"}}"#);
    assert_eq!(both.next_raw().await, heard);
    assert_snapshot!(both.next_raw().await, @r#"{"topicName":"v2.users.00000000-0000-4000-8000-0000000000bb.routingStatus","version":"2","eventBody":{"id":"00000000-0000-4000-8000-0000000000bb","routingStatus":{"status":"IDLE","startTime":"2026-01-02T03:04:05.000Z"}},"metadata":{"CorrelationId":"1031fb20-b079-45ff-b0b1-dcba96636a4a"}}"#);
    for socket in [&mut one, &mut both, &mut other] {
        socket.send(json!({ "message": "ping" })).await;
        assert_eq!(
            socket.next_raw().await,
            r#"{"topicName":"channel.metadata","eventBody":{"message":"pong"}}"#
        );
    }
}

#[tokio::test]
async fn a_socket_is_alive_every_half_minute_and_passes_over_what_it_cannot_read() {
    let desk = Desk::start().await;
    let mut socket = desk.listen(&[]).await;
    socket.send_text("2026-01-02T03:04:05Z").await;
    socket.send_text("[]").await;
    socket.send_text(r#"{"message":"hello"}"#).await;
    desk.emulator.advance("29s").await;
    desk.emulator.advance("1s").await;
    assert_snapshot!(socket.next_raw().await, @r#"{"topicName":"channel.metadata","eventBody":{"message":"WebSocket Heartbeat"}}"#);
    let moved = desk.emulator.advance("10m").await;
    assert_eq!(moved["fired"], 20);
    for _ in 0..20 {
        assert!(socket.next_raw().await.contains("Heartbeat"));
    }
    let moved = desk.emulator.advance("10h").await;
    assert_eq!(moved["fired"], 101, "of very many, only the last ones are sent");
}

#[tokio::test]
async fn a_channel_is_over_after_a_day_unless_it_is_subscribed_again() {
    let desk = Desk::at(
        crate::support::TestEmulator::yaml(
            "name: c\nworld: { orgs: [{ clients: { long: { id: long, secret: long, permissions: ['*'], tokenLifetime: 100h } } }] }",
        )
        .await,
    )
    .await;
    let desk = Desk { token: desk.emulator.token("long", "long").await, ..desk };
    let channel = desk.channel(&[PRESENCE]).await;
    let path = format!("{CHANNELS}/{}", channel["id"].as_str().unwrap());
    desk.emulator.advance("23h").await;
    let mut socket = desk.open(&channel).await;
    desk.done("POST", &format!("{path}/subscriptions"), json!([]), 200).await;
    desk.emulator.advance("2h").await;
    desk.done("HEAD", &path, Value::Null, 200).await;
    desk.emulator.advance("22h").await;
    let last = loop {
        let text = socket.next_raw().await;
        if !text.contains("Heartbeat") {
            break text;
        }
    };
    assert_snapshot!(last, @r#"{"topicName":"v2.system.socket_closing","eventBody":{"message":"The socket will be closed in a minute; open a new one"}}"#);
    let end = loop {
        match socket.next_message().await {
            Some(Ok(Message::Text(text))) => assert!(text.contains("Heartbeat"), "{text}"),
            Some(Ok(Message::Close(Some(frame)))) => break frame.reason.to_string(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(end, "The channel has expired");
    desk.done("HEAD", &path, Value::Null, 404).await;
    let target = format!("/channels/{}", channel["id"].as_str().unwrap());
    let Err((status, body)) = desk.emulator.upgrade(&target).await else { panic!("it was let in") };
    assert_eq!(status, 401);
    assert_snapshot!(body, @r#"{"message":"Invalid login credentials.","code":"bad.credentials","status":401,"contextId":"1f752669-0e9c-42aa-be9c-539e29825b37","details":[{"errorCode":"channel.not.found"}],"errors":[]}"#);
}

#[tokio::test]
async fn a_channel_has_one_socket_and_an_owner_twenty_channels() {
    let desk = Desk::start().await;
    let first = desk.channel(&[PRESENCE]).await;
    let mut before = desk.open(&first).await;
    let mut now = desk.open(&first).await;
    assert_eq!(goodbye(&mut before).await, "1001 Another socket was opened for this channel");
    be(&desk, "Busy").await;
    assert!(now.next_raw().await.contains("BUSY"));
    let mut connected = Vec::new();
    for _ in 0..19 {
        connected.push(desk.listen(&[]).await);
    }
    // all have sockets, so the one goes that was longest out of use
    desk.emulator.advance("1s").await;
    desk.channel(&[]).await;
    assert_snapshot!(now.next_raw().await, @r#"{"topicName":"v2.system.no_longer_subscribed.streaming-1-q7mw4b6rx4byiclpw5y76222yu","eventBody":{"channelId":"streaming-1-q7mw4b6rx4byiclpw5y76222yu","systemTopicType":"no_longer_subscribed","correlationId":"97765138-f514-45eb-9cae-6f43bb8ef437","organizationId":"00000000-0000-4000-8000-0000000000aa","oauthClientId":"emulator-client","reason":"another_channel_subscribed","message":"Another channel has taken the place of this one"}}"#);
    assert_eq!(goodbye(&mut now).await, "1001 Another channel has taken the place of this one");
    // the new one has no socket, so the next takes its place
    desk.channel(&[]).await;
    let all = desk.done("GET", CHANNELS, Value::Null, 200).await.json();
    assert_eq!(all["entities"].as_array().unwrap().len(), 20);
    for socket in &mut connected {
        socket.send(json!({ "message": "ping" })).await;
        assert!(socket.next_raw().await.contains("pong"));
    }
}

#[tokio::test]
async fn a_channel_is_over_when_its_token_is_taken_back() {
    let desk = Desk::of_agent().await;
    let mut socket = desk.listen(&[PRESENCE]).await;
    desk.done("DELETE", "/api/v2/tokens/me", Value::Null, 200).await;
    assert_snapshot!(socket.next_raw().await, @r#"{"topicName":"v2.system.token_revoked.streaming-8-q7mw4b6rx4wzzwrk5dq43enxbl","eventBody":{"channelId":"streaming-8-q7mw4b6rx4wzzwrk5dq43enxbl","systemTopicType":"token_revoked","correlationId":"525809dd-54cb-44b0-bf29-140ce73f0706","organizationId":"00000000-0000-4000-8000-0000000000aa","userId":"00000000-0000-4000-8000-0000000000bb","oauthClientId":"emulator-code-client","reason":"user_tokens_revoked","message":"The access token of this channel was taken back"}}"#);
    assert_eq!(goodbye(&mut socket).await, "1001 The access token of this channel was taken back");
}

#[tokio::test]
async fn a_channel_is_over_when_what_its_token_stands_for_is_no_more() {
    let client = "/api/v2/oauth/clients/emulator-code-client";
    let admin = async |desk: &Desk, method: &str, path: &str, body: Value| {
        let token = desk.emulator.token("emulator-client", "emulator-secret").await;
        let answer = desk.ask_as(&token, method, path, body.to_string()).await;
        assert!(answer.status < 300, "{}", answer.text);
        answer.json()
    };
    for which in ["client", "code", "user"] {
        let emulator = crate::support::TestEmulator::unlimited().await;
        let code = crate::login::code(&emulator, &[]).await;
        let form =
            format!("grant_type=authorization_code&code={code}&redirect_uri={}", crate::login::REDIRECT_URI);
        let form = format!("{form}&client_id=emulator-code-client&client_secret=emulator-code-secret");
        let mut desk = Desk::at(emulator).await;
        let given = desk.emulator.client.post_form("/oauth/token", &form).await.json();
        desk.token = given["access_token"].as_str().unwrap().to_owned();
        let mut socket = desk.listen(&[PRESENCE]).await;
        match which {
            "client" => {
                let mut written = admin(&desk, "GET", client, Value::Null).await;
                written["state"] = "inactive".into();
                admin(&desk, "PUT", client, written).await;
            }
            "code" => assert_eq!(desk.emulator.client.post_form("/oauth/token", &form).await.status, 400),
            _ => {
                let token = desk.emulator.token("emulator-client", "emulator-secret").await;
                let path = format!("/api/v2/tokens/{}", super::AGENT);
                assert_eq!(desk.ask_as(&token, "DELETE", &path, "").await.status, 204);
            }
        }
        assert!(socket.next_raw().await.contains("token_revoked"), "{which}");
    }
}

#[tokio::test]
async fn a_socket_subscribes_by_itself() {
    let desk = Desk::start().await;
    let mut socket = desk.listen(&[]).await;
    let mut said = String::new();
    for (topics, id) in [(json!([PRESENCE]), "a"), (json!(["v2.nothing"]), "b"), (json!([]), "c")] {
        socket.send(json!({ "message": "subscribe", "topics": topics, "correlationId": id })).await;
        said += &(socket.next_raw().await + "\n");
    }
    assert_snapshot!(said, @r#"
    {"result":"200","status":"subscribed","correlationId":"a"}
    {"result":"400","status":"failure","correlationId":"b"}
    {"result":"400","status":"failure","correlationId":"c"}
    "#);
    be(&desk, "Meal").await;
    assert!(socket.next_raw().await.contains("MEAL"));
}

#[tokio::test]
async fn frames_are_journalled_and_faults_bite_them_as_they_do_on_other_sockets() {
    let desk = Desk::start().await;
    let mut socket = desk.listen(&[PRESENCE]).await;
    for fault in [
        json!({ "when": { "surface": "streaming", "class": "v2.users.{id}.presence" }, "schedule": { "nth": 1 }, "effect": { "drop_frame": {} } }),
        json!({ "when": { "surface": "streaming", "action": "ping" }, "effect": { "error_frame": { "code": 429 } } }),
        json!({ "when": { "surface": "streaming", "class": "v2.users.{id}.presence" }, "schedule": { "nth": 1 }, "effect": { "duplicate_frame": {} } }),
        json!({ "when": { "surface": "streaming", "class": "v2.users.{id}.presence" }, "schedule": { "nth": 2 }, "effect": { "close_socket": { "code": 1011 } } }),
    ] {
        desk.emulator.fault(fault).await;
    }
    be(&desk, "Meal").await;
    socket.send(json!({ "message": "ping" })).await;
    assert_snapshot!(socket.next_raw().await, @r#"{"result":"429","status":"error"}"#);
    be(&desk, "Break").await;
    assert!(socket.next_raw().await.contains("BREAK"));
    assert!(socket.next_raw().await.contains("BREAK"));
    be(&desk, "Busy").await;
    assert!(goodbye(&mut socket).await.starts_with("1011"));
    let journal = desk.emulator.journal("surface=streaming").await;
    let told: Vec<_> = journal
        .iter()
        .map(|entry| format!("{} {} {}", entry["kind"], entry["target"], entry["faults"]))
        .collect();
    assert_snapshot!(told.join("\n"), @r#"
    "http" "/channels/(redacted a80a4581)" null
    "frameOut" "v2.users.{id}.presence" ["fault-e672d8fb"]
    "frameIn" "ping" ["fault-8a57bf5c"]
    "frameOut" "subscription" null
    "frameOut" "v2.users.{id}.presence" ["fault-384cfb96"]
    "frameOut" "v2.users.{id}.presence" ["fault-f20dc557"]
    "#);
}

#[tokio::test]
async fn an_eviction_by_a_fault_is_told_and_closes() {
    let desk = Desk::start().await;
    desk.emulator
        .fault(json!({ "when": { "surface": "streaming", "action": "ping" }, "effect": { "evict": {} } }))
        .await;
    let mut socket = desk.listen(&[]).await;
    socket.send(json!({ "message": "ping" })).await;
    assert!(socket.next_raw().await.contains("pong"));
    assert!(socket.next_raw().await.contains("no_longer_subscribed"));
    assert!(goodbye(&mut socket).await.starts_with("1001"));
}

#[tokio::test]
async fn connections_of_channels_are_counted_with_the_others() {
    let desk = Desk::start().await;
    desk.emulator
        .fault(json!({ "when": { "surface": "streaming" }, "effect": { "limit_connections": { "max": 1, "per": "client" } } }))
        .await;
    let _open = desk.listen(&[]).await;
    let channel = desk.channel(&[]).await;
    let target = format!("/channels/{}", channel["id"].as_str().unwrap());
    let Err((status, _)) = desk.emulator.upgrade(&target).await else { panic!("it was let in") };
    assert_eq!(status, 403);
}

#[tokio::test]
async fn a_snapshot_knows_channels_and_what_they_are_subscribed_to() {
    let desk = Desk::start().await;
    let channel = desk.channel(&[PRESENCE]).await;
    let state = desk.emulator.client.admin("GET", "/state", None).await.json();
    let path = format!("{CHANNELS}/{}", channel["id"].as_str().unwrap());
    desk.done("DELETE", &format!("{path}/subscriptions"), Value::Null, 200).await;
    desk.emulator.client.admin("PUT", "/state", Some(&state)).await;
    let mut socket = desk.open(&channel).await;
    be(&desk, "Meal").await;
    assert!(socket.next_raw().await.contains("MEAL"));
    desk.emulator.advance("24h").await;
    assert_eq!(socket.closed().await.unwrap().reason, "The channel has expired");
}

#[tokio::test]
async fn the_id_of_a_channel_finds_its_org() {
    let desk = Desk::start().await;
    let other = desk.emulator.client.admin("POST", "/orgs", Some(&json!({}))).await.json();
    let [id, secret] = ["clientId", "clientSecret"].map(|name| other[name].as_str().unwrap().to_owned());
    let token = desk.emulator.token(&id, &secret).await;
    let channel = desk.ask_as(&token, "POST", CHANNELS, "").await.json();
    let mut socket = desk.open(&channel).await;
    socket.send(json!({ "message": "ping" })).await;
    assert!(socket.next_raw().await.contains("pong"));
    let plain =
        desk.emulator.client.get(&format!("/channels/{}", channel["id"].as_str().unwrap()), None).await;
    assert_eq!(plain.status, 426);
    assert_eq!(desk.emulator.upgrade("/channels/nothing").await.err().unwrap().0, 401);
}

#[tokio::test]
async fn a_socket_whose_token_nobody_has_used_for_too_long_subscribes_to_nothing() {
    let desk = Desk::of_agent().await;
    let application = desk.emulator.token("emulator-client", "emulator-secret").await;
    let rule = json!({ "idleTokenTimeoutSeconds": 300, "enableIdleTokenTimeout": true });
    let ruled = desk.ask_as(&application, "PUT", "/api/v2/tokens/timeout", rule.to_string()).await;
    assert_eq!(ruled.status, 200, "{}", ruled.text);
    let mut socket = desk.listen(&[]).await;
    desk.emulator.advance("301s").await;
    socket.send(json!({ "message": "subscribe", "topics": [PRESENCE], "correlationId": "a" })).await;
    let answer = loop {
        let told = socket.next_raw().await;
        if told.contains("correlationId") {
            break told;
        }
    };
    assert_snapshot!(answer, @r#"{"result":"404","status":"error","correlationId":"a"}"#);
}
