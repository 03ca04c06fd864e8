//! `/end_session`.

use insta::assert_snapshot;

use super::{REDIRECT_URI, authorize_as, came_back, cookie, encoded, redeem, text, tokens};
use crate::support::{Answer, TestEmulator};

async fn end(emulator: &TestEmulator, cookie: &str, more: &[(&str, &str)]) -> Answer {
    let path = format!("/idp/main/end_session?{}", encoded(more.iter().copied()));
    emulator.client.send("GET", &path, &[("cookie", cookie)], "").await
}

/// The cookie of a browser in which Alice has signed in, and her ID token.
async fn signed_in(emulator: &TestEmulator) -> (String, String) {
    let answer = super::authorize(emulator, &[("prompt", "none"), ("login_hint", "alice")]).await;
    let tokens = redeem(emulator, &came_back(&answer)["code"], &[]).await.json();
    (cookie(&answer), text(&tokens, "id_token").to_owned())
}

async fn is_signed_in(emulator: &TestEmulator, cookie: &str) -> bool {
    let answer = authorize_as(emulator, cookie, &[("prompt", "none")]).await;
    came_back(&answer).contains_key("code")
}

#[tokio::test]
async fn the_session_ends_and_the_person_goes_where_the_client_wants() {
    let emulator = TestEmulator::start().await;
    let (cookie, id_token) = signed_in(&emulator).await;
    let more =
        [("id_token_hint", id_token.as_str()), ("post_logout_redirect_uri", REDIRECT_URI), ("state", "s 1")];
    let answer = end(&emulator, &cookie, &more).await;
    assert_eq!(answer.status, 302);
    assert_snapshot!(answer.header("location"), @"http://localhost:3000/cb?state=s+1");
    assert_snapshot!(answer.header("set-cookie"), @"idp_session=; Path=/idp/main; HttpOnly; SameSite=Lax; Max-Age=0");
    assert!(!is_signed_in(&emulator, &cookie).await);
}

#[tokio::test]
async fn it_ends_by_the_cookie_alone_or_by_the_token_alone_and_by_a_form() {
    let emulator = TestEmulator::start().await;
    let (first, _) = signed_in(&emulator).await;
    let answer = end(&emulator, &first, &[]).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(answer.text.contains("You have signed out."));
    assert!(!is_signed_in(&emulator, &first).await);

    let (second, id_token) = signed_in(&emulator).await;
    emulator.advance("2h").await;
    let body = encoded([("id_token_hint", id_token.as_str()), ("post_logout_redirect_uri", REDIRECT_URI)]);
    let answer = emulator.client.post_form("/idp/main/end_session", &body).await;
    assert_eq!((answer.status, answer.header("location")), (303, REDIRECT_URI));
    assert!(!is_signed_in(&emulator, &second).await);
}

#[tokio::test]
async fn whoever_cannot_be_trusted_ends_nothing_and_sends_nobody_anywhere() {
    let emulator = TestEmulator::yaml(
        "name: two\nworld: { orgs: [{ identityProviders: { main: { clients: { shop: { secret: s, postLogoutRedirectUris:
         [\"https://shop.example.test/bye\"] } } } } }] }",
    )
    .await;
    let (cookie, id_token) = signed_in(&emulator).await;
    let spoiled = &id_token[..id_token.len() - 4];
    let mut said = String::new();
    for more in [
        &[("post_logout_redirect_uri", REDIRECT_URI)][..],
        &[("client_id", "messenger"), ("post_logout_redirect_uri", "https://evil.example.test/")],
        &[("client_id", "shop"), ("post_logout_redirect_uri", REDIRECT_URI)],
        &[("client_id", "shop"), ("id_token_hint", &id_token)],
        &[("client_id", "nobody")],
        &[("id_token_hint", spoiled)],
        &[("id_token_hint", "nonsense")],
    ] {
        let answer = end(&emulator, &cookie, more).await;
        assert_eq!((answer.status, answer.header("location"), answer.header("set-cookie")), (400, "", ""));
        said += &format!("{}\n", emulator.last_refusal().await);
    }
    assert_snapshot!(said, @r#"
    {"reason":"client_id is missing","rule":"idp.client_missing"}
    {"expected":"http://localhost or http://127.0.0.1","reason":"post_logout_redirect_uri https://evil.example.test/ is not registered for client messenger","rule":"idp.redirect_uri_unknown"}
    {"expected":"https://shop.example.test/bye","reason":"post_logout_redirect_uri http://localhost:3000/cb is not registered for client shop","rule":"idp.redirect_uri_unknown"}
    {"reason":"id_token_hint was issued to client messenger","rule":"idp.id_token_hint"}
    {"expected":"messenger or shop","reason":"there is no client nobody","rule":"idp.client_unknown"}
    {"reason":"id_token_hint is not an ID token of this provider","rule":"idp.id_token_hint"}
    {"reason":"id_token_hint is not an ID token of this provider","rule":"idp.id_token_hint"}
    "#);
    assert!(is_signed_in(&emulator, &cookie).await);
    let more = [("client_id", "shop"), ("post_logout_redirect_uri", "https://shop.example.test/bye")];
    assert_eq!(end(&emulator, &cookie, &more).await.status, 302);
}

#[tokio::test]
async fn tokens_live_on() {
    let emulator = TestEmulator::start().await;
    let tokens = tokens(&emulator, "openid").await;
    end(&emulator, "", &[("id_token_hint", text(&tokens, "id_token"))]).await;
    let info = emulator.client.get("/idp/main/userinfo", Some(text(&tokens, "access_token"))).await;
    assert_eq!(info.status, 200);
}
