//! Faults that cannot be meant are refused by name, with words that help.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::{control::told, support::TestEmulator};

/// Sends each fault and writes down what it is refused with.
pub async fn refusals(faults: &[Value]) -> String {
    let emulator = TestEmulator::start().await;
    let mut said = String::new();
    for fault in faults {
        let answer = emulator.client.admin("POST", "/faults", Some(fault)).await;
        assert_eq!(answer.status, 400, "{fault}: {}", answer.text);
        let problem = answer.json();
        let (field, detail) = (problem.get("field").and_then(Value::as_str), &problem["detail"]);
        writeln!(said, "{}: {}", field.unwrap_or("-"), detail.as_str().unwrap()).unwrap();
    }
    let listed = emulator.client.admin("GET", "/faults", None).await.json();
    assert_eq!(listed["entities"], json!([]), "nothing was set");
    said
}

pub fn fault(rest: Value) -> Value {
    let mut fault = json!({ "id": "f" });
    fault.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    fault
}

pub fn effect(options: Value) -> Value {
    fault(json!({ "effect": options }))
}

fn when(when: Value) -> Value {
    fault(json!({ "when": when, "effect": { "respond": { "status": 503 } } }))
}

fn schedule(schedule: Value) -> Value {
    fault(json!({ "schedule": schedule, "effect": { "respond": { "status": 503 } } }))
}

#[tokio::test]
async fn unknown_names_are_answered_with_the_nearest_known_one() {
    let said = refusals(&[
        json!({ "id": "f", "efect": {} }),
        effect(json!({ "respnd": { "status": 503 } })),
        effect(json!({ "respond": { "stauts": 503 } })),
        effect(json!({ "claims": { "mode": "exp_in_msec" } })),
        effect(json!({ "rotate_keys": { "mode": "Hard" } })),
        effect(json!({ "rate_limit": { "limit": 1, "per": "Client" } })),
        when(json!({ "pth": "/x" })),
        when(json!({ "surface": "apis" })),
        schedule(json!({ "frist": 1 })),
        fault(json!({ "phase": "after", "effect": { "reset": {} } })),
        effect(json!({ "reset": { "at": "after_heads" } })),
        effect(json!({ "deny_scope": { "scope": "webchat:guest:wirte" } })),
    ])
    .await;
    insta::assert_snapshot!(said, @"
    efect: unknown field `efect`, expected one of `id`, `of`, `when`, `schedule`, `phase`, `effect`, `plan` at line 1 column 8; did you mean `effect`?
    effect.respnd: unknown field `respnd`, expected one of `respond`, `rate_limit`, `quota`, `limit_connections`, `delay`, `refuse_connection`, `reset`, `lose_response`, `close_connection`, `slow_close`, `half_open`, `truncate`, `stall`, `dribble`, `bandwidth`, `malformed_chunk`, `garbage`, `content_type`, `invalid_json`, `missing_field`, `unknown_enum`, `stale_read`, `deny_cors`, `duplicate_delivery`, `deny_scope`, `deny_permission`, `claims`, `nonce`, `rotate_keys`, `set_headers`, `skew_date`, `close_socket`, `drop_frame`, `duplicate_frame`, `reorder_frames`, `truncate_frame`, `fragment_frame`, `corrupt_frame`, `oversize_frame`, `error_frame`, `lose_ack`, `expire_session`, `evict`, `stop_pong`, `stop_reading`, `hang_upgrade`, `drop_subprotocol`, `corrupt_upgrade`, `refuse_handshake`, `slow_handshake`, `reset_handshake`, `expired_certificate`, `wrong_host`, `untrusted_certificate`, `latency`, `timeout`, `reset_peer`, `down`, `fault`, `fixedDelayMilliseconds`, `delayDistribution`, `chunkedDribbleDelay` at line 1 column 19; did you mean `respond`?
    effect.respond.stauts: unknown field `stauts`, expected one of `status`, `code`, `message`, `headers`, `body`, `bytes`, `retryAfter` at line 1 column 30; did you mean `status`?
    effect.claims.mode: unknown variant `exp_in_msec`, expected one of `expired`, `token_expired`, `not_yet_valid`, `token_not_yet_valid`, `exp_missing`, `exp_in_milliseconds`, `exp_in_ms`, `issuer_mismatch`, `wrong_iss`, `audience_mismatch`, `wrong_aud`, `sub_missing`, `permissions_missing`, `webchat_missing`, `guest_id_missing`, `bad_signature`, `signature_invalid`, `kid_unknown`, `alg_none`, `hs256_confusion`, `revoked`, `wrong_region`, `truncated`, `oversized`, `clock_skew` at line 1 column 41; did you mean `exp_in_ms`?
    effect.rotate_keys.mode: unknown variant `Hard`, expected one of `graceful`, `hard`, `stale`, `premature`, `same_kid`, `kid_absent`, `kid_unknown`, `alg_change`, `retired_key_signs` at line 1 column 39; did you mean `hard`?
    effect.rate_limit.per: unknown variant `Client`, expected one of `org`, `client`, `token`, `guest`, `deployment`, `session` at line 1 column 49; did you mean `client`?
    when.pth: unknown field `pth`, expected one of `surface`, `method`, `path`, `host`, `client`, `user`, `deployment`, `guest`, `session`, `header`, `query`, `form`, `body`, `action`, `class`, `direction` at line 1 column 59; did you mean `path`?
    when.surface: unknown variant `apis`, expected one of `login`, `api`, `cdn`, `webmessaging`, `streaming`, `uploads`, `idp`, `webhooks`, `unknown` at line 1 column 70; did you mean `api`?
    schedule.frist: unknown field `frist`, expected one of `first`, `nth`, `every`, `skip`, `chance`, `between`, `until`, `for`, `while` at line 1 column 65; did you mean `first`?
    phase: unknown variant `after`, expected `before` or `commit` at line 1 column 47
    effect.reset.at: unknown variant `after_heads`, expected one of `accept`, `before_head`, `after_head`, `byte` at line 1 column 38; did you mean `after_head`?
    effect.deny_scope.scope: unknown scope `webchat:guest:wirte`, did you mean `webchat:guest:write`? at line 1 column 54
    ");
}

#[tokio::test]
async fn values_of_a_wrong_type_are_told_in_words_of_json() {
    let said = refusals(&[
        json!("reset"),
        fault(json!({ "when": [1], "effect": { "reset": {} } })),
        effect(json!({ "respond": { "status": "busy" } })),
        effect(json!({ "respond": { "status": 70000 } })),
        schedule(json!({ "chance": "often" })),
        schedule(json!({ "between": ["2026-01-01T00:00:00Z"] })),
        schedule(json!({ "first": 1.5 })),
    ])
    .await;
    insta::assert_snapshot!(said, @r#"
    -: invalid type: string "reset", expected an object at line 1 column 7
    when: invalid type: sequence, expected an object at line 1 column 42
    effect.respond.status: invalid type: string "busy", expected a whole number from 0 to 65535 at line 1 column 37
    effect.respond.status: invalid value: integer `70000`, expected a whole number from 0 to 65535 at line 1 column 36
    schedule.chance: invalid type: string "often", expected a number at line 1 column 74
    schedule.between: invalid length 1, expected a list of 2 at line 1 column 92
    schedule.first: invalid type: floating point `1.5`, expected a whole number that is not negative at line 1 column 69
    "#);
}

#[tokio::test]
async fn shapes_that_are_no_fault_are_explained() {
    let said = refusals(&[
        json!({ "id": "f" }),
        fault(json!({ "effect": { "reset": {} }, "plan": [{ "ok": 1 }] })),
        effect(json!({})),
        effect(json!({ "reset": {}, "delay": { "for": "1s" } })),
        effect(json!("reset")),
        fault(json!({ "plan": [] })),
        fault(json!({ "plan": [{ "ok": 3 }] })),
        fault(json!({ "plan": [{}] })),
        fault(json!({ "plan": [{ "ok": "yes" }] })),
        fault(json!({ "plan": [{ "ok": 1, "times": 2 }] })),
        fault(json!({ "plan": [{ "ok": 1, "reset": {} }] })),
        fault(json!({ "plan": [{ "reset": {}, "delay": { "for": 1 } }] })),
        fault(json!({ "plan": [{ "reset": {}, "times": 0 }] })),
        fault(json!({ "plan": [{ "reset": {} }], "schedule": { "first": 1 } })),
        fault(json!({ "plan": [{ "reset": {} }, { "close_socket": {} }] })),
    ])
    .await;
    insta::assert_snapshot!(said, @r#"
    fault: fault `f`: it has no `effect` and no `plan`; give one
    fault: fault `f`: it has an `effect` and a `plan`; give one
    effect: an `effect` has one effect by name, with its options, such as `reset: {}` at line 1 column 12
    effect: an `effect` has one effect, not `delay` and `reset`; give each a fault of its own at line 1 column 43
    effect: invalid type: string "reset", expected one effect by name, with its options, such as `reset: {}` at line 1 column 17
    fault: fault `f`: its `plan` has no effect in it
    fault: fault `f`: its `plan` has no effect in it
    plan[0]: a step is `ok` or one effect at line 1 column 20
    plan[0].ok: `ok` is a number of matches, or `{}` for one at line 1 column 29
    plan[0]: `times` is of effects; write `ok: 3` at line 1 column 36
    plan[0]: a step is `ok` or one effect at line 1 column 37
    plan[0]: a step has one effect at line 1 column 48
    plan[0]: a step lasts for at least one match at line 1 column 40
    fault: fault `f`: a `plan` is its own schedule; leave `schedule` out
    fault: fault `f`: the effects of one `plan` must bite at the same place
    "#);
}

#[tokio::test]
async fn schedules_that_contradict_themselves_are_explained() {
    let said = refusals(&[
        schedule(json!({ "first": 1, "nth": 2 })),
        schedule(json!({ "first": 1, "nth": 2, "every": 3 })),
        schedule(json!({ "every": 0 })),
        schedule(json!({ "chance": 1.5 })),
        schedule(json!({ "between": ["2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"] })),
        schedule(json!({ "between": ["yesterday", "2026-01-01T00:00:00Z"] })),
        schedule(json!({ "for": "soon" })),
        schedule(json!({ "for": "0s" })),
        schedule(json!({ "first": -1 })),
    ])
    .await;
    insta::assert_snapshot!(said, @"
    fault: fault `f`: `schedule`: `first` and `nth` contradict each other; give one
    fault: fault `f`: `schedule`: `first` and `nth` and `every` contradict each other; give one
    fault: fault `f`: `schedule`: `every` counts from 1
    fault: fault `f`: `schedule`: `chance` is between 0 and 1
    fault: fault `f`: `schedule`: `between` ends before it begins
    schedule.between[0]: `yesterday` is not a time; expected RFC 3339 such as 2026-01-02T03:04:05Z at line 1 column 80
    schedule.for: `soon` is not a duration; expected `250ms`, `2s`, `1h30m` or an integer of milliseconds at line 1 column 70
    fault: fault `f`: `schedule`: `for` is longer than nothing
    schedule.first: invalid value: integer `-1`, expected a whole number that is not negative at line 1 column 68
    ");
}

#[tokio::test]
async fn conditions_that_cannot_hold_are_explained() {
    let on_frames = |when| fault(json!({ "when": when, "effect": { "close_socket": {} } }));
    let said = refusals(&[
        when(json!({ "path": "api/v2/x" })),
        when(json!({ "action": "echo", "class": "StructuredMessage" })),
        when(json!({ "action": "echo", "direction": "out" })),
        when(json!({ "class": "StructuredMessage", "direction": "in" })),
        when(json!({ "action": "echo", "surface": "api" })),
        when(json!({ "surface": "webhooks" })),
        when(json!({ "action": "echo", "path": "/v1" })),
        on_frames(json!({ "header": { "a": "b" } })),
        when(json!({ "body": { "name": { "startWith": "A" } } })),
        when(json!({ "body": { "name": { "oneof": [{ "contain": "x" }] } } })),
        when(json!({ "header": { "bad header": "*" } })),
        when(json!({ "method": "PSOT" })),
        when(json!({ "method": "GET /" })),
        fault(json!({ "when": { "action": "echo" }, "effect": { "reset": {} } })),
        fault(json!({ "when": { "session": "t" }, "effect": { "deny_scope": { "scope": "user:read" } } })),
        fault(json!({ "when": { "surface": "api" }, "effect": { "limit_connections": { "max": 1 } } })),
    ])
    .await;
    insta::assert_snapshot!(said, @"
    fault: fault `f`: `when`: `path` begins with `/`
    fault: fault `f`: `when`: `action` is of frames from the client; they have no `class` and go `in`
    fault: fault `f`: `when`: `action` is of frames from the client; they have no `class` and go `in`
    fault: fault `f`: `when`: `class` is of frames to the client; they go `out`
    fault: fault `f`: `when`: only the surfaces `webmessaging` and `streaming` have sockets
    fault: fault `f`: `when`: what goes to URLs of integrations has no faults; let the URL answer otherwise
    fault: fault `f`: `when`: `method`, `path`, `header`, `query` and `form` are of requests; this effect is on frames
    fault: fault `f`: `when`: `method`, `path`, `header`, `query` and `form` are of requests; this effect is on frames
    fault: fault `f`: `when`: `name`: there is no rule `startWith`; did you mean `startsWith`? A member of that name stands behind a dot, as in `customer.startWith`
    fault: fault `f`: `when`: `name`: there is no rule `oneof`; did you mean `oneOf`? A member of that name stands behind a dot, as in `customer.oneof`
    fault: fault `f`: `when`: `bad header` is not a header name
    fault: fault `f`: `when`: `method`: `PSOT` is no method of HTTP; did you mean `POST`?
    fault: fault `f`: `when`: `method`: `GET /` is no method; expected a word such as `POST`
    fault: fault `f`: `when`: `action`, `class`, `direction` and `session` are of frames; this effect is not
    fault: fault `f`: `when`: `action`, `class`, `direction` and `session` are of frames; this effect is not
    fault: fault `f`: `limit_connections`: only the surfaces `webmessaging` and `streaming` have sockets
    ");
}

#[tokio::test]
async fn options_that_cannot_be_meant_are_explained() {
    let said = refusals(&[
        effect(json!({ "respond": {} })),
        effect(json!({ "respond": { "code": "not.fund" } })),
        effect(json!({ "respond": { "code": "NOT.FOUND" } })),
        effect(json!({ "respond": { "code": "out.of.coffee" } })),
        effect(json!({ "respond": { "status": 99 } })),
        effect(json!({ "respond": { "status": 100 } })),
        effect(json!({ "respond": { "status": 200, "body": "x", "message": "y" } })),
        effect(json!({ "respond": { "status": 200, "headers": { "a b": "c" } } })),
        effect(json!({ "respond": { "status": 200, "headers": { "a": "b\nc" } } })),
        effect(
            json!({ "respond": { "status": 200, "headers": { "Content-Length": "3" }, "body": "hello" } }),
        ),
        effect(json!({ "respond": { "status": 204, "body": "x" } })),
        effect(json!({ "respond": { "status": 304, "code": "not.found" } })),
        effect(json!({ "deny_permission": { "permission": "webchat:guest:wirte" } })),
        effect(json!({ "deny_permission": { "permission": "quality:*" } })),
        effect(json!({ "delay": {} })),
        effect(json!({ "delay": { "for": "1s", "to": "2s" } })),
        effect(json!({ "delay": { "from": "2s", "to": "1s" } })),
        effect(json!({ "delay": { "median": "2s", "sigma": 11 } })),
        effect(json!({ "rate_limit": { "limit": 1, "window": 0 } })),
        effect(json!({ "rate_limit": {} })),
        effect(json!({ "limit_connections": { "max": 1, "status": 200 } })),
        effect(json!({ "close_socket": { "code": 1004 } })),
        effect(json!({ "close_socket": { "tcp": "fin", "code": 1011 } })),
        effect(json!({ "close_socket": { "reason": "x".repeat(124) } })),
        effect(json!({ "claims": { "token": "access", "mode": "wrong_iss" } })),
        effect(json!({ "claims": { "token": "messaging", "mode": "webchat_missing" } })),
        effect(json!({ "rotate_keys": { "mode": "hard", "overlap": "1h" } })),
        effect(json!({ "rotate_keys": { "mode": "graceful", "fetches": 1 } })),
        fault(json!({ "phase": "commit", "effect": { "rotate_keys": {} } })),
        fault(json!({ "phase": "commit", "effect": { "claims": { "mode": "expired" } } })),
    ])
    .await;
    insta::assert_snapshot!(said, @r#"
    fault: fault `f`: `respond`: give `status` or `code`
    fault: fault `f`: `respond`: `not.fund` is not a code of the vendor; give `status` too, did you mean `not.found`?
    fault: fault `f`: `respond`: `NOT.FOUND` is not a code of the vendor; give `status` too, did you mean `not.found`?
    fault: fault `f`: `respond`: `out.of.coffee` is not a code of the vendor; give `status` too
    fault: fault `f`: `respond`: `status` 99 is not between 200 and 599
    fault: fault `f`: `respond`: `status` 100 is not between 200 and 599
    fault: fault `f`: `respond`: `body` is the whole body; leave `code` and `message` out
    fault: fault `f`: `respond`: `a b` is not a header name
    fault: fault `f`: `respond`: the value of `a` is not a header value
    fault: fault `f`: `respond`: `Content-Length` is not to be changed
    fault: fault `f`: `respond`: an answer of `status` 204 has no body; leave `body`, `code` and `message` out
    fault: fault `f`: `respond`: an answer of `status` 304 has no body; leave `body`, `code` and `message` out
    fault: fault `f`: `deny_permission`: nothing asks for a permission that `webchat:guest:wirte` grants; did you mean `webchat:guest:edit`?
    fault: fault `f`: `deny_permission`: nothing asks for a permission that `quality:*` grants
    fault: fault `f`: `delay`: give `for`, or `from` and `to`, or `median` and `sigma`, or `mean` and `deviation`, or `percentiles`
    fault: fault `f`: `delay`: give `for`, or `from` and `to`, or `median` and `sigma`, or `mean` and `deviation`, or `percentiles`
    fault: fault `f`: `delay`: `from` is longer than `to`
    fault: fault `f`: `delay`: `sigma` is between 0 and 10
    fault: fault `f`: `rate_limit`: `window` is longer than nothing
    effect.rate_limit: missing field `limit` at line 1 column 26
    fault: fault `f`: `limit_connections`: `status` 200 is not between 400 and 599
    fault: fault `f`: `close_socket`: `code` 1004 cannot stand in a close frame
    fault: fault `f`: `close_socket`: with `tcp` there is no close frame, hence neither `code` nor `reason`
    fault: fault `f`: `close_socket`: `reason` is longer than 123 bytes
    fault: fault `f`: `claims`: access tokens of this org are opaque: they have no claims, but can be `expired` or `revoked`; expected one of these modes, or an org or client with `accessTokens: jwt`
    fault: fault `f`: `claims`: the token of `getJwt` has no such claim
    fault: fault `f`: `rotate_keys`: `overlap` is of modes `graceful`, `premature`, `kid_absent` and `alg_change`
    fault: fault `f`: `rotate_keys`: `for` and `fetches` are of modes `stale` and `premature`
    fault: fault `f`: `rotate_keys` has no phase `commit`
    fault: fault `f`: `claims` has no phase `commit`
    "#);
}

#[tokio::test]
async fn an_id_stands_in_headers_and_urls() {
    let with = |id: &str| json!({ "id": id, "effect": { "reset": {} } });
    let said = refusals(&["", "a, b", "a/b", "a b", "bad\nid", "f\u{fc}r"].map(with)).await;
    for line in said.lines().filter(|line| line.contains("expected")) {
        let wrong = "headers and URLs name it by its `id`; expected visible ASCII without blank, `,` and `/`, such as `slow-tokens`";
        assert!(line.ends_with(wrong), "{line}");
    }
    assert_eq!(said.matches("expected visible").count(), 6, "{said}");
}

#[tokio::test]
async fn a_list_with_two_of_one_id_is_a_conflict_whatever_they_do() {
    let emulator = TestEmulator::start().await;
    let twice = json!([
        { "id": "a", "effect": { "reset": {} } },
        { "id": "a", "when": { "path": "/x" }, "effect": { "delay": { "for": "1s" } } }
    ]);
    let answer = emulator.client.admin("PUT", "/faults", Some(&twice)).await;
    assert_eq!(
        (answer.status, told(&answer)),
        (409, "409 id: fault `a`: there is one with this id already".to_owned())
    );
}

#[tokio::test]
async fn an_id_that_is_taken_is_a_conflict_and_a_list_is_set_as_a_whole_or_not_at_all() {
    let emulator = TestEmulator::start().await;
    let good = json!({ "id": "f", "effect": { "reset": {} } });
    let bad = json!({ "id": "g", "effect": { "respond": {} } });
    let refused = emulator.client.admin("POST", "/faults", Some(&json!([good, bad]))).await;
    assert_eq!(refused.status, 400);
    let listed = emulator.client.admin("GET", "/faults", None).await.json();
    assert_eq!(listed["entities"], json!([]));
    emulator.fault(good.clone()).await;
    let conflict = emulator.client.admin("POST", "/faults", Some(&good)).await;
    assert_eq!(conflict.status, 409);
    insta::assert_snapshot!(conflict.text, @r#"{"type":"about:blank","title":"The fault cannot be set","status":409,"detail":"fault `f`: there is one with this id already","field":"id"}"#);
}
