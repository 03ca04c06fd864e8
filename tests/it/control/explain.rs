//! `/explain/{id}`: why something was answered as it was, and what puts it right.

use std::collections::BTreeSet;

use genesys_emulator::{
    Emulator,
    laboratory::{transcript, yaml},
};
use insta::assert_snapshot;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::told;
use crate::support::{DEPLOYMENT, TestEmulator, scenario};

/// What is explained after these steps.
async fn explained(mistake: &Value) -> Value {
    let mut steps = mistake["steps"].as_array().unwrap().clone();
    steps.push(json!({ "admin": "GET /explain/last" }));
    let org = mistake.get("org").cloned().unwrap_or_else(|| json!({}));
    let faults = mistake.get("faults").cloned().unwrap_or_else(|| json!([]));
    let file = json!({
        "name": "mistake", "world": { "orgs": [org] }, "faults": faults,
        "scripts": { "only": { "steps": steps } },
    });
    let file = scenario::file(&file.to_string());
    let (_, said) = transcript(scenario::path(&file), Emulator::builder()).await.unwrap();
    let line = said.lines().find_map(|line| line.split_once(" GET /__admin/explain/last: "));
    let (_, answer) = line.unwrap_or_else(|| panic!("{mistake}\n{said}"));
    serde_json::from_str::<Value>(answer).unwrap()["body"].take()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_mistake_is_explained_by_its_rule_with_what_puts_it_right() {
    let table = yaml(include_str!("mistakes.yaml")).unwrap();
    let mistakes = table["mistakes"].as_array().unwrap().clone();
    assert!(mistakes.len() >= 40, "{}", mistakes.len());
    let mut under_way = JoinSet::new();
    for mistake in mistakes {
        under_way.spawn(async move {
            let explained = explained(&mistake).await;
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let (rule, fix) = (text(&explained["rule"]), text(&explained["fix"]));
            let right = rule == text(&mistake["rule"]) && fix.contains(&text(&mistake["fix"]));
            let documented = !text(&explained["documented"]).is_empty();
            let summary = text(&explained["summary"]).ends_with('.');
            let fault = mistake.get("faults").is_none_or(|faults| {
                let by_fault = explained["faults"][0]["id"] == faults[0]["id"];
                by_fault
                    || matches!(
                        rule.split('.').next(),
                        Some(
                            "idp"
                                | "exp"
                                | "sub"
                                | "audience"
                                | "issuer"
                                | "token"
                                | "signature"
                                | "clock"
                                | "wrong"
                        )
                    )
            });
            let wrong =
                (!(right && documented && summary && fault)).then(|| format!("{mistake}\n  {explained}"));
            (text(&mistake["mistake"]), wrong)
        });
    }
    let all = under_way.join_all().await;
    let names: BTreeSet<_> = all.iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), all.len(), "each mistake has a name of its own");
    let wrong: Vec<_> = all.iter().filter_map(|(_, wrong)| wrong.clone()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn the_fault_its_draw_and_what_nearly_was_are_told() {
    let emulator = TestEmulator::start().await;
    let effect = json!({ "respond": { "status": 429, "retryAfter": "5s" } });
    let path = "/.well-known/jwks.json";
    emulator.fault(json!({ "id": "chance", "when": { "path": path }, "schedule": { "chance": 0.999 }, "effect": effect })).await;
    emulator
        .fault(json!({ "id": "post", "when": { "method": "POST", "path": path }, "effect": effect }))
        .await;
    emulator
        .fault(json!({ "id": "elsewhere", "when": { "method": "POST", "path": "/x" }, "effect": effect }))
        .await;
    let answer = emulator.client.get(path, None).await;
    assert_eq!(answer.status, 429);
    let explained = emulator.client.admin("GET", "/explain/1", None).await;
    assert_snapshot!(explained.text, @r#"{"summary":"GET /.well-known/jwks.json was answered with 429, by fault chance: A fault answers instead of the platform.","n":"1","correlationId":"1f4000f2-f7ae-4856-8af7-364288c30816","rule":"response.injected","reason":"A fault answers instead of the platform","faults":[{"id":"chance","fault":{"effect":{"respond":{"retryAfter":"5s","status":429}},"fired":1,"id":"chance","matched":1,"schedule":{"chance":0.999},"when":{"path":"/.well-known/jwks.json"}},"draw":"0.494482, less than 0.999"}],"nearMisses":[{"id":"post","differs":"method: expected “POST”, found “GET”"}],"notes":["fault chance drew 0.494482, less than 0.999"],"fix":"Wait as long as `Retry-After` says, and do not let all clients come back at once.","documented":"Genesys Cloud Developer Center, Platform API: rate limits; RFC 6585 section 4"}"#);
    for id in ["last", answer.header("inin-correlation-id")] {
        let again = emulator.client.admin("GET", &format!("/explain/{id}"), None).await;
        assert_eq!(again.text, explained.text, "{id}");
    }
}

#[tokio::test]
async fn a_frame_is_found_by_its_tracing_id_and_what_went_well_has_no_fix() {
    let emulator = TestEmulator::start().await;
    let nothing = emulator.client.admin("GET", "/explain/last", None).await;
    assert_eq!(told(&nothing), "404 -: There is no journal entry last");
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.send(json!({ "action": "configureSession", "deploymentId": DEPLOYMENT, "token": "t-1", "tracingId": "mine" })).await;
    socket.next().await;
    let explained = emulator.client.admin("GET", "/explain/mine", None).await.json();
    assert_eq!((explained["n"].as_str(), explained.get("fix")), (Some("1.1"), None));
    let unknown = emulator.client.admin("GET", "/explain/nobody", None).await;
    assert_eq!(told(&unknown), "404 -: There is no journal entry nobody");
}
