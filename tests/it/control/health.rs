//! `/health`, `/ready`, `/version`, and paths that are none.

use insta::assert_snapshot;

use super::told;
use crate::support::TestEmulator;

#[tokio::test]
async fn it_is_well_ready_and_says_which_program_it_is() {
    let emulator = TestEmulator::start().await;
    for (path, text) in [
        ("/health", r#"{"status":"ok"}"#),
        ("/ready", r#"{"status":"ready"}"#),
        ("/version", r#"{"name":"genesys-emulator","version":"0.1.0"}"#),
    ] {
        let answer = emulator.client.admin("GET", path, None).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, text));
        assert_eq!(answer.header("content-type"), "application/json");
    }
}

#[tokio::test]
async fn an_unknown_path_is_answered_with_the_nearest_known_one() {
    let emulator = TestEmulator::start().await;
    let answer = emulator.client.admin("GET", "/fault", None).await;
    assert_snapshot!(answer.text, @r#"{"type":"about:blank","title":"Not found","status":404,"detail":"/__admin/fault is not a path of the admin API; did you mean `faults`? Below /__admin there are: ca.pem, clock, contacts, conversations, events, explain, faults, findings, health, integrations, journal, keys, metrics, openapi.json, orgs, person-tokens, ready, reset, scenarios, state, verify, version"}"#);
    let strange = emulator.client.admin("GET", "/orgs/x/nothing", None).await;
    assert_snapshot!(told(&strange), @"404 -: /__admin/orgs/x/nothing is not a path of the admin API. Below /__admin there are: ca.pem, clock, contacts, conversations, events, explain, faults, findings, health, integrations, journal, keys, metrics, openapi.json, orgs, person-tokens, ready, reset, scenarios, state, verify, version");
}

#[tokio::test]
async fn a_wrong_method_is_a_problem_too() {
    let emulator = TestEmulator::start().await;
    let answer = emulator.client.admin("PATCH", "/faults", None).await;
    assert_snapshot!(answer.text, @r#"{"type":"about:blank","title":"Method not allowed","status":405,"detail":"/__admin/faults does not know PATCH"}"#);
}
