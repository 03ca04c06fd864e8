//! `/journal/stream`: entries as they close.

use serde_json::json;

use super::{Other, told};
use crate::support::{Events, TestEmulator};

async fn open(emulator: &TestEmulator, query: &str, last: Option<&str>) -> Events {
    Events::open(&format!("{}/__admin/journal/stream?{query}", emulator.base()), last).await
}

#[tokio::test]
async fn what_was_is_told_first_and_then_what_comes() {
    let emulator = TestEmulator::start().await;
    emulator.client.get("/api/v2/a", None).await;
    let mut stream = open(&emulator, "", None).await;
    assert_eq!(stream.expect("entry").await, emulator.journal("").await[0]);
    emulator.client.get("/api/v2/b", None).await;
    assert_eq!(stream.expect("entry").await["target"], "/api/v2/b");
}

#[tokio::test]
async fn filters_are_those_of_the_journal() {
    let emulator = TestEmulator::start().await;
    let mut stream = open(&emulator, "path=/api/v2/b", None).await;
    for path in ["/api/v2/a", "/api/v2/b", "/api/v2/c", "/api/v2/b"] {
        emulator.client.get(path, None).await;
    }
    for n in ["2", "4"] {
        assert_eq!(stream.expect("entry").await["n"], n);
    }
    let wrong = emulator.client.admin("GET", "/journal/stream?pth=/x", None).await;
    assert_eq!(told(&wrong), "400 pth: `pth` is not a filter, did you mean `path`?");
    let wrong = emulator.client.admin("GET", "/journal/stream?follow=yes", None).await;
    assert_eq!(told(&wrong), "400 follow: `yes` is not `true` or `false`");
}

#[tokio::test]
async fn a_reader_goes_on_behind_what_it_has_read() {
    let emulator = TestEmulator::start().await;
    for path in ["/api/v2/a", "/api/v2/b", "/api/v2/c"] {
        emulator.client.get(path, None).await;
    }
    let mut stream = open(&emulator, "follow=false", None).await;
    let first = stream.next().await.unwrap();
    assert_eq!((first.data["n"].as_str(), first.id.as_str()), (Some("1"), "0-1"));
    let mut again = open(&emulator, "", Some(&first.id)).await;
    assert_eq!(again.expect("entry").await["n"], "2");
    let cursor = emulator.client.admin("GET", "/journal?limit=2", None).await.json();
    let mut behind = open(&emulator, &format!("after={}", cursor["next"].as_str().unwrap()), None).await;
    assert_eq!(behind.expect("entry").await["n"], "3");
}

#[tokio::test]
async fn clearing_and_a_reset_are_told_and_the_stream_goes_on() {
    let emulator = TestEmulator::start().await;
    let mut stream = open(&emulator, "", None).await;
    emulator.client.get("/api/v2/a", None).await;
    assert_eq!(stream.expect("entry").await["n"], "1");
    emulator.client.admin("DELETE", "/journal", None).await;
    stream.expect("cleared").await;
    emulator.client.get("/api/v2/b", None).await;
    assert_eq!(stream.expect("entry").await["n"], "2");
    emulator.client.admin("POST", "/reset", None).await;
    stream.expect("cleared").await;
    emulator.client.get("/api/v2/c", None).await;
    let entry = stream.expect("entry").await;
    assert_eq!((&entry["n"], &entry["target"]), (&json!("1"), &json!("/api/v2/c")));
}

#[tokio::test]
async fn a_stream_ends_with_its_org() {
    let emulator = TestEmulator::start().await;
    let org = Other::make(&emulator, json!({})).await;
    let url = format!("{}/__admin/orgs/{}/journal/stream", emulator.base(), org.id);
    let mut stream = Events::open(&url, None).await;
    org.client.get("/api/v2/x", None).await;
    assert_eq!(stream.expect("entry").await["n"], "1");
    emulator.client.admin("DELETE", &format!("/orgs/{}", org.id), None).await;
    stream.expect("cleared").await;
    assert!(stream.next().await.is_none());
}
