//! The journal as HTTP Archive.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{DEPLOYMENT, TestEmulator};

async fn archive(emulator: &TestEmulator, query: &str) -> Value {
    let answer = emulator.client.admin("GET", &format!("/journal?format=har&{query}"), None).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["log"].clone()
}

/// An entry of the archive without what is real time or drawn by the system.
fn timeless(emulator: &TestEmulator, mut entry: Value) -> String {
    assert_eq!(entry["time"], entry["timings"]["wait"]);
    entry["time"] = 0.into();
    entry["timings"]["wait"] = 0.into();
    serde_json::to_string_pretty(&entry).unwrap().replace(&emulator.base().replace("http://", ""), "(host)")
}

#[tokio::test]
async fn requests_are_as_archives_have_them_and_hold_no_secrets() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    emulator.client.get("/api/v2/nothing?a=b", None).await;
    let log = archive(&emulator, "").await;
    assert_eq!((&log["version"], log["entries"].as_array().unwrap().len()), (&json!("1.2"), 2));
    assert!(!log.to_string().contains(&token) && !log.to_string().contains("emulator-guest-secret"));
    assert_snapshot!(timeless(&emulator, log["entries"][1].clone()), @r#"
{
  "_correlationId": "ce8c5a36-ff6b-4372-a46c-6311e122de80",
  "_decision": "unserved",
  "_n": "2",
  "_refusal": {
    "reason": "This emulator does not serve GET /api/v2/nothing",
    "rule": "path.unserved"
  },
  "cache": {},
  "request": {
    "bodySize": 0,
    "cookies": [],
    "headers": [
      {
        "name": "accept",
        "value": "*/*"
      },
      {
        "name": "host",
        "value": "(host)"
      }
    ],
    "headersSize": -1,
    "httpVersion": "HTTP/1.1",
    "method": "GET",
    "queryString": [
      {
        "name": "a",
        "value": "b"
      }
    ],
    "url": "http://(host)/api/v2/nothing?a=b"
  },
  "response": {
    "bodySize": 176,
    "content": {
      "mimeType": "application/json",
      "size": 176,
      "text": "{\"message\":\"This emulator does not serve GET /api/v2/nothing\",\"code\":\"not.implemented\",\"status\":501,\"contextId\":\"ce8c5a36-ff6b-4372-a46c-6311e122de80\",\"details\":[],\"errors\":[]}"
    },
    "cookies": [],
    "headers": [
      {
        "name": "content-type",
        "value": "application/json"
      },
      {
        "name": "content-length",
        "value": "176"
      },
      {
        "name": "inin-correlation-id",
        "value": "ce8c5a36-ff6b-4372-a46c-6311e122de80"
      },
      {
        "name": "date",
        "value": "Fri, 02 Jan 2026 03:04:05 GMT"
      },
      {
        "name": "cache-control",
        "value": "no-cache, no-store, must-revalidate"
      },
      {
        "name": "pragma",
        "value": "no-cache"
      },
      {
        "name": "expires",
        "value": "0"
      }
    ],
    "headersSize": -1,
    "httpVersion": "HTTP/1.1",
    "redirectURL": "",
    "status": 501,
    "statusText": "Not Implemented"
  },
  "startedDateTime": "2026-01-02T03:04:05.000Z",
  "time": 0,
  "timings": {
    "receive": 0.0,
    "send": 0.0,
    "wait": 0
  }
}
"#);
}

#[tokio::test]
async fn frames_stand_with_the_upgrade_of_their_socket() {
    let emulator = TestEmulator::start().await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, "t-1").await;
    let log = archive(&emulator, "surface=webmessaging").await;
    let entry = &log["entries"][0];
    assert_eq!((&entry["_resourceType"], &entry["response"]["status"]), (&json!("websocket"), &json!(101)));
    let messages = entry["_webSocketMessages"].as_array().unwrap();
    let told: Vec<_> =
        messages.iter().map(|one| (one["type"].as_str().unwrap(), one["opcode"].as_u64())).collect();
    assert_eq!(told, [("send", Some(1)), ("receive", Some(1))]);
    assert!(messages[0]["data"].as_str().unwrap().contains("configureSession"));
}

#[tokio::test]
async fn an_archive_has_all_that_is_meant_unless_a_limit_is_given() {
    let emulator = TestEmulator::start().await;
    for _ in 0..120 {
        emulator.client.get("/nowhere", None).await;
    }
    assert_eq!(archive(&emulator, "path=/nowhere").await["entries"].as_array().unwrap().len(), 120);
    assert_eq!(archive(&emulator, "limit=7").await["entries"].as_array().unwrap().len(), 7);
}
