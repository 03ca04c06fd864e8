//! Faults of TLS that cannot be meant are refused in words.

use serde_json::{Value, json};

use crate::support::TestEmulator;

#[tokio::test]
async fn what_nobody_can_know_then_is_refused() {
    let emulator = TestEmulator::start().await;
    let mut told = Vec::new();
    for fault in [
        json!({ "when": { "path": "/v1" }, "effect": { "expired_certificate": {} } }),
        json!({ "when": { "host": "api.mypurecloud.com" }, "effect": { "refuse_connection": {} } }),
        json!({ "when": { "host": "api.mypurecloud.com", "action": "echo" }, "effect": { "drop_frame": {} } }),
        json!({ "of": "org", "effect": { "reset_handshake": {} } }),
        json!({ "effect": { "slow_handshake": {} } }),
        json!({ "effect": { "refuse_handshake": { "alert": "certificate_unknown" } } }),
        json!([{ "id": "a", "effect": { "wrong_host": {} } }, { "id": "b", "effect": { "expired_certificate": {} } }]),
    ] {
        let answer = emulator.client.admin("POST", "/faults", Some(&fault)).await;
        let detail: Value = answer.json()["detail"].clone();
        told.push(format!("{} {}", answer.status, detail.as_str().unwrap_or_default()));
    }
    insta::assert_snapshot!(told.join("\n"), @"
    400 fault `fault-55ed4853`: `when`: nothing but the `host` is known when TLS is offered; leave the rest out
    400 fault `fault-39c83ed9`: `when`: nothing is known of a connection that is being accepted; leave it out
    400 fault `fault-dc77bb7a`: `when`: `host` is of requests and of TLS; this effect is on frames
    400 fault `fault-93c377ce`: what happens as a connection is accepted, or TLS offered, is of the emulator as a whole; write `of: emulator`, or leave `of` out
    400 missing field `for` at line 1 column 30
    400 unknown variant `certificate_unknown`, expected one of `handshake_failure`, `protocol_version`, `internal_error`, `unrecognized_name` at line 1 column 60
    400 fault `b`: it contradicts fault `a`: `wrong_host` and `expired_certificate` both say which certificate is shown
    ");
}
