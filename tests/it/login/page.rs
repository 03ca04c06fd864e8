//! The sign-in page of the platform.

use insta::assert_snapshot;

use super::{AGENT, authorize, authorize_as, came_back, cookie, encoded, people, request};
use crate::support::{Answer, TestEmulator};

const ASKING: [(&str, &str); 2] = [("client_id", "asking"), ("state", "s\"<")];

/// What the page sends when somebody presses a button.
async fn press(emulator: &TestEmulator, cookie: &str, name: &str, value: &str) -> Answer {
    let form = encoded([("request", request(&ASKING).as_str()), (name, value)]);
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("cookie", cookie)];
    emulator.client.send("POST", "/oauth/login?client_id=asking", &headers, form).await
}

#[tokio::test]
async fn it_has_a_button_for_each_user_and_everything_escaped() {
    let emulator = people().await;
    let page = authorize(&emulator, &ASKING).await;
    assert_eq!((page.status, page.header("set-cookie")), (200, ""));
    let content = page.text.split("<body>").nth(1).unwrap();
    assert_snapshot!(content, @r#"

    <h1>Sign in</h1>
    <p>Asking &amp; Co wants to know who you are.</p>
    <form method="post" action="login?client_id=asking"><input type="hidden" name="request" value="client_id=asking&amp;redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcb&amp;response_type=code&amp;state=s%22%3C">
    <button name="person" value="00000000-0000-4000-8000-0000000000bb">Sign in as Emulated Agent</button>
    <button name="person" value="u-zoe">Sign in as Zoe &lt;b&gt;</button>
    </form>
    <form method="post" action="login?client_id=asking"><input type="hidden" name="request" value="client_id=asking&amp;redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcb&amp;response_type=code&amp;state=s%22%3C">
    <button name="cancel" value="yes">Cancel</button>
    </form>
    </body>
    </html>
    "#);
    let alias = emulator.client.get(&format!("/authorize?{}", request(&ASKING)), None).await;
    assert!(alias.text.contains("action=\"oauth/login?client_id=asking\""), "{}", alias.text);
}

#[tokio::test]
async fn a_button_signs_in_and_goes_on_goes_on() {
    let emulator = people().await;
    let answer = press(&emulator, "", "person", "u-zoe").await;
    assert_eq!(answer.status, 303);
    assert_eq!(came_back(&answer)["state"], "s\"<");
    assert!(came_back(&answer).contains_key("code"));
    let zoe = cookie(&answer);
    let page = authorize_as(&emulator, &zoe, &[ASKING[0], ("prompt", "login")]).await;
    assert!(page.text.contains("Continue as Zoe &lt;b&gt;"), "{}", page.text);
    assert!(came_back(&press(&emulator, &zoe, "continue", "yes").await).contains_key("code"));
    assert_eq!(press(&emulator, "", "continue", "yes").await.status, 200, "nobody has signed in");
}

#[tokio::test]
async fn cancelling_is_told_to_the_client_and_nobody_is_refused_with_the_page_again() {
    let emulator = people().await;
    let answer = press(&emulator, "", "cancel", "yes").await;
    assert_snapshot!(answer.header("location"), @"http://localhost:3000/cb?error=access_denied&error_description=the+sign-in+was+cancelled&state=s%22%3C");
    let answer = press(&emulator, "", "person", "nobody").await;
    assert_eq!(answer.status, 403);
    assert!(answer.text.contains("There is nobody of this name."));
    assert_eq!(emulator.last_refusal().await["rule"], "oauth.user_unknown");
}

#[tokio::test]
async fn prompt_login_asks_even_for_the_client_that_signs_somebody_in() {
    let emulator = people().await;
    let page = authorize(&emulator, &[("prompt", "login")]).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("Sign in as Emulated Agent"));
    // whom the hint names comes first
    let page = authorize(&emulator, &[("prompt", "login"), ("login_hint", "u-zoe")]).await;
    let place = |name: &str| page.text.find(&format!("value=\"{name}\"")).unwrap();
    assert!(place("u-zoe") < place(AGENT));
}

#[tokio::test]
async fn a_hint_that_names_nobody_asks_and_says_so() {
    let emulator = TestEmulator::start().await;
    let page = authorize(&emulator, &[("login_hint", "eve@emulated.test")]).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("There is nobody called eve@emulated.test here."));
    let entry = emulator.journal("path=/oauth/authorize").await.pop().unwrap();
    assert_snapshot!(entry["notes"], @r#"["login_hint names nobody of this org, so the page asks"]"#);
}
