//! Waiting for what is still to come.

use serde_json::json;

use super::{ask, problems};
use crate::support::{DEPLOYMENT, TestEmulator};

#[tokio::test]
async fn an_answer_comes_as_soon_as_what_is_expected_has_come() {
    let emulator = TestEmulator::start().await;
    let body = json!({ "match": { "path": "/x" }, "times": 2, "within": "1h" });
    let waiting = ask(&emulator, &body);
    let visits = async {
        emulator.client.get("/x", None).await;
        emulator.client.get("/x", None).await;
    };
    let (answer, ()) = tokio::join!(waiting, visits);
    assert_eq!((answer.status, &answer.json()["expectations"][0]["found"]), (200, &json!(2)));
}

#[tokio::test]
async fn frames_wake_too() {
    let emulator = TestEmulator::start().await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    let body = json!({ "match": { "action": "echo" }, "within": "1h" });
    let (answer, ()) = tokio::join!(ask(&emulator, &body), socket.send(json!({ "action": "echo" })));
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn what_has_come_too_often_already_is_not_waited_for() {
    let emulator = TestEmulator::start().await;
    for _ in 0..2 {
        emulator.client.get("/x", None).await;
    }
    let body = json!({ "match": { "path": "/x" }, "times": 1, "within": "1h" });
    assert_eq!(problems(&emulator, &body).await, ["path /x: expected exactly 1 within 1h, found 2 (1, 2)"]);
}

#[tokio::test]
async fn what_does_not_come_in_time_fails() {
    let emulator = TestEmulator::start().await;
    let body = json!({ "match": { "path": "/x" }, "within": "10ms" });
    assert_eq!(problems(&emulator, &body).await, ["path /x: expected at least 1 within 10ms, found 0"]);
}

#[tokio::test]
async fn all_are_waited_for_and_one_that_is_lost_ends_it() {
    let emulator = TestEmulator::start().await;
    let body = json!([
        { "match": { "path": "/a" }, "within": "1h" },
        { "match": { "path": "/b" }, "within": "1h", "times": 1 },
        { "order": [{ "path": "/a" }, { "path": "/b" }], "within": "1h" },
    ]);
    let visits = async {
        for path in ["/a", "/b"] {
            emulator.client.get(path, None).await;
        }
    };
    let (answer, ()) = tokio::join!(ask(&emulator, &body), visits);
    assert_eq!(answer.status, 200, "{}", answer.text);
    emulator.client.get("/b", None).await;
    assert_eq!(ask(&emulator, &body).await.status, 409);
}

#[tokio::test]
async fn nothing_comes_for_so_long_or_what_came_is_told() {
    let emulator = TestEmulator::start().await;
    emulator.client.get("/x", None).await;
    let quiet = json!({ "match": { "path": "/x" }, "neverFor": "20ms" });
    assert!(problems(&emulator, &quiet).await.is_empty(), "what came before does not count");
    let long = json!({ "match": { "path": "/x" }, "neverFor": "1h" });
    let mut answer = std::pin::pin!(ask(&emulator, &long));
    // whether the visit comes before or after the question, one of them is seen to come
    let found = loop {
        tokio::select! {
            answer = &mut answer => break answer,
            _ = async { emulator.client.get("/x", None).await } => {}
        }
    };
    assert_eq!(found.status, 409);
    assert!(found.json()["problems"][0].as_str().unwrap().contains("(GET /x → 404) came"), "{}", found.text);
}

#[tokio::test]
async fn nothing_more_comes_once_it_has_come() {
    let emulator = TestEmulator::start().await;
    emulator.client.get("/x", None).await;
    let body = json!({ "match": { "path": "/x" }, "times": 1, "neverFor": "20ms" });
    assert!(problems(&emulator, &body).await.is_empty());
    emulator.client.get("/x", None).await;
    assert_eq!(
        problems(&emulator, &body).await,
        ["path /x: expected exactly 1, then none for 20ms, found 2 (1, 2)"]
    );
}

#[tokio::test]
async fn a_reset_ends_the_wait() {
    let emulator = TestEmulator::start().await;
    let body = json!({ "match": { "path": "/x" }, "within": "1h" });
    let mut answer = std::pin::pin!(ask(&emulator, &body));
    let ended = loop {
        tokio::select! {
            answer = &mut answer => break answer,
            _ = async { emulator.client.admin("POST", "/reset", None).await } => {}
        }
    };
    assert_eq!(ended.status, 404);
    assert_eq!(ended.json()["detail"], "the org was reset or taken away while it was waited for");
}
