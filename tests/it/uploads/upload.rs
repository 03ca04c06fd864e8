//! `PUT /uploads/{key}`.

use insta::assert_snapshot;
use serde_json::json;

use crate::{
    control::Other,
    support::{
        DEPLOYMENT, Socket, TestEmulator,
        files::{PNG, announce, path, put},
    },
};

const MOST: usize = 10 << 20;

async fn session(emulator: &TestEmulator) -> Socket {
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, "t").await;
    socket
}

/// Bytes that are no text; what is cut out or moved shows, since nothing has this period.
fn noise(size: usize) -> Vec<u8> {
    let period: Vec<u8> = (0..4_093_u32).map(|n| (n * n) as u8).collect();
    let mut bytes = period.repeat(size.div_ceil(period.len()));
    bytes.truncate(size);
    bytes
}

#[tokio::test]
async fn ten_megabytes_come_back_byte_by_byte_and_never_enter_the_journal() {
    let emulator = TestEmulator::yaml(
        "{ name: large, world: { orgs: [{ deployments: { messaging: { attachments: { maxSizeKb: 20000 } } } }] } }",
    )
    .await;
    let mut socket = session(&emulator).await;
    let bytes = noise(MOST);
    let presigned = announce(&mut socket, "t", "a.mp4", "video/mp4", MOST).await;
    assert_eq!(put(&emulator, &presigned, bytes.clone()).await.status, 200);
    let success = socket.next().await;
    assert_eq!(success["class"], "UploadSuccessEvent");
    let fetched = emulator.client.get(&path(&success["body"]["downloadUrl"]), None).await;
    assert!(fetched.bytes == bytes, "{} bytes, not the same", fetched.bytes.len());
    let told = format!("({MOST} bytes of a file)");
    let uploaded = emulator.journal("surface=uploads").await.pop().unwrap();
    assert_eq!(uploaded["request"]["body"], told);
    let downloaded = emulator.journal("surface=api").await.pop().unwrap();
    assert_eq!(downloaded["response"]["body"], told);
    let over = announce(&mut socket, "t", "a.mp4", "video/mp4", MOST + 1).await;
    assert_eq!(over["body"]["errorCode"], 4002);
}

#[tokio::test]
async fn the_headers_that_came_with_the_url_have_to_be_sent_along() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator).await;
    let presigned = announce(&mut socket, "t", "a.png", "image/png", PNG.len()).await;
    let path = path(&presigned["body"]["url"]);
    let missing = emulator.client.send("PUT", &path, &[("content-type", "image/png")], PNG.to_vec()).await;
    assert_snapshot!(format!("{} {}", missing.status, missing.text), @r#"403 {"message":"The header x-amz-tagging is missing or not the one that came with the URL","code":"not.authorized","status":403,"contextId":"ce8c5a36-ff6b-4372-a46c-6311e122de80","details":[],"errors":[]}"#);
    let wrong = emulator.client.send("PUT", &path, &[("x-amz-tagging", "role=agent")], PNG.to_vec()).await;
    assert_eq!(wrong.status, 403);
    assert_snapshot!(emulator.last_refusal().await, @r#"{"expected":"organizationId=00000000-0000-4000-8000-0000000000aa&originPlatform=PureCloud&role=guest","reason":"The header x-amz-tagging is missing or not the one that came with the URL","rule":"upload.tagging","seen":"role=agent"}"#);
    // the URL is not used up by that
    assert_eq!(put(&emulator, &presigned, PNG).await.status, 200);
}

#[tokio::test]
async fn a_url_takes_one_file() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator).await;
    for bytes in [PNG, b"not what was announced"] {
        let presigned = announce(&mut socket, "t", "a.png", "image/png", PNG.len()).await;
        assert_eq!(put(&emulator, &presigned, bytes).await.status, 200);
        socket.next().await;
        let again = put(&emulator, &presigned, PNG).await;
        assert_eq!(
            (again.status, again.json()["message"].clone()),
            (403, json!("The upload URL was used already"))
        );
    }
    let presigned = announce(&mut socket, "t", "a.png", "image/png", PNG.len()).await;
    let (one, other) = tokio::join!(put(&emulator, &presigned, PNG), put(&emulator, &presigned, PNG));
    assert_eq!(one.status + other.status, 200 + 403, "of two at the same time, one is taken");
    assert_eq!(socket.next().await["class"], "UploadSuccessEvent");
    socket.say("t", "no other event came").await;
    assert_eq!(socket.next().await["class"], "StructuredMessage");
}

#[tokio::test]
async fn more_than_any_file_may_have_is_answered_413_and_told_on_the_socket() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator).await;
    let presigned = announce(&mut socket, "t", "a.png", "image/png", PNG.len()).await;
    let answer = put(&emulator, &presigned, vec![0; MOST + (1 << 20) + 1]).await;
    assert_eq!((answer.status, answer.header("connection")), (413, "close"));
    assert_snapshot!(answer.json()["message"].as_str().unwrap(), @"The upload is too large; files have at most 10485760 bytes");
    assert_snapshot!(socket.next_text().await, @r#"{"type":"message","class":"UploadFailureEvent","code":400,"tracingId":"t","body":{"attachmentId":"d6adeb37-4e4c-4e91-839a-884fd39f0365","errorCode":4002,"errorMessage":"The upload has more than 10485760 bytes","timestamp":"2026-01-02T03:04:05.000Z"}}"#);
    // by a little, it is taken like any other that is not what was announced
    let presigned = announce(&mut socket, "t", "a.png", "image/png", PNG.len()).await;
    assert_eq!(put(&emulator, &presigned, vec![0; MOST + 1]).await.status, 200);
    assert_eq!(socket.next().await["body"]["errorCode"], 4002);
}

#[tokio::test]
async fn what_is_nobodys_url_takes_nothing() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator).await;
    let presigned = announce(&mut socket, "t", "a.png", "image/png", PNG.len()).await;
    let own = path(&presigned["body"]["url"]);
    let other = Other::make(&emulator, json!({})).await;
    let deployment = other.made["deploymentId"].as_str().unwrap();
    let target = format!("/v1?deploymentId={deployment}");
    let mut foreign = Socket::open(&other.client.base, &target, &[]).await.unwrap();
    foreign.configure(deployment, "t").await;
    let theirs = announce(&mut foreign, "t", "a.png", "image/png", PNG.len()).await;
    let theirs = path(&theirs["body"]["url"]);
    let key = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    let org = crate::support::ORG;
    let download = own.replace("/uploads/", "/api/v2/downloads/");
    assert_eq!(emulator.client.get(&download, None).await.status, 404, "an upload's key fetches nothing");
    for (target, rule) in [
        ("/uploads/nonsense".to_owned(), "url.unknown"),
        (own[..own.len() - 1].to_owned(), "url.unknown"),
        (own[..own.len() - 4].to_owned() + "AAAA", "upload.closed"),
        (format!("/@{org}/uploads/{}", key(&theirs)), "of.another.org"),
    ] {
        let answer = emulator.client.send("PUT", &target, &[], PNG.to_vec()).await;
        assert_eq!(
            (answer.status, answer.json()["code"].clone()),
            (403, json!("not.authorized")),
            "{target}"
        );
        assert_eq!(emulator.last_refusal().await["rule"], rule, "{target}");
    }
    // the key finds its org although no address names it
    let tagging =
        format!("organizationId={}&originPlatform=PureCloud&role=guest", other.made["id"].as_str().unwrap());
    let plain = format!("/uploads/{}", key(&theirs));
    let answer = emulator.client.send("PUT", &plain, &[("x-amz-tagging", &tagging)], PNG.to_vec()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(foreign.next().await["class"], "UploadSuccessEvent");
}

#[tokio::test]
async fn only_put_is_served() {
    let emulator = TestEmulator::start().await;
    let answer = emulator.client.send("POST", "/uploads/x", &[], "x").await;
    assert_eq!((answer.status, answer.header("allow")), (405, "PUT"));
    assert_eq!(emulator.client.get("/uploads", None).await.status, 404);
}

#[tokio::test]
async fn a_fault_may_lose_the_answer_of_an_upload_that_was_taken() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator).await;
    emulator
        .fault(json!({ "id": "lost", "when": { "surface": "uploads" }, "phase": "commit", "schedule": { "first": 1 }, "effect": { "respond": { "status": 503 } } }))
        .await;
    let presigned = announce(&mut socket, "t", "a.png", "image/png", PNG.len()).await;
    assert_eq!(put(&emulator, &presigned, PNG).await.status, 503);
    assert_eq!(socket.next().await["class"], "UploadSuccessEvent");
    assert_eq!(put(&emulator, &presigned, PNG).await.status, 403);
}
