//! `/logout`.

use insta::assert_snapshot;

use super::{REDIRECT_URI, authorize, authorize_as, cookie, encoded, people, text, tokens};
use crate::support::{Answer, TestEmulator};

async fn log_out(emulator: &TestEmulator, cookie: &str, query: &[(&str, &str)]) -> Answer {
    let target = format!("/logout?&{}", encoded(query.iter().copied()));
    emulator.client.send("GET", &target, &[("cookie", cookie)], "").await
}

#[tokio::test]
async fn it_ends_the_sign_in_and_sends_the_browser_back_but_tokens_live_on() {
    let emulator = people().await;
    let given = tokens(&emulator).await;
    let zoe = cookie(&authorize(&emulator, &[("login_hint", "u-zoe")]).await);
    assert_eq!(authorize_as(&emulator, &zoe, &[("client_id", "asking")]).await.status, 302);
    let back = [("client_id", "emulator-code-client"), ("redirect_uri", REDIRECT_URI)];
    let answer = log_out(&emulator, &zoe, &back).await;
    assert_eq!((answer.status, answer.header("location")), (302, REDIRECT_URI));
    assert_snapshot!(answer.header("set-cookie"), @"login_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    assert_eq!(authorize_as(&emulator, &zoe, &[("client_id", "asking")]).await.status, 200);
    let token = text(&given, "access_token");
    assert_eq!(emulator.client.get("/api/v2/tokens/me", Some(token)).await.status, 200);
}

#[tokio::test]
async fn without_a_place_to_go_a_page_says_that_it_is_done() {
    let emulator = TestEmulator::start().await;
    for query in [&[][..], &[("client_id", "emulator-code-client")]] {
        let answer = log_out(&emulator, "", query).await;
        assert_eq!(answer.status, 200);
        assert!(answer.text.contains("You have signed out."));
    }
}

#[tokio::test]
async fn nobody_is_sent_to_where_the_client_did_not_register_and_stays_signed_in() {
    let emulator = people().await;
    let zoe = cookie(&authorize(&emulator, &[("login_hint", "u-zoe")]).await);
    for (query, rule) in [
        (&[("client_id", "nobody"), ("redirect_uri", REDIRECT_URI)][..], "oauth.client_unknown"),
        (&[("redirect_uri", REDIRECT_URI)], "oauth.client_missing"),
        (&[("client_id", "asking"), ("redirect_uri", "http://evil.test/")], "oauth.redirect_uri_unknown"),
    ] {
        let answer = log_out(&emulator, &zoe, query).await;
        assert_eq!((answer.status, answer.header("location")), (400, ""), "{query:?}");
        assert_eq!(emulator.last_refusal().await["rule"], rule);
    }
    assert_eq!(authorize_as(&emulator, &zoe, &[("client_id", "asking")]).await.status, 302);
}
