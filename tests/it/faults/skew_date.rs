//! `skew_date`: `Date` and the clock differ.

use serde_json::{Value, json};

use crate::support::TestEmulator;

const FORM: &str = "grant_type=client_credentials&client_id=emulator-client&client_secret=emulator-secret";

#[tokio::test]
async fn the_scenario_dates_tokens_ten_minutes_ahead() {
    let emulator = TestEmulator::scenario("skew_date").await;
    let dates = async || {
        let token = emulator.client.post_form("/oauth/token", FORM).await.header("date").to_owned();
        (token, emulator.client.get("/api/v2/x", None).await.header("date").to_owned())
    };
    let (ahead, right) = ("Fri, 02 Jan 2026 03:14:05 GMT", "Fri, 02 Jan 2026 03:04:05 GMT");
    assert_eq!(dates().await, (ahead.to_owned(), right.to_owned()));
    emulator.advance("1h").await;
    let (ahead, right) = ("Fri, 02 Jan 2026 04:14:05 GMT", "Fri, 02 Jan 2026 04:04:05 GMT");
    assert_eq!(dates().await, (ahead.to_owned(), right.to_owned()), "it goes with the clock");
}

#[tokio::test]
async fn it_can_be_behind_and_skews_add_up() {
    let date = async |faults: Value| {
        let emulator = TestEmulator::start().await;
        emulator.fault(faults).await;
        emulator.client.get("/api/v2/x", None).await.header("date").to_owned()
    };
    let behind = |span: &str| json!({ "effect": { "skew_date": { "behind": span } } });
    assert_eq!(date(behind("1h")).await, "Fri, 02 Jan 2026 02:04:05 GMT");
    assert_eq!(date(json!([behind("1h"), behind("5s")])).await, "Fri, 02 Jan 2026 02:04:00 GMT");
    assert_eq!(date(behind("2000000h")).await, "Sat, 04 Nov 1797 19:04:05 GMT");
}
