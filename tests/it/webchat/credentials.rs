//! Whom a guest's call speaks for.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{CHATS, Guest, wish};
use crate::{
    agent::Desk,
    support::{Answer, TestEmulator},
};

/// Every call of a guest: method, path below the chat, and body.
fn calls(guest: &Guest) -> Vec<(&'static str, String, Value)> {
    vec![
        ("GET", guest.at("/members"), Value::Null),
        ("GET", guest.own(""), Value::Null),
        ("POST", guest.own("/messages"), json!({ "body": "x" })),
        ("POST", guest.own("/typing"), Value::Null),
        ("GET", guest.at("/messages"), Value::Null),
        ("GET", guest.at("/messages/x"), Value::Null),
        ("GET", guest.at("/mediarequests"), Value::Null),
        ("GET", guest.at("/mediarequests/x"), Value::Null),
        ("PATCH", guest.at("/mediarequests/x"), json!({ "state": "DECLINED" })),
        ("DELETE", guest.own(""), Value::Null),
    ]
}

async fn send(desk: &Desk, method: &str, path: &str, authorization: &str, body: &Value) -> Answer {
    let text = if body.is_null() { String::new() } else { body.to_string() };
    desk.emulator.client.send(method, path, &[("authorization", authorization)], text).await
}

/// What each call is answered with this credential.
async fn answers(desk: &Desk, guest: &Guest, authorization: &str) -> Vec<String> {
    let mut said = Vec::new();
    for (method, path, body) in calls(guest) {
        let answer = send(desk, method, &path, authorization, &body).await;
        let code = if answer.status < 400 { "" } else { &answer.json()["code"].as_str().unwrap().to_owned() };
        said.push(format!("{} {code}", answer.status));
    }
    said
}

const ALL_GOOD: [&str; 10] = [
    "200 ",
    "200 ",
    "200 ",
    "200 ",
    "200 ",
    "404 chat.error.not.found",
    "200 ",
    "404 chat.error.not.found",
    "404 chat.error.not.found",
    "204 ",
];

#[tokio::test]
async fn the_jwt_comes_with_a_scheme_or_without_one() {
    let desk = Desk::start().await;
    for form in ["Bearer (jwt)", "bearer (jwt)", "(jwt)"] {
        let guest = Guest::comes(&desk).await;
        assert_eq!(answers(&desk, &guest, &form.replace("(jwt)", &guest.jwt)).await, ALL_GOOD, "{form}");
        let journal = Value::Array(desk.emulator.journal("").await).to_string();
        assert!(!journal.contains(&guest.jwt), "{form}");
    }
}

#[tokio::test]
async fn what_is_no_jwt_of_this_chat_is_refused_everywhere() {
    let desk = Desk::start().await;
    let (guest, other) = (Guest::comes(&desk).await, Guest::comes(&desk).await);
    let all = |said: &str| vec![said.to_owned(); 10];
    for (authorization, expected) in [
        ("", "401 authentication.required"),
        ("Bearer ", "401 authentication.required"),
        ("Bearer x", "401 bad.credentials"),
        ("Basic eDp5", "401 bad.credentials"),
        (&format!("Bearer {}", desk.token), "401 bad.credentials"),
        (&format!("Bearer {}x", &guest.jwt[..guest.jwt.len() - 1]), "401 bad.credentials"),
    ] {
        assert_eq!(answers(&desk, &guest, authorization).await, all(expected), "{authorization}");
    }
    // the JWT of another chat: nothing is told of this one
    let foreign = answers(&desk, &guest, &other.jwt).await;
    assert!(foreign.iter().all(|said| said.starts_with("404")), "{foreign:?}");
    assert_eq!(desk.emulator.last_refusal().await["rule"], "conversation.not_own");
    let nowhere = Guest { id: "nowhere".to_owned(), ..other };
    let unknown = answers(&desk, &nowhere, &nowhere.jwt).await;
    assert_eq!(unknown, foreign);
    desk.emulator.advance("24h").await;
    assert_eq!(answers(&desk, &guest, &guest.jwt).await, all("401 credentials.expired"));
    assert_eq!(desk.emulator.last_refusal().await["rule"], "token.expired");
    // none of them has done anything
    assert!(
        desk.emulator.client.admin("GET", "/conversations", None).await.text.matches("endTime").count() == 0
    );
}

#[tokio::test]
async fn the_guest_of_a_guide_speaks_in_the_chats_that_it_began() {
    let desk = Desk::start().await;
    let (jwt, other) = (desk.emulator.guest_jwt().await, desk.emulator.guest_jwt().await);
    let begin = async |authorization: String| {
        desk.emulator
            .client
            .send("POST", CHATS, &[("authorization", authorization.as_str())], wish().to_string())
            .await
    };
    let guest = Guest::of(&begin(format!("Bearer {jwt}")).await);
    let known = desk.emulator.conversation().await;
    assert!(known["participants"][0]["guestId"].as_str().unwrap().starts_with("guest-"), "{known}");
    let foreign = answers(&desk, &guest, &format!("Bearer {other}")).await;
    assert!(foreign.iter().all(|said| said.starts_with("404")), "{foreign:?}");
    assert_eq!(answers(&desk, &guest, &format!("Bearer {jwt}")).await, ALL_GOOD);
    // what is no guest JWT says nothing about who begins a chat, but an older one does
    for passed_over in ["Bearer x", "[REDACTED]", "Basic eDp5", &format!("Bearer {}", desk.token), &guest.jwt]
    {
        assert_eq!(begin(passed_over.to_owned()).await.status, 200, "{passed_over}");
    }
    assert_eq!(begin(format!("Bearer {}", guest.jwt)).await.status, 200);
    desk.emulator.advance("30m").await;
    let expired = begin(format!("Bearer {jwt}")).await;
    assert_eq!((expired.status, &expired.json()["code"]), (401, &json!("credentials.expired")));
}

#[tokio::test]
async fn what_a_logger_leaves_of_the_credential_is_taken_for_it_where_the_path_says_who_it_is() {
    let desk = Desk::start().await;
    let guest = Guest::comes(&desk).await;
    assert_eq!(answers(&desk, &guest, "[REDACTED]").await, ALL_GOOD);
    let notes = Value::Array(desk.emulator.journal("").await).to_string();
    assert_eq!(notes.matches("[REDACTED] was taken for the credential").count(), 10);
    let findings = desk.emulator.client.admin("GET", "/findings", None).await.json();
    let finding = findings["entities"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["finding"] == "redacted_authorization");
    assert_snapshot!(finding.unwrap()["summary"].as_str().unwrap(), @"The literal that a logger writes for a secret was sent as credential, 10 times");
    // it has left, so nobody is there whom it could mean
    assert_eq!(answers(&desk, &guest, "[REDACTED]").await, ["401 authentication.required"; 10]);
    let live = Guest::comes(&desk).await;
    let stranger = Guest { member: "nobody".to_owned(), ..Guest::comes(&desk).await };
    assert_eq!(send(&desk, "POST", &stranger.own("/typing"), "[REDACTED]", &Value::Null).await.status, 401);
    assert_eq!(
        send(&desk, "POST", &live.own("/typing"), "Bearer [REDACTED]", &Value::Null).await.status,
        200
    );
}

#[tokio::test]
async fn an_org_may_take_it_for_nothing() {
    let yaml = "name: strict\nworld: { orgs: [{ guestChat: { acceptRedactedAuthorization: false } }] }";
    let desk = Desk::at(TestEmulator::yaml(yaml).await).await;
    let guest = Guest::comes(&desk).await;
    assert_eq!(answers(&desk, &guest, "[REDACTED]").await, ["401 authentication.required"; 10]);
    assert_snapshot!(desk.emulator.last_refusal().await.to_string(), @r#"{"expected":"Authorization: Bearer …","reason":"No guest JWT came","rule":"chat_token.missing","seen":"the literal [REDACTED], which is a bug of the client's logger"}"#);
}

#[tokio::test]
async fn faults_make_the_jwt_wrong() {
    let desk = Desk::start().await;
    for (mode, code) in [
        ("expired", "credentials.expired"),
        ("bad_signature", "bad.credentials"),
        ("wrong_aud", "bad.credentials"),
        ("revoked", "bad.credentials"),
    ] {
        desk.emulator
            .fault(json!({ "id": "f", "effect": { "claims": { "token": "guest", "mode": mode } } }))
            .await;
        let guest = Guest::comes(&desk).await;
        desk.emulator.client.admin("DELETE", "/faults", None).await;
        let answer = send(&desk, "GET", &guest.at("/members"), &guest.jwt, &Value::Null).await;
        assert_eq!((answer.status, &answer.json()["code"]), (401, &json!(code)), "{mode}");
    }
    desk.emulator
        .fault(json!({ "effect": { "respond": { "code": "chat.error.service.unavailable" } } }))
        .await;
    let answer = desk.ask_as("", "POST", CHATS, wish().to_string()).await;
    assert_eq!((answer.status, &answer.json()["code"]), (503, &json!("chat.error.service.unavailable")));
}
