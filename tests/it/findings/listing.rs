//! How findings are listed.

use serde_json::json;

use crate::{
    control::{Other, told},
    support::TestEmulator,
};

#[tokio::test]
async fn the_worst_come_first_and_what_is_less_can_be_left_out() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    super::guest(&emulator, &token, json!({})).await;
    emulator.client.send("GET", "/api/v2/tokens/me", &[("authorization", "[REDACTED]")], "").await;
    let names = |found: Vec<serde_json::Value>| {
        found.into_iter().map(|one| one["finding"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(super::all(&emulator).await), ["redacted_authorization", "scopes_too_broad"]);
    let errors = emulator.client.admin("GET", "/findings?severity=warning", None).await.json();
    assert_eq!(names(errors["entities"].as_array().unwrap().clone()), ["redacted_authorization"]);
    let wrong = emulator.client.admin("GET", "/findings?severity=eror", None).await;
    assert_eq!(
        told(&wrong),
        "400 severity: unknown variant `eror`, expected one of `info`, `warning`, `error`; did you mean `error`?"
    );
    let wrong = emulator.client.admin("GET", "/findings?sevrity=error", None).await;
    assert_eq!(told(&wrong), "400 sevrity: `sevrity` is not a filter, did you mean `severity`?");
}

#[tokio::test]
async fn each_org_has_its_own() {
    let emulator = TestEmulator::start().await;
    let org = Other::make(&emulator, json!({})).await;
    emulator.client.send("GET", "/api/v2/tokens/me", &[("authorization", "[REDACTED]")], "").await;
    let found = org.admin(&emulator, "GET", "/findings", None).await.json();
    assert_eq!(found["entities"], json!([]));
}
