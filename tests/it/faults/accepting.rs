//! What happens as a connection is accepted: it is of the emulator as a whole, and says so.

use std::io::ErrorKind;

use serde_json::{Value, json};

use super::{
    fault_of,
    raw::{Line, exchange},
};
use crate::{control::Other, support::TestEmulator};

const REQUEST: &str =
    "GET /.well-known/jwks.json HTTP/1.1\r\nHost: emulator.test\r\nConnection: close\r\n\r\n";

#[tokio::test]
async fn resets_closes_and_stalls_can_come_before_anything_is_read() {
    let emulator = TestEmulator::start().await;
    let plan = json!([
        { "reset": { "at": "accept" } },
        { "close_connection": { "at": "accept" } },
        { "ok": 1 },
        { "reset": { "at": "accept" } },
    ]);
    emulator.fault(json!({ "id": "plan", "plan": plan })).await;
    let mut seen = Vec::new();
    for _ in 0..5 {
        let end = exchange(&emulator.base(), REQUEST).await;
        seen.push((end.text.get(..12).unwrap_or_default().to_owned(), end.error));
    }
    let (reset, closed) = ((String::new(), Some(ErrorKind::ConnectionReset)), (String::new(), None));
    let served = ("HTTP/1.1 200".to_owned(), None);
    assert_eq!(seen, [reset.clone(), closed, served.clone(), reset, served]);
}

#[tokio::test]
async fn a_stall_at_accept_is_over_when_its_time_is() {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!({ "effect": { "stall": { "at": "accept", "for": "10s" } } })).await;
    let mut line = Line::send(&emulator.base(), REQUEST).await;
    super::armed(&emulator, 1).await;
    emulator.advance("9s").await;
    assert!(line.is_silent());
    assert_eq!(emulator.journal("").await.len(), 0);
    emulator.advance("1s").await;
    assert!(line.head().await.starts_with("HTTP/1.1 200 OK\r\n"));
}

#[tokio::test]
async fn nobody_gets_past_it_on_a_connection_that_was_let_in_for_the_admin_api() {
    let emulator = TestEmulator::start().await;
    let ask = "GET /__admin/health HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let mut line = Line::send(&emulator.base(), ask).await;
    assert!(!line.head().await.to_lowercase().contains("connection: close"), "nothing is to become of it");
    emulator.fault(json!({ "effect": { "refuse_connection": {} } })).await;
    // the second request comes on the connection of the first
    let end = exchange(&emulator.base(), &format!("{ask}{REQUEST}")).await;
    assert!(end.text.starts_with("HTTP/1.1 200 OK\r\n"), "{}", end.text);
    assert!(end.text.contains("\r\nConnection: close\r\n"), "{}", end.text);
    assert_eq!(end.text.matches("HTTP/1.1 ").count(), 1, "{}", end.text);
    assert_eq!(emulator.journal("").await.len(), 0);
}

#[tokio::test]
async fn its_times_are_those_of_the_default_org() {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!({ "schedule": { "for": "10s" }, "effect": { "refuse_connection": {} } })).await;
    assert_eq!(exchange(&emulator.base(), REQUEST).await.error, Some(ErrorKind::ConnectionReset));
    emulator.advance("10s").await;
    assert_eq!(exchange(&emulator.base(), REQUEST).await.error, None);
}

#[tokio::test]
async fn it_is_held_beside_the_orgs_and_a_named_org_has_nothing_to_do_with_it() {
    let emulator = TestEmulator::start().await;
    let org = Other::make(&emulator, json!({})).await;
    let accept = json!({ "id": "all", "effect": { "refuse_connection": {} } });
    let own = json!({ "id": "own", "effect": { "respond": { "status": 503 } } });
    let faults = format!("/orgs/{}/faults", org.text("id"));
    let refused = emulator.client.admin("POST", &faults, Some(&json!([own, accept]))).await;
    insta::assert_snapshot!(refused.text, @r#"{"type":"about:blank","title":"A member is not as expected","status":400,"detail":"fault `all` is of the emulator as a whole; POST it to /__admin/faults","field":"of"}"#);
    let listed = async |path: &str| {
        let listed = emulator.client.admin("GET", path, None).await.json();
        let named = |fault: &Value| format!("{} {}", fault["id"].as_str().unwrap(), fault["of"]);
        listed["entities"].as_array().unwrap().iter().map(named).collect::<Vec<_>>()
    };
    assert_eq!(listed(&faults).await, [""; 0]);
    let set = emulator.client.admin("POST", "/faults", Some(&json!([own, accept]))).await;
    assert_eq!(set.json()["ids"], json!(["own", "all"]));
    assert_eq!(listed("/faults").await, ["all \"emulator\"", "own null"]);
    assert_eq!(listed(&faults).await, [""; 0]);
    // an org of its own neither shows it nor takes it away
    assert_eq!(emulator.client.admin("DELETE", &faults, None).await.status, 204);
    assert_eq!(emulator.client.admin("GET", &format!("{faults}/all"), None).await.status, 404);
    assert_eq!(exchange(&emulator.base(), REQUEST).await.error, Some(ErrorKind::ConnectionReset));
    let taken = emulator
        .client
        .admin("POST", "/faults", Some(&json!({ "id": "all", "effect": { "reset": {} } })))
        .await;
    assert_eq!(taken.status, 409);
    let taken = emulator
        .client
        .admin("POST", "/faults", Some(&json!({ "id": "own", "effect": { "refuse_connection": {} } })))
        .await;
    assert_eq!(taken.status, 409);
    let both = json!([accept, { "id": "all", "effect": { "reset": {} } }]);
    assert_eq!(emulator.client.admin("PUT", "/faults", Some(&both)).await.status, 409);
    assert_eq!(listed("/faults").await, ["all \"emulator\"", "own null"]);
    assert_eq!(emulator.client.admin("DELETE", "/faults", None).await.status, 204);
    assert_eq!(listed("/faults").await, [""; 0]);
    assert_eq!(exchange(&emulator.base(), REQUEST).await.error, None);
}

#[tokio::test]
async fn a_reset_of_the_emulator_brings_back_what_the_scenario_sets_and_that_of_an_org_does_not() {
    let emulator = TestEmulator::scenario("refuse_connection").await;
    let org = emulator.client.admin("GET", "/orgs", None).await.json()["entities"][0]["id"].clone();
    emulator.client.admin("DELETE", "/faults", None).await;
    emulator.client.admin("POST", &format!("/orgs/{}/reset", org.as_str().unwrap()), None).await;
    assert_eq!(exchange(&emulator.base(), REQUEST).await.error, None);
    emulator.client.admin("POST", "/reset", None).await;
    assert_eq!(exchange(&emulator.base(), REQUEST).await.error, Some(ErrorKind::ConnectionReset));
}

#[tokio::test]
async fn a_scenario_brings_them_to_the_emulator_and_not_to_one_org() {
    let emulator = TestEmulator::start().await;
    let org = Other::make(&emulator, json!({})).await;
    let by_name = json!({ "name": "refuse_connection" });
    let path = format!("/orgs/{}/scenarios/apply", org.text("id"));
    let refused = emulator.client.admin("POST", &path, Some(&by_name)).await;
    insta::assert_snapshot!(refused.text, @r#"{"type":"about:blank","title":"The scenario cannot be applied","status":400,"detail":"fault `refuse_connection` is of the emulator as a whole, and the scenario goes to one org; POST /__admin/scenarios/apply applies it to the emulator"}"#);
    let refused =
        emulator.client.admin("POST", "/orgs", Some(&json!({ "scenario": "refuse_connection" }))).await;
    assert_eq!(refused.status, 400, "{}", refused.text);
    assert_eq!(emulator.client.admin("POST", "/scenarios/apply", Some(&by_name)).await.status, 200);
    assert_eq!(exchange(&emulator.base(), REQUEST).await.error, Some(ErrorKind::ConnectionReset));
    // the next scenario has none
    assert_eq!(
        emulator.client.admin("POST", "/scenarios/apply", Some(&json!({ "name": "respond" }))).await.status,
        200
    );
    assert_eq!(exchange(&emulator.base(), REQUEST).await.error, None);
    assert_eq!(fault_of(&emulator, "/api/v2/x").await, "");
}

#[tokio::test]
async fn without_a_default_org_it_can_still_be_set_and_taken_away() {
    let emulator = TestEmulator::start().await;
    let org = emulator.client.admin("GET", "/orgs", None).await.json()["entities"][0]["id"].clone();
    emulator.client.admin("DELETE", &format!("/orgs/{}", org.as_str().unwrap()), None).await;
    emulator.fault(json!({ "id": "all", "effect": { "refuse_connection": {} } })).await;
    assert_eq!(exchange(&emulator.base(), REQUEST).await.error, Some(ErrorKind::ConnectionReset));
    let of_org = json!({ "effect": { "reset": {} } });
    assert_eq!(emulator.client.admin("POST", "/faults", Some(&of_org)).await.status, 404);
    assert_eq!(emulator.client.admin("DELETE", "/faults/all", None).await.status, 204);
    assert!(exchange(&emulator.base(), REQUEST).await.text.starts_with("HTTP/1.1 404"));
}

#[tokio::test]
async fn what_cannot_be_of_the_emulator_or_of_an_org_is_explained() {
    let said = super::refused::refusals(&[
        json!({ "id": "f", "of": "emulator", "effect": { "respond": { "status": 503 } } }),
        json!({ "id": "f", "of": "org", "effect": { "refuse_connection": {} } }),
        json!({ "id": "f", "of": "all", "effect": { "refuse_connection": {} } }),
        json!({ "id": "f", "when": { "surface": "api" }, "effect": { "refuse_connection": {} } }),
        json!({ "id": "f", "phase": "commit", "effect": { "reset": { "at": "accept" } } }),
        json!({ "id": "f", "plan": [{ "reset": { "at": "accept" } }, { "reset": {} }] }),
        json!({ "id": "f", "when": { "action": "echo" }, "effect": { "half_open": { "at": "after_head" } } }),
        json!({ "id": "f", "effect": { "quota": { "limit": 1, "period": 0 } } }),
    ])
    .await;
    insta::assert_snapshot!(said, @"
    fault: fault `f`: `of: emulator` is of what happens as a connection is accepted: `refuse_connection`, and `at: accept` of `reset`, `close_connection`, `stall` and `half_open`; or as TLS is offered
    fault: fault `f`: what happens as a connection is accepted, or TLS offered, is of the emulator as a whole; write `of: emulator`, or leave `of` out
    of: unknown variant `all`, expected `org` or `emulator` at line 1 column 54
    fault: fault `f`: `when`: nothing is known of a connection that is being accepted; leave it out
    fault: fault `f`: `reset` has no phase `commit`
    fault: fault `f`: the effects of one `plan` must bite at the same place
    fault: fault `f`: `half_open`: `at` is of requests; this fault is on frames
    fault: fault `f`: `quota`: `period` is longer than nothing
    ");
}
