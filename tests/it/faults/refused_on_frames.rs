//! Faults on frames and upgrades that cannot be meant are refused by name.

use serde_json::{Value, json};

use super::refused::{effect, fault, refusals};

#[tokio::test]
async fn options_of_frames_that_cannot_be_meant_are_explained() {
    let said = refusals(&[
        effect(json!({ "drop_frame": { "times": 1 } })),
        effect(json!({ "duplicate_frame": { "copies": 0 } })),
        effect(json!({ "duplicate_frame": { "copies": 101 } })),
        effect(json!({ "reorder_frames": { "window": 1 } })),
        effect(json!({ "reorder_frames": { "within": 0 } })),
        effect(json!({ "fragment_frame": { "size": 0 } })),
        effect(json!({ "corrupt_frame": {} })),
        effect(json!({ "corrupt_frame": { "mode": "badUtf8" } })),
        effect(json!({ "oversize_frame": { "bytes": 16_777_217 } })),
        effect(json!({ "error_frame": {} })),
        effect(json!({ "error_frame": { "code": 0 } })),
        effect(json!({ "error_frame": { "code": 10_000 } })),
        effect(json!({ "error_frame": { "code": 503, "retryAfter": "1s" } })),
        effect(json!({ "stop_reading": { "for": "0s" } })),
        effect(json!({ "corrupt_upgrade": { "mode": "wrong_key" } })),
        effect(json!({ "close_socket": { "code": 1006 } })),
        effect(json!({ "close_socket": { "code": 1015 } })),
        effect(json!({ "close_socket": { "code": 1005, "reason": "none" } })),
        fault(json!({ "phase": "commit", "effect": { "drop_frame": {} } })),
    ])
    .await;
    insta::assert_snapshot!(said, @"
effect.drop_frame.times: unknown field `times`, there are no fields at line 1 column 32
fault: fault `f`: `duplicate_frame`: `copies` 0 is not between 1 and 100
fault: fault `f`: `duplicate_frame`: `copies` 101 is not between 1 and 100
fault: fault `f`: `reorder_frames`: `window` 1 is not between 2 and 1000
fault: fault `f`: `reorder_frames`: `within` is longer than nothing
fault: fault `f`: `fragment_frame`: `size` is at least 1
effect.corrupt_frame: missing field `mode` at line 1 column 29
effect.corrupt_frame.mode: unknown variant `badUtf8`, expected one of `bad_utf8`, `bad_json`, `reserved_bits`, `masked`, `unknown_class`, `null_body` at line 1 column 44; did you mean `bad_utf8`?
fault: fault `f`: `oversize_frame`: `bytes` is at most 16777216
effect.error_frame: missing field `code` at line 1 column 27
fault: fault `f`: `error_frame`: `code` 0 is not between 1 and 9999
fault: fault `f`: `error_frame`: `code` 10000 is not between 1 and 9999
fault: fault `f`: `error_frame`: `retryAfter` is of code 429
fault: fault `f`: `stop_reading`: `for` is longer than nothing
effect.corrupt_upgrade.mode: unknown variant `wrong_key`, expected one of `wrong_accept`, `missing_upgrade`, `missing_connection` at line 1 column 48
fault: fault `f`: `close_socket`: 1006 is an end without a close frame; write `tcp: fin` or `tcp: reset`
fault: fault `f`: `close_socket`: `code` 1015 cannot stand in a close frame
fault: fault `f`: `close_socket`: 1005 is a close frame without a code, hence without `reason`
fault: fault `f`: `drop_frame` has no phase `commit`
");
}

#[tokio::test]
async fn conditions_that_contradict_what_an_effect_is_on_are_explained() {
    let when = |when: Value, effect: Value| fault(json!({ "when": when, "effect": effect }));
    let session_limit = json!({ "limit_connections": { "max": 1, "per": "session" } });
    let said = refusals(&[
        when(json!({ "direction": "in" }), json!({ "fragment_frame": {} })),
        when(json!({ "action": "echo" }), json!({ "truncate_frame": {} })),
        when(json!({ "direction": "in" }), json!({ "reorder_frames": {} })),
        when(json!({ "class": "StructuredMessage" }), json!({ "lose_ack": {} })),
        when(json!({ "direction": "out" }), json!({ "lose_ack": {} })),
        when(json!({ "action": "echo" }), json!({ "lose_ack": {} })),
        when(json!({ "class": "SessionResponse" }), session_limit),
        when(json!({ "surface": "api" }), json!({ "hang_upgrade": {} })),
        when(json!({ "surface": "login" }), json!({ "corrupt_upgrade": { "mode": "wrong_accept" } })),
        when(json!({ "action": "echo" }), json!({ "drop_subprotocol": {} })),
        fault(json!({ "plan": [{ "lose_ack": {} }, { "fragment_frame": {} }] })),
        fault(json!({ "plan": [{ "hang_upgrade": {} }, { "drop_subprotocol": {} }] })),
    ])
    .await;
    insta::assert_snapshot!(said, @"
    fault: fault `f`: `when`: this effect is on frames to the client; they have no `action` and go `out`
    fault: fault `f`: `when`: this effect is on frames to the client; they have no `action` and go `out`
    fault: fault `f`: `when`: this effect is on frames to the client; they have no `action` and go `out`
    fault: fault `f`: `when`: this effect is on frames from the client; they have no `class` and go `in`
    fault: fault `f`: `when`: this effect is on frames from the client; they have no `class` and go `in`
    fault: fault `f`: `lose_ack`: only the `action` `onMessage` has an echo
    fault: fault `f`: `when`: this effect is on frames from the client; they have no `class` and go `in`
    fault: fault `f`: `hang_upgrade`: only the surfaces `webmessaging` and `streaming` have sockets
    fault: fault `f`: `when`: only the surfaces `webmessaging` and `streaming` have sockets
    fault: fault `f`: `when`: `action`, `class`, `direction` and `session` are of frames; this effect is not
    fault: fault `f`: the effects of one `plan` must be on frames of the same direction
    fault: fault `f`: the effects of one `plan` must bite at the same place
    ");
}
