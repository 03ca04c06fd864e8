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
    assert_snapshot!(lines.join("\n"), @r"
    default: One org with clients for every right and every lack of one, a bot that answers guests, and an identity provider.
    bandwidth: The configuration of a deployment comes at 200 bytes a second of the org's time.
    claims: The first guest token has an exp in milliseconds, the next ones are right.
    close_connection: The set of keys breaks off after 40 bytes, and the connection ends as if nothing was wrong.
    close_socket: The socket is closed with 1011 when the guest's second message comes.
    content_type: The API answers JSON and says that it is a page.
    corrupt_frame: The body of the first message to the client is null.
    corrupt_upgrade: The first upgrade is answered with a Sec-WebSocket-Accept of another key.
    delay: The token endpoint takes 30 seconds of the org's time.
    deny_cors: No page may read what the API answers.
    deny_permission: Every client lacks the permission webchat:guest:edit, whatever its roles say.
    deny_scope: Every client lacks the scope webchat:guest:write, whatever it was granted.
    dribble: The set of keys comes in four pieces, over half a minute of the org's time.
    drop_frame: The second message to the client is lost on its way; the history has it.
    drop_subprotocol: The answer to an upgrade names no subprotocol, whatever the client offered.
    duplicate_delivery: The first guest is made twice, as by a proxy that tries again.
    duplicate_frame: Every message to the client comes twice.
    error_frame: The guest's first message is refused because it is too long, whatever its length.
    evict: After the guest's second message its connection is closed, as by a fourth tab.
    expire_session: The session expires when the guest's second message comes.
    fragment_frame: Every frame to the client comes in fragments of 16 bytes.
    garbage: The token endpoint answers sixteen bytes that are no HTTP, once.
    half_open: After the guest's second message its connection is dead, and nobody tells the client.
    hang_upgrade: The first upgrade is never answered.
    invalid_json: Half of the first access token is there, and HTTP says nothing of it.
    limit_connections: A deployment takes one socket at a time; the second upgrade is refused with 403.
    lose_ack: The guest's first message is taken in and answered, but its echo is lost.
    lose_response: The guest is made, and the connection ends before the answer.
    malformed_chunk: The configuration of a deployment comes in chunks, the second of which has no length.
    missing_field: Access tokens come without their lifetime.
    nonce: The first ID token of the identity provider has another nonce than was sent, the next ones are right.
    oversize_frame: The first message to the client is a frame of 256 KiB.
    quota: Each client may make two guest tokens a day; the third is answered 429 until midnight.
    rate_limit: Each client may make three guest tokens a minute; the fourth is answered 429 with Retry-After.
    refuse_connection: The first three connections are reset before anything is read of them, whichever org they were for.
    reorder_frames: Messages to the client leave in another order, three at a time, after half a second at the latest.
    reset: The guest token is made, then the connection is reset before the answer arrives.
    respond: The guest API is unavailable twice, then it works.
    rotate_keys: The signing key is replaced just before the second guest token is made, and the old one is gone at once.
    set_headers: The key set of the platform may not be cached, and has no tag to ask for it again.
    skew_date: The answers of the token endpoint are dated ten minutes ahead.
    slow_close: The connection of a token request is not closed for ten seconds of the org's time.
    stale_read: A guest is read as it was when it was read the last time.
    stall: The set of keys stops after its head and goes on twenty seconds of the org's time later.
    stop_pong: From the guest's first message on, pings of its connection are not answered.
    stop_reading: After the guest's first message nothing of its connection is read for ten seconds of the org's time.
    truncate: Half of the set of keys comes, and then the end of the connection.
    truncate_frame: The first message to the client ends in the middle of its JSON.
    unknown_enum: The token is of a type that no client knows.
    access-token-at-the-socket: The access token of a backend works for every API call, and the messaging socket wants a guest token.
    access-token-expires: Access tokens of the guest client live ten minutes, so that a proxy which keeps one for good is refused while you watch.
    chat-with-bot: A bot welcomes whoever comes, takes its time to look up an order, and understands buttons and half sentences.
    clock-skew: The provider's clock is ahead of the platform's, by more than the platform forgives, once.
    cors-denied: The token endpoint answers pages without a word of CORS, as a proxy does that forgot about preflights.
    exp-in-milliseconds: The identity provider counts the first ID token's exp in milliseconds; the next sign-in goes well.
    fourth-tab-evicts-first: A guest who opens the page a fourth time loses the first tab, and the bot says at once which tabs still listen.
    ghost-conversation: A page lets its guest chat before the sign-in is finished, and the platform knows one person as two contacts for good.
    guest-429: A busy page runs into the guest API's limit, and the token endpoint stumbles on the retry.
    guest-claims-missing: The first guest token does not say which guest it is for, though its signature and times are good.
    guest-token-without-exp: The first guest token has no exp, which a careless verifier takes for a token that never expires.
    handover-to-agent: The bot hands over to the queue when the guest asks for a human, who takes over with the first word said by hand.
    hs256-refused: The identity provider signs its ID tokens by HS256, and the platform takes none of them.
    html-instead-of-json: Twice the guest API is answered by a gateway's page in HTML, which no JSON parser likes.
    idp-down: People can sign in, but the identity provider answers 503 when the platform redeems their codes; after three times it is back.
    jwks-cached-for-a-day: The key set of the identity provider may be cached for a day, though its keys are rotated each hour.
    jwks-empty: The key set of the identity provider has no keys, once.
    jwks-huge: The key set of the identity provider is blown up to eight megabytes, once.
    jwks-malformed: The key set of the identity provider ends in the middle of its first key, once.
    jwks-rotated-under-you: A key rotates under whoever kept the old set, the platform's after three guest tokens, the identity provider's after the first exchange.
    jwks-slow: The key set of the identity provider takes ten seconds, once.
    jwks-unavailable: The key set of the identity provider cannot be had, once.
    jwks-without-cache-headers: The key set of the identity provider comes without a word about caching.
    legacy-token-refused: The messaging deployment demands a guest token, so that a widget that still brings the token of an older chat gets 403.
    lost-answer: The first guest is made and the answer is lost, so that whoever asks again may make the same person twice.
    maintenance-window: Half an hour after the first session begins every socket is closed for maintenance, and the API is down for two minutes.
    message-ids-demanded: Every block of a guest's message needs an id of its own, as some say the platform demands, and old payloads have none.
    nonce-mismatch-once: The socket wants the nonce of its challenge in the identity provider's JWT, which has another one the first time.
    permission-403: The client has every scope, and its roles lack the permission, which is another 403 with another remedy.
    read-only-after-disconnect: The bot ends the conversation after one answer, and the session is read-only until the guest starts a new one.
    scope-403: The token is good, but its client lacks the scope for guest tokens until an administrator grants it ten minutes later.
    scope-missing-in-jwt: The deployment wants a scope in the provider's JWT that the provider does not put there unless it is asked for.
    session-expires-mid-chat: A session lives fifteen minutes after the last message, so that it expires while a guest thinks about the answer.
    short-guest-tokens: Guest tokens live two minutes, so that they expire in mid-chat while you watch.
    sub-missing: The first ID token does not say whom it is for, and nobody can be a person without a sub.
    subject-of-nobody: The socket takes only tokens whose sub is a user's id or address, so that a customer's own number is refused.
    token-expires-mid-conversation: The JWT of a person expires while the person types, every frame is refused with 401, and a refresh brings the conversation back.
    token-stampede: A client gets three access tokens a minute, so that a proxy which fetches one for each guest runs dry at the fourth.
    too-many-sockets: The deployment takes two sockets at a time, and a third one is forbidden though its token is good.
    two-devices-one-history: A person signs in on the phone and then on the desk; both stay, share one session and read one history.
    unordered-replies: Messages come to the guest in another order than they were said in, as the platform may deliver them.
    upgrade-blocked: Something between page and platform spoils the first 101, as proxies do that do not know WebSockets.
    upload-refused: The deployment takes only PNG images of up to 100 KB, so that most uploads are refused before or after they are sent.
    wrong-audience: The first guest token is made out to somebody else, and only a backend that verifies it before it hands it on notices in time.
    wrong-domain: The deployment is for pages of shop.example.test, so that the same page on a developer's machine is refused.
    ");
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
    assert_snapshot!(said.join("\n").replace(&org.id, "(org)").replace(org.text("clientId"), "(client)"), @r#"
409 -: org org-2: the client id (client) is taken by another org
400 -: org org-2: world: deployments.d: there is no bot `nobody`
400 -: org 00000000-0000-4000-8000-0000000000aa: two orgs of the scenario go to this one
400 -: org (org): the scenario has 2 orgs, and is to be applied to one; POST /__admin/scenarios/apply applies each to its own
"#);
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
    assert_snapshot!(said, @r"
    404 -: there is no scenario `rate-limt`, neither built in nor as a file; did you mean `rate-limit`?
    400 -: scenario (request body): error: line 2 column 1: unknown field `faluts`, expected one of name, summary, include, params, seed, clock, world, faults, timeline, scripts, expect; did you mean `faults`?
     --> <input>:2:1
      |
    1 | summary: x
    2 | faluts: []
      | ^ unknown field `faluts`, expected one of name, summary, include, params, seed, clock, world, faults, timeline, scripts, expect
    400 -: scenario (request body): error: line 4 column 14: unknown field `scope`, expected one of id, secret, name, grant, scopes, permissions, tokenLifetime, accessTokens, state; did you mean `scopes`?
     --> <input>:4:14
      |
    2 |   orgs:
    3 |     - clients:
    4 |         a: { scope: [] }
      |              ^ unknown field `scope`, expected one of id, secret, name, grant, scopes, permissions, tokenLifetime, accessTokens, state
    400 -: scenario (request body): error: line 3 column 16: unknown field `fro`, expected one of for, from, to, median, sigma, mean, deviation, percentiles; did you mean `for`?
     --> <input>:3:16
      |
    1 | faults:
    2 |   - effect:
    3 |       delay: { fro: 1s }
      |                ^ unknown field `fro`, expected one of for, from, to, median, sigma, mean, deviation, percentiles
    400 -: scenario (request body): line 2 column 5: fault `f`: `delay`: give `for`, or `from` and `to`, or `median` and `sigma`, or `mean` and `deviation`, or `percentiles`
    404 -: there is no scenario `defualt`, neither built in nor as a file; did you mean `default`?
    404 -: there is no scenario `/etc/hostname`, neither built in nor as a file; `default` is the built-in world
    400 -: scenario (request body): error: line 1 column 7: expected string scalar
     --> <input>:1:7
      |
    1 | name: [unclosed
      |       ^ expected string scalar
    400 -: org 00000000-0000-4000-8000-0000000000aa: world: deployments.a: there is no bot `nobody`
    400 -: the scenario has no org
    400 -: org 00000000-0000-4000-8000-0000000000aa: world: clients.main: the id emulator-client is taken by another client
    ");
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
