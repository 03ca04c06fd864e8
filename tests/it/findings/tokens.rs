//! Access tokens and guest tokens.

use serde_json::json;

use super::{as_told, guest, shown};
use crate::support::{GUEST_TOKEN_DEPLOYMENT, TestEmulator};

#[tokio::test]
async fn a_token_that_is_used_after_its_end_is_told_and_one_that_still_lives_is_not() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await; // 1, lives an hour
    emulator.advance("59m").await;
    guest(&emulator, &token, json!({})).await; // 2
    assert_eq!(shown(&emulator, "expired_token_used").await, None);
    emulator.advance("2m").await;
    guest(&emulator, &token, json!({})).await; // 3
    assert_eq!(shown(&emulator, "expired_token_used").await, as_told("warning", &["3"]));
    guest(&emulator, &token, json!({})).await; // 4
    assert_eq!(shown(&emulator, "expired_token_used").await, as_told("error", &["3", "4"]));
}

#[tokio::test]
async fn a_token_for_each_request_is_told_and_one_that_is_used_twice_is_not() {
    for (uses, expected) in [(1, as_told("warning", &["3", "5", "7"])), (2, None)] {
        let emulator = TestEmulator::start().await;
        for _ in 0..4 {
            let token = emulator.guest_client_token().await;
            for _ in 0..uses {
                guest(&emulator, &token, json!({})).await;
            }
        }
        assert_eq!(shown(&emulator, "token_per_request").await, expected, "{uses}");
    }
}

#[tokio::test]
async fn users_who_sign_in_need_a_token_each() {
    let emulator = TestEmulator::start().await;
    for _ in 0..5 {
        let given = crate::login::tokens(&emulator).await;
        let access = given["access_token"].as_str().unwrap();
        assert_eq!(emulator.client.get("/api/v2/tokens/me", Some(access)).await.status, 200);
    }
    for finding in ["token_per_request", "token_stampede"] {
        assert_eq!(shown(&emulator, finding).await, None, "{finding}");
    }
}

#[tokio::test]
async fn a_token_that_is_fetched_when_the_last_one_is_old_is_not_told() {
    let emulator = TestEmulator::start().await;
    for _ in 0..5 {
        let token = emulator.guest_client_token().await;
        guest(&emulator, &token, json!({})).await;
        emulator.advance("40m").await;
    }
    assert_eq!(shown(&emulator, "token_per_request").await, None);
}

#[tokio::test]
async fn many_tokens_at_a_time_are_a_stampede_and_two_are_none() {
    let emulator = TestEmulator::start().await;
    for _ in 0..2 {
        emulator.guest_client_token().await;
    }
    assert_eq!(shown(&emulator, "token_stampede").await, None);
    emulator.guest_client_token().await;
    assert_eq!(shown(&emulator, "token_stampede").await, as_told("warning", &["1", "2", "3"]));
    let apart = TestEmulator::start().await;
    for _ in 0..4 {
        apart.guest_client_token().await;
        apart.advance("2s").await;
    }
    assert_eq!(shown(&apart, "token_stampede").await, None);
}

#[tokio::test]
async fn a_guest_token_is_renewed_ten_minutes_before_its_end_or_that_is_told() {
    for (renewed, late) in [("19m", false), ("21m", true)] {
        let emulator = TestEmulator::start().await;
        let token = emulator.guest_client_token().await; // 1
        let made = guest(&emulator, &token, json!({ "name": "Ann" })).await.json(); // 2, lives 30 minutes
        emulator.advance(renewed).await;
        let jwt = made["access_token"].as_str().unwrap();
        emulator.upgrade(&format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}&token={jwt}")).await.unwrap(); // 3
        let expected = if late { as_told("warning", &["3"]) } else { None };
        assert_eq!(shown(&emulator, "guest_token_not_renewed").await, expected, "{renewed}");
        guest(&emulator, &token, json!({ "guestId": made["guestId"] })).await; // 4
        assert_eq!(shown(&emulator, "guest_token_not_renewed").await.is_some(), late, "{renewed}");
    }
}

#[tokio::test]
async fn one_guest_token_for_two_sessions_is_told_and_for_two_connections_of_one_is_not() {
    for (session, expected) in [("t-1", None), ("t-2", as_told("warning", &["3.1", "4.1"]))] {
        let emulator = TestEmulator::start().await;
        let jwt = emulator.guest_jwt().await; // 1, 2
        let target = format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}&token={jwt}");
        for session in ["t-1", session] {
            let mut socket = emulator.upgrade(&target).await.unwrap();
            socket.configure(GUEST_TOKEN_DEPLOYMENT, session).await;
        }
        assert_eq!(shown(&emulator, "guest_token_shared").await, expected, "{session}");
    }
}

#[tokio::test]
async fn a_socket_that_is_opened_with_a_token_from_before_is_told() {
    let emulator = TestEmulator::start().await;
    let jwt = emulator.guest_jwt().await; // 1, 2
    let target = format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}&token={jwt}");
    emulator.upgrade(&target).await.unwrap(); // 3
    assert_eq!(shown(&emulator, "reconnect_with_expired_token").await, None);
    emulator.advance("31m").await;
    emulator.upgrade(&target).await.err().unwrap(); // 4
    assert_eq!(shown(&emulator, "reconnect_with_expired_token").await, as_told("error", &["4"]));
    assert_eq!(shown(&emulator, "expired_token_used").await, None, "it is told once");
}
