//! What cannot be verified.

use insta::assert_snapshot;
use serde_json::json;

use crate::{control::told, support::TestEmulator};

#[tokio::test]
async fn verifying_nothing_is_an_error() {
    let emulator = TestEmulator::start().await;
    for body in [json!({}), json!([]), json!({ "expect": [] }), json!({ "allowUnfired": true })] {
        let answer = super::ask(&emulator, &body).await;
        assert_eq!(answer.status, 400, "{}", answer.text);
        assert_eq!(answer.json()["title"], "Nothing to verify");
    }
    let fault = json!({ "id": "f", "when": { "path": "/x" }, "effect": { "reset": {} } });
    emulator.fault(fault).await;
    assert_eq!(
        super::ask(&emulator, &json!({})).await.status,
        409,
        "a fault that has not fired is something"
    );
    assert_eq!(super::ask(&emulator, &json!({ "allowUnfired": ["f"] })).await.status, 400);
}

#[tokio::test]
async fn what_cannot_be_meant_is_named() {
    let emulator = TestEmulator::start().await;
    let mut said = String::new();
    for body in [
        json!({ "match": { "pth": "/x" } }),
        json!({ "match": { "path": "x" } }),
        json!({ "match": { "path": "/x" }, "time": 1 }),
        json!({ "match": { "path": "/x" }, "times": "once" }),
        json!({ "match": { "path": "/x" }, "times": { "atleast": 1 } }),
        json!({ "match": { "path": "/x" }, "times": "none", "within": "1s" }),
        json!({ "match": { "path": "/x" }, "within": "soon" }),
        json!({ "match": { "path": "/x" }, "within": "1s", "clock": "real" }),
        json!({ "match": { "status": { "atleast": 400 } } }),
        json!({ "match": { "body": { "name": { "atleast": 400 } } } }),
        json!({ "match": { "response": { "header": { "a b": "*" } } } }),
        json!({ "match": { "action": "onMessage", "status": 200 } }),
        json!({ "order": [{ "path": "/x" }, { "decision": "denied" }] }),
        json!({ "expects": [] }),
        json!({ "match": { "path": "/x" }, "after": "9-9" }),
        json!({ "match": { "path": "/x" }, "allowUnfired": ["f"] }),
        json!({ "match": { "path": "/x" }, "allowUnfired": "f" }),
        json!("x"),
    ] {
        let answer = super::ask(&emulator, &body).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.text);
        said.push_str(&format!("{body}\n  {}\n", told(&answer)));
    }
    assert_snapshot!(said, @r#"
    {"match":{"pth":"/x"}}
      400 expect[0].match.pth: unknown field `pth`, expected one of `kind`, `about`, `surface`, `method`, `path`, `target`, `status`, `host`, `client`, `user`, `deployment`, `guest`, `session`, `header`, `query`, `form`, `body`, `response`, `action`, `class`, `direction`, `fault`, `rule`, `reason`, `decision`, `correlationId`, `tracingId`, `traceId`, `note`, `since`, `until`; did you mean `path`?
    {"match":{"path":"x"}}
      400 expect[0].match.path: must begin with `/`
    {"match":{"path":"/x"},"time":1}
      400 expect[0].time: unknown field `time`, expected one of `say`, `match`, `times`, `order`, `strict`, `within`, `neverFor`, `clock`; did you mean `times`?
    {"match":{"path":"/x"},"times":"once"}
      400 expect[0].times: invalid value: string "once", expected a number, `none`, or an object with `exactly`, or `atLeast` and `atMost`
    {"match":{"path":"/x"},"times":{"atleast":1}}
      400 expect[0].times.atleast: unknown field `atleast`, expected one of `exactly`, `atLeast`, `atMost`; did you mean `atLeast`?
    {"match":{"path":"/x"},"times":"none","within":"1s"}
      400 expect[0].within: waits for what is to come, and none is enough; `neverFor` waits for what must not come
    {"match":{"path":"/x"},"within":"soon"}
      400 expect[0].within: `soon` is not a duration; expected `250ms`, `2s`, `1h30m` or an integer of milliseconds
    {"clock":"real","match":{"path":"/x"},"within":"1s"}
      400 expect[0].clock: unknown variant `real`, expected `wall` or `virtual`
    {"match":{"status":{"atleast":400}}}
      400 expect[0].match.status: there is no rule `atleast`; did you mean `atLeast`?
    {"match":{"body":{"name":{"atleast":400}}}}
      400 expect[0].match.name: there is no rule `atleast`; did you mean `atLeast`? A member of that name stands behind a dot, as in `customer.atleast`
    {"match":{"response":{"header":{"a b":"*"}}}}
      400 expect[0].match.a b: it is not a header name
    {"match":{"action":"onMessage","status":200}}
      400 expect[0].match.action: is of frames, and something else here is of requests: nothing is both
    {"order":[{"path":"/x"},{"decision":"denied"}]}
      400 expect[0].order.decision: unknown variant `denied`, expected one of `granted`, `refused`, `unserved`, `injected`, `ended`, `abandoned`
    {"expects":[]}
      400 expects: unknown field `expects`, expected one of `expect`, `after`, `allowUnfired`, `allowUnmatched`, `allowGaps`; did you mean `expect`?
    {"after":"9-9","match":{"path":"/x"}}
      400 after: `after` 9-9 is not a cursor of this journal; take `next` of an earlier answer
    {"allowUnfired":["f"],"match":{"path":"/x"}}
      400 allowUnfired: there is no fault `f` that could be left out of account
    {"allowUnfired":"f","match":{"path":"/x"}}
      400 allowUnfired: expected `true`, `false`, or a list of ids of faults
    "x"
      400 -: invalid type: string "x", expected an object
    "#);
}
