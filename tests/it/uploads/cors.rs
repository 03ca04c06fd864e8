//! Pages upload from another origin, with headers of the storage.

use insta::assert_snapshot;

use crate::support::{
    DEPLOYMENT, TestEmulator,
    files::{announce, path},
};

const ORIGIN: (&str, &str) = ("origin", "https://shop.example.test");

#[tokio::test]
async fn a_preflight_allows_whatever_headers_came_with_the_url() {
    let emulator = TestEmulator::start().await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, "t").await;
    let presigned = announce(&mut socket, "t", "a.png", "image/png", 1).await;
    let path = path(&presigned["body"]["url"]);
    let asked = ("access-control-request-headers", "content-type,x-amz-tagging,x-amz-meta-x");
    let headers = [ORIGIN, ("access-control-request-method", "PUT"), asked];
    let answer = emulator.client.send("OPTIONS", &path, &headers, "").await;
    let told: Vec<_> = answer
        .headers
        .iter()
        .filter(|(name, _)| name.starts_with("access-control") || *name == "vary")
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    assert_snapshot!(told.join("\n"), @"
    access-control-allow-headers: content-type,x-amz-tagging,x-amz-meta-x
    access-control-allow-methods: GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS
    access-control-allow-origin: https://shop.example.test
    access-control-expose-headers: ININ-Correlation-Id,inin-ratelimit-count,inin-ratelimit-allowed,inin-ratelimit-reset,Retry-After,X-Emulator-Fault
    access-control-max-age: 600
    vary: Origin
    ");
    let tagging = presigned["body"]["headers"]["x-amz-tagging"].as_str().unwrap();
    let headers = [ORIGIN, ("x-amz-tagging", tagging), ("content-type", "image/png")];
    let answer = emulator.client.send("PUT", &path, &headers, "x").await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, ORIGIN.1));
}
