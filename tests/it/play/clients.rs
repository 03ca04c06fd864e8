//! What the clients in scripts can do, and what they see when it goes wrong.

use super::{played, played_in};

async fn holds(rest: &str, steps: &str) {
    let (held, told) = played_in(rest, steps).await;
    assert!(held, "{told}");
}

/// What is told of steps that do not hold.
async fn wrong(steps: &str) -> String {
    let (held, told) = played(steps).await;
    assert!(!held, "{told}");
    told
}

#[tokio::test]
async fn a_person_signs_in_and_what_came_back_is_exchanged_verified_and_captured() {
    holds(
        "",
        r#"
      - signIn: { person: bob, responseType: id_token, nonce: own, with: { scope: openid } }
        expect: { nonce: own, "id_token | claims": { sub: user-bob, nonce: own, aud: messenger } }
        capture: { token: id_token, kid: id_token | header.kid }
      - http: GET /idp/main/jwks
        expect: { body.keys.0.kid: "${kid}" }
        capture: { keys: body }
      - verify: ${token}
        keys: ${keys}
        issuer: ${idp.main}
        audience: messenger
        expect: { claims.sub: user-bob }
      - verify: ${token}
        keys: ${keys}
        audience: somebody-else
        expect: { valid: false, reason: audience.mismatch }
      - verify: ${token}
        keys: ${keys}
        issuer: https://elsewhere.example.test
        expect: { valid: false, reason: issuer.mismatch }
      - clock: { advance: 1h }
      - verify: ${token}
        keys: ${keys}
        expect: { valid: false, reason: token.expired }
      - verify: nothing
        keys: ${keys}
        expect: { valid: false, reason: token.malformed }
      - signIn: { person: nobody }
        expect: { error: login_required }
"#,
    )
    .await;
}

#[tokio::test]
async fn frames_come_in_order_or_in_any_and_nothing_is_nothing() {
    holds(
        "",
        r#"
      - open: /v1?deploymentId=${deployments.messaging}
        socket: one
      - send: { action: configureSession, deploymentId: "${deployments.messaging}", token: t-1 }
        expect: { class: SessionResponse, body.connected: true }
      - expect: nothing
      - send: { action: onMessage, token: t-1, message: { type: Text, text: "hi" } }
        expect: [ { body.text: "You said: hi" }, { body.text: "hi" } ]
        inAnyOrder: true
      - open: /v1?deploymentId=${deployments.messaging}
        socket: two
      - send: "{"
        expect: { code: 400 }
      - socket: one
        expect: nothing
      - close: one
      - open: /v1?deploymentId=unknown
        expect: { status: { atLeast: 400 } }
"#,
    )
    .await;
    let told = wrong(
        r#"
      - open: /v1?deploymentId=${deployments.messaging}
      - send: { action: configureSession, deploymentId: "${deployments.messaging}", token: t-1 }
        expect: { class: SessionResponse }
      - expect: { class: StructuredMessage }
        within: 2s
"#,
    )
    .await;
    assert!(told.contains("it: expected an object\n                 came “nothing”"), "{told}");
}

#[tokio::test]
async fn a_socket_that_ends_is_seen_to_end() {
    let ends = |effect: &str| {
        format!("faults: [ {{ id: end, when: {{ action: echo }}, effect: {{ close_socket: {effect} }} }} ]")
    };
    for (effect, seen) in [
        ("{ code: 1011, reason: over }", "{ closed: { code: 1011, reason: over } }"),
        ("{ tcp: fin }", "{ closed: { code: 1006 } }"),
        ("{ tcp: reset }", "{ closed: { code: 1006, how: reset } }"),
    ] {
        let steps = format!(
            "      - open: /v1?deploymentId=${{deployments.messaging}}\n      - send: {{ action: echo }}\n        expect: {seen}\n"
        );
        holds(&ends(effect), &steps).await;
    }
}

#[tokio::test]
async fn the_end_of_a_connection_has_a_word() {
    for (effect, word) in [
        ("reset: {}", "reset"),
        ("reset: { at: after_head }", "reset"),
        ("close_connection: {}", "closed"),
        ("close_connection: { at: after_head }", "closed"),
        ("malformed_chunk: {}", "malformed"),
        ("garbage: {}", "malformed"),
    ] {
        let fault =
            format!("faults: [ {{ when: {{ path: /.well-known/jwks.json }}, effect: {{ {effect} }} }} ]");
        holds(
            &fault,
            &format!("      - http: GET /.well-known/jwks.json\n        expect: {{ error: {word} }}\n"),
        )
        .await;
    }
}

#[tokio::test]
async fn the_admin_api_can_be_called_and_its_answers_kept() {
    holds(
        "",
        r#"
      - admin: POST /faults
        json: { id: busy, effect: { respond: { status: 503 } }, when: { surface: api } }
        expect: { status: 201, body.ids: [busy] }
        capture: { id: body.ids.0 }
      - http: GET /api/v2/tokens/me
        expect: { status: 503, headers.x-emulator-fault: "${id}" }
      - admin: DELETE /faults/${id}
      - http: GET /api/v2/tokens/me
        query: { a: b }
        expect: { status: 401 }
      - admin: GET /journal
        query: { status: 401 }
        expect: { body.entities: { length: 1 }, body.entities.0.target: "/api/v2/tokens/me?a=b" }
"#,
    )
    .await;
}

#[tokio::test]
async fn a_step_that_cannot_be_played_says_why_and_is_no_failure_that_was_hoped_for() {
    for (step, why) in [
        (
            "{ http: GET /x, client: \"${org.id | length}\" }",
            "step 1 cannot be played: nothing is called `36` here; names come from `capture`, `set` and the world",
        ),
        ("send: { action: echo }", "step 1 cannot be played: no socket is called `socket`; `open` opens one"),
        ("close: it", "step 1 cannot be played: no socket is called `it`; `open` opens one"),
        (
            "http: GET /${deployments.mesaging}",
            "step 1 cannot be played: `${deployments.mesaging}` is nothing: `deployments` has no such member; did you mean `messaging`?",
        ),
        ("http: PUT /x\n        base64: \"?\"", "step 1 cannot be played: `?` is no base64"),
    ] {
        let told = wrong(&format!("      - {step}\n")).await;
        assert!(told.contains(why), "{told}");
    }
    let told = wrong("      - http: GET /.well-known/jwks.json\n        capture: { key: body.key }\n").await;
    assert!(told.contains("body.key: expected something to keep as `key`"), "{told}");
}
