//! `/clock`: reading and moving the org's time.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Other, told};
use crate::support::{Answer, DEPLOYMENT, TestEmulator};

async fn put(emulator: &TestEmulator, change: Value) -> Answer {
    emulator.client.admin("PUT", "/clock", Some(&change)).await
}

#[tokio::test]
async fn the_clock_shows_time_rate_and_timers() {
    let emulator = TestEmulator::start().await;
    let clock = emulator.client.admin("GET", "/clock", None).await;
    assert_eq!(clock.text, r#"{"now":"2026-01-02T03:04:05.000Z","rate":0.0,"frozen":true,"timers":0}"#);
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, "t-1").await;
    socket.say("t-1", "Hello").await;
    socket.next().await;
    let clock = emulator.client.admin("GET", "/clock", None).await.json();
    assert_eq!(clock["timers"], 2, "the end of the session, and the bot's turn");
}

#[tokio::test]
async fn an_advance_tells_what_it_did() {
    let emulator = TestEmulator::start().await;
    let moved = put(&emulator, json!({ "advance": "1h" })).await;
    assert_snapshot!(moved.text, @r#"{"now":"2026-01-02T04:04:05.000Z","rate":0.0,"frozen":true,"timers":0,"from":"2026-01-02T03:04:05.000Z","to":"2026-01-02T04:04:05.000Z","fired":0,"settled":true}"#);
    let by_number = put(&emulator, json!({ "advance": 1500 })).await.json();
    assert_eq!(by_number["to"], "2026-01-02T04:04:06.500Z");
}

#[tokio::test]
async fn an_hour_passes_in_an_instant_and_the_token_is_dead() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    put(&emulator, json!({ "advance": "3599s" })).await;
    assert_eq!(emulator.client.get("/api/v2/tokens/me", Some(&token)).await.status, 200);
    put(&emulator, json!({ "advance": "1s" })).await;
    let dead = emulator.client.get("/api/v2/tokens/me", Some(&token)).await;
    assert_eq!((dead.status, dead.header("date")), (401, "Fri, 02 Jan 2026 04:04:05 GMT"));
    assert_snapshot!(emulator.last_refusal().await, @r#"{"expected":"a token that lives at 2026-01-02T04:04:05.000Z","reason":"The access token expired at 2026-01-02T04:04:05.000Z","rule":"token.expired","seen":"issued 2026-01-02T03:04:05.000Z"}"#);
}

#[tokio::test]
async fn everything_due_has_been_done_when_the_move_answers() {
    let emulator = TestEmulator::start().await;
    let mut sockets = Vec::new();
    for nth in 0..20 {
        let mut socket = emulator.socket(DEPLOYMENT).await;
        let token = format!("t-{nth}");
        socket.configure(DEPLOYMENT, &token).await;
        socket.say(&token, "Hello").await;
        sockets.push(socket);
    }
    // the frames were sent; whether they had been read when the move came does not matter
    let moved = put(&emulator, json!({ "advance": "1s" })).await.json();
    assert_eq!((&moved["fired"], &moved["settled"]), (&json!(20), &json!(true)));
    let out = emulator.journal("kind=frameOut&target=StructuredMessage").await;
    assert_eq!(out.len(), 40, "twenty echoes and twenty answers of the bot");
    for mut socket in sockets {
        socket.next().await;
        assert_eq!(socket.next().await["body"]["text"], "You said: Hello");
    }
}

#[tokio::test]
async fn a_time_can_be_set_ahead_and_back() {
    let emulator = TestEmulator::start().await;
    let ahead = put(&emulator, json!({ "set": "2027-01-01T00:00:00Z" })).await.json();
    assert_eq!((&ahead["to"], &ahead["now"]), (&json!("2027-01-01T00:00:00.000Z"), &ahead["to"]));
    let back = put(&emulator, json!({ "set": "2020-01-01T00:00:00+01:00" })).await.json();
    assert_eq!((&back["now"], &back["fired"]), (&json!("2019-12-31T23:00:00.000Z"), &json!(0)));
}

#[tokio::test]
async fn a_running_clock_is_frozen_and_goes_on() {
    let emulator = TestEmulator::start().await;
    let running = put(&emulator, json!({ "rate": 1_000_000 })).await.json();
    assert_eq!((&running["frozen"], &running["rate"]), (&json!(false), &json!(1_000_000.0)));
    let later = put(&emulator, json!({ "freeze": true })).await.json();
    assert!(later["now"].as_str() > running["now"].as_str(), "{later}");
    let same = emulator.client.admin("GET", "/clock", None).await.json();
    assert_eq!((&same["now"], &same["frozen"]), (&later["now"], &json!(true)));
    let resumed = put(&emulator, json!({ "resume": true })).await.json();
    assert_eq!((&resumed["frozen"], &resumed["rate"]), (&json!(false), &json!(1.0)));
}

#[tokio::test]
async fn rate_auto_jumps_to_what_is_next() {
    let emulator = TestEmulator::start().await;
    let auto = put(&emulator, json!({ "rate": "auto" })).await.json();
    assert_eq!((&auto["rate"], &auto["frozen"]), (&json!("auto"), &json!(false)));
    emulator
        .fault(
            json!({ "when": { "path": "/.well-known/jwks.json" }, "effect": { "delay": { "for": "1d" } } }),
        )
        .await;
    let answer = emulator.client.get("/.well-known/jwks.json", None).await;
    assert_eq!(&answer.header("date")[..16], "Sat, 03 Jan 2026", "a day was waited for");
}

#[tokio::test]
async fn another_org_has_its_own_clock() {
    let emulator = TestEmulator::start().await;
    let org = Other::make(&emulator, json!({})).await;
    org.admin(&emulator, "PUT", "/clock", Some(&json!({ "advance": "1d" }))).await;
    let answer = org.client.get("/.well-known/jwks.json", None).await;
    assert_eq!(answer.header("date"), "Sat, 03 Jan 2026 03:04:05 GMT");
    let answer = emulator.client.get("/.well-known/jwks.json", None).await;
    assert_eq!(answer.header("date"), "Fri, 02 Jan 2026 03:04:05 GMT");
}

#[tokio::test]
async fn what_cannot_be_meant_is_explained() {
    let emulator = TestEmulator::start().await;
    let mut said = String::new();
    for change in [
        json!({}),
        json!({ "advance": "1h", "freeze": true }),
        json!({ "freeze": false }),
        json!({ "advnce": "1h" }),
        json!({ "advance": "-1h" }),
        json!({ "advance": -1 }),
        json!({ "advance": "999999999999h" }),
        json!({ "set": "later" }),
        json!({ "set": "9999-12-31T23:59:59Z" }),
        json!({ "rate": -1 }),
        json!({ "rate": "fast" }),
    ] {
        said.push_str(&told(&put(&emulator, change).await));
        said.push('\n');
    }
    assert_snapshot!(said, @r#"
    400 -: give exactly one of {"freeze":true} {"resume":true} {"set":"<time>"} {"advance":"<duration>"} {"rate":<number or "auto">}
    400 -: give exactly one of {"freeze":true} {"resume":true} {"set":"<time>"} {"advance":"<duration>"} {"rate":<number or "auto">}
    400 -: give exactly one of {"freeze":true} {"resume":true} {"set":"<time>"} {"advance":"<duration>"} {"rate":<number or "auto">}
    400 advnce: unknown field `advnce`, expected one of `freeze`, `resume`, `set`, `advance`, `rate` at line 1 column 9; did you mean `advance`?
    400 advance: `-1h` is not a duration; expected `250ms`, `2s`, `1h30m` or an integer of milliseconds at line 1 column 16
    400 advance: a duration is not negative at line 1 column 13
    400 advance: `999999999999h` is too long for a duration; expected at most 7304484d at line 1 column 26
    400 set: `later` is not a time; expected RFC 3339 such as 2026-01-02T03:04:05Z at line 1 column 14
    400 set: `9999-12-31T23:59:59Z` is too late for a clock; expected at most 9999-12-30T22:00:00.999Z at line 1 column 29
    400 rate: a rate is between 0 and 1,000,000, or auto
    400 rate: a rate is a number or `auto` at line 1 column 14
    "#);
    let clock = emulator.client.admin("GET", "/clock", None).await.json();
    assert_eq!(clock["now"], "2026-01-02T03:04:05.000Z");
}
