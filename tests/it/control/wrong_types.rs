//! A value of the wrong type in a scenario file: which member, what was found, and what was meant, with an example.

use std::fmt::Write;

use super::told;
use crate::support::TestEmulator;

/// What is said of a file.
async fn said(emulator: &TestEmulator, file: &str) -> String {
    let answer =
        emulator.client.try_send("POST", "/__admin/scenarios/apply", &[], file.to_owned()).await.unwrap();
    assert_eq!(answer.status, 400, "{file}");
    let said = told(&answer);
    let first = said.lines().next().unwrap();
    first.trim_start_matches("400 -: scenario (request body): error: ").to_owned()
}

#[tokio::test]
async fn every_member_of_a_step_says_what_it_takes() {
    let emulator = TestEmulator::start().await;
    let mut all = String::new();
    for wrong in [
        "say: [x]",
        "http: { method: GET }",
        "admin: []",
        "open: { path: /v1 }",
        "close: [socket]",
        "signIn: alice",
        "signIn: { person: [alice] }",
        "signIn: { with: x }",
        "verify: {}",
        "set: x",
        "socket: {}",
        "client: [guest]",
        "bearer: { token: x }",
        "query: a=1",
        "form: grant_type=x",
        "text: {}",
        "base64: []",
        "issuer: {}",
        "inAnyOrder: often",
        "times: many",
        "times: -1",
        "capture: access",
        "capture: { access: [body] }",
    ] {
        let file = format!("name: mine\nscripts:\n  only:\n    steps:\n      - {wrong}\n");
        writeln!(all, "{}", said(&emulator, &file).await).unwrap();
    }
    insta::assert_snapshot!(all, @r"
    line 5 column 14: `scripts.only.steps.0.say` is a list; expected a text, such as `say: some words`
    line 5 column 15: `scripts.only.steps.0.http` is a map with `method`; expected a text, such as `http: POST /oauth/token`
    line 5 column 16: `scripts.only.steps.0.admin` is a list; expected a text, such as `admin: GET /clock`
    line 5 column 15: `scripts.only.steps.0.open` is a map with `path`; expected a text, such as `open: /v1`
    line 5 column 16: `scripts.only.steps.0.close` is a list; expected a text, such as `close: some words`
    line 5 column 17: `scripts.only.steps.0.signIn` is `alice`; expected a map, such as `signIn: { person: alice }`
    line 5 column 27: `scripts.only.steps.0.signIn.person` is a list; expected a text, such as `person: alice`
    line 5 column 25: `scripts.only.steps.0.signIn.with` is `x`; expected a map, such as `with: { name: … }`
    line 5 column 17: `scripts.only.steps.0.verify` is an empty map; expected a text, such as `verify: ${token}`
    line 5 column 14: `scripts.only.steps.0.set` is `x`; expected a map, such as `set: { name: Ann }`
    line 5 column 17: `scripts.only.steps.0.socket` is an empty map; expected a text, such as `socket: some words`
    line 5 column 17: `scripts.only.steps.0.client` is a list; expected a text, such as `client: guest`
    line 5 column 17: `scripts.only.steps.0.bearer` is a map with `token`; expected a text, such as `bearer: ${access}`
    line 5 column 16: `scripts.only.steps.0.query` is `a=1`; expected a map, such as `query: { page: 1 }`
    line 5 column 15: `scripts.only.steps.0.form` is `grant_type=x`; expected a map, such as `form: { grant_type: client_credentials }`
    line 5 column 15: `scripts.only.steps.0.text` is an empty map; expected a text, such as `text: some words`
    line 5 column 17: `scripts.only.steps.0.base64` is a list; expected a text, such as `base64: some words`
    line 5 column 17: `scripts.only.steps.0.issuer` is an empty map; expected a text, such as `issuer: some words`
    line 5 column 21: `scripts.only.steps.0.inAnyOrder` is `often`; expected true or false, such as `inAnyOrder: true`
    line 5 column 16: `scripts.only.steps.0.times` is `many`; expected a whole number, such as `times: 3`
    line 5 column 16: `scripts.only.steps.0.times` is `-1`; expected a whole number, such as `times: 3`
    line 5 column 18: `scripts.only.steps.0.capture` is `access`; expected a map, such as `capture: { access: body.access_token }`
    line 5 column 28: `scripts.only.steps.0.capture.access` is a list; expected a text, such as `access: some words`
    ");
}

#[tokio::test]
async fn every_member_of_a_fault_and_of_what_is_around_it_says_what_it_takes() {
    let emulator = TestEmulator::start().await;
    let mut all = String::new();
    for wrong in [
        "faults: {}",
        "faults: [reset]",
        "faults: [ { id: [f], effect: { reset: {} } } ]",
        "faults: [ { when: /x, effect: { reset: {} } } ]",
        "faults: [ { when: { path: [/x] }, effect: { reset: {} } } ]",
        "faults: [ { when: { header: x }, effect: { reset: {} } } ]",
        "faults: [ { schedule: once, effect: { reset: {} } } ]",
        "faults: [ { schedule: { first: one }, effect: { reset: {} } } ]",
        "faults: [ { schedule: { chance: often }, effect: { reset: {} } } ]",
        "faults: [ { effect: reset } ]",
        "faults: [ { effect: { reset: now } } ]",
        "faults: [ { effect: { respond: { status: busy } } } ]",
        "faults: [ { effect: { respond: { headers: [a] } } } ]",
        "faults: [ { plan: { ok: 1 } } ]",
        "faults: [ { plan: [ reset ] } ]",
        "faults: [ { plan: [ { delay: 1s } ] } ]",
        "timeline: {}",
        "timeline: [ { on: [token], do: {} } ]",
        "timeline: [ { do: nothing } ]",
        "scripts: []",
        "scripts: { only: { steps: x } }",
        "scripts: { only: { summary: [x] } }",
        "expect: {}",
        "expect: [ { status: ok } ]",
        "params: x",
        "world: { orgs: {} }",
        "world: { orgs: [ { clients: [] } ] }",
        "world: { orgs: [ { clients: { a: { scopes: x } } } ] }",
        "world: { orgs: [ { deployments: { a: { auth: { enabled: maybe } } } } ] }",
    ] {
        writeln!(all, "{}", said(&emulator, &format!("name: mine\n{wrong}\n")).await).unwrap();
    }
    insta::assert_snapshot!(all, @r"
    line 2 column 9: `faults` is an empty map; expected a list, such as `faults: [ { effect: { reset: {} } } ]`
    line 2 column 10: `faults.0` is `reset`; expected a map, such as `{ effect: … }`
    line 2 column 17: `faults.0.id` is a list; expected a text, such as `id: slow-tokens`
    line 2 column 19: `faults.0.when` is `/x`; expected a map, such as `when: { path: /oauth/token }`
    line 2 column 27: `faults.0.when.path` is a list; expected a text, such as `path: some words`
    line 2 column 29: `faults.0.when.header` is `x`; expected a map, such as `header: { startsWith: Bearer }`
    line 2 column 23: `faults.0.schedule` is `once`; expected a map, such as `schedule: { first: 2 }`
    line 2 column 32: `faults.0.schedule.first` is `one`; expected a whole number, such as `first: 1`
    line 2 column 33: `faults.0.schedule.chance` is `often`; expected a number, such as `chance: 0.5`
    line 2 column 21: `faults.0.effect` is `reset`; expected a map, such as `effect: { reset: {} }`
    line 2 column 30: `faults.0.effect.reset` is `now`; expected a map, such as `reset: { after: … }`
    line 2 column 42: `faults.0.effect.respond.status` is `busy`; expected a whole number, such as `status: 1`
    line 2 column 43: `faults.0.effect.respond.headers` is a list; expected a map, such as `headers: { name: … }`
    line 2 column 19: `faults.0.plan` is a map with `ok`; expected a list, such as `plan: [ { ok: 3 }, { reset: {} } ]`
    line 2 column 21: `faults.0.plan.0` is `reset`; expected a map, such as `{ bandwidth: … }`
    line 2 column 30: `faults.0.plan.0.delay` is `1s`; expected a map, such as `delay: { deviation: … }`
    line 2 column 11: `timeline` is an empty map; expected a list, such as `timeline: [ { after: … } ]`
    line 2 column 19: `timeline.0.on` is a list; expected a text, such as `on: token#3`
    line 2 column 19: `timeline.0.do` is `nothing`; expected a map, such as `do: { advance: … }`
    line 2 column 10: `scripts` is a list; expected a map, such as `scripts: { name: … }`
    line 2 column 27: `scripts.only.steps` is `x`; expected a list, such as `steps: [ { http: GET /.well-known/jwks.json } ]`
    line 2 column 29: `scripts.only.summary` is a list; expected a text, such as `summary: some words`
    line 2 column 9: `expect` is an empty map; expected a list, such as `expect: [ { clock: … } ]`
    line 2 column 13: unknown field `status`, expected one of say, match, times, order, strict, within, neverFor, clock
    line 2 column 9: `params` is `x`; expected a map, such as `params: { name: … }`
    line 2 column 16: `world.orgs` is an empty map; expected a list, such as `orgs: [ { name: … } ]`
    line 2 column 29: `world.orgs.0.clients` is a list; expected a map, such as `clients: { name: … }`
    line 2 column 44: `world.orgs.0.clients.a.scopes` is `x`; expected a list, such as `scopes: [ some words ]`
    line 2 column 57: `world.orgs.0.deployments.a.auth.enabled` is `maybe`; expected true or false, such as `enabled: true`
    ");
}
