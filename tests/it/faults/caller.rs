//! `X-Emulator-Inject`: a request asks for a fault of its own.

use insta::assert_snapshot;
use serde_json::json;

use super::{guest, unavailable};
use crate::support::TestEmulator;

const KEYS: &str = "/.well-known/jwks.json";

#[tokio::test]
async fn a_header_asks_for_one_answer_and_the_next_request_is_served() {
    let emulator = TestEmulator::start().await;
    let asks = [("X-Emulator-Inject", "429;retryAfter=2")];
    let answer = emulator.client.send("GET", "/api/v2/tokens/me", &asks, "").await;
    assert_snapshot!(answer.text, @r#"{"message":"Rate limit exceeded the maximum. Retry the request in [2] seconds","code":"too.many.requests.retry.after","status":429,"contextId":"1f4000f2-f7ae-4856-8af7-364288c30816","details":[],"errors":[]}"#);
    assert_eq!(
        (answer.status, answer.header("retry-after"), answer.header("x-emulator-fault")),
        (429, "2", "caller")
    );
    assert_eq!(emulator.client.get("/api/v2/tokens/me", None).await.status, 401);
    let listed = emulator.client.admin("GET", "/faults", None).await.json();
    assert_eq!(listed["entities"], json!([]), "it is nobody else's");
    assert_eq!(emulator.journal("fault=caller").await.len(), 1);
}

#[tokio::test]
async fn a_query_asks_where_no_header_can_be_set() {
    let emulator = TestEmulator::start().await;
    let answer = emulator.client.get(&format!("{KEYS}?emulatorInject=invalid_json;bytes=3"), None).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, "{\"k"));
}

#[tokio::test]
async fn the_caller_is_heard_first_and_faults_that_were_set_still_bite() {
    let emulator = TestEmulator::start().await;
    emulator.fault(unavailable("set", json!({ "path": KEYS }))).await;
    let send = async |asked| emulator.client.send("GET", KEYS, &[("X-Emulator-Inject", asked)], "").await;
    let answer = send("404").await;
    assert_eq!((answer.status, answer.header("x-emulator-fault")), (404, "caller"));
    let answer = send("content_type;to=text/plain").await;
    assert_eq!((answer.status, answer.header("content-type")), (503, "text/plain"));
    assert_eq!(answer.header("x-emulator-fault"), "caller, set");
}

#[tokio::test]
async fn scopes_and_tokens_of_one_request_can_be_wrong() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    let authorization = format!("Bearer {token}");
    let asks = [
        ("Authorization", authorization.as_str()),
        ("Content-Type", "application/json"),
        ("X-Emulator-Inject", "deny_scope;scope=webchat:guest:write"),
    ];
    let denied = emulator.client.send("POST", "/api/v2/webchat/guest", &asks, "{}").await;
    assert_eq!((denied.status, guest(&emulator, &token).await.status), (403, 200));
}

#[tokio::test]
async fn what_does_not_bite_is_noted_in_the_journal() {
    let emulator = TestEmulator::start().await;
    for asked in ["claims;mode=expired", "close_socket", "content_type"] {
        let answer = emulator.client.send("GET", KEYS, &[("X-Emulator-Inject", asked)], "").await;
        assert_eq!(answer.status, 200, "{asked}");
    }
    let journal = emulator.journal("kind=http").await;
    let notes: Vec<_> = journal.iter().map(|entry| &entry["notes"]).collect();
    assert_eq!(
        json!(notes),
        json!([
            ["`claims` was asked for, and had nothing to bite here"],
            ["`close_socket` was asked for, and had nothing to bite here"],
            null
        ])
    );
}

#[tokio::test]
async fn what_is_no_fault_is_answered_in_words() {
    let emulator = TestEmulator::start().await;
    let asks = [("X-Emulator-Inject", "respnd;status=503")];
    let answer = emulator.client.send("GET", KEYS, &asks, "").await;
    assert_eq!(answer.status, 400);
    assert!(answer.text.contains("did you mean `respond`?"), "{}", answer.text);
    assert_eq!(emulator.last_refusal().await["rule"], "inject.unreadable");
}

#[tokio::test]
async fn it_can_be_switched_off() {
    let emulator = TestEmulator::with(|builder| builder.inject(false)).await;
    let asks = [("X-Emulator-Inject", "429")];
    assert_eq!(emulator.client.send("GET", KEYS, &asks, "").await.status, 200);
}
