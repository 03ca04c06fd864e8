//! `/scenarios/apply`.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Other, told};
use crate::support::{Answer, DEPLOYMENT, ORG, TestEmulator};

async fn apply(emulator: &TestEmulator, body: &str) -> Answer {
    let body = body.to_owned();
    emulator.client.try_send("POST", "/__admin/scenarios/apply", &[], body).await.unwrap()
}

async fn fault_ids(emulator: &TestEmulator) -> Vec<String> {
    let listed = emulator.client.admin("GET", "/faults", None).await.json();
    let faults = listed["entities"].as_array().unwrap();
    faults.iter().map(|fault| fault["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn one_is_applied_by_name_and_the_org_starts_anew() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    emulator.advance("1h").await;
    let applied = apply(&emulator, r#"{"name":"rate_limit"}"#).await;
    assert_eq!((applied.status, &applied.json()["id"]), (200, &json!(ORG)));
    assert_eq!(applied.json()["now"], "2026-01-02T03:04:05.000Z");
    assert_eq!(fault_ids(&emulator).await, ["rate_limit"]);
    assert!(emulator.journal("").await.is_empty());
    let me = emulator.client.get("/api/v2/tokens/me", Some(&token)).await;
    assert_eq!(me.status, 401, "tokens of the time before are forgotten");
}

#[tokio::test]
async fn a_body_in_yaml_lies_over_the_default_world() {
    let emulator = TestEmulator::start().await;
    let yaml = "
clock: 2031-01-01T00:00:00Z
world:
  orgs:
    - name: Painted
      clients:
        painter: { id: painter, secret: brush, scopes: ['webchat:guest:write'] }
faults:
  - id: slow
    effect: { delay: { for: 1s } }
";
    let applied = apply(&emulator, yaml).await.json();
    assert_eq!((&applied["name"], &applied["now"]), (&json!("Painted"), &json!("2031-01-01T00:00:00.000Z")));
    assert_eq!(applied["ids"]["clients.painter"], "painter");
    assert_eq!(applied["deploymentId"], DEPLOYMENT);
    assert_eq!(fault_ids(&emulator).await, ["slow"]);
}

#[tokio::test]
async fn a_body_in_json_can_start_from_nothing() {
    let emulator = TestEmulator::start().await;
    let deployments = json!({ "only": { "id": "d-1" } });
    let body = json!({ "include": [], "world": { "orgs": [{ "deployments": deployments }] } });
    let applied = apply(&emulator, &body.to_string()).await.json();
    assert_eq!(applied["ids"]["deployments.only"], "d-1");
    let names: Vec<_> = applied["ids"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["deployments.only", "divisions.home", "roles.admin", "roles.employee"]);
    assert_eq!(applied.get("clientId"), None);
    assert!(emulator.upgrade("/v1?deploymentId=d-1").await.is_ok());
    assert!(emulator.upgrade(&format!("/v1?deploymentId={DEPLOYMENT}")).await.is_err());
}

#[tokio::test]
async fn another_org_keeps_its_own_ids() {
    let emulator = TestEmulator::start().await;
    let org = Other::make(&emulator, json!({})).await;
    let name = json!({ "name": "respond" });
    let applied = org.admin(&emulator, "POST", "/scenarios/apply", Some(&name)).await.json();
    assert_eq!(
        (&applied["id"], &applied["clientId"], &applied["ids"]),
        (&org.made["id"], &org.made["clientId"], &org.made["ids"])
    );
    assert!(fault_ids(&emulator).await.is_empty());
}

#[tokio::test]
async fn reset_goes_back_to_the_scenario_that_was_applied() {
    let emulator = TestEmulator::start().await;
    apply(&emulator, r#"{"name":"delay"}"#).await;
    emulator.client.admin("DELETE", "/faults", None).await;
    emulator.client.admin("POST", "/reset", None).await;
    assert_eq!(fault_ids(&emulator).await, ["delay"]);
}

/// A number that everything random of an org hangs on.
async fn drawn(emulator: &TestEmulator) -> String {
    let answer = emulator.client.get("/api/v2/oauth/publickey", None).await;
    answer.header("inin-correlation-id").to_owned()
}

#[tokio::test]
async fn what_it_says_of_seed_and_clock_holds_until_another_one_is_applied() {
    let emulator = TestEmulator::start().await;
    let of_seed_1 = drawn(&emulator).await;
    let started = TestEmulator::with(|builder| builder.seed(9)).await;
    let applied = apply(&emulator, "seed: 9\nclock: 2031-01-01T00:00:00Z\n").await.json();
    let told = json!([applied["orgs"][0]["seed"], applied["orgs"][0]["clock"], applied["now"]]);
    assert_eq!(told, json!([9, "2031-01-01T00:00:00.000Z", "2031-01-01T00:00:00.000Z"]));
    let of_seed_9 = drawn(&started).await;
    assert_ne!(of_seed_9, of_seed_1);
    assert_eq!(drawn(&emulator).await, of_seed_9);
    emulator.client.admin("POST", "/reset", None).await;
    assert_eq!(drawn(&emulator).await, of_seed_9, "a reset goes back to what was applied");
    let applied = apply(&emulator, r#"{"name":"respond"}"#).await.json();
    assert_eq!(
        (&applied["orgs"][0]["seed"], &applied["now"]),
        (&json!(1), &json!("2026-01-02T03:04:05.000Z"))
    );
    assert_eq!(drawn(&emulator).await, of_seed_1);
}

#[tokio::test]
async fn a_seed_leaves_an_org_its_drawn_ids_and_secrets() {
    let emulator = TestEmulator::start().await;
    let org = Other::make(&emulator, json!({})).await;
    let body = json!({ "seed": 9 });
    let applied = org.admin(&emulator, "POST", "/scenarios/apply", Some(&body)).await.json();
    for name in ["id", "clientId", "clientSecret", "deploymentId", "ids"] {
        assert_eq!(applied[name], org.made[name], "{name}");
    }
}

/// Two orgs and a fault.
const TWO: &str = "
name: two
include: []
world:
  orgs:
    - { name: One, clients: { main: { id: c-1, secret: s } } }
    - { id: org-2, name: Two, clients: { main: { id: c-2, secret: s } } }
faults: [ { id: slow, when: { path: /x }, effect: { delay: { for: 1s } } } ]
";

/// Name, id and whether it was made, of each org that a scenario was applied to.
fn orgs(applied: &Answer) -> Value {
    assert_eq!(applied.status, 200, "{}", applied.text);
    let of = |org: &Value| json!([org["name"], org["id"], org["made"]]);
    applied.json()["orgs"].as_array().unwrap().iter().map(of).collect()
}

#[tokio::test]
async fn each_org_of_a_scenario_goes_to_its_own_and_what_is_not_there_is_made() {
    let emulator = TestEmulator::start().await;
    let applied = apply(&emulator, TWO).await;
    assert_eq!(orgs(&applied), json!([["One", ORG, false], ["Two", "org-2", true]]));
    let told = applied.json();
    assert_eq!((&told["scenario"], &told["id"], &told["name"]), (&json!("two"), &json!(ORG), &json!("One")));
    assert_eq!(told["orgs"][1]["clientId"], "c-2");
    emulator.token("c-1", "s").await;
    emulator.token("c-2", "s").await;
    let faults = emulator.client.admin("GET", "/orgs/org-2/faults", None).await.json();
    assert_eq!(faults["entities"][0]["id"], "slow");

    let again = apply(&emulator, &TWO.replace("name: Two", "name: Again")).await;
    assert_eq!(orgs(&again), json!([["One", ORG, false], ["Again", "org-2", false]]));
    let second_alone = "include: []\nworld: { orgs: [ { id: org-2, name: Alone } ] }";
    assert_eq!(orgs(&apply(&emulator, second_alone).await), json!([["Alone", "org-2", false]]));
    assert_eq!(fault_ids(&emulator).await, ["slow"], "the default org was left alone");
}

#[tokio::test]
async fn without_a_default_org_the_first_one_of_the_scenario_becomes_it() {
    let emulator = TestEmulator::yaml("include: []\n").await;
    let applied = apply(&emulator, r#"{"name":"default"}"#).await;
    assert_eq!(orgs(&applied), json!([["Emulated Org", ORG, true]]));
    emulator.guest_client_token().await;
    assert_eq!(emulator.client.admin("GET", "/clock", None).await.status, 200);
}

#[tokio::test]
async fn an_org_by_its_place_is_the_same_one_each_time() {
    let emulator = TestEmulator::start().await;
    let nameless = "include: []\nworld: { orgs: [ { name: One }, { name: Two } ] }";
    let made = orgs(&apply(&emulator, nameless).await);
    let again = orgs(&apply(&emulator, nameless).await);
    assert_eq!((&made[1][1], &made[1][2], &again[1][2]), (&again[1][1], &json!(true), &json!(false)));
}

#[tokio::test]
async fn several_orgs_are_applied_all_or_none_and_who_is_in_the_way_is_named() {
    let emulator = TestEmulator::start().await;
    let org = Other::make(&emulator, json!({})).await;
    let mine = format!("id: {}", org.text("clientId"));
    let refused = [
        apply(&emulator, &TWO.replace("id: c-2", &mine)).await,
        apply(&emulator, &TWO.replace("name: Two", "name: Two, deployments: { d: { bot: nobody } }")).await,
        apply(&emulator, &TWO.replace("id: org-2", &format!("id: {ORG}"))).await,
        org.admin(
            &emulator,
            "POST",
            "/scenarios/apply",
            Some(&json!({ "include": [], "world": { "orgs": [{}, {}] } })),
        )
        .await,
    ];
    let said: Vec<_> = refused.iter().map(told).collect();
    assert_snapshot!(said.join("\n").replace(&org.id, "(org)").replace(org.text("clientId"), "(client)"), @r"
    409 -: org org-2: the client id (client) is taken by another org
    400 -: org org-2: scenario (request body): line 7 column 51: world: deployments.d: there is no bot `nobody`
    400 -: org 00000000-0000-4000-8000-0000000000aa: two orgs of the scenario go to this one
    400 -: org (org): the scenario has 2 orgs, and is to be applied to one; POST /__admin/scenarios/apply applies each to its own
    ");
    let listed = emulator.client.admin("GET", "/orgs", None).await.json();
    let names: Vec<_> =
        listed["entities"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert_eq!(json!(names), json!(["Emulated Org", "Emulated Org"]));
    emulator.guest_client_token().await;
}

#[tokio::test]
async fn what_is_wrong_is_told_with_line_and_column_and_the_nearest_name() {
    let emulator = TestEmulator::start().await;
    let mut said = String::new();
    for body in [
        r#"{"name":"rate-limt"}"#,
        "summary: x\nfaluts: []\n",
        "world:\n  orgs:\n    - clients:\n        a: { scope: [] }\n",
        "faults:\n  - effect:\n      delay: { fro: 1s }\n",
        "faults:\n  - id: f\n    effect: { delay: {} }\n",
        "include: [defualt]\n",
        "include: [/etc/hostname]\n",
        "name: [unclosed\n",
        "world:\n  orgs:\n    - deployments:\n        a: { bot: nobody }\n",
        "include: []\n",
        "world: { orgs: [ { clients: { a: { id: emulator-client } } } ] }",
    ] {
        let answer = apply(&emulator, body).await;
        said.push_str(&told(&answer));
        said.push('\n');
    }
    assert_snapshot!(said, @"
    404 -: there is no scenario `rate-limt`, neither built in nor as a file; did you mean `rate-limit`?
    400 -: scenario (request body): error: line 2 column 1: unknown field `faluts`, expected one of name, summary, include, params, seed, clock, world, faults, timeline, scripts, expect; did you mean `faults`?
     --> <input>:2:1
      |
    1 | summary: x
    2 | faluts: []
      | ^ unknown field `faluts`, expected one of name, summary, include, params, seed, clock, world, faults, timeline, scripts, expect
    400 -: scenario (request body): error: line 4 column 14: unknown field `scope`, expected one of id, secret, name, grant, scopes, roles, permissions, redirectUris, signsIn, refreshRotation, tokenLifetime, accessTokens, state; did you mean `scopes`?
     --> <input>:4:14
      |
    2 |   orgs:
    3 |     - clients:
    4 |         a: { scope: [] }
      |              ^ unknown field `scope`, expected one of id, secret, name, grant, scopes, roles, permissions, redirectUris, signsIn, refreshRotation, tokenLifetime, accessTokens, state
    400 -: scenario (request body): error: line 3 column 16: unknown field `fro`, expected one of for, from, to, median, sigma, mean, deviation, percentiles; did you mean `for`?
     --> <input>:3:16
      |
    1 | faults:
    2 |   - effect:
    3 |       delay: { fro: 1s }
      |                ^ unknown field `fro`, expected one of for, from, to, median, sigma, mean, deviation, percentiles
    400 -: scenario (request body): line 2 column 5: fault `f`: `delay`: give `for`, or `from` and `to`, or `median` and `sigma`, or `mean` and `deviation`, or `percentiles`
    400 -: scenario (request body): line 1 column 11: there is no scenario `defualt`, neither built in nor as a file; did you mean `default`?
    400 -: scenario (request body): line 1 column 11: there is no scenario `/etc/hostname`, neither built in nor as a file; `default` is the built-in world
    400 -: scenario (request body): error: line 1 column 7: unclosed bracket '['
     --> <input>:1:7
      |
    1 | name: [unclosed
      |       ^ unclosed bracket '['
    400 -: org 00000000-0000-4000-8000-0000000000aa: scenario (request body): line 4 column 14: world: deployments.a: there is no bot `nobody`
    400 -: the scenario has no org
    400 -: org 00000000-0000-4000-8000-0000000000aa: scenario (request body): line 1 column 36: world: clients.main: the id emulator-client is that of clients.a, too
    ");
    let still = emulator.client.admin("GET", "/orgs", None).await.json();
    assert_eq!(still["entities"][0]["ids"].as_object().unwrap().len(), 15, "nothing was changed");
}

#[tokio::test]
async fn an_id_of_another_org_is_a_conflict_and_the_org_stays_as_it_was() {
    let emulator = TestEmulator::start().await;
    let org = Other::make(&emulator, json!({})).await;
    let taken = json!({ "world": { "orgs": [{ "clients": { "main": { "id": org.made["clientId"] } } }] } });
    let refused = apply(&emulator, &taken.to_string()).await;
    assert_eq!(
        told(&refused),
        format!("409 -: org {ORG}: the client id {} is taken by another org", org.text("clientId"))
    );
    assert_eq!(org.token().await.len(), 48);
    assert_eq!(emulator.guest_client_token().await.len(), 48);
    let listed: Value = emulator.client.admin("GET", "/orgs", None).await.json();
    assert_eq!(listed["entities"].as_array().unwrap().len(), 2);
}
