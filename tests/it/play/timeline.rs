//! The timeline: what happens by itself, and when.

use std::io::Write;

use serde_json::{Value, json};

use super::{file, path};
use crate::support::{DEPLOYMENT, TestEmulator};

async fn with(timeline: &str) -> TestEmulator {
    TestEmulator::yaml(&format!("timeline:\n{timeline}")).await
}

async fn kid(emulator: &TestEmulator) -> Value {
    emulator.client.get("/api/v2/oauth/publickey", None).await.json()["kid"].clone()
}

#[tokio::test]
async fn at_a_time_a_key_is_rotated_and_a_reset_begins_anew() {
    let emulator = with("  - at: 30s\n    do: { rotateKeys: { mode: hard } }\n").await;
    for _ in 0..2 {
        let first = kid(&emulator).await;
        emulator.advance("29999ms").await;
        assert_eq!(kid(&emulator).await, first);
        emulator.advance("1ms").await;
        assert_ne!(kid(&emulator).await, first);
        assert_eq!(emulator.client.admin("POST", "/reset", None).await.status, 200);
    }
}

#[tokio::test]
async fn at_the_third_token_a_fault_is_set_before_anything_else_and_another_entry_takes_it_away() {
    let emulator = with(
        "  - on: token#3\n    do: { faultOn: { id: busy, when: { surface: api }, effect: { respond: { status: 503 } } } }\n  - on: token#4\n    do: { faultOff: busy }\n",
    )
    .await;
    let mut seen = Vec::new();
    for _ in 0..4 {
        let token = emulator.guest_client_token().await;
        seen.push(emulator.client.get("/api/v2/tokens/me", Some(&token)).await.status);
    }
    assert_eq!(seen, [200, 200, 503, 200]);
    // the same again once the org is made anew, whose events are counted from one
    emulator.client.admin("POST", "/reset", None).await;
    let mut seen = Vec::new();
    for _ in 0..3 {
        let token = emulator.guest_client_token().await;
        seen.push(emulator.client.get("/api/v2/tokens/me", Some(&token)).await.status);
    }
    assert_eq!(seen, [200, 200, 503]);
}

#[tokio::test]
async fn when_a_session_is_active_sockets_are_closed_some_time_later() {
    let emulator = with(
        "  - when: session=active\n    wait: 5s\n    do: { closeSockets: { code: 1013, reason: later } }\n",
    )
    .await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    emulator.advance("1h").await;
    socket.configure(DEPLOYMENT, "t-1").await;
    emulator.advance("5s").await;
    let closed = socket.closed().await.unwrap();
    assert_eq!((u16::from(closed.code), closed.reason.as_str()), (1013, "later"));
}

#[tokio::test]
async fn after_a_rotation_conversations_are_disconnected() {
    let emulator = with("  - after: rotation\n    do: { disconnect: {} }\n").await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, "t-1").await;
    socket.say("t-1", "hello").await;
    socket.next().await;
    emulator.client.admin("POST", "/keys/platform/rotate", Some(&json!({}))).await;
    let mut told = socket.next().await;
    while told["body"]["events"][0]["eventType"] != "Presence" {
        told = socket.next().await;
    }
    assert_eq!(told["body"]["events"][0]["presence"]["type"], "Disconnect");
    assert!(emulator.conversation().await.get("endTime").is_some());
}

#[tokio::test]
async fn time_goes_on_by_itself_and_a_move_that_is_under_way_gets_longer() {
    let emulator = with(
        "  - on: token\n    do: { advance: 10m }\n  - at: 30m\n    do: { advance: 5m }\n  - at: 40m\n    do: { rotateKeys: { mode: hard } }\n",
    )
    .await;
    let first = kid(&emulator).await;
    let token = emulator.guest_client_token().await;
    let clock = emulator.client.admin("GET", "/clock", None).await.json();
    assert_eq!(clock["now"], "2026-01-02T03:14:05.000Z");
    let moved = emulator.advance("20m").await;
    assert_eq!((&moved["to"], &moved["settled"]), (&json!("2026-01-02T03:39:05.000Z"), &json!(true)));
    assert_eq!(kid(&emulator).await, first);
    // in all an hour has passed for the token, which lives an hour
    emulator.advance("25m").await;
    assert_ne!(kid(&emulator).await, first);
    assert_eq!(emulator.client.get("/api/v2/tokens/me", Some(&token)).await.status, 401);
}

#[tokio::test]
async fn a_scenario_that_is_applied_brings_its_timeline_and_takes_the_old_one_away() {
    let emulator = with("  - on: token\n    do: { rotateKeys: { mode: hard } }\n").await;
    let first = kid(&emulator).await;
    let body = "timeline: [ { on: guest, do: { rotateKeys: { mode: hard } } } ]";
    let applied = emulator.client.try_send("POST", "/__admin/scenarios/apply", &[], body).await.unwrap();
    assert_eq!(applied.status, 200, "{}", applied.text);
    emulator.guest_client_token().await;
    assert_eq!(kid(&emulator).await, first);
    emulator.guest_jwt().await;
    assert_ne!(kid(&emulator).await, first);
}

#[tokio::test]
async fn a_snapshot_keeps_what_is_still_to_happen() {
    let emulator = with(
        "  - at: 30s\n    do: { rotateKeys: { mode: hard } }\n  - on: token#3\n    do: { rotateKeys: { mode: hard } }\n",
    )
    .await;
    let first = kid(&emulator).await;
    emulator.guest_client_token().await;
    emulator.advance("10s").await;
    let taken = emulator.client.admin("GET", "/state", None).await.json();
    for _ in 0..2 {
        let put = emulator.client.admin("PUT", "/state", Some(&taken)).await;
        assert_eq!(put.status, 200, "{}", put.text);
        assert_eq!(kid(&emulator).await, first);
        emulator.advance("20s").await;
        let second = kid(&emulator).await;
        assert_ne!(second, first);
        emulator.guest_client_token().await;
        assert_eq!(kid(&emulator).await, second);
        emulator.guest_client_token().await;
        assert_ne!(kid(&emulator).await, second);
    }
}

#[tokio::test]
async fn what_cannot_be_meant_is_told() {
    for (entry, told) in [
        ("{ do: { disconnect: {} } }", "an entry has exactly one of `at`, `on`, `when`, `after`"),
        (
            "{ at: 1s, on: token, do: { disconnect: {} } }",
            "an entry has exactly one of `at`, `on`, `when`, `after`",
        ),
        (
            "{ at: 1s }",
            "`do` is one thing: faultOn, faultOff, rotateKeys, closeSockets, advance or disconnect",
        ),
        ("{ on: tokn#2, do: { disconnect: {} } }", "nothing called `tokn` happens; did you mean `token`?"),
        (
            "{ on: token#0, do: { disconnect: {} } }",
            "`token#0` is no event; expected a name and a number from 1, such as token#3",
        ),
        (
            "{ when: session=activ, do: { disconnect: {} } }",
            "nothing comes to `session=activ`; did you mean `session=active`?",
        ),
        (
            "{ at: 1s, do: { closeSockets: { code: 1006 } } }",
            "`closeSockets`: 1006 is no code of RFC 6455 that a close frame can have",
        ),
        (
            "{ at: 1s, do: { rotateKeys: { after: 1s } } }",
            "`rotateKeys` is done at once; `wait` of the entry and further entries say when",
        ),
        (
            "{ at: 1s, do: { rotateKeys: { ring: \"idp:none\" } } }",
            "there is no key ring `idp:none` in this org; there are platform, idp:main",
        ),
        ("{ at: 1s, do: { faultOn: { id: x } } }", "fault `x`: it has no `effect` and no `plan`; give one"),
    ] {
        let mut file = file("");
        write!(file, "timeline: [ {entry} ]").unwrap();
        let said = genesys_emulator::check(path(&file)).await.unwrap_err().to_string();
        assert!(said.ends_with(&format!("world: timeline, entry 1: {told}")), "{said}");
    }
}
