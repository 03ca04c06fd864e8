//! Same seed, base URL and requests: the same bytes.

use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::{
    control::Other,
    support::{DEPLOYMENT, GUEST_TOKEN_DEPLOYMENT, Socket, TestEmulator, client::Client},
};

/// Plays one and the same story to an org and writes down every byte of every answer.
async fn story(client: &Client, ids: Ids<'_>) -> String {
    let mut transcript = Vec::new();
    let mut token = String::new();
    let mut jwt = String::new();
    for _ in 0..2 {
        let form =
            format!("grant_type=client_credentials&client_id={}&client_secret={}", ids.client, ids.secret);
        let answer = client.post_form("/oauth/token", &form).await;
        token = answer.json()["access_token"].as_str().unwrap().to_owned();
        transcript.push(format!("{answer:?}"));
        let guest = json!({ "name": "Ann", "customAttributes": { "plan": "gold" } });
        let answer = client.post("/api/v2/webchat/guest", Some(&token), &guest).await;
        jwt = answer.json()["access_token"].as_str().unwrap().to_owned();
        transcript.push(format!("{answer:?}"));
    }
    for path in ["/api/v2/oauth/publickey", "/.well-known/jwks.json", "/.well-known/openid-configuration"] {
        transcript.push(format!("{:?}", client.get(path, None).await));
    }
    transcript.push(format!("{:?}", client.get("/api/v2/tokens/me", Some(&token)).await));
    transcript.push(format!("{:?}", client.get("/api/v2/tokens/me", None).await));
    for (deployment, query) in [(ids.messaging, String::new()), (ids.guest_token, format!("&token={jwt}"))] {
        let target = format!("/v1?deploymentId={deployment}{query}");
        let mut socket = Socket::open(&client.base, &target, &[]).await.unwrap();
        let session = format!("session on {deployment}");
        transcript.push(socket.configure(deployment, &session).await.to_string());
        socket.say(&session, "Hello").await;
        transcript.push(socket.next().await.to_string());
        socket.send(json!({ "action": "echo", "token": session })).await;
        transcript.push(socket.next().await.to_string());
        socket.send(json!({ "action": "getJwt", "token": session })).await;
        transcript.push(socket.next().await.to_string());
    }
    transcript.join("\n")
}

struct Ids<'a> {
    client: &'a str,
    secret: &'a str,
    messaging: &'a str,
    guest_token: &'a str,
}

const DEFAULT: Ids<'_> = Ids {
    client: "emulator-client",
    secret: "emulator-secret",
    messaging: DEPLOYMENT,
    guest_token: GUEST_TOKEN_DEPLOYMENT,
};

impl<'a> Ids<'a> {
    fn of(org: &'a Other) -> Self {
        let id = |name: &str| org.made["ids"][name].as_str().unwrap();
        Self {
            client: org.text("clientId"),
            secret: org.text("clientSecret"),
            messaging: id("deployments.messaging"),
            guest_token: id("deployments.guestToken"),
        }
    }
}

/// Another org that is never quiet.
async fn noise(emulator: &TestEmulator) -> JoinHandle<()> {
    let org = Other::make(emulator, json!({})).await;
    tokio::spawn(async move {
        loop {
            let token = org.token().await;
            org.guest(&token).await;
        }
    })
}

#[tokio::test]
async fn two_emulators_of_one_seed_answer_alike_whatever_another_org_does_meanwhile() {
    let (quiet, loud) = (TestEmulator::start().await, TestEmulator::start().await);
    let noise = noise(&loud).await;
    let (one, other) = (story(&quiet.client, DEFAULT).await, story(&loud.client, DEFAULT).await);
    noise.abort();
    assert_eq!(one, other);
    assert!(one.len() > 10_000, "it is a long story");
}

#[tokio::test]
async fn another_seed_answers_otherwise() {
    let one = TestEmulator::with(|builder| builder.seed(1)).await;
    let two = TestEmulator::with(|builder| builder.seed(2)).await;
    let (one, two) = (story(&one.client, DEFAULT).await, story(&two.client, DEFAULT).await);
    assert_ne!(one, two);
    let alike = one.lines().zip(two.lines()).filter(|(one, two)| one == two);
    assert_eq!(alike.count(), 2, "the answers to configureSession alone have nothing drawn in them");
}

#[tokio::test]
async fn a_reset_gives_the_same_bytes_again() {
    let emulator = TestEmulator::start().await;
    let before = story(&emulator.client, DEFAULT).await;
    assert_ne!(story(&emulator.client, DEFAULT).await, before, "without it the story goes on");
    emulator.client.admin("POST", "/reset", None).await;
    assert_eq!(story(&emulator.client, DEFAULT).await, before);
}

#[tokio::test]
async fn orgs_made_at_run_time_are_alike_too() {
    let mut stories = Vec::new();
    for loud in [false, true] {
        let emulator = TestEmulator::start().await;
        let org = Other::make(&emulator, json!({ "seed": 5 })).await;
        let noise = noise(&emulator).await;
        if !loud {
            noise.abort();
        }
        stories.push(story(&org.client, Ids::of(&org)).await);
        noise.abort();
    }
    assert_eq!(stories[0], stories[1]);
}

#[tokio::test]
async fn faults_draw_alike() {
    let mut seen = Vec::new();
    for _ in 0..2 {
        let emulator = TestEmulator::start().await;
        let effect = json!({ "respond": { "status": 503 } });
        emulator.fault(json!({ "schedule": { "chance": 0.3 }, "effect": effect })).await;
        let mut statuses = Vec::new();
        for _ in 0..40 {
            statuses.push(emulator.client.get("/api/v2/x", None).await.status);
        }
        seen.push(statuses);
    }
    assert_eq!(seen[0], seen[1]);
    assert!(seen[0].contains(&503) && seen[0].contains(&501));
}

/// Every frame of a chat that faults lose, double, shuffle and delay by chance, as it came.
async fn disturbed(seed: u64) -> Vec<String> {
    let emulator = TestEmulator::with(|builder| builder.seed(seed)).await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, "t").await;
    let by_chance = |chance: f64, class: &str, effect: Value| {
        let when = json!({ "class": class });
        json!({ "when": when, "schedule": { "chance": chance }, "effect": effect })
    };
    let all = "StructuredMessage";
    let doubled = json!({ "when": { "action": "onMessage" }, "schedule": { "chance": 0.3 }, "effect": { "duplicate_frame": {} } });
    emulator
        .fault(json!([
            doubled,
            by_chance(0.2, all, json!({ "drop_frame": {} })),
            by_chance(0.3, all, json!({ "duplicate_frame": { "copies": 2 } })),
            by_chance(0.3, all, json!({ "delay": { "from": "1s", "to": "9s" } })),
            by_chance(0.7, all, json!({ "reorder_frames": { "window": 4, "within": "2s" } })),
        ]))
        .await;
    for nth in 0..20 {
        socket.say("t", &format!("text {nth}")).await;
    }
    while emulator.journal("kind=frameIn&target=onMessage").await.len() < 20 {}
    emulator.advance("1h").await;
    emulator.client.admin("DELETE", "/faults", None).await;
    socket.send(json!({ "action": "getConfiguration", "tracingId": "last" })).await;
    let mut seen = Vec::new();
    loop {
        let text = socket.next_text().await;
        if text.contains("last") {
            return seen;
        }
        seen.push(text);
    }
}

#[tokio::test]
async fn faults_on_frames_disturb_alike() {
    let seen = disturbed(1).await;
    assert_eq!(disturbed(1).await, seen);
    assert!(seen.len() > 30, "{seen:?}");
    let (one, other) = (texts(&seen), texts(&disturbed(2).await));
    assert_ne!(one, other);
}

fn texts(frames: &[String]) -> Vec<Value> {
    let text = |frame: &String| serde_json::from_str::<Value>(frame).unwrap()["body"]["text"].clone();
    frames.iter().map(text).collect()
}
