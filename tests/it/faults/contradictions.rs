//! Faults that cannot be meant together are refused by name; what might be meant is not.

use serde_json::{Value, json};

use crate::{control::told, support::TestEmulator};

/// What a list of faults is refused with, or nothing.
async fn verdict(emulator: &TestEmulator, faults: &Value) -> String {
    let answer = emulator.client.admin("PUT", "/faults", Some(faults)).await;
    if answer.status == 200 { String::new() } else { told(&answer) }
}

fn one(id: &str, when: Value, effect: Value) -> Value {
    json!({ "id": id, "when": when, "effect": effect })
}

#[tokio::test]
async fn what_can_never_bite_and_what_says_the_same_thing_twice_is_refused() {
    let emulator = TestEmulator::start().await;
    let api = || json!({ "surface": "api" });
    let narrow = || json!({ "surface": "api", "path": "/api/v2/x", "header": { "a": "b" } });
    let busy = || json!({ "respond": { "status": 503 } });
    let mut said = Vec::new();
    for faults in [
        json!([one("a", json!({}), busy()), one("b", narrow(), json!({ "delay": { "for": "1s" } }))]),
        json!([one("a", api(), json!({ "reset": {} })), { "id": "b", "when": narrow(), "plan": [{ "ok": 1 }, { "respond": { "status": 500 } }] }]),
        json!([
            one("a", json!({}), json!({ "refuse_connection": {} })),
            one("b", json!({}), json!({ "reset": { "at": "accept" } }))
        ]),
        json!([
            one("a", json!({ "action": "echo" }), json!({ "drop_frame": {} })),
            one("b", json!({ "action": "echo" }), json!({ "evict": {} }))
        ]),
        json!([
            one("a", api(), json!({ "dribble": { "over": "1s" } })),
            one("b", api(), json!({ "bandwidth": { "bytesPerSecond": 100 } }))
        ]),
        json!([one("a", api(), json!({ "garbage": {} })), one("b", api(), json!({ "truncate": {} }))]),
        json!([
            one("a", api(), json!({ "content_type": {} })),
            one("b", api(), json!({ "content_type": { "to": "text/plain" } }))
        ]),
        json!([
            one("a", api(), json!({ "missing_field": { "field": "id" } })),
            one("b", api(), json!({ "unknown_enum": { "field": "id" } }))
        ]),
        json!([
            one("a", json!({}), json!({ "claims": { "mode": "expired" } })),
            one("b", json!({}), json!({ "claims": { "mode": "wrong_iss" } }))
        ]),
        json!([
            one("a", json!({}), json!({ "nonce": { "mode": "missing" } })),
            one("b", json!({}), json!({ "nonce": { "mode": "mismatch" } }))
        ]),
        json!([{ "id": "a", "schedule": { "between": ["2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z"], "until": "2026-01-01T00:00:00Z" }, "effect": busy() }]),
    ] {
        said.push(verdict(&emulator, &faults).await);
    }
    insta::assert_snapshot!(said.join("\n"), @r"
    400 fault: fault `b`: it never bites: fault `a` comes before it, and ends all that it is about; leave one of them out, or give `a` a `schedule`
    400 fault: fault `b`: it never bites: fault `a` comes before it, and ends all that it is about; leave one of them out, or give `a` a `schedule`
    400 fault: fault `b`: it never bites: fault `a` comes before it, and ends all that it is about; leave one of them out, or give `a` a `schedule`
    400 fault: fault `b`: it never bites: fault `a` comes before it, and ends all that it is about; leave one of them out, or give `a` a `schedule`
    400 fault: fault `b`: it contradicts fault `a`: `dribble` and `bandwidth` both say how the answer is sent
    400 fault: fault `b`: it contradicts fault `a`: `garbage` and `truncate` both say how the answer is sent
    400 fault: fault `b`: it contradicts fault `a`: `content_type` and `content_type` both say what the answer says that it is
    400 fault: fault `b`: it contradicts fault `a`: `missing_field` and `unknown_enum` both say what becomes of `id`
    400 fault: fault `b`: it contradicts fault `a`: `claims` and `claims` both say how a token of kind guest is wrong
    400 fault: fault `b`: it contradicts fault `a`: `nonce` and `nonce` both say which nonce the token has
    400 fault: fault `a`: `schedule`: `until` is over before `between` begins
    ");
    let listed = emulator.client.admin("GET", "/faults", None).await.json();
    assert_eq!(listed["entities"], json!([]), "nothing was set");
}

#[tokio::test]
async fn what_may_be_meant_is_set() {
    let emulator = TestEmulator::start().await;
    let api = || json!({ "surface": "api" });
    let busy = |status: u16| json!({ "respond": { "status": status } });
    for faults in [
        // one after the other
        json!([{ "id": "a", "schedule": { "first": 1 }, "effect": busy(503) }, { "id": "b", "effect": busy(429) }]),
        // by chance
        json!([{ "id": "a", "schedule": { "chance": 0.5 }, "effect": busy(503) }, { "id": "b", "effect": busy(429) }]),
        // the narrower one first
        json!([
            one("a", json!({ "surface": "api", "method": "GET" }), busy(503)),
            one("b", api(), busy(429))
        ]),
        // beside one another
        json!([one("a", json!({ "path": "/a" }), busy(503)), one("b", json!({ "path": "/b" }), busy(429))]),
        // first late, then never
        json!([
            one("a", api(), json!({ "delay": { "for": "1s" } })),
            one("b", api(), json!({ "reset": {} }))
        ]),
        // the work is done, then two things become of the answer
        json!([
            one("a", api(), json!({ "dribble": { "over": "1s" } })),
            one("b", api(), json!({ "content_type": {} }))
        ]),
        // before the work, and after it
        json!([one("a", api(), json!({ "reset": { "at": "after_head" } })), { "id": "b", "when": api(), "phase": "commit", "effect": busy(503) }]),
        // frames of the two ways
        json!([
            one("a", json!({}), json!({ "close_socket": {} })),
            one("b", json!({ "direction": "out" }), json!({ "drop_frame": {} }))
        ]),
        // requests and frames
        json!([
            one("a", json!({}), busy(503)),
            one("b", json!({ "action": "echo" }), json!({ "evict": {} }))
        ]),
        // tokens of two kinds
        json!([
            one("a", json!({}), json!({ "claims": { "mode": "expired" } })),
            one("b", json!({}), json!({ "claims": { "token": "id", "mode": "wrong_iss" } }))
        ]),
        // an error before the frame does not end it
        json!([
            one(
                "a",
                json!({ "action": "echo" }),
                json!({ "error_frame": { "code": 500, "mode": "before" } })
            ),
            one("b", json!({ "action": "echo" }), json!({ "duplicate_frame": {} }))
        ]),
    ] {
        assert_eq!(verdict(&emulator, &faults).await, "", "{faults}");
    }
    // what is set beside what is there waits for its end
    emulator.client.admin("PUT", "/faults", Some(&json!({ "id": "a", "effect": busy(503) }))).await;
    emulator.fault(json!({ "id": "b", "effect": busy(429) })).await;
    assert_eq!(super::fault_of(&emulator, "/api/v2/x").await, "a");
    emulator.client.admin("DELETE", "/faults/a", None).await;
    assert_eq!(super::fault_of(&emulator, "/api/v2/x").await, "b");
}

#[tokio::test]
async fn a_file_with_such_faults_is_not_loaded_nor_one_that_includes_it() {
    let emulator = TestEmulator::start().await;
    let yaml = "name: mine\ninclude: [default, respond]\nfaults:\n  - id: late\n    when: { method: POST, path: /api/v2/webchat/guest }\n    effect: { reset: {} }\n  - id: never\n    when: { method: POST, path: /api/v2/webchat/guest }\n    effect: { dribble: { over: 1s } }\n";
    let answer = emulator
        .client
        .try_send("POST", "/__admin/scenarios/apply", &[("content-type", "application/yaml")], yaml)
        .await
        .unwrap();
    insta::assert_snapshot!(told(&answer), @"400 -: scenario (request body): line 7 column 5: fault `never`: it never bites: fault `late` comes before it, and ends all that it is about; leave one of them out, or give `late` a `schedule`");
}
