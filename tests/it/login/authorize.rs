//! `/oauth/authorize` without a page.

use insta::assert_snapshot;

use super::{AGENT, PKCE, REDIRECT_URI, authorize, authorize_as, came_back, code, cookie, people, request};
use crate::support::TestEmulator;

#[tokio::test]
async fn the_default_client_signs_the_agent_in_and_comes_back_with_code_and_state() {
    let emulator = TestEmulator::start().await;
    let answer = authorize(&emulator, &[("state", "a b&c")]).await;
    assert_eq!((answer.status, answer.text.as_str()), (302, ""));
    assert_snapshot!(answer.header("location"), @"http://localhost:3000/cb?code=h9luB9G_I-FwvDA2gvFsws2CO7tjZzxfY0BfBdo1gEopYJen&state=a+b%26c");
    assert_snapshot!(answer.header("set-cookie"), @"login_session=h9luB9G_4eUkuo2BAAT8TDwiLmx63a1kv3e1JVUEMnDEMZIJ; Path=/; HttpOnly; SameSite=Lax");
    assert_eq!(answer.header("cache-control"), "no-cache, no-store, must-revalidate");
}

#[tokio::test]
async fn the_alias_a_form_and_a_stray_separator_do_the_same() {
    let emulator = TestEmulator::start().await;
    for target in ["/authorize?", "/oauth/authorize?&", "/authorize?&&"] {
        let answer = emulator.client.get(&format!("{target}{}", request(&[])), None).await;
        assert_eq!(answer.status, 302, "{target}");
        assert!(came_back(&answer).contains_key("code"));
    }
    let answer = emulator.client.post_form("/oauth/authorize", &request(&PKCE)).await;
    assert_eq!(answer.status, 302);
    assert!(came_back(&answer).contains_key("code"));
}

#[tokio::test]
async fn the_client_names_the_org_in_a_query_and_in_a_form() {
    let emulator = TestEmulator::start().await;
    let other = emulator.client.admin("POST", "/orgs", None).await.json();
    let client = ("client_id", super::text(&other["ids"], "clients.code"));
    let code = code(&emulator, &[client]).await;
    let answer = emulator.client.post_form("/oauth/authorize", &request(&[client])).await;
    let by_form = came_back(&answer).remove("code").unwrap();
    // codes begin with the mark of their org
    assert_eq!(code[..8], by_form[..8]);
    assert_ne!(code[..8], super::code(&emulator, &[]).await[..8]);
}

#[tokio::test]
async fn an_implicit_client_gets_the_token_in_the_fragment() {
    let emulator = people().await;
    let implicit = [("client_id", "implicit"), ("response_type", "token"), ("state", "s")];
    let answer = authorize(&emulator, &implicit).await;
    assert_eq!(answer.status, 302);
    assert_snapshot!(answer.header("location"), @"http://localhost:3000/cb#access_token=h9luB9G_flqKkSNvz0vVEE7gRUBnlIg_le0dt_lus0Gz-i8V&expires_in=3600&token_type=bearer&state=s");
    let token = came_back(&answer).remove("access_token").unwrap();
    assert_eq!(emulator.client.get("/api/v2/tokens/me", Some(&token)).await.status, 200);
    emulator.advance("1h").await;
    assert_eq!(emulator.client.get("/api/v2/tokens/me", Some(&token)).await.status, 401);
}

#[tokio::test]
async fn a_hint_chooses_the_user_by_address_or_id_or_address_and_org() {
    let emulator = people().await;
    for (hint, user) in [
        ("", AGENT),
        ("Emulated Org", AGENT),
        ("zoe@emulated.test", "u-zoe"),
        ("ZOE@emulated.test:emulated org", "u-zoe"),
        ("u-zoe", "u-zoe"),
        (AGENT, AGENT),
    ] {
        let code = code(&emulator, &[("login_hint", hint)]).await;
        let answer = super::redeem(&emulator, super::CODE_CLIENT, &code, &[]).await;
        let token = super::text(&answer.json(), "access_token").to_owned();
        emulator.client.get("/api/v2/tokens/me", Some(&token)).await;
        let used = emulator.journal("path=/api/v2/tokens/me").await.pop().unwrap();
        assert_eq!(used["user"], user, "{hint}");
    }
}

#[tokio::test]
async fn whoever_has_signed_in_stays_so_for_all_clients_until_somebody_else_is_meant() {
    let emulator = people().await;
    let zoe = cookie(&authorize(&emulator, &[("login_hint", "u-zoe")]).await);
    let asking = ("client_id", "asking");
    let again = authorize_as(&emulator, &zoe, &[asking]).await;
    assert_eq!((again.status, again.header("set-cookie")), (302, ""));
    assert_eq!(authorize_as(&emulator, &zoe, &[asking, ("login_hint", "u-zoe")]).await.status, 302);
    // the page
    for more in [("login_hint", AGENT), ("prompt", "login"), ("login_hint", "nobody@emulated.test")] {
        assert_eq!(authorize_as(&emulator, &zoe, &[asking, more]).await.status, 200, "{more:?}");
    }
    assert_eq!(authorize_as(&emulator, "login_session=x", &[asking]).await.status, 200);
}

#[tokio::test]
async fn org_and_provider_are_a_pair_and_target_is_this_org() {
    let emulator = TestEmulator::start().await;
    for (more, status) in [
        (&[("org", "Emulated Org"), ("provider", "okta")][..], true),
        (&[("org", "emulated org"), ("provider", "okta")], true),
        (&[("org", "elsewhere")], true),
        (&[("provider", "okta")], true),
        (&[("target", crate::support::ORG)], true),
        (&[("org", "elsewhere"), ("provider", "okta")], false),
        (&[("target", "elsewhere")], false),
    ] {
        let back = came_back(&authorize(&emulator, more).await);
        assert_eq!(back.contains_key("code"), status, "{more:?}");
        assert_eq!(back.get("error").map(String::as_str), (!status).then_some("access_denied"));
    }
}

#[tokio::test]
async fn every_port_and_path_of_the_machine_itself_is_registered_for_the_default_client() {
    let emulator = TestEmulator::start().await;
    for uri in ["http://localhost", "http://127.0.0.1:8080/deep/er?a=b", REDIRECT_URI] {
        let answer = authorize(&emulator, &[("redirect_uri", uri)]).await;
        let separator = if uri.contains('?') { "&" } else { "?" };
        assert!(answer.header("location").starts_with(&format!("{uri}{separator}code=")), "{answer:?}");
    }
}
