//! `delay`: waits are the org's time, so nothing here takes long.

use insta::assert_snapshot;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::armed;
use crate::support::{Answer, DEPLOYMENT, TestEmulator};

/// Sends a GET that is expected to wait.
fn get(emulator: &TestEmulator, path: &str) -> JoinHandle<Answer> {
    let (client, path) = (emulator.client.clone(), path.to_owned());
    tokio::spawn(async move { client.get(&path, None).await })
}

/// The `Date` of answers to so many requests, each delayed with these options, when an hour passes.
async fn dates(seed: u64, options: &Value, requests: usize) -> Vec<String> {
    let emulator = TestEmulator::with(|builder| builder.seed(seed)).await;
    emulator.fault(json!({ "id": "slow", "effect": { "delay": options } })).await;
    let mut dates = Vec::new();
    for _ in 0..requests {
        let waiting = get(&emulator, "/.well-known/jwks.json");
        armed(&emulator, 1).await;
        let now = json!({ "set": crate::support::emulator::START });
        emulator.advance("1h").await;
        dates.push(waiting.await.unwrap().header("date")[17..25].to_owned());
        emulator.client.admin("PUT", "/clock", Some(&now)).await;
    }
    dates
}

#[tokio::test]
async fn the_scenario_parks_the_token_endpoint_until_half_a_minute_has_passed() {
    let emulator = TestEmulator::scenario("delay").await;
    let client = emulator.client.clone();
    let waiting = tokio::spawn(async move {
        let body = "grant_type=client_credentials&client_id=emulator-client&client_secret=emulator-secret";
        client.post_form("/oauth/token", body).await
    });
    armed(&emulator, 1).await;
    assert_eq!(emulator.advance("29s").await["fired"], 0);
    assert!(emulator.journal("").await.is_empty(), "it is not answered yet");
    let moved = emulator.advance("1s").await;
    assert_eq!((&moved["fired"], &moved["settled"], &moved["timers"]), (&json!(1), &json!(true), &json!(0)));
    let entries = emulator.journal("").await;
    assert_eq!(
        (&entries[0]["status"], &entries[0]["faults"]),
        (&json!(200), &json!(["delay"])),
        "the move answers after the request was"
    );
    let answer = waiting.await.unwrap();
    assert_eq!(answer.header("date"), "Fri, 02 Jan 2026 03:04:35 GMT", "it is later now");
    assert_eq!(answer.header("x-emulator-fault"), "delay");
}

#[tokio::test]
async fn from_and_to_are_drawn_anew_for_each_request_and_alike_for_one_seed() {
    let options = json!({ "from": "100s", "to": "200s" });
    let drawn = dates(1, &options, 4).await;
    assert_snapshot!(drawn.join(" "), @r#"03:07:07 03:07:09 03:06:18 03:05:52"#);
    assert_eq!(dates(1, &options, 4).await, drawn);
    assert_ne!(dates(2, &options, 4).await, drawn);
    assert!(drawn.iter().all(|at| ("03:05:45".."03:07:26").contains(&at.as_str())));
}

#[tokio::test]
async fn sigma_zero_is_the_median_always() {
    let drawn = dates(1, &json!({ "median": "10s", "sigma": 0 }), 2).await;
    assert_eq!(drawn, ["03:04:15", "03:04:15"]);
}

#[tokio::test]
async fn sigma_spreads_the_waits_around_the_median() {
    let drawn = dates(1, &json!({ "median": "100s", "sigma": 0.5 }), 6).await;
    assert_snapshot!(drawn.join(" "), @r#"03:08:14 03:05:02 03:06:22 03:05:37 03:05:09 03:06:56"#);
    let (shorter, longer): (Vec<_>, Vec<_>) = drawn.iter().partition(|at| at.as_str() < "03:05:45");
    assert!(!shorter.is_empty() && !longer.is_empty());
}

#[tokio::test]
async fn two_delays_add_up_and_a_later_answer_still_comes() {
    let emulator = TestEmulator::start().await;
    let slow = |id, by| json!({ "id": id, "effect": { "delay": { "for": by } } });
    emulator.fault(json!([slow("one", "10s"), slow("two", "5s")])).await;
    emulator.fault(json!({ "id": "three", "effect": { "respond": { "status": 503 } } })).await;
    let waiting = get(&emulator, "/api/v2/x");
    armed(&emulator, 1).await;
    assert_eq!(emulator.advance("1m").await["fired"], 2);
    let answer = waiting.await.unwrap();
    assert_eq!(
        (answer.status, answer.header("x-emulator-fault"), answer.header("date")),
        (503, "one, two, three", "Fri, 02 Jan 2026 03:04:20 GMT")
    );
}

#[tokio::test]
async fn at_commit_the_work_is_done_before_the_wait() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    let when = json!({ "method": "DELETE" });
    emulator.fault(json!({ "when": when, "phase": "commit", "effect": { "delay": { "for": "1m" } } })).await;
    let (client, bearer) = (emulator.client.clone(), format!("Bearer {token}"));
    let waiting = tokio::spawn(async move {
        let headers = [("authorization", bearer.as_str())];
        client.send("DELETE", "/api/v2/tokens/me", &headers, "").await
    });
    armed(&emulator, 1).await;
    let me = emulator.client.get("/api/v2/tokens/me", Some(&token)).await;
    assert_eq!(me.status, 401, "the token is revoked while the answer waits");
    emulator.advance("1m").await;
    assert_eq!(waiting.await.unwrap().status, 200);
}

#[tokio::test]
async fn a_client_that_goes_away_while_it_waits_leaves_no_timer_and_an_abandoned_entry() {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!({ "effect": { "delay": { "for": "1m" } } })).await;
    let waiting = get(&emulator, "/api/v2/x");
    armed(&emulator, 1).await;
    waiting.abort();
    assert!(waiting.await.unwrap_err().is_cancelled());
    for _ in 0..10_000 {
        if let Some(entry) = emulator.journal("").await.first() {
            assert_eq!(entry["abandoned"], true);
            let clock = emulator.client.admin("GET", "/clock", None).await.json();
            assert_eq!(clock["timers"], 0);
            return;
        }
    }
    panic!("the visit is still open");
}

#[tokio::test]
async fn a_request_that_waits_when_the_org_is_reset_ends_without_an_answer_and_does_nothing() {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!({ "effect": { "delay": { "for": "1m" } } })).await;
    let client = emulator.client.clone();
    let waiting = tokio::spawn(async move {
        let body = "grant_type=client_credentials&client_id=emulator-client&client_secret=emulator-secret";
        client.try_send("POST", "/oauth/token", &[], body).await
    });
    armed(&emulator, 1).await;
    emulator.client.admin("POST", "/reset", None).await;
    let ended = waiting.await.unwrap();
    assert!(ended.is_err(), "a token of the time before would be that of the first visit after: {ended:?}");
    assert!(emulator.journal("").await.is_empty(), "it belongs to the time before");
}

#[tokio::test]
async fn a_delayed_upgrade_opens_when_the_time_has_come() {
    let emulator = TestEmulator::start().await;
    emulator
        .fault(json!({ "when": { "surface": "webmessaging" }, "effect": { "delay": { "for": "5s" } } }))
        .await;
    let (base, target) = (emulator.base(), format!("/v1?deploymentId={DEPLOYMENT}"));
    let opening =
        tokio::spawn(async move { crate::support::Socket::open(&base, &target, &[]).await.is_ok() });
    armed(&emulator, 1).await;
    emulator.advance("5s").await;
    assert!(opening.await.unwrap());
}

#[tokio::test]
async fn a_normal_distribution_has_its_middle_and_a_measured_one_its_percentiles() {
    let drawn = dates(1, &json!({ "mean": "1000s", "deviation": "100s" }), 6).await;
    assert_snapshot!(drawn.join(" "), @"03:23:47 03:18:53 03:21:49 03:20:29 03:19:16 03:22:33");
    let drawn = dates(1, &json!({ "percentiles": [[50, "10s"], [90, "100s"], [99, "1000s"]] }), 6).await;
    assert_snapshot!(drawn.join(" "), @"03:05:28 03:05:32 03:04:11 03:04:06 03:04:20 03:04:58");
}
