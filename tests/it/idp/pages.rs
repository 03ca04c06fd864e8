//! The sign-in page, as a browser without scripts uses it.

use insta::assert_snapshot;

use super::{REDIRECT_URI, authorize, came_back, claims, cookie, encoded, redeem, text};
use crate::support::{Answer, TestEmulator};

/// The request that a page sends along.
fn sent_along(page: &Answer) -> String {
    let (_, rest) = page.text.split_once("name=\"request\" value=\"").unwrap();
    rest.split('"').next().unwrap().replace("&amp;", "&")
}

/// Sends one of the page's forms.
async fn submit(emulator: &TestEmulator, page: &Answer, cookie: &str, fields: &[(&str, &str)]) -> Answer {
    let request = sent_along(page);
    let body = encoded([("request", request.as_str())].into_iter().chain(fields.iter().copied()));
    let form = ("content-type", "application/x-www-form-urlencoded");
    emulator.client.send("POST", "/idp/main/login", &[form, ("cookie", cookie)], body).await
}

#[tokio::test]
async fn the_page_shows_who_can_sign_in_and_loads_nothing() {
    let emulator = TestEmulator::start().await;
    let page = authorize(&emulator, &[("state", "s-1"), ("login_hint", "bob")]).await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert_eq!(
        (page.header("cache-control"), page.header("set-cookie")),
        ("no-cache, no-store, must-revalidate", "")
    );
    assert_snapshot!(page.text, @r#"
    <!doctype html>
    <html lang="en">
    <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sign in</title><style>body{font:16px/1.5 sans-serif;max-width:26rem;margin:3rem auto;padding:0 1rem}button,input{font:inherit;padding:.4rem .6rem;margin:.2rem 0;width:100%;box-sizing:border-box}.wrong{color:#a00}</style></head>
    <body>
    <h1>Sign in</h1>
    <p>messenger wants to know who you are.</p>
    <form method="post" action="login"><input type="hidden" name="request" value="client_id=messenger&amp;redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcb&amp;response_type=code&amp;scope=openid&amp;state=s-1&amp;login_hint=bob">
    <button name="person" value="alice">Sign in as Alice Adams</button>
    <button name="person" value="bob">Sign in as Bob Brown</button>
    </form>
    <form method="post" action="login"><input type="hidden" name="request" value="client_id=messenger&amp;redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcb&amp;response_type=code&amp;scope=openid&amp;state=s-1&amp;login_hint=bob">
    <label>User name <input name="username" value="bob" autocomplete="username" required></label>
    <label>Password <input name="password" type="password" autocomplete="current-password"></label>
    <button>Sign in</button>
    </form>
    <form method="post" action="login"><input type="hidden" name="request" value="client_id=messenger&amp;redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcb&amp;response_type=code&amp;scope=openid&amp;state=s-1&amp;login_hint=bob">
    <button name="cancel" value="yes">Cancel</button>
    </form>
    </body>
    </html>
    "#);
}

#[tokio::test]
async fn everything_in_it_is_escaped() {
    let emulator = TestEmulator::yaml(
        "name: bad\nworld: { orgs: [{ identityProviders: { main: { people: { \"<i>&\": { givenName: \"'\\\"><script>\" } } } } }] }",
    )
    .await;
    let evil = "\"'><script>alert(1)</script>&amp;";
    let page = authorize(&emulator, &[("state", evil), ("login_hint", evil)]).await;
    assert_eq!(page.status, 200);
    assert!(!page.text.contains("<script>") && !page.text.contains("<i>"), "{}", page.text);
    assert!(
        page.text.contains("value=\"&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;\""),
        "{}",
        page.text
    );
    let back = submit(&emulator, &page, "", &[("person", "<i>&")]).await;
    assert_eq!(came_back(&back)["state"], evil);
}

#[tokio::test]
async fn a_button_signs_in_and_the_browser_remembers_it() {
    let emulator = TestEmulator::start().await;
    let page = authorize(&emulator, &[("state", "s-1"), ("nonce", "n-1")]).await;
    let back = submit(&emulator, &page, "", &[("person", "bob")]).await;
    assert_eq!(back.status, 303);
    let fields = came_back(&back);
    assert_eq!(fields["state"], "s-1");
    let tokens = redeem(&emulator, &fields["code"], &[]).await.json();
    let told = claims(text(&tokens, "id_token"));
    assert_eq!((text(&told, "sub"), text(&told, "nonce")), ("user-bob", "n-1"));
    assert!(cookie(&back).starts_with("idp_session="), "{back:?}");
}

#[tokio::test]
async fn user_name_or_address_and_password_sign_in() {
    let emulator = TestEmulator::start().await;
    let page = authorize(&emulator, &[]).await;
    for name in ["alice", "alice@emulated.test"] {
        let back = submit(&emulator, &page, "", &[("username", name), ("password", "alice")]).await;
        assert!(came_back(&back).contains_key("code"), "{back:?}");
    }
}

#[tokio::test]
async fn a_wrong_password_shows_the_page_again_even_to_whoever_has_signed_in() {
    let emulator = TestEmulator::start().await;
    let page = authorize(&emulator, &[]).await;
    let cookie = cookie(&submit(&emulator, &page, "", &[("person", "bob")]).await);
    for fields in [
        &[("username", "alice"), ("password", "bob")][..],
        &[("username", "carol"), ("password", "carol")],
        &[("username", "alice")],
        &[("person", "carol")],
        &[],
    ] {
        let again = submit(&emulator, &page, &cookie, fields).await;
        assert_eq!(again.status, 403, "{fields:?}");
        assert!(again.text.contains("Wrong user name or password."), "{}", again.text);
        assert_eq!(emulator.last_refusal().await["rule"], "idp.password_wrong");
        assert_eq!(sent_along(&again), sent_along(&page));
    }
}

#[tokio::test]
async fn cancelling_tells_the_client() {
    let emulator = TestEmulator::start().await;
    let page = authorize(&emulator, &[("state", "s-1")]).await;
    let back = submit(&emulator, &page, "", &[("cancel", "yes")]).await;
    assert_snapshot!(back.header("location"), @"http://localhost:3000/cb?error=access_denied&error_description=the+sign-in+was+cancelled&state=s-1");
    assert_snapshot!(emulator.last_refusal().await, @r#"{"reason":"the sign-in was cancelled","rule":"idp.access_denied"}"#);
}

#[tokio::test]
async fn consent_lets_whoever_has_signed_in_go_on_as_the_same() {
    let emulator = TestEmulator::start().await;
    let page = authorize(&emulator, &[]).await;
    let cookie = cookie(&submit(&emulator, &page, "", &[("person", "alice")]).await);
    emulator.advance("5s").await;
    let page = super::authorize_as(&emulator, &cookie, &[("prompt", "consent")]).await;
    assert!(page.text.contains(">Continue as Alice Adams</button>"), "{}", page.text);
    let back = submit(&emulator, &page, &cookie, &[("continue", "yes")]).await;
    assert_eq!(back.header("set-cookie"), "", "nobody has signed in anew");
    let tokens = redeem(&emulator, &came_back(&back)["code"], &[]).await.json();
    let told = claims(text(&tokens, "id_token"));
    let (issued, since) = (told["iat"].as_i64().unwrap(), told["auth_time"].as_i64().unwrap());
    assert_eq!(issued - since, 5);
    let stranger = submit(&emulator, &page, "", &[("continue", "yes")]).await;
    assert_eq!(stranger.status, 200, "the page once more: {stranger:?}");
}

#[tokio::test]
async fn what_the_page_sends_along_is_judged_again() {
    let emulator = TestEmulator::start().await;
    let request = super::request(&[("redirect_uri", "http://evil.example.test/")]);
    let body = encoded([("request", request.as_str()), ("person", "alice")]);
    let answer = emulator.client.post_form("/idp/main/login", &body).await;
    assert_eq!((answer.status, answer.header("location"), answer.header("set-cookie")), (400, "", ""));
    let nothing = emulator.client.post_form("/idp/main/login", "person=alice").await;
    assert_eq!(nothing.status, 400);
    assert!(nothing.text.contains("client_id is missing"), "{}", nothing.text);
}

#[tokio::test]
async fn a_hint_by_token_is_not_sent_along_and_still_holds_at_the_first_look() {
    let emulator = TestEmulator::start().await;
    let tokens = super::tokens(&emulator, "openid").await;
    let hint = text(&tokens, "id_token");
    let page = authorize(&emulator, &[("id_token_hint", hint)]).await;
    assert_eq!(page.status, 200);
    assert!(!page.text.contains(hint));
    assert!(sent_along(&page).contains(&encoded([("redirect_uri", REDIRECT_URI)])));
}
