//! Effects by the names that WireMock and Toxiproxy have for them.

use std::io::ErrorKind;

use serde_json::json;

use super::{
    armed,
    raw::{Line, exchange},
};
use crate::support::TestEmulator;

const REQUEST: &str = "GET /.well-known/jwks.json HTTP/1.1\r\nHost: emulator.test\r\n\r\n";

#[tokio::test]
async fn each_is_shown_as_the_effect_that_it_means() {
    let emulator = TestEmulator::start().await;
    for (alias, effect) in [
        // Toxiproxy, milliseconds
        (json!({ "latency": { "latency": 1000 } }), json!({ "delay": { "for": "1s" } })),
        (
            json!({ "latency": { "latency": 1000, "jitter": 100 } }),
            json!({ "delay": { "from": "900ms", "to": "1100ms" } }),
        ),
        (
            json!({ "latency": { "latency": 10, "jitter": 100 } }),
            json!({ "delay": { "from": "0s", "to": "110ms" } }),
        ),
        (json!({ "timeout": {} }), json!({ "half_open": { "at": "before_head" } })),
        (json!({ "timeout": { "timeout": 0 } }), json!({ "half_open": { "at": "before_head" } })),
        (
            json!({ "timeout": { "timeout": 5000 } }),
            json!({ "close_connection": { "at": "before_head", "after": "5s" } }),
        ),
        (json!({ "reset_peer": {} }), json!({ "reset": { "at": "before_head" } })),
        (
            json!({ "reset_peer": { "timeout": 20 } }),
            json!({ "reset": { "at": "before_head", "after": "20ms" } }),
        ),
        (json!({ "down": {} }), json!({ "refuse_connection": { "how": "reset" } })),
        (json!({ "bandwidth": { "rate": 5 } }), json!({ "bandwidth": { "rate": 5 } })),
        (json!({ "slow_close": { "delay": 300 } }), json!({ "slow_close": { "after": "300ms" } })),
        // WireMock
        (json!({ "fault": "EMPTY_RESPONSE" }), json!({ "close_connection": { "at": "before_head" } })),
        (json!({ "fault": "CONNECTION_RESET_BY_PEER" }), json!({ "reset": { "at": "before_head" } })),
        (json!({ "fault": "MALFORMED_RESPONSE_CHUNK" }), json!({ "malformed_chunk": {} })),
        (json!({ "fault": "RANDOM_DATA_THEN_CLOSE" }), json!({ "garbage": { "bytes": 64 } })),
        (json!({ "fixedDelayMilliseconds": 500 }), json!({ "delay": { "for": "500ms" } })),
        (
            json!({ "delayDistribution": { "type": "fixed", "milliseconds": 7 } }),
            json!({ "delay": { "for": "7ms" } }),
        ),
        (
            json!({ "delayDistribution": { "type": "uniform", "lower": 10, "upper": 20 } }),
            json!({ "delay": { "from": "10ms", "to": "20ms" } }),
        ),
        (
            json!({ "delayDistribution": { "type": "lognormal", "median": 80, "sigma": 0.4 } }),
            json!({ "delay": { "median": "80ms", "sigma": 0.4 } }),
        ),
        (
            json!({ "chunkedDribbleDelay": { "numberOfChunks": 5, "totalDuration": 1000 } }),
            json!({ "dribble": { "chunks": 5, "over": "1s" } }),
        ),
    ] {
        let set = emulator.client.admin("PUT", "/faults", Some(&json!({ "id": "f", "effect": alias }))).await;
        assert_eq!(set.status, 200, "{alias}: {}", set.text);
        let shown = emulator.client.admin("GET", "/faults/f", None).await.json();
        assert_eq!(shown["effect"], effect, "{alias}");
        // what is shown can be set again
        let set = emulator.client.admin("PUT", "/faults", Some(&json!({ "effect": effect }))).await;
        assert_eq!(set.status, 200, "{effect}: {}", set.text);
    }
}

#[tokio::test]
async fn they_stand_in_plans_and_can_be_asked_for_too() {
    let emulator = TestEmulator::start().await;
    let plan = json!([{ "fault": "CONNECTION_RESET_BY_PEER" }, { "fault": "EMPTY_RESPONSE", "times": 2 }]);
    emulator.fault(json!({ "plan": plan })).await;
    let mut seen = Vec::new();
    for _ in 0..3 {
        let end = exchange(&emulator.base(), REQUEST).await;
        seen.push((end.text, end.error));
    }
    let closed = (String::new(), None);
    assert_eq!(seen, [(String::new(), Some(ErrorKind::ConnectionReset)), closed.clone(), closed]);
    emulator.client.admin("DELETE", "/faults", None).await;
    let request = REQUEST.replace("Host", "X-Emulator-Inject: latency;latency=2000\r\nHost");
    let mut line = Line::send(&emulator.base(), &request).await;
    armed(&emulator, 1).await;
    emulator.advance("1999ms").await;
    assert!(line.is_silent());
    emulator.advance("1ms").await;
    assert!(line.head().await.starts_with("HTTP/1.1 200 OK\r\n"));
}

#[tokio::test]
async fn an_end_can_come_after_some_time() {
    let emulator = TestEmulator::start().await;
    for (effect, error) in [("timeout", None), ("reset_peer", Some(ErrorKind::ConnectionReset))] {
        emulator.fault(json!({ "id": effect, "effect": { effect: { "timeout": 3000 } } })).await;
        let line = Line::send(&emulator.base(), REQUEST).await;
        armed(&emulator, 1).await;
        emulator.advance("2s").await;
        assert!(line.is_silent());
        emulator.advance("1s").await;
        assert_eq!(line.end().await, error, "{effect}");
        emulator.client.admin("DELETE", &format!("/faults/{effect}"), None).await;
    }
    assert_eq!(emulator.journal("status=200").await.len(), 0, "nothing was handled");
}

#[tokio::test]
async fn what_has_no_same_is_not_known() {
    let said = super::refused::refusals(&[
        json!({ "id": "f", "effect": { "latency": { "latency": 10, "toxicity": 1 } } }),
        json!({ "id": "f", "effect": { "fault": "RANDOM_DATA" } }),
        json!({ "id": "f", "effect": { "delayDistribution": { "type": "uniform", "lower": 20, "upper": 10 } } }),
        json!({ "id": "f", "effect": { "delayDistribution": { "type": "normal" } } }),
        json!({ "id": "f", "effect": { "latency": { "latency": 10 }, "delay": { "for": 10 } } }),
        json!({ "id": "f", "effect": { "bandwidth": {} } }),
        json!({ "id": "f", "effect": { "bandwidth": { "rate": 0 } } }),
    ])
    .await;
    insta::assert_snapshot!(said, @r"
    effect.latency.toxicity: unknown field `toxicity`, expected `latency` or `jitter` at line 1 column 45
    effect.fault: unknown variant `RANDOM_DATA`, expected one of `EMPTY_RESPONSE`, `MALFORMED_RESPONSE_CHUNK`, `RANDOM_DATA_THEN_CLOSE`, `CONNECTION_RESET_BY_PEER` at line 1 column 32
    fault: fault `f`: `delay`: `from` is longer than `to`
    effect.delayDistribution.type: unknown variant `normal`, expected one of `fixed`, `uniform`, `lognormal` at line 1 column 47; did you mean `lognormal`?
    effect: an `effect` has one effect, not `delay` and `delay`; give each a fault of its own at line 1 column 55
    fault: fault `f`: `bandwidth`: give `bytesPerSecond`, or `rate` in thousands of bytes
    fault: fault `f`: `bandwidth`: `rate` is between 1 and 4000000
    ");
}
