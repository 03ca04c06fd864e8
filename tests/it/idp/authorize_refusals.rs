//! `/authorize`: who gets nothing, and who is told.

use insta::assert_snapshot;

use super::{CHALLENGE, authorize, came_back, over, request};
use crate::support::TestEmulator;

const QUIET: [(&str, &str); 2] = [("prompt", "none"), ("login_hint", "alice")];

/// What the client is told, and what the journal says.
async fn refused(emulator: &TestEmulator, more: &[(&str, &str)]) -> String {
    let answer = authorize(emulator, more).await;
    let place = if answer.header("location").contains('#') { "fragment" } else { "query" };
    let told = came_back(&answer);
    assert!(!told.contains_key("code") && !told.contains_key("id_token"), "{told:?}");
    assert_eq!((told["state"].as_str(), answer.header("set-cookie")), ("s-1", ""));
    let refusal = emulator.last_refusal().await;
    format!(
        "{place} {}: {} ({})",
        told["error"],
        told["error_description"],
        refusal["rule"].as_str().unwrap()
    )
}

#[tokio::test]
async fn whoever_may_be_answered_is_told_what_is_wrong() {
    let emulator = TestEmulator::start().await;
    let mut said = String::new();
    for more in [
        &[("response_type", "")][..],
        &[("response_type", "token")],
        &[("response_type", "none")],
        &[("response_type", "code"), ("response_mode", "web_message")],
        &[("response_type", "id_token"), ("nonce", "n"), ("response_mode", "query")],
        &[("response_type", "id_token")],
        &[("response_type", "code id_token")],
        &[("response_type", "id_token"), ("nonce", "n"), ("scope", "profile")],
        &[("scope", "openid"), ("scope", "email")],
        &[("request", "eyJhbGciOiJub25lIn0.e30.")],
        &[("request_uri", "https://shop.example.test/request")],
        &[("registration", "{}")],
        &[("prompt", "create")],
        &[("prompt", "none login")],
        &[("max_age", "soon")],
        &[("max_age", "-1")],
        &[("code_challenge", "short")],
        &[("code_challenge", CHALLENGE), ("code_challenge_method", "S512")],
        &[("code_challenge_method", "S256")],
        &[("claims", "{\"id_token\":[]}")],
        &[("claims", "{")],
        &[("id_token_hint", "nonsense")],
    ] {
        let all = [over(&QUIET, more), vec![("state", "s-1")]].concat();
        said += &refused(&emulator, &all).await;
        said.push('\n');
    }
    assert_snapshot!(said, @r#"
    query invalid_request: response_type is missing (idp.invalid_request)
    query unsupported_response_type: response_type token is not served; expected one of code, id_token, id_token token, code id_token, code token, code id_token token (idp.unsupported_response_type)
    query unsupported_response_type: response_type none is not served; expected one of code, id_token, id_token token, code id_token, code token, code id_token token (idp.unsupported_response_type)
    query invalid_request: response_mode web_message is not served; expected query, fragment, form_post (idp.invalid_request)
    fragment invalid_request: response_mode query is not for tokens (idp.invalid_request)
    fragment invalid_request: nonce is missing; it is needed for an ID token that comes with the redirect (idp.invalid_request)
    fragment invalid_request: nonce is missing; it is needed for an ID token that comes with the redirect (idp.invalid_request)
    fragment invalid_scope: an ID token is for scope openid (idp.invalid_scope)
    query invalid_request: scope came more than once (idp.invalid_request)
    query request_not_supported: request objects are not supported (idp.parameter_unsupported)
    query request_uri_not_supported: request_uri is not supported (idp.parameter_unsupported)
    query registration_not_supported: registration is not supported (idp.parameter_unsupported)
    query invalid_request: prompt create is not served; expected none, login, consent, select_account (idp.invalid_request)
    query invalid_request: prompt none stands alone (idp.invalid_request)
    query invalid_request: max_age is not a number of seconds (idp.invalid_request)
    query invalid_request: max_age is not a number of seconds (idp.invalid_request)
    query invalid_request: code_challenge is not 43 to 128 letters, digits, `-`, `.`, `_` and `~` (idp.invalid_request)
    query invalid_request: code_challenge_method S512 is not known; expected S256 or plain (idp.invalid_request)
    query invalid_request: code_challenge_method came without code_challenge (idp.invalid_request)
    query invalid_request: claims is not as expected: invalid type, expected a map at line 1 column 12 (idp.invalid_request)
    query invalid_request: claims is not as expected: EOF while parsing an object at line 1 column 1 (idp.invalid_request)
    query invalid_request: id_token_hint is not an ID token of this provider (idp.invalid_request)
    "#);
}

#[tokio::test]
async fn nobody_is_asked_when_nobody_may_be_asked() {
    let emulator = TestEmulator::start().await;
    let mut said = String::new();
    for more in [
        &[("prompt", "none")][..],
        &[("prompt", "none"), ("login_hint", "carol")],
        &[
            ("prompt", "none"),
            ("login_hint", "bob"),
            ("claims", r#"{"id_token":{"sub":{"value":"user-alice"}}}"#),
        ],
    ] {
        said += &refused(&emulator, &[more, &[("state", "s-1")]].concat()).await;
        said.push('\n');
    }
    assert_snapshot!(said, @r#"
    query login_required: nobody has signed in, or not lately enough (idp.login_required)
    query login_required: there is nobody called carol (idp.login_required)
    query login_required: the request is for another subject than user-bob (idp.login_required)
    "#);
}

#[tokio::test]
async fn whoever_cannot_be_trusted_is_not_answered_and_the_person_is_told() {
    let emulator = TestEmulator::start().await;
    let mut said = String::new();
    for more in [
        &[("client_id", "")][..],
        &[("client_id", "mesenger")],
        &[("redirect_uri", "")],
        &[("redirect_uri", "http://evil.example.test/<script>")],
        &[("redirect_uri", "http://localhost/#fragment")],
    ] {
        let answer = authorize(&emulator, more).await;
        assert_eq!((answer.status, answer.header("location")), (400, ""));
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        let (_, body) = answer.text.split_once("</h1>\n").unwrap();
        said += body.trim_end_matches("</body>\n</html>\n");
        said += &format!("{}\n\n", emulator.last_refusal().await);
    }
    assert_snapshot!(said, @r#"
    <p class="wrong">client_id is missing</p>
    {"reason":"client_id is missing","rule":"idp.client_missing"}

    <p class="wrong">there is no client mesenger</p>
    {"expected":"messenger","reason":"there is no client mesenger","rule":"idp.client_unknown"}

    <p class="wrong">redirect_uri is missing</p>
    {"reason":"redirect_uri is missing","rule":"idp.redirect_uri_missing"}

    <p class="wrong">redirect_uri http://evil.example.test/&lt;script&gt; is not registered for client messenger</p>
    <p>Registered: http://localhost or http://127.0.0.1</p>
    {"expected":"http://localhost or http://127.0.0.1","reason":"redirect_uri http://evil.example.test/<script> is not registered for client messenger","rule":"idp.redirect_uri_unknown"}

    <p class="wrong">redirect_uri http://localhost/#fragment is not registered for client messenger</p>
    <p>Registered: http://localhost or http://127.0.0.1</p>
    {"expected":"http://localhost or http://127.0.0.1","reason":"redirect_uri http://localhost/#fragment is not registered for client messenger","rule":"idp.redirect_uri_unknown"}
    "#);
    for name in ["client_id", "redirect_uri"] {
        let twice = format!("/idp/main/authorize?{}&{name}=x", request(&[]));
        let answer = emulator.client.get(&twice, None).await;
        assert_eq!(answer.status, 400);
        assert!(answer.text.contains(&format!("{name} came more than once")), "{}", answer.text);
    }
}

#[tokio::test]
async fn a_request_that_is_longer_than_anybody_means_is_not_read() {
    let emulator = TestEmulator::start().await;
    let long = "x".repeat(8192);
    for more in [[QUIET[0], QUIET[1], ("state", long.as_str())], [QUIET[0], QUIET[1], ("nonce", &long)]] {
        let answer = authorize(&emulator, &more).await;
        assert_eq!(answer.status, 400);
        assert!(answer.text.contains("the request has more than 8192 bytes"), "{}", answer.text);
        assert_eq!(emulator.last_refusal().await["rule"], "idp.request_too_long");
    }
    let own = super::token(&emulator, &[("grant_type", "client_credentials"), ("scope", &long)]).await;
    assert_snapshot!(super::told(&emulator, &own).await, @r#"400 {"error":"invalid_request","error_description":"the request has more than 8192 bytes"} idp.request_too_long"#);
}
