//! `/scenarios`: what is built in, and applying one.

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
async fn the_built_in_ones_are_listed_with_their_summaries() {
    let emulator = TestEmulator::start().await;
    let listed = emulator.client.admin("GET", "/scenarios", None).await.json();
    let lines: Vec<_> = listed["entities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{}: {}", one["name"].as_str().unwrap(), one["summary"].as_str().unwrap()))
        .collect();
    assert_snapshot!(lines.join("\n"), @r#"
default: One org with clients for every right and every lack of one, a bot that answers guests, and an identity provider.
claims: The first guest token has an exp in milliseconds, the next ones are right.
close_socket: The socket is closed with 1011 when the guest's second message comes.
delay: The token endpoint takes 30 seconds of the org's time.
deny_permission: Every client lacks the permission webchat:guest:edit, whatever its roles say.
deny_scope: Every client lacks the scope webchat:guest:write, whatever it was granted.
limit_connections: A deployment takes one socket at a time; the second upgrade is refused with 403.
rate_limit: Each client may make three guest tokens a minute; the fourth is answered 429 with Retry-After.
reset: The guest token is made, then the connection is reset before the answer arrives.
respond: The guest API is unavailable twice, then it works.
rotate_keys: The signing key is replaced just before the second guest token is made, and the old one is gone at once.
guest-429: A busy page runs into the guest API's limit, and the token endpoint stumbles on the retry.
jwks-rotated-under-you: After three guest tokens the key rotates, and for two fetches the key endpoints still serve the old set.
short-guest-tokens: Guest tokens live two minutes, so that they expire in mid-chat while you watch.
"#);
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
    assert_eq!(applied["ids"], json!({ "deployments.only": "d-1" }));
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

#[tokio::test]
async fn what_is_wrong_is_told_with_line_and_column_and_the_nearest_name() {
    let emulator = TestEmulator::start().await;
    let mut said = String::new();
    for body in [
        r#"{"name":"rate-limit"}"#,
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
    assert_snapshot!(said, @r#"
404 -: there is no scenario `rate-limit`, neither built in nor as a file; did you mean `rate_limit`?
400 -: scenario (request body): error: line 2 column 1: unknown field `faluts`, expected one of name, summary, include, seed, clock, world, faults; did you mean `faults`?
 --> <input>:2:1
  |
1 | summary: x
2 | faluts: []
  | ^ unknown field `faluts`, expected one of name, summary, include, seed, clock, world, faults
400 -: scenario (request body): error: line 4 column 14: unknown field `scope`, expected one of id, secret, name, grant, scopes, permissions, tokenLifetime, state; did you mean `scopes`?
 --> <input>:4:14
  |
2 |   orgs:
3 |     - clients:
4 |         a: { scope: [] }
  |              ^ unknown field `scope`, expected one of id, secret, name, grant, scopes, permissions, tokenLifetime, state
400 -: scenario (request body): error: line 3 column 16: unknown field `fro`, expected one of for, from, to, median, sigma; did you mean `for`?
 --> <input>:3:16
  |
1 | faults:
2 |   - effect:
3 |       delay: { fro: 1s }
  |                ^ unknown field `fro`, expected one of for, from, to, median, sigma
400 -: scenario (request body): fault `f`: `delay`: give `for`, or `from` and `to`, or `median` and `sigma`
404 -: there is no scenario `defualt`, neither built in nor as a file; did you mean `default`?
404 -: there is no scenario `/etc/hostname`, neither built in nor as a file; `default` is the built-in world
400 -: scenario (request body): error: line 1 column 7: expected string scalar
 --> <input>:1:7
  |
1 | name: [unclosed
  |       ^ expected string scalar
400 -: world: deployments.a: there is no bot `nobody`
400 -: the scenario has no org
400 -: world: clients.main: the id emulator-client is taken by another client
"#);
    let still = emulator.client.admin("GET", "/orgs", None).await.json();
    assert_eq!(still["entities"][0]["ids"].as_object().unwrap().len(), 10, "nothing was changed");
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
