//! `/oauth/authorize`: whom nothing is granted, and who is told.

use insta::assert_snapshot;

use super::{PKCE, authorize, people, told};
use crate::support::TestEmulator;

/// What a page says in short, and the rule.
async fn page(emulator: &TestEmulator, more: &[(&str, &str)]) -> String {
    let answer = authorize(emulator, more).await;
    assert_eq!(answer.header("location"), "", "nobody is sent anywhere");
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    let content =
        answer.text.split("<h1>").nth(1).unwrap().split("</body>").next().unwrap().replace('\n', "");
    let refusal = emulator.last_refusal().await;
    format!("{} {content} {}", answer.status, refusal["rule"].as_str().unwrap())
}

#[tokio::test]
async fn without_a_client_or_a_registered_redirect_uri_the_person_is_told() {
    let emulator = TestEmulator::start().await;
    assert_snapshot!(page(&emulator, &[("client_id", "nobody")]).await, @r#"400 This does not work</h1><p class="wrong">there is no client nobody</p> oauth.client_unknown"#);
    assert_snapshot!(page(&emulator, &[("client_id", "")]).await, @r#"400 This does not work</h1><p class="wrong">client_id is missing</p> oauth.client_missing"#);
    assert_snapshot!(page(&emulator, &[("redirect_uri", "")]).await, @r#"400 This does not work</h1><p class="wrong">redirect_uri is missing</p> oauth.redirect_uri_missing"#);
    assert_snapshot!(page(&emulator, &[("redirect_uri", "http://localhost.example.test/\"><b>")]).await, @r#"400 This does not work</h1><p class="wrong">redirect_uri http://localhost.example.test/&quot;&gt;&lt;b&gt; is not registered for client emulator-code-client</p><p>Registered: http://localhost or http://127.0.0.1</p> oauth.redirect_uri_unknown"#);
    assert_snapshot!(page(&emulator, &[("client_id", "emulator-client")]).await, @r#"400 This does not work</h1><p class="wrong">redirect_uri http://localhost:3000/cb is not registered for client emulator-client</p><p>Registered: none</p> oauth.redirect_uri_unknown"#);
    assert_snapshot!(page(&emulator, &[("client_id", "emulator-code-client"), ("client_id", "other")]).await, @r#"400 This does not work</h1><p class="wrong">client_id came more than once</p> oauth.parameter_repeated"#);
    let long = "x".repeat(9_000);
    assert_snapshot!(page(&emulator, &[("state", &long)]).await, @r#"400 This does not work</h1><p class="wrong">the request has more than 8192 bytes</p> oauth.request_too_long"#);
}

/// Where the client is sent, and the rule.
async fn sent(emulator: &TestEmulator, more: &[(&str, &str)]) -> String {
    let answer = authorize(emulator, more).await;
    assert_eq!((answer.status, answer.header("set-cookie")), (302, ""));
    format!("{} {}", answer.header("location"), told(emulator, &answer).await)
}

#[tokio::test]
async fn everything_else_is_told_to_the_client_in_query_or_fragment() {
    let emulator = people().await;
    assert_snapshot!(sent(&emulator, &[("response_type", ""), ("state", "s")]).await, @"http://localhost:3000/cb?error=invalid_request&error_description=response_type+is+missing&state=s 302  oauth.invalid_request");
    assert_snapshot!(sent(&emulator, &[("response_type", "id_token")]).await, @"http://localhost:3000/cb?error=unsupported_response_type&error_description=response_type+id_token+is+not+served%3B+expected+code+or+token 302  oauth.response_type_unsupported");
    assert_snapshot!(sent(&emulator, &[("response_type", "token"), ("state", "s")]).await, @"http://localhost:3000/cb#error=unauthorized_client&error_description=the+client+has+grant+CODE%2C+not+TOKEN&state=s 302  oauth.client_unauthorized");
    assert_snapshot!(sent(&emulator, &[("client_id", "implicit")]).await, @"http://localhost:3000/cb?error=unauthorized_client&error_description=the+client+has+grant+TOKEN%2C+not+CODE 302  oauth.client_unauthorized");
    assert_snapshot!(sent(&emulator, &[("client_id", "off")]).await, @"http://localhost:3000/cb?error=unauthorized_client&error_description=the+client+is+inactive 302  oauth.client_unauthorized");
    assert_snapshot!(sent(&emulator, &[("state", "a"), ("state", "b")]).await, @"http://localhost:3000/cb?error=invalid_request&error_description=state+came+more+than+once&state=a 302  oauth.invalid_request");
    assert_snapshot!(sent(&emulator, &[PKCE[0]]).await, @"http://localhost:3000/cb?error=invalid_request&error_description=code_challenge_method+is+missing%3B+expected+S256 302  oauth.invalid_request");
    assert_snapshot!(sent(&emulator, &[PKCE[1]]).await, @"http://localhost:3000/cb?error=invalid_request&error_description=code_challenge_method+came+without+code_challenge 302  oauth.invalid_request");
    assert_snapshot!(sent(&emulator, &[("code_challenge", "short"), PKCE[1]]).await, @"http://localhost:3000/cb?error=invalid_request&error_description=code_challenge+is+not+the+base64url+of+a+SHA-256%2C+which+has+43+characters 302  oauth.invalid_request");
    assert_snapshot!(sent(&emulator, &[PKCE[0], ("code_challenge_method", "S512")]).await, @"http://localhost:3000/cb?error=invalid_request&error_description=code_challenge_method+S512+is+not+served%3B+expected+S256 302  oauth.invalid_request");
    assert_snapshot!(sent(&emulator, &[("target", "elsewhere")]).await, @"http://localhost:3000/cb?error=access_denied&error_description=nobody+of+this+org+may+act+in+org+elsewhere 302  oauth.access_denied");
}
