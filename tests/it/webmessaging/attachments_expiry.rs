//! Files and their URLs do not last: by the org's clock alone.

use serde_json::json;

use super::{TOKEN, session};
use crate::support::{
    TestEmulator,
    files::{PNG, act, announce, path, put, show, upload},
};

/// Sessions that outlive their files.
const LONG: &str =
    "{ name: long, world: { orgs: [{ deployments: { messaging: { sessionDuration: 30d } } }] } }";

#[tokio::test]
async fn a_download_url_opens_its_file_for_ten_minutes_and_a_fresh_one_is_another() {
    let emulator = TestEmulator::yaml(LONG).await;
    let mut socket = session(&emulator, TOKEN).await;
    let (id, success) = upload(&emulator, &mut socket, TOKEN, "a.png", "image/png", PNG).await;
    let first = path(&success["body"]["downloadUrl"]);
    emulator.advance("599s").await;
    assert_eq!(emulator.client.get(&first, None).await.status, 200);
    emulator.advance("1s").await;
    assert_eq!(emulator.client.get(&first, None).await.status, 404);
    assert_eq!(emulator.last_refusal().await["rule"], "download.expired");
    let fresh = act(&mut socket, "getAttachment", TOKEN, json!({ "attachmentId": id })).await;
    assert_eq!(emulator.client.get(&path(&fresh["body"]["url"]), None).await.status, 200);
    assert_eq!(emulator.client.get(&first, None).await.status, 404, "the old one stays closed");
}

#[tokio::test]
async fn an_upload_url_takes_its_file_for_ten_minutes() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    let (in_time, late) = (
        announce(&mut socket, TOKEN, "a.png", "image/png", PNG.len()).await,
        announce(&mut socket, TOKEN, "b.png", "image/png", PNG.len()).await,
    );
    emulator.advance("599s").await;
    assert_eq!(put(&emulator, &in_time, PNG).await.status, 200);
    assert_eq!(socket.next().await["class"], "UploadSuccessEvent");
    emulator.advance("1s").await;
    let refused = put(&emulator, &late, PNG).await;
    assert_eq!(
        (refused.status, refused.json()["message"].clone()),
        (403, json!("The upload URL has expired"))
    );
}

#[tokio::test]
async fn files_vanish_after_fifteen_days() {
    let emulator = TestEmulator::yaml(LONG).await;
    let mut socket = session(&emulator, TOKEN).await;
    let (id, _) = upload(&emulator, &mut socket, TOKEN, "a.png", "image/png", PNG).await;
    let get = json!({ "attachmentId": id });
    emulator.advance("14d23h59m59s").await;
    let fresh = act(&mut socket, "getAttachment", TOKEN, get.clone()).await;
    assert_eq!(fresh["class"], "PresignedUrlResponse");
    emulator.advance("1s").await;
    for action in ["getAttachment", "deleteAttachment"] {
        assert_eq!(act(&mut socket, action, TOKEN, get.clone()).await["body"]["errorCode"], 4008, "{action}");
    }
    assert_eq!(show(&mut socket, TOKEN, None, &[&id]).await["code"], 4008);
    assert_eq!(
        emulator.client.get(&path(&fresh["body"]["url"]), None).await.status,
        404,
        "although its URL is fresh"
    );
}

#[tokio::test]
async fn the_oldest_files_go_when_an_org_holds_64_mebibytes() {
    let emulator = TestEmulator::start().await;
    let mut socket = session(&emulator, TOKEN).await;
    let mut ids = Vec::new();
    let large = vec![b'x'; 10_000_000];
    for n in 0..7 {
        let (id, success) =
            upload(&emulator, &mut socket, TOKEN, &format!("{n}.bin"), "video/mp4", &large).await;
        assert_eq!(success["class"], "UploadSuccessEvent");
        ids.push(id);
    }
    let mut codes = Vec::new();
    for id in &ids {
        let answer = act(&mut socket, "getAttachment", TOKEN, json!({ "attachmentId": id })).await;
        codes.push(answer["body"]["errorCode"].as_u64().unwrap_or(200));
    }
    assert_eq!(codes, [4008, 200, 200, 200, 200, 200, 200]);
}
