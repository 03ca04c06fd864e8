//! `GET /api/v2/downloads/{key}`.

use insta::assert_snapshot;
use serde_json::json;

use crate::{
    control::Other,
    support::{
        DEPLOYMENT, ORG, Socket, TestEmulator,
        files::{PNG, path, upload},
    },
};

async fn uploaded(emulator: &TestEmulator, name: &str, mime: &str) -> String {
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, "t").await;
    let (_, success) = upload(emulator, &mut socket, "t", name, mime, PNG).await;
    path(&success["body"]["downloadUrl"])
}

#[tokio::test]
async fn who_knows_the_url_gets_the_file_with_its_type_and_name() {
    let emulator = TestEmulator::start().await;
    let path = uploaded(&emulator, "bill.png", "image/png").await;
    let origin = [("origin", "https://shop.example.test")];
    let answer = emulator.client.send("GET", &path, &origin, "").await;
    assert_eq!((answer.status, &*answer.bytes), (200, PNG));
    let told: Vec<_> = answer.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    assert_snapshot!(told.join("\n"), @r#"
    access-control-allow-origin: https://shop.example.test
    access-control-expose-headers: ININ-Correlation-Id,inin-ratelimit-count,inin-ratelimit-allowed,inin-ratelimit-reset,Retry-After,X-Emulator-Fault
    cache-control: no-cache, no-store, must-revalidate
    content-disposition: attachment; filename="bill.png"
    content-length: 21
    content-type: image/png
    date: Fri, 02 Jan 2026 03:04:05 GMT
    etag: "8fd214381bde91b2640ee9a6c4b0c144443f643d713b5eb6e219d563ca4c8e9f"
    expires: 0
    inin-correlation-id: 164893be-bc28-414c-8ebe-5aea3e153b2b
    pragma: no-cache
    vary: Origin
    "#);
    let head = emulator.client.send("HEAD", &path, &[], "").await;
    assert_eq!(
        (head.status, head.header("content-length"), head.header("content-type")),
        (200, "21", "image/png")
    );
    assert!(head.bytes.is_empty());
    // whatever a client sends along to every address
    assert_eq!(emulator.client.get(&path, Some("nonsense")).await.status, 200);
}

#[tokio::test]
async fn a_name_that_is_not_ascii_is_told_in_full() {
    let emulator = TestEmulator::start().await;
    let path = uploaded(&emulator, "Kä\"se €.png", "application/octet-stream").await;
    let answer = emulator.client.get(&path, None).await;
    assert_snapshot!(answer.header("content-disposition"), @r#"attachment; filename="K__se _.png"; filename*=UTF-8''K%C3%A4%22se%20%E2%82%AC.png"#);
}

#[tokio::test]
async fn what_is_nobodys_url_is_not_found() {
    let emulator = TestEmulator::start().await;
    let answer = emulator.client.get("/api/v2/downloads/nonsense", None).await;
    assert_eq!((answer.status, answer.json()["code"].clone()), (404, json!("not.found")));
    let other = Other::make(&emulator, json!({})).await;
    let deployment = other.made["deploymentId"].as_str().unwrap();
    let target = format!("/v1?deploymentId={deployment}");
    let mut foreign = Socket::open(&other.client.base, &target, &[]).await.unwrap();
    foreign.configure(deployment, "t").await;
    let (_, success) = upload(&emulator, &mut foreign, "t", "a.png", "image/png", PNG).await;
    let theirs = path(&success["body"]["downloadUrl"]);
    assert_eq!(emulator.client.get(&theirs, None).await.status, 200);
    let key = theirs.rsplit('/').next().unwrap();
    assert_eq!(
        emulator.client.get(&format!("/api/v2/downloads/{key}"), None).await.status,
        200,
        "the key finds its org"
    );
    assert_eq!(emulator.client.get(&format!("/@{ORG}/api/v2/downloads/{key}"), None).await.status, 404);
    assert_eq!(emulator.last_refusal().await["rule"], "of.another.org");
}
