//! The files in `scenarios/stories` do what their summaries say.

use std::collections::BTreeSet;

use serde_json::json;

use super::{configured, guest, message, next_said, raw, said};
use crate::support::{
    DEPLOYMENT, GUEST_TOKEN_DEPLOYMENT, TestEmulator,
    files::{PNG, announce, put, upload},
};

#[tokio::test]
async fn guest_429_a_busy_page_runs_into_the_limit_and_the_token_endpoint_stumbles_on_the_retry() {
    let emulator = TestEmulator::scenario("guest-429").await;
    let token = emulator.guest_client_token().await;
    let mut answers = Vec::new();
    for _ in 0..3 {
        let answer = guest(&emulator, &token).await;
        answers.push((answer.status, answer.header("retry-after").to_owned()));
    }
    let told = |status, retry: &str| (status, retry.to_owned());
    assert_eq!(answers, [told(429, "5"), told(429, "5"), told(200, "")]);

    let body =
        "grant_type=client_credentials&client_id=emulator-guest-client&client_secret=emulator-guest-secret";
    let form = "application/x-www-form-urlencoded";
    let mut seen = Vec::new();
    for _ in 0..7 {
        let request =
            raw::post("/oauth/token", form, "none", body).replacen("\r\n", "\r\nConnection: close\r\n", 1);
        let end = raw::exchange(&emulator.base(), &request).await;
        seen.push(end.text.get(9..12).unwrap_or("reset").to_owned());
    }
    assert_eq!(seen, ["200", "200", "429", "429", "reset", "200", "200"]);
}

#[tokio::test]
async fn jwks_rotated_under_you_after_three_guest_tokens_the_old_set_is_served_twice() {
    let emulator = TestEmulator::scenario("jwks-rotated-under-you").await;
    let token = emulator.guest_client_token().await;
    let mut kids = Vec::new();
    for _ in 0..4 {
        let jwt = guest(&emulator, &token).await.json()["access_token"].clone();
        let header = jsonwebtoken::decode_header(jwt.as_str().unwrap()).unwrap();
        kids.push(header.kid.unwrap());
    }
    assert!(kids[0] == kids[1] && kids[1] == kids[2] && kids[2] != kids[3]);
    let mut published = Vec::new();
    for path in ["/api/v2/oauth/publickey", "/.well-known/jwks.json", "/api/v2/oauth/publickey"] {
        let shown = emulator.client.get(path, None).await.json();
        let key = shown.get("keys").map_or(&shown, |keys| &keys[0]);
        published.push(key["kid"].as_str().unwrap().to_owned());
    }
    assert_eq!(published, [&*kids[0], &*kids[0], &*kids[3]]);
}

#[tokio::test]
async fn short_guest_tokens_expire_in_mid_chat_after_two_minutes() {
    let emulator = TestEmulator::scenario("short-guest-tokens").await;
    let jwt = emulator.guest_jwt().await;
    let target = format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}&token={jwt}");
    let mut socket = emulator.upgrade(&target).await.unwrap();
    socket.configure(GUEST_TOKEN_DEPLOYMENT, "t-1").await;
    emulator.advance("119s").await;
    socket.say("t-1", "Still here").await;
    assert_eq!(socket.next().await["class"], "StructuredMessage");
    emulator.advance("1s").await;
    let mut codes = Vec::new();
    for _ in 0..2 {
        let frame = socket.next().await;
        codes.push((frame["class"].clone(), frame["code"].clone()));
    }
    // the bot's answer was due before the token's end
    assert_eq!(codes, [(json!("StructuredMessage"), json!(200)), (json!("string"), json!(401))]);
    assert!(emulator.upgrade(&target).await.is_err());
}

#[tokio::test]
async fn upload_refused_only_png_images_of_up_to_100_kb_get_through() {
    let emulator = TestEmulator::scenario("upload-refused").await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    let configured = socket.configure(DEPLOYMENT, "t-1").await;
    let media = &configured["body"]["allowedMedia"]["inbound"];
    assert_eq!(media, &json!({ "fileTypes": [{ "type": "image/png" }], "maxFileSizeKB": 100 }));
    let mut codes = Vec::new();
    for (name, mime, size) in
        [("a.jpg", "image/jpeg", 5), ("a.png", "image/png", 100_001), ("a.exe", "image/png", 5)]
    {
        codes.push(announce(&mut socket, "t-1", name, mime, size).await["body"]["errorCode"].clone());
    }
    let presigned = announce(&mut socket, "t-1", "a.png", "image/png", 5).await;
    put(&emulator, &presigned, *b"%PDF-").await;
    codes.push(socket.next().await["body"]["errorCode"].clone());
    assert_eq!(codes, [4001, 4002, 4001, 4003]);
    let (_, event) = upload(&emulator, &mut socket, "t-1", "a.png", "image/png", PNG).await;
    assert_eq!(event["class"], "UploadSuccessEvent");
}

/// What a guest sees who says three things in a row.
async fn three_things(emulator: &TestEmulator) -> Vec<String> {
    let mut socket = configured(emulator).await;
    for text in ["one", "two", "three"] {
        socket.send(message(text)).await;
    }
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(next_said(&mut socket).await);
    }
    emulator.advance("200ms").await;
    for _ in 0..3 {
        seen.push(next_said(&mut socket).await);
    }
    seen
}

#[tokio::test]
async fn unordered_replies_the_guest_sees_all_messages_in_an_order_that_the_seed_decides() {
    let mut orders = BTreeSet::new();
    for seed in 1..=8 {
        let story = || TestEmulator::with(|builder| builder.scenario("unordered-replies").seed(seed));
        let (one, again) = (three_things(&story().await).await, three_things(&story().await).await);
        assert_eq!(one, again, "seed {seed}");
        assert_ne!(one[..3], ["one", "two", "three"]);
        let mut sorted = one.clone();
        sorted.sort_unstable();
        let all = ["You said: one", "You said: three", "You said: two", "one", "three", "two"];
        assert_eq!(sorted, all, "nothing is lost");
        orders.insert(one);
    }
    assert!(orders.len() > 2, "other seeds, other orders: {orders:?}");
    let emulator = TestEmulator::scenario("unordered-replies").await;
    three_things(&emulator).await;
    assert_eq!(said(&emulator).await[..3], ["one", "two", "three"], "the history is in order");
}
