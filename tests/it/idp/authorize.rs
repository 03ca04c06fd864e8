//! `/authorize`: a code, without a page.

use insta::assert_snapshot;

use super::{CHALLENGE, REDIRECT_URI, VERIFIER, authorize, came_back, claims, code, redeem, request, text};
use crate::support::TestEmulator;

const QUIET: [(&str, &str); 2] = [("prompt", "none"), ("login_hint", "alice")];

#[tokio::test]
async fn prompt_none_with_a_login_hint_comes_back_at_once_with_a_code_and_the_state() {
    let emulator = TestEmulator::start().await;
    let answer = authorize(&emulator, &[QUIET[0], QUIET[1], ("state", "a b&c")]).await;
    assert_eq!((answer.status, answer.text.as_str()), (302, ""));
    assert_snapshot!(answer.header("location"), @"http://localhost:3000/cb?code=h9luB9G_o6bvgr2yUwB24fQU11ynfeObgnS5rJoqpIJDSDzZ&state=a+b%26c");
    assert_snapshot!(answer.header("set-cookie"), @"idp_session=h9luB9G_dAwWJnWjyBrOYERC6Ntyy04mwiMmhnUdvY55Ms6j; Path=/idp/main; HttpOnly; SameSite=Lax");
    assert_eq!(answer.header("cache-control"), "no-cache, no-store, must-revalidate");
}

#[tokio::test]
async fn the_hint_may_be_user_name_address_or_subject() {
    let emulator = TestEmulator::start().await;
    for (hint, subject) in
        [("bob", "user-bob"), ("alice@emulated.test", "user-alice"), ("user-bob", "user-bob")]
    {
        let code = code(&emulator, &[("login_hint", hint)]).await;
        let answer = redeem(&emulator, &code, &[]).await.json();
        assert_eq!(claims(text(&answer, "id_token"))["sub"], subject);
    }
}

#[tokio::test]
async fn a_code_is_exchanged_for_an_id_token_that_says_who_when_and_for_whom() {
    let emulator = TestEmulator::start().await;
    let more = [
        ("scope", "openid profile email"),
        ("nonce", "n-1"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let code = code(&emulator, &more).await;
    emulator.advance("10s").await;
    let answer = redeem(&emulator, &code, &[("code_verifier", VERIFIER)]).await;
    assert_eq!(
        (answer.status, answer.header("cache-control"), answer.header("pragma")),
        (200, "no-store", "no-cache")
    );
    let body = answer.json();
    let id_token = text(&body, "id_token").to_owned();
    assert_snapshot!(answer.text.replace(&id_token, "…"), @r#"{"access_token":"h9luB9G_TNI7Yu3yXsgDWuC6qrUyIS1V7IAtdoEpvmeotjEy","token_type":"Bearer","expires_in":3600,"id_token":"…","scope":"openid profile email"}"#);
    let header = jsonwebtoken::decode_header(&id_token).unwrap();
    assert_snapshot!(format!("{:?} {}", header.alg, header.kid.unwrap()), @"RS256 emulator-09be4e023849");
    assert_snapshot!(claims(&id_token), @r#"{"at_hash":"CNX5P6Ix54FlXWOp2KMqJA","aud":"messenger","auth_time":1767323045,"email":"alice@emulated.test","email_verified":true,"exp":1767326655,"family_name":"Adams","given_name":"Alice","iat":1767323055,"iss":"http://emulator.test/idp/main","name":"Alice Adams","nonce":"n-1","preferred_username":"alice","sid":"KJ0d2JXMRFWhvY4GHeGBqA","sub":"user-alice"}"#);
}

#[tokio::test]
async fn a_request_may_come_as_a_form() {
    let emulator = TestEmulator::start().await;
    let answer = emulator.client.post_form("/idp/main/authorize", &request(&QUIET)).await;
    assert_eq!(answer.status, 303);
    assert!(came_back(&answer).contains_key("code"));
}

#[tokio::test]
async fn every_port_and_path_of_the_machine_itself_is_registered_and_nothing_else() {
    let emulator = TestEmulator::start().await;
    for (uri, status) in [
        ("http://localhost", 302),
        ("http://localhost/", 302),
        ("http://localhost:8080/deep/er?a=b", 302),
        ("http://127.0.0.1:1/", 302),
        ("https://localhost/", 400),
        ("http://localhost.example.test/", 400),
        ("http://localhost:80@example.test/", 400),
        ("http://example.test/", 400),
        ("javascript:alert(1)", 400),
    ] {
        let answer = authorize(&emulator, &[QUIET[0], QUIET[1], ("redirect_uri", uri)]).await;
        assert_eq!(answer.status, status, "{uri}");
        if status == 302 {
            let separator = if uri.contains('?') { "&" } else { "?" };
            assert!(answer.header("location").starts_with(&format!("{uri}{separator}code=")), "{answer:?}");
        }
    }
}

#[tokio::test]
async fn other_redirect_uris_are_compared_to_the_letter() {
    let emulator = TestEmulator::yaml(
        "name: shop\nworld: { orgs: [{ identityProviders: { main: { clients: { messenger: { redirectUris:
         [\"https://shop.example.test/cb\", \"test.app:/cb\", \"http://localhost:3000/cb\"] } } } } }] }",
    )
    .await;
    for (uri, status) in [
        ("https://shop.example.test/cb", 302),
        ("test.app:/cb", 302),
        (REDIRECT_URI, 302),
        ("https://shop.example.test/cb/", 400),
        ("https://shop.example.test/cb?x=1", 400),
        ("http://localhost:3001/cb", 400),
    ] {
        let answer = authorize(&emulator, &[QUIET[0], QUIET[1], ("redirect_uri", uri)]).await;
        assert_eq!(answer.status, status, "{uri}");
    }
}

#[tokio::test]
async fn the_same_seed_gives_the_same_codes_and_tokens() {
    let mut runs = Vec::new();
    for seed in [7, 7, 8] {
        let emulator = TestEmulator::with(|builder| builder.seed(seed)).await;
        let code = code(&emulator, &[("scope", "openid offline_access")]).await;
        runs.push((code.clone(), redeem(&emulator, &code, &[]).await.text));
    }
    assert_eq!(runs[0], runs[1]);
    assert!(runs[0].0 != runs[2].0 && runs[0].1 != runs[2].1);
}
