//! Sessions of people who have signed in: stepping up, signing in on another device, signing out.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{OTHER, TOKEN, session};
use crate::support::{
    AUTHENTICATED_DEPLOYMENT, Answer, DEPLOYMENT, Socket, TestEmulator,
    files::{PNG, show, upload},
};

/// The JWT of Alice, who has signed in to this deployment.
pub async fn alice(emulator: &TestEmulator, deployment: &str) -> String {
    person(
        emulator,
        json!({
            "deploymentId": deployment,
            "person": { "subject": "user-alice", "firstName": "Alice", "lastName": "Adams" },
        }),
    )
    .await
}

async fn person(emulator: &TestEmulator, wanted: Value) -> String {
    let answer = emulator.client.admin("POST", "/person-tokens", Some(&wanted)).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()["jwt"].as_str().unwrap().to_owned()
}

pub async fn configure(socket: &mut Socket, deployment: &str, token: &str, jwt: &str) -> Value {
    socket.send(authenticated(deployment, token, jwt)).await;
    socket.next().await
}

pub fn authenticated(deployment: &str, token: &str, jwt: &str) -> Value {
    json!({
        "action": "configureAuthenticatedSession", "deploymentId": deployment, "token": token,
        "tracingId": "t-1", "data": { "code": jwt },
    })
}

/// Signs out.
pub async fn revoke(emulator: &TestEmulator, jwt: &str) -> Answer {
    let bearer = format!("bearer {jwt}");
    let path = "/api/v2/webdeployments/token/revoke";
    emulator.client.send("DELETE", path, &[("authorization", bearer.as_str())], "").await
}

#[tokio::test]
async fn somebody_who_has_signed_in_is_admitted_where_guests_are_not() {
    let emulator = TestEmulator::start().await;
    let mut socket = emulator.socket(AUTHENTICATED_DEPLOYMENT).await;
    let refused = socket.configure(AUTHENTICATED_DEPLOYMENT, TOKEN).await;
    assert_eq!(refused["code"], 403);
    let jwt = alice(&emulator, AUTHENTICATED_DEPLOYMENT).await;
    let configured = configure(&mut socket, AUTHENTICATED_DEPLOYMENT, TOKEN, &jwt).await;
    assert_eq!(configured["body"]["newSession"], true);
    assert_eq!(configured["body"]["clearedExistingSession"], false);
    socket.say(TOKEN, "hello").await;
    let echo = socket.next().await;
    assert_eq!(echo["body"]["metadata"]["authenticated"], "true");
    let conversations = emulator.client.admin("GET", "/conversations", None).await.json();
    assert_eq!(conversations["entities"][0]["participants"][0]["name"], "Alice Adams");
}

#[tokio::test]
async fn a_guest_who_signs_in_keeps_the_conversation_and_every_connection_is_told() {
    let emulator = TestEmulator::start().await;
    let (mut first, mut second) = (session(&emulator, TOKEN).await, session(&emulator, TOKEN).await);
    first.say(TOKEN, "hello").await;
    first.next().await;
    second.next().await;
    let jwt = alice(&emulator, DEPLOYMENT).await;
    first.send(authenticated(DEPLOYMENT, TOKEN, &jwt)).await;
    let signed_in = first.next_text().await;
    assert_eq!(second.next_text().await, signed_in);
    assert_snapshot!(signed_in, @r#"{"type":"message","class":"StructuredMessage","code":200,"body":{"id":"21f9c3e67844ce5fd42f3359b93c80e9","type":"Event","direction":"Inbound","channel":{"time":"2026-01-02T03:04:05.001Z","messageId":"7fd80744-9ee2-40c2-9e7b-b338b34b32c7","from":{"firstName":"Alice","lastName":"Adams"}},"events":[{"eventType":"Presence","presence":{"type":"SignIn"}}],"metadata":{"authenticated":"true","correlationId":"e896e198-623a-4484-965b-18e593e9762c"}}}"#);
    assert_snapshot!(first.next_text().await, @r#"{"type":"response","class":"SessionResponse","code":200,"tracingId":"t-1","body":{"connected":true,"newSession":false,"readOnly":false,"maxCustomDataBytes":2048,"allowedMedia":{"inbound":{"fileTypes":[{"type":"*/*"}],"maxFileSizeKB":10240}},"blockedExtensions":[".exe",".bat",".cmd",".msi",".sh"],"clearedExistingSession":false,"durationSeconds":259200,"expirationDate":1767582245}}"#);
    first.say(TOKEN, "it is me").await;
    assert_eq!(first.next().await["body"]["metadata"]["authenticated"], "true");
    let conversations = emulator.client.admin("GET", "/conversations", None).await.json();
    assert_eq!(conversations["entities"].as_array().unwrap().len(), 1);
    assert_eq!(conversations["entities"][0]["participants"][0]["name"], "Alice Adams");
}

#[tokio::test]
async fn a_guest_who_signs_in_with_a_new_token_takes_the_conversation_and_its_files_along() {
    let emulator = TestEmulator::start().await;
    let (mut socket, mut tab) = (session(&emulator, TOKEN).await, session(&emulator, TOKEN).await);
    socket.say(TOKEN, "hello").await;
    socket.next().await;
    tab.next().await;
    let (file, _) = upload(&emulator, &mut socket, TOKEN, "a.png", "image/png", PNG).await;
    let jwt = alice(&emulator, DEPLOYMENT).await;
    socket.send(authenticated(DEPLOYMENT, OTHER, &jwt)).await;
    let signed_in = socket.next().await;
    assert_eq!(signed_in["body"]["events"][0]["presence"]["type"], "SignIn");
    assert_eq!(socket.next().await["body"]["newSession"], false);
    assert_eq!(tab.next().await["class"], "ConnectionClosedEvent");
    socket.say(OTHER, "still here").await;
    assert_eq!(socket.next().await["body"]["text"], "still here");
    let shown = show(&mut socket, OTHER, None, &[&file]).await;
    assert_eq!(shown["body"]["content"][0]["attachment"]["id"], *file);
    socket.say(TOKEN, "the old token").await;
    assert_eq!(socket.next().await["code"], 4007);
    let conversations = emulator.client.admin("GET", "/conversations", None).await.json();
    assert_eq!(conversations["entities"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn signing_in_on_another_device_clears_the_session_of_the_first() {
    let emulator = TestEmulator::start().await;
    let (mut phone, mut desk) = (emulator.socket(DEPLOYMENT).await, emulator.socket(DEPLOYMENT).await);
    let jwt = alice(&emulator, DEPLOYMENT).await;
    configure(&mut phone, DEPLOYMENT, TOKEN, &jwt).await;
    phone.say(TOKEN, "from the phone").await;
    phone.next().await;
    let configured = configure(&mut desk, DEPLOYMENT, OTHER, &jwt).await;
    assert_eq!(configured["body"]["clearedExistingSession"], true);
    assert_snapshot!(phone.next_text().await, @r#"{"type":"message","class":"ConnectionClosedEvent","code":200,"body":{"reason":"signedIn","reasonCode":"signedIn"}}"#);
    phone.say(TOKEN, "anybody?").await;
    assert_eq!(phone.next().await["code"], 400);
    // and back again
    assert_eq!(configure(&mut phone, DEPLOYMENT, TOKEN, &jwt).await["body"]["clearedExistingSession"], true);
    assert_eq!(desk.next().await["body"]["reason"], "signedIn");
}

#[tokio::test]
async fn signing_out_ends_the_session_on_all_of_its_sockets_and_the_token_is_worth_nothing() {
    let emulator = TestEmulator::start().await;
    let jwt = alice(&emulator, DEPLOYMENT).await;
    let mut sockets = [emulator.socket(DEPLOYMENT).await, emulator.socket(DEPLOYMENT).await];
    for socket in &mut sockets {
        configure(socket, DEPLOYMENT, TOKEN, &jwt).await;
    }
    let answer = revoke(&emulator, &jwt).await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    for socket in &mut sockets {
        assert_eq!(
            socket.next_text().await,
            r#"{"type":"message","class":"LogoutEvent","code":200,"body":{}}"#
        );
    }
    let again = configure(&mut sockets[0], DEPLOYMENT, TOKEN, &jwt).await;
    assert_eq!(again["code"], 401);
    assert_eq!(again["body"], "The authentication token is refused: its owner has signed out");
    let answer = revoke(&emulator, &jwt).await;
    assert_eq!(answer.status, 401);
    assert_eq!(emulator.last_refusal().await["rule"], "revoked");
    assert_eq!(answer.json()["details"], json!([{ "errorCode": "revoked" }]));
}

#[tokio::test]
async fn a_session_of_somebody_is_not_a_guest_s_nor_anybody_else_s() {
    let emulator = TestEmulator::start().await;
    let jwt = alice(&emulator, DEPLOYMENT).await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    configure(&mut socket, DEPLOYMENT, TOKEN, &jwt).await;
    assert_snapshot!({
        socket.send(json!({ "action": "configureSession", "deploymentId": DEPLOYMENT, "token": TOKEN })).await;
        socket.next_text().await
    }, @r#"{"type":"response","class":"string","code":4017,"body":"The session is authenticated; it cannot go on as a guest's"}"#);
    let bob =
        person(&emulator, json!({ "deploymentId": DEPLOYMENT, "person": { "subject": "user-bob" } })).await;
    let refused = configure(&mut socket, DEPLOYMENT, TOKEN, &bob).await;
    assert_eq!(
        (&refused["code"], refused["body"].as_str()),
        (&json!(403), Some("The session belongs to another person"))
    );
}

#[tokio::test]
async fn a_token_that_is_not_good_is_refused_with_401_and_says_why() {
    let emulator = TestEmulator::start().await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    let elsewhere = alice(&emulator, AUTHENTICATED_DEPLOYMENT).await;
    let short = person(
        &emulator,
        json!({ "deploymentId": DEPLOYMENT, "person": { "subject": "a" }, "lifetime": "1s" }),
    )
    .await;
    let guest = emulator.guest_jwt().await;
    emulator.advance("1s").await;
    let mut answers = Vec::new();
    for jwt in [elsewhere.as_str(), &short, &guest, "opaque", &format!("{short}x")] {
        let answer = configure(&mut socket, DEPLOYMENT, TOKEN, jwt).await;
        answers.push(format!("{} {}", answer["code"], answer["body"].as_str().unwrap()));
    }
    socket
        .send(
            json!({ "action": "configureAuthenticatedSession", "deploymentId": DEPLOYMENT, "token": TOKEN }),
        )
        .await;
    answers.push(socket.next().await["body"].as_str().unwrap().to_owned());
    assert_snapshot!(answers.join("\n"), @r#"
    401 The authentication token is refused: it was made for deployment 00000000-0000-4000-8000-0000000000cd
    401 The authentication token is refused: exp 1767323046 has passed; it is 1767323046
    401 The authentication token is refused: aud is http://emulator.test and emulated-org.mypurecloud.com, expected webmessaging-authenticated
    401 The authentication token is refused: the token is not a JWT of this platform: it is not a JWT
    401 The authentication token is refused: the signature is not by a current key: the key emulator-f1f0ef23f83c did not make it
    The authentication token is refused: no token came
    "#);
}

#[tokio::test]
async fn stepping_up_is_refused_where_the_deployment_does_not_allow_it() {
    let yaml = "world: { orgs: [ { deployments: { messaging: { auth: { enabled: true, allowSessionUpgrade: false } } } } ] }";
    let emulator = TestEmulator::yaml(yaml).await;
    let mut socket = session(&emulator, TOKEN).await;
    let jwt = alice(&emulator, DEPLOYMENT).await;
    let refused = configure(&mut socket, DEPLOYMENT, TOKEN, &jwt).await;
    assert_eq!(
        (&refused["code"], refused["body"].as_str()),
        (&json!(403), Some("Session upgrade is not enabled for this deployment"))
    );
    let fresh = configure(&mut socket, DEPLOYMENT, OTHER, &jwt).await;
    assert_eq!(fresh["body"]["newSession"], true, "a session of its own is not an upgrade");
}

#[tokio::test]
async fn a_person_token_needs_a_deployment_that_authenticates() {
    let yaml = "world: { orgs: [ { deployments: { messaging: { auth: { enabled: false } } } } ] }";
    let emulator = TestEmulator::yaml(yaml).await;
    let mut answers = Vec::new();
    for wanted in [
        json!({ "deploymentId": DEPLOYMENT, "person": { "subject": "a" } }),
        json!({ "deploymentId": "nowhere", "person": { "subject": "a" } }),
        json!({ "person": { "subject": "" } }),
        json!({ "person": { "sub": "a" } }),
        json!({}),
    ] {
        let answer = emulator.client.admin("POST", "/person-tokens", Some(&wanted)).await;
        answers.push(format!("{} {}", answer.status, answer.text));
    }
    assert_snapshot!(answers.join("\n"), @r#"
    400 {"type":"about:blank","title":"A member is not as expected","status":400,"detail":"deployment 00000000-0000-4000-8000-0000000000cc has `auth.enabled` off","field":"deploymentId"}
    400 {"type":"about:blank","title":"A member is not as expected","status":400,"detail":"there is no deployment nowhere in this org","field":"deploymentId"}
    400 {"type":"about:blank","title":"A member is not as expected","status":400,"detail":"it is empty","field":"person.subject"}
    400 {"type":"about:blank","title":"A member is not as expected","status":400,"detail":"unknown field `sub`, expected one of `subject`, `issuer`, `firstName`, `lastName`, `email`, `attributes` at line 1 column 16","field":"person.sub"}
    400 {"type":"about:blank","title":"The body is not as expected","status":400,"detail":"missing field `person` at line 1 column 2"}
    "#);
}

#[tokio::test]
async fn what_the_bot_was_about_to_say_is_said_although_the_guest_signs_in_under_another_token() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    socket.say(TOKEN, "hello").await;
    socket.next().await;
    let jwt = alice(&emulator, DEPLOYMENT).await;
    socket.send(authenticated(DEPLOYMENT, OTHER, &jwt)).await;
    assert_eq!(socket.next().await["body"]["events"][0]["presence"]["type"], "SignIn");
    assert_eq!(socket.next().await["body"]["newSession"], false);
    emulator.advance("200ms").await;
    assert_eq!(socket.next().await["body"]["text"], "You said: hello");
}
