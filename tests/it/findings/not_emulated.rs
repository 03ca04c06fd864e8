//! Asking for what is not served.

use serde_json::json;

use super::{all, as_told, one, shown};
use crate::support::TestEmulator;

#[tokio::test]
async fn what_is_not_served_is_told_once_for_each_request_and_what_is_merely_not_there_is_not() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await; // 1
    emulator.client.get("/api/v2/fax/summary", Some(&token)).await; // 2
    emulator.client.get("/api/v2/fax/summary?x=1", None).await; // 3
    emulator.client.post("/api/v2/oauth/publickey", Some(&token), &json!({})).await; // 4
    emulator.client.get("/favicon.ico", None).await; // 5
    emulator.client.get("/api/v2/webchat/guest/nobody", Some(&token)).await; // 6
    assert_eq!(shown(&emulator, "not_emulated").await, as_told("info", &["2", "3"]));
    assert_eq!(
        one(&emulator, "not_emulated").await.unwrap()["details"],
        json!({ "request": "GET /api/v2/fax/summary" })
    );
    let all = all(&emulator).await;
    let asked: Vec<_> = all
        .iter()
        .filter(|one| one["finding"] == "not_emulated")
        .map(|one| &one["details"]["request"])
        .collect();
    assert_eq!(asked, ["GET /api/v2/fax/summary", "POST /api/v2/oauth/publickey"]);
}
