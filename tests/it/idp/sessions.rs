//! Who has signed in before: what a browser's cookie is good for.

use super::{authorize, authorize_as, came_back, claims, cookie, redeem, text, tokens};
use crate::support::{Answer, TestEmulator};

/// The cookie of a browser in which this person has signed in.
async fn signed_in(emulator: &TestEmulator, person: &str) -> String {
    cookie(&authorize(emulator, &[("prompt", "none"), ("login_hint", person)]).await)
}

/// What became of it: a subject, an error, or the page.
async fn outcome(emulator: &TestEmulator, answer: &Answer) -> String {
    if answer.status == 200 {
        return "page".to_owned();
    }
    let fields = came_back(answer);
    if let Some(error) = fields.get("error") {
        return error.clone();
    }
    let tokens = redeem(emulator, &fields["code"], &[]).await.json();
    text(&claims(text(&tokens, "id_token")), "sub").to_owned()
}

#[tokio::test]
async fn whoever_has_signed_in_is_known_again_with_and_without_prompt_none() {
    let emulator = TestEmulator::start().await;
    let cookie = signed_in(&emulator, "bob").await;
    let other = format!("theme=dark; {cookie}; x=y");
    for (cookie, more, expected) in [
        (cookie.as_str(), &[("prompt", "none")][..], "user-bob"),
        (&cookie, &[], "user-bob"),
        (&other, &[("prompt", "none")], "user-bob"),
        (&cookie, &[("login_hint", "bob")], "user-bob"),
        (&cookie, &[("login_hint", "alice")], "page"),
        (&cookie, &[("login_hint", "carol")], "page"),
        (&cookie, &[("prompt", "login")], "page"),
        (&cookie, &[("prompt", "select_account")], "page"),
        (&cookie, &[("prompt", "consent")], "page"),
        // the hint is enough, whoever was there before
        (&cookie, &[("prompt", "none"), ("login_hint", "alice")], "user-alice"),
        ("", &[], "page"),
        ("", &[("prompt", "none")], "login_required"),
        ("idp_session=nonsense", &[("prompt", "none")], "login_required"),
    ] {
        let answer = authorize_as(&emulator, cookie, more).await;
        assert_eq!(outcome(&emulator, &answer).await, expected, "{cookie} {more:?}");
    }
}

#[tokio::test]
async fn max_age_wants_a_sign_in_that_is_young_enough() {
    let emulator = TestEmulator::start().await;
    let cookie = signed_in(&emulator, "alice").await;
    emulator.advance("60s").await;
    for (max_age, expected) in [("60", "user-alice"), ("59", "login_required"), ("0", "login_required")] {
        let more = [("prompt", "none"), ("max_age", max_age)];
        let answer = authorize_as(&emulator, &cookie, &more).await;
        assert_eq!(outcome(&emulator, &answer).await, expected, "{max_age}");
    }
    let page = authorize_as(&emulator, &cookie, &[("max_age", "59")]).await;
    assert_eq!(page.status, 200);
    // whoever is signed in by the hint has signed in just now
    let more = [("prompt", "none"), ("login_hint", "alice"), ("max_age", "0")];
    let answer = authorize_as(&emulator, &cookie, &more).await;
    assert_eq!(outcome(&emulator, &answer).await, "user-alice");
}

#[tokio::test]
async fn an_id_token_hint_wants_the_same_person() {
    let emulator = TestEmulator::start().await;
    let hint = text(&tokens(&emulator, "openid").await, "id_token").to_owned();
    emulator.advance("2h").await;
    for (person, expected) in [("alice", "user-alice"), ("bob", "login_required")] {
        let cookie = signed_in(&emulator, person).await;
        let more = [("prompt", "none"), ("id_token_hint", hint.as_str())];
        let answer = authorize_as(&emulator, &cookie, &more).await;
        assert_eq!(outcome(&emulator, &answer).await, expected, "{person}");
    }
}

#[tokio::test]
async fn one_provider_knows_nothing_of_another() {
    let emulator = TestEmulator::yaml(
        "name: two\nworld: { orgs: [{ identityProviders: { other: { people: { alice: {} }, clients: { messenger:
         { public: true, redirectUris: [\"http://localhost\"] } } } } }] }",
    )
    .await;
    let answer = authorize(&emulator, &[("prompt", "none"), ("login_hint", "alice")]).await;
    assert!(answer.header("set-cookie").contains("; Path=/idp/main;"), "{answer:?}");
    let path = format!("/idp/other/authorize?{}", super::request(&[("prompt", "none")]));
    let asked = emulator.client.send("GET", &path, &[("cookie", &cookie(&answer))], "").await;
    assert_eq!(came_back(&asked)["error"], "login_required");
}

#[tokio::test]
async fn with_tls_the_cookie_goes_along_in_frames_of_other_sites() {
    let emulator = TestEmulator::with(|builder| builder.public_url("https://emulator.test/below")).await;
    let answer = authorize(&emulator, &[("prompt", "none"), ("login_hint", "alice")]).await;
    let (_, attributes) = answer.header("set-cookie").split_once("; ").unwrap();
    assert_eq!(attributes, "Path=/below/idp/main; HttpOnly; SameSite=None; Secure");
}
