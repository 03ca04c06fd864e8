//! `truncate_frame`.

use serde_json::json;

use super::{configured_raw, echo, message, notes};
use crate::{
    support::TestEmulator,
    webmessaging::raw::{Raw, TEXT},
};

async fn next(raw: &mut Raw) -> String {
    let (first, payload) = raw.frame().await.unwrap();
    assert_eq!(first, TEXT, "a whole frame");
    String::from_utf8(payload).unwrap()
}

#[tokio::test]
async fn the_scenario_cuts_the_first_message_in_half() {
    let emulator = TestEmulator::scenario("truncate_frame").await;
    let mut raw = configured_raw(&emulator).await;
    raw.say(&message("Hello").to_string()).await;
    let cut = next(&mut raw).await;
    let whole = emulator.journal("target=StructuredMessage").await[0]["frame"].as_str().unwrap().to_owned();
    assert_eq!(cut, whole[..whole.len() / 2]);
    assert!(serde_json::from_str::<serde_json::Value>(&cut).is_err());
    assert_eq!(notes(&emulator, "fault=truncate_frame").await, ["a fault cuts the text to half"]);
    raw.say(&echo("whole").to_string()).await;
    assert!(next(&mut raw).await.ends_with("}}"), "the next one is whole");
}

#[tokio::test]
async fn the_cut_is_between_two_characters() {
    let emulator = TestEmulator::with(|builder| builder.limits(false)).await;
    let mut raw = configured_raw(&emulator).await;
    raw.say(&echo("ééé").to_string()).await;
    let whole = next(&mut raw).await;
    let at = whole.find('é').unwrap();
    for bytes in [at + 1, at + 2] {
        let fault = json!({ "id": "f", "effect": { "truncate_frame": { "bytes": bytes } } });
        emulator.client.admin("PUT", "/faults", Some(&json!([fault]))).await;
        raw.say(&echo("ééé").to_string()).await;
        let cut = next(&mut raw).await;
        assert_eq!(cut.len(), at + (bytes - at) / 2 * 2);
    }
}
