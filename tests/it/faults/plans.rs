//! `plan`: a literal sequence instead of schedule and effect.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::TestEmulator;

async fn planned(plan: Value) -> TestEmulator {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!({ "id": "plan", "when": { "surface": "api" }, "plan": plan })).await;
    emulator
}

async fn shown(emulator: &TestEmulator) -> Value {
    emulator.client.admin("GET", "/faults/plan", None).await.json()
}

#[tokio::test]
async fn steps_follow_one_another_and_then_the_fault_is_over() {
    let plan = json!([
        { "ok": 2 },
        { "respond": { "status": 429 }, "times": 2 },
        { "ok": {} },
        { "respond": { "status": 503 } },
    ]);
    let emulator = planned(plan.clone()).await;
    let mut seen = Vec::new();
    for nth in 0..8 {
        assert_eq!(shown(&emulator).await["finished"], nth >= 6);
        seen.push(emulator.client.get("/api/v2/x", None).await.status);
    }
    assert_eq!(seen, [501, 501, 429, 429, 501, 503, 501, 501]);
    let shown = shown(&emulator).await;
    assert_eq!((&shown["matched"], &shown["fired"]), (&json!(8), &json!(3)));
    let normal = json!([
        { "ok": 2 },
        { "respond": { "status": 429 }, "times": 2 },
        { "ok": 1 },
        { "respond": { "status": 503 } },
    ]);
    assert_eq!(shown["plan"], normal, "it is shown as it was written");
}

#[tokio::test]
async fn effects_of_one_place_can_be_mixed() {
    let emulator =
        planned(json!([{ "reset": {} }, { "rate_limit": { "limit": 0 } }, { "respond": { "status": 500 } }]))
            .await;
    let first = emulator.client.try_send("DELETE", "/api/v2/x", &[], "").await;
    assert!(first.is_err(), "{first:?}");
    assert_eq!(emulator.client.get("/api/v2/x", None).await.status, 429);
    assert_eq!(emulator.client.get("/api/v2/x", None).await.status, 500);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_step_is_consumed_exactly_once_under_fifty_concurrent_requests() {
    let plan: Vec<_> =
        (0..50).map(|nth| json!({ "respond": { "status": 503, "body": nth.to_string() } })).collect();
    let emulator = planned(Value::from(plan)).await;
    let mut requests = JoinSet::new();
    for _ in 0..60 {
        let client = emulator.client.clone();
        requests.spawn(async move { client.get("/api/v2/x", None).await });
    }
    let mut bodies = BTreeMap::new();
    for answer in requests.join_all().await {
        let body = if answer.status == 503 { answer.text } else { "passed".to_owned() };
        *bodies.entry(body).or_insert(0) += 1;
    }
    let mut expected: BTreeMap<String, i32> = (0..50).map(|nth| (nth.to_string(), 1)).collect();
    expected.insert("passed".to_owned(), 10);
    assert_eq!(bodies, expected);
    let shown = shown(&emulator).await;
    assert_eq!(
        (&shown["matched"], &shown["fired"], &shown["finished"]),
        (&json!(60), &json!(50), &json!(true))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_first_so_many_are_exact_under_fifty_concurrent_requests() {
    let emulator = TestEmulator::start().await;
    let effect = json!({ "respond": { "status": 503 } });
    emulator.fault(json!({ "id": "f", "schedule": { "first": 20 }, "effect": effect })).await;
    let mut requests = JoinSet::new();
    for _ in 0..50 {
        let client = emulator.client.clone();
        requests.spawn(async move { client.get("/api/v2/x", None).await.status });
    }
    let statuses = requests.join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status == 503).count(), 20);
}

#[tokio::test]
async fn plans_on_frames_work_like_plans_on_requests() {
    use crate::support::DEPLOYMENT;
    let emulator = TestEmulator::start().await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, "t-1").await;
    let plan = json!([{ "ok": {} }, { "respond": { "status": 500 } }, { "close_socket": {} }]);
    emulator.fault(json!({ "when": { "action": "echo" }, "plan": plan })).await;
    for code in [200, 500] {
        socket.send(json!({ "action": "echo", "token": "t-1" })).await;
        assert_eq!(socket.next().await["code"], code);
    }
    socket.send(json!({ "action": "echo", "token": "t-1" })).await;
    assert_eq!(u16::from(socket.closed().await.unwrap().code), 1011);
}
