//! `/state`: an org as one value, taken, put back, and put into another org.

use std::collections::BTreeMap;

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Other, told};
use crate::support::{Answer, DEPLOYMENT, Socket, TestEmulator, client::Client};

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];

async fn taken(emulator: &TestEmulator) -> String {
    let answer = emulator.client.admin("GET", "/state", None).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.text
}

async fn put(emulator: &TestEmulator, path: &str, text: &str) -> Answer {
    emulator.client.try_send("PUT", &format!("/__admin{path}"), JSON, text.to_owned()).await.unwrap()
}

async fn put_back(emulator: &TestEmulator, text: &str) {
    let answer = put(emulator, "/state", text).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

/// An emulator in the middle of something: a guest, a chat in which the bot is about to answer, a fault that has bitten.
async fn busy() -> TestEmulator {
    let emulator = TestEmulator::start().await;
    emulator.guest_jwt().await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, "t-1").await;
    socket.say("t-1", "one").await;
    socket.next().await;
    emulator.advance("1s").await;
    socket.next().await;
    socket.say("t-1", "two").await;
    socket.next().await;
    let fault = json!({ "id": "f", "when": { "surface": "api" }, "schedule": { "chance": 0.5 }, "effect": { "respond": { "status": 503 } } });
    emulator.fault(fault).await;
    for _ in 0..5 {
        emulator.client.get("/api/v2/x", None).await;
    }
    emulator
}

/// What happens from a moment on, as far as anybody is told: tokens, keys, a resumed session, the bot, the fault.
async fn story(emulator: &TestEmulator) -> String {
    let mut said = Vec::new();
    for _ in 0..4 {
        said.push(format!("{:?}", emulator.client.get("/api/v2/x", None).await));
    }
    emulator.client.admin("DELETE", "/faults", None).await;
    let form = "grant_type=client_credentials&client_id=emulator-client&client_secret=emulator-secret";
    said.push(format!("{:?}", emulator.client.post_form("/oauth/token", form).await));
    said.push(format!("{:?}", emulator.client.get("/.well-known/jwks.json", None).await));
    let mut socket = emulator.socket(DEPLOYMENT).await;
    said.push(socket.configure(DEPLOYMENT, "t-1").await.to_string());
    emulator.advance("1s").await;
    said.push(socket.next_text().await);
    socket.say("t-1", "three").await;
    said.push(socket.next_text().await);
    emulator.advance("100h").await;
    said.push(socket.next_text().await);
    said.push(socket.next_text().await);
    said.push(emulator.client.admin("GET", "/conversations", None).await.text);
    said.join("\n")
}

#[tokio::test]
async fn what_follows_a_snapshot_follows_it_again_whenever_it_is_put_back() {
    let emulator = busy().await;
    let snapshot = taken(&emulator).await;
    put_back(&emulator, &snapshot).await;
    assert_eq!(taken(&emulator).await, snapshot, "nothing of it is lost");
    let once = story(&emulator).await;
    assert!(once.contains("You said: two") && once.contains("SessionExpiredEvent"), "{once}");
    emulator.client.admin("POST", "/reset", None).await;
    put_back(&emulator, &snapshot).await;
    assert_eq!(story(&emulator).await, once);
    // in another process, too
    let other = TestEmulator::start().await;
    put_back(&other, &snapshot).await;
    assert_eq!(story(&other).await, once);
}

#[tokio::test]
async fn clock_faults_counters_and_tokens_are_of_it_and_sockets_are_not() {
    let emulator = busy().await;
    let token = emulator.guest_client_token().await;
    let fault = emulator.client.admin("GET", "/faults/f", None).await.text;
    let snapshot = taken(&emulator).await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    emulator.advance("5h").await;
    emulator.client.admin("DELETE", "/faults", None).await;
    assert_eq!(emulator.client.get("/api/v2/tokens/me", Some(&token)).await.status, 401, "it has expired");
    let answer = put(&emulator, "/state", &snapshot).await;
    assert_eq!(answer.json()["now"], "2026-01-02T03:04:06.000Z");
    assert!(socket.closed().await.is_some(), "it was open to an org that is over");
    assert_eq!(emulator.client.admin("GET", "/faults/f", None).await.text, fault);
    emulator.client.admin("DELETE", "/faults", None).await;
    assert_eq!(emulator.client.get("/api/v2/tokens/me", Some(&token)).await.status, 200);
    assert_eq!(
        emulator.client.admin("GET", "/clock", None).await.json()["timers"],
        2,
        "the bot, and the end of the session"
    );
}

#[tokio::test]
async fn a_rotation_that_is_to_come_comes() {
    let rotation = "world: { orgs: [ { keyRotation: [ { every: 24h } ] } ] }";
    let emulator = TestEmulator::yaml(rotation).await;
    emulator.advance("23h").await;
    let snapshot = taken(&emulator).await;
    let kid = async || emulator.client.get("/api/v2/oauth/publickey", None).await.json()["kid"].clone();
    let before = kid().await;
    emulator.advance("1h").await;
    let after = kid().await;
    assert_ne!(after, before);
    put_back(&emulator, &snapshot).await;
    assert_eq!(kid().await, before);
    emulator.advance("1h").await;
    assert_eq!(kid().await, after);
}

/// The texts of the only conversation of an org.
async fn texts(emulator: &TestEmulator, org: &Other) -> Vec<String> {
    let all = org.admin(emulator, "GET", "/conversations", None).await.json();
    let id = all["entities"][0]["id"].as_str().unwrap().to_owned();
    let one = org.admin(emulator, "GET", &format!("/conversations/{id}"), None).await.json();
    one["messages"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["text"].as_str())
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn a_fork_goes_its_own_way_with_ids_secrets_keys_and_a_clock_of_its_own() {
    let emulator = busy().await;
    let snapshot = taken(&emulator).await;
    let fork = Other::make(&emulator, json!({})).await;
    let answer = put(&emulator, &format!("/orgs/{}/state", fork.id), &snapshot).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let (mut shown, made) = (answer.json(), &fork.made);
    shown["now"] = made["now"].clone();
    assert_eq!(shown, *made, "ids and secrets are those of the org that it was put into");
    let fork_faults = fork.admin(&emulator, "GET", "/faults", None).await.json();
    assert_eq!(fork_faults["entities"][0]["matched"], 5);
    for org in ["", &format!("/orgs/{}", fork.id)] {
        emulator.client.admin("DELETE", &format!("{org}/faults"), None).await;
    }
    // its own keys, under names of their own
    let keys = async |client: &Client| client.get("/.well-known/jwks.json", None).await.text;
    assert_ne!(keys(&fork.client).await, keys(&emulator.client).await);
    let token = fork.token().await;
    let guest = fork.guest(&token).await.json();
    let deployment = fork.made["ids"]["deployments.guestToken"].as_str().unwrap();
    let target = format!("/v1?deploymentId={deployment}&token={}", guest["access_token"].as_str().unwrap());
    Socket::open(&fork.client.base, &target, &[]).await.unwrap();
    // the session goes on, and the bot answers, by its own clock
    let deployment = fork.text("deploymentId");
    let mut socket =
        Socket::open(&fork.client.base, &format!("/v1?deploymentId={deployment}"), &[]).await.unwrap();
    assert_eq!(socket.configure(deployment, "t-1").await["body"]["newSession"], false);
    fork.admin(&emulator, "PUT", "/clock", Some(&json!({ "advance": "1s" }))).await;
    assert_eq!(socket.next().await["body"]["text"], "You said: two");
    assert_eq!(texts(&emulator, &fork).await.len(), 4);
    let of_first = emulator.conversation().await;
    assert_eq!(of_first["messages"].as_array().unwrap().len(), 3, "its bot still thinks");
}

#[tokio::test]
async fn one_that_is_broken_or_foreign_is_refused_and_changes_nothing() {
    let emulator = busy().await;
    let whole = taken(&emulator).await;
    let with = |change: &dyn Fn(&mut Value)| {
        let mut value: Value = serde_json::from_str(&whole).unwrap();
        change(&mut value);
        value.to_string()
    };
    let mut said = Vec::new();
    for text in [
        String::new(),
        "[]".to_owned(),
        "{}".to_owned(),
        whole[..=whole.find("state").unwrap()].to_owned(),
        format!("{whole} x"),
        with(&|value| value["kind"] = json!("something.else")),
        with(&|value| value["version"] = json!(2)),
        with(&|value| value["stuff"] = json!(1)),
        with(&|value| drop(value.as_object_mut().unwrap().remove("visits"))),
        with(&|value| value["now"] = json!("yesterday")),
        with(&|value| value["state"]["tokens"] = json!([["short", {}]])),
        with(&|value| value["state"]["settings"]["limits"]["echo"]["name"] = json!("echoes")),
        with(&|value| value["timers"][0]["what"] = json!({ "explode": 1 })),
        with(&|value| value["faults"][0]["fault"]["effect"] = json!({ "respond": { "status": 99 } })),
        with(&|value| {
            value["org"] = json!("elsewhere");
            value["ids"]["clients.unheardOf"] = json!("x");
        }),
    ] {
        let told = told(&put(&emulator, "/state", &text).await);
        // the column hangs on how much the org remembers
        said.push(told.split(" at line 1 column ").next().unwrap().to_owned());
    }
    assert_snapshot!(said.join("\n"), @"
    400 -: it is not one whole JSON object: EOF while parsing a value
    400 kind: it is no snapshot: `kind` is `(none)`, expected `genesys-emulator.state`
    400 kind: it is no snapshot: `kind` is `(none)`, expected `genesys-emulator.state`
    400 -: it is not one whole JSON object: EOF while parsing a string
    400 -: it is not one whole JSON object: trailing characters
    400 kind: it is no snapshot: `kind` is `something.else`, expected `genesys-emulator.state`
    400 version: its `version` is 2; this emulator reads 1
    400 stuff: unknown field `stuff`, expected one of `kind`, `version`, `org`, `seed`, `ids`, `now`, `rate`, `visits`, `timers`, `timeline`, `waiting`, `faults`, `state`
    400 -: missing field `visits`
    400 now: `yesterday` is not a time; expected RFC 3339 such as 2026-01-02T03:04:05Z
    400 state.tokens[0][0]: this is not the key of a token
    400 state.settings.limits.echo: `echoes` is not a rate limit of an org
    400 timers[0].what: unknown variant `explode`, expected one of `rotate`, `timeline`, `botTurn`, `sessionDeadline`, `channel`, `unanswered`
    400 faults: fault `f`: `respond`: `status` 99 is not between 200 and 599
    409 -: it is of org elsewhere, which has clients.unheardOf that this one has not; make one of the same scenario
    ");
    assert_eq!(taken(&emulator).await, whole);
}

#[tokio::test]
async fn ids_that_are_another_orgs_are_a_conflict() {
    let emulator = TestEmulator::start().await;
    let other = Other::make(&emulator, json!({})).await;
    let mut snapshot: Value = serde_json::from_str(&taken(&emulator).await).unwrap();
    let clients: BTreeMap<String, Value> =
        serde_json::from_value(snapshot["state"]["clients"].clone()).unwrap();
    let (_, mut client) = clients.into_iter().next().unwrap();
    client["id"] = other.made["clientId"].clone();
    snapshot["state"]["clients"][other.text("clientId")] = client;
    let answer = put(&emulator, "/state", &snapshot.to_string()).await;
    assert_eq!(
        told(&answer),
        format!("409 -: the client id {} is taken by another org", other.text("clientId"))
    );
    assert_eq!(emulator.client.get("/api/v2/x", None).await.status, 501);
}
