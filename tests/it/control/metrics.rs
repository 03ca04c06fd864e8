//! `/__admin/metrics`.

use insta::assert_snapshot;
use serde_json::json;

use crate::support::{DEPLOYMENT, Socket, TestEmulator};

/// What is told, without what differs between machines and versions.
async fn told(emulator: &TestEmulator) -> Vec<String> {
    let answer = emulator.client.admin("GET", "/metrics", None).await;
    assert_eq!(answer.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    let differs = ["genesys_emulator_build_info{", "genesys_emulator_request_seconds_total{"];
    let lines = answer.text.lines().filter(|line| !differs.iter().any(|name| line.starts_with(name)));
    lines.map(str::to_owned).collect()
}

fn value(lines: &[String], series: &str) -> Option<String> {
    let of_default = "org=\"00000000-0000-4000-8000-0000000000aa\"";
    let series = format!("genesys_emulator_{}", series.replace("ORG", of_default));
    lines.iter().find_map(|line| Some(line.strip_prefix(&series)?.strip_prefix(' ')?.to_owned()))
}

#[tokio::test]
async fn what_happens_is_counted() {
    let emulator = TestEmulator::start().await;
    let fault = json!({ "id": "say-\"no\"", "when": { "path": "/api/v2/tokens/me" }, "schedule": { "first": 1 },
        "effect": { "respond": { "status": 503 } } });
    emulator.client.admin("POST", "/faults", Some(&fault)).await;
    let token = emulator.token("emulator-client", "emulator-secret").await;
    for _ in 0..2 {
        emulator.client.get("/api/v2/tokens/me", Some(&token)).await;
    }
    emulator.client.get("/api/v2/tokens/me", Some("nothing")).await;
    let mut socket =
        Socket::open(&emulator.client.base, &format!("/v1?deploymentId={DEPLOYMENT}"), &[]).await.unwrap();
    socket.configure(DEPLOYMENT, "session-token-0123456789").await;

    let lines = told(&emulator).await;
    let of = |series: &str| value(&lines, series).unwrap_or_else(|| panic!("{series} in {lines:#?}"));
    assert_eq!(of(r#"requests_total{ORG,surface="login",status="2xx"}"#), "1");
    assert_eq!(of(r#"requests_total{ORG,surface="api",status="2xx"}"#), "1");
    assert_eq!(of(r#"requests_total{ORG,surface="api",status="4xx"}"#), "1");
    assert_eq!(of(r#"requests_total{ORG,surface="api",status="5xx"}"#), "1");
    assert_eq!(of(r#"decisions_total{ORG,decision="injected"}"#), "1");
    assert_eq!(of(r#"decisions_total{ORG,decision="refused"}"#), "1");
    assert_eq!(of(r#"fault_matches_total{ORG,fault="say-\"no\""}"#), "3");
    assert_eq!(of(r#"fault_fires_total{ORG,fault="say-\"no\""}"#), "1");
    assert_eq!(of(r#"frames_total{ORG,direction="in"}"#), "1");
    assert_eq!(of("sockets{ORG}"), "1");
    assert_eq!(of("sessions{ORG}"), "1");
    assert_eq!(of("journal_dropped_total{ORG}"), "0");

    // what is forgotten was counted all the same; a reset begins anew
    emulator.client.admin("DELETE", "/journal", None).await;
    let after = told(&emulator).await;
    assert_eq!(value(&after, "journal_entries{ORG}").unwrap(), "0");
    assert_eq!(value(&after, r#"requests_total{ORG,surface="login",status="2xx"}"#).unwrap(), "1");
    emulator.client.admin("POST", "/reset", None).await;
    assert_eq!(value(&told(&emulator).await, r#"requests_total{ORG,surface="login",status="2xx"}"#), None);
}

#[tokio::test]
async fn every_metric_says_what_it_is() {
    let emulator = TestEmulator::start().await;
    let lines = told(&emulator).await;
    let about: Vec<_> = lines.iter().filter(|line| line.starts_with("# ")).cloned().collect();
    assert_snapshot!(about.join("\n"), @"
    # HELP genesys_emulator_build_info Which program it is
    # TYPE genesys_emulator_build_info gauge
    # HELP genesys_emulator_clock_seconds The time of each org, since 1970
    # TYPE genesys_emulator_clock_seconds gauge
    # HELP genesys_emulator_requests_total Requests, by surface and class of the answer's status
    # TYPE genesys_emulator_requests_total counter
    # HELP genesys_emulator_request_seconds_total Real time that requests took together
    # TYPE genesys_emulator_request_seconds_total counter
    # HELP genesys_emulator_frames_total Frames of sockets
    # TYPE genesys_emulator_frames_total counter
    # HELP genesys_emulator_decisions_total What was decided about requests and frames
    # TYPE genesys_emulator_decisions_total counter
    # HELP genesys_emulator_journal_dropped_total Entries that are gone because journals are bounded
    # TYPE genesys_emulator_journal_dropped_total counter
    # HELP genesys_emulator_fault_matches_total Requests and frames that a fault was about
    # TYPE genesys_emulator_fault_matches_total counter
    # HELP genesys_emulator_fault_fires_total How often a fault bit
    # TYPE genesys_emulator_fault_fires_total counter
    # HELP genesys_emulator_journal_entries Entries that journals hold
    # TYPE genesys_emulator_journal_entries gauge
    # HELP genesys_emulator_journal_bytes Bytes of the entries that journals hold
    # TYPE genesys_emulator_journal_bytes gauge
    # HELP genesys_emulator_sockets Sockets that are open
    # TYPE genesys_emulator_sockets gauge
    # HELP genesys_emulator_sessions Messaging sessions that are remembered
    # TYPE genesys_emulator_sessions gauge
    # HELP genesys_emulator_conversations Conversations that are remembered
    # TYPE genesys_emulator_conversations gauge
    # HELP genesys_emulator_timers Timers that are armed
    # TYPE genesys_emulator_timers gauge
    ");
}

#[tokio::test]
async fn each_org_has_its_own_numbers() {
    let emulator = TestEmulator::start().await;
    let made = emulator.client.admin("POST", "/orgs", None).await.json();
    let org = made["id"].as_str().unwrap();
    emulator.client.get(&format!("/@{org}/api/v2/nothing"), None).await;
    let lines = told(&emulator).await;
    let series = format!("genesys_emulator_requests_total{{org=\"{org}\",surface=\"api\",status=\"5xx\"}} 1");
    assert!(lines.contains(&series), "{lines:#?}");
    assert_eq!(value(&lines, r#"requests_total{ORG,surface="api",status="5xx"}"#), None);
}
