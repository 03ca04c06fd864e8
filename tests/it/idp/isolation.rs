//! Orgs, bounds, journals and pages of other origins.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{REDIRECT_URI, SECRET, authorize, came_back, code, encoded, redeem, request, text, tokens};
use crate::support::{TestEmulator, client::Client};

const QUIET: [(&str, &str); 2] = [("prompt", "none"), ("login_hint", "alice")];

#[tokio::test]
async fn every_org_has_the_provider_with_keys_codes_and_sessions_of_its_own() {
    let emulator = TestEmulator::start().await;
    let made = emulator.client.admin("POST", "/orgs", Some(&json!({}))).await.json();
    let prefix = format!("/@{}", text(&made, "id"));
    let own = |path: &str| format!("{prefix}/idp/main/{path}");
    let get = async |path: &str| emulator.client.get(path, None).await;
    assert_ne!(get(&own("jwks")).await.text, get("/idp/main/jwks").await.text);

    let answer = get(&own(&format!("authorize?{}", request(&QUIET)))).await;
    let cookie = answer.header("set-cookie").to_owned();
    assert!(cookie.contains(&format!("Path={prefix}/idp/main;")), "{cookie}");
    let theirs = came_back(&answer).remove("code").unwrap();
    let exchange =
        [("grant_type", "authorization_code"), ("code", theirs.as_str()), ("redirect_uri", REDIRECT_URI)];
    let body = format!("{SECRET}&{}", encoded(exchange));
    let default = format!("/@{}/idp/main/token", crate::support::ORG);
    let refused = emulator.client.post_form(&default, &body).await;
    assert_eq!(refused.json()["error"], "invalid_grant");
    assert_snapshot!(emulator.last_refusal().await, @r#"{"reason":"The code was issued by another org than the one that was asked","rule":"of.another.org"}"#);
    let granted = emulator.client.post_form(&own("token"), &body).await.json();
    let claims = super::claims(text(&granted, "id_token"));
    assert_eq!(claims["iss"], format!("http://emulator.test{prefix}/idp/main"));

    let asked = format!("/idp/main/authorize?{}", request(&[("prompt", "none")]));
    let cookie = cookie.split(';').next().unwrap();
    let asked = emulator.client.send("GET", &asked, &[("cookie", cookie)], "").await;
    assert_eq!(came_back(&asked)["error"], "login_required");
}

#[tokio::test]
async fn without_the_prefix_codes_and_tokens_find_their_org() {
    let emulator = TestEmulator::start().await;
    let made = emulator.client.admin("POST", "/orgs", Some(&json!({}))).await.json();
    let prefix = format!("/@{}", text(&made, "id"));
    let scope = ("scope", "openid offline_access");
    let path = format!("{prefix}/idp/main/authorize?{}", request(&[QUIET[0], QUIET[1], scope]));
    let theirs = came_back(&emulator.client.get(&path, None).await).remove("code").unwrap();
    let granted = redeem(&emulator, &theirs, &[]).await;
    assert_eq!(granted.status, 200, "{}", granted.text);
    let granted = granted.json();
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", text(&granted, "refresh_token"))];
    assert_eq!(super::token(&emulator, &refresh).await.status, 200);
    let access_token = text(&granted, "access_token");
    assert_eq!(emulator.client.get("/idp/main/userinfo", Some(access_token)).await.status, 200);
    let body = format!("{SECRET}&token={access_token}");
    let known = emulator.client.post_form("/idp/main/introspect", &body).await.json();
    assert_eq!(known["active"], true);
    let journal = emulator.journal("surface=idp").await;
    assert!(journal.is_empty(), "the default org saw nothing of it: {journal:?}");
}

#[tokio::test]
async fn a_client_of_the_platform_does_not_lead_a_provider_to_another_org() {
    let emulator = TestEmulator::start().await;
    let made = emulator.client.admin("POST", "/orgs", Some(&json!({}))).await.json();
    let body = format!("grant_type=client_credentials&client_id={}&client_secret=x", text(&made, "clientId"));
    let answer = emulator.client.post_form("/idp/main/token", &body).await;
    assert_eq!(answer.status, 401);
    assert_eq!(emulator.last_refusal().await["rule"], "idp.client_unknown");
}

#[tokio::test]
async fn a_reset_forgets_codes_tokens_and_sessions_and_begins_with_the_same_key() {
    let emulator = TestEmulator::start().await;
    let keys = emulator.client.get("/idp/main/jwks", None).await.text;
    let answer = authorize(&emulator, &QUIET).await;
    let (cookie, code) = (super::cookie(&answer), came_back(&answer).remove("code").unwrap());
    let access_token = text(&tokens(&emulator, "openid").await, "access_token").to_owned();
    emulator.client.admin("POST", "/keys/idp:main/rotate", Some(&json!({ "mode": "hard" }))).await;
    emulator.client.admin("POST", "/reset", None).await;
    assert_eq!(emulator.client.get("/idp/main/jwks", None).await.text, keys);
    assert_eq!(redeem(&emulator, &code, &[]).await.status, 400);
    assert_eq!(emulator.client.get("/idp/main/userinfo", Some(&access_token)).await.status, 401);
    let known = super::authorize_as(&emulator, &cookie, &[("prompt", "none")]).await;
    assert_eq!(came_back(&known)["error"], "login_required");
}

#[tokio::test]
async fn pages_of_any_origin_may_call_and_read() {
    let emulator = TestEmulator::start().await;
    let origin = ("origin", "https://shop.example.test");
    let asks = ("access-control-request-method", "POST");
    for path in [".well-known/openid-configuration", "jwks", "token", "userinfo", "introspect", "revoke"] {
        let path = format!("/idp/main/{path}");
        let preflight = emulator.client.send("OPTIONS", &path, &[origin, asks], "").await;
        assert_eq!(preflight.status, 204, "{path}");
        let method = if path.ends_with("jwks") || path.contains("well-known") { "GET" } else { "POST" };
        let answer = emulator.client.send(method, &path, &[origin], "").await;
        for answer in [preflight, answer] {
            assert_eq!(answer.header("access-control-allow-origin"), origin.1, "{path}");
            assert_eq!(answer.header("vary"), "Origin", "{path}");
        }
    }
}

/// Talks to a provider in every way that brings secrets along. Answers the secrets.
async fn talk(client: &Client, emulator: &TestEmulator) -> Vec<String> {
    let quiet = [QUIET[0], QUIET[1], ("response_type", "code id_token token"), ("nonce", "n")];
    let scope = ("scope", "openid offline_access");
    let front = authorize(emulator, &[&quiet[..], &[scope]].concat()).await;
    let fields = came_back(&front);
    let cookie = super::cookie(&front);
    let mut secrets: Vec<String> =
        vec!["messenger-secret".into(), super::VERIFIER.into(), "wr0ng-pass".into()];
    secrets.push(cookie.split('=').nth(1).unwrap().to_owned());
    secrets.extend(["code", "access_token", "id_token"].map(|name| fields[name].clone()));
    let posted = authorize(emulator, &[&quiet[..], &[("response_mode", "form_post")]].concat()).await;
    for name in ["code", "access_token", "id_token"] {
        let (_, rest) = posted.text.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
        secrets.push(rest.split('"').next().unwrap().to_owned());
    }
    let answer = redeem(emulator, &fields["code"], &[]).await.json();
    secrets.extend(["access_token", "id_token", "refresh_token"].map(|name| text(&answer, name).to_owned()));
    let challenged = [("code_challenge", super::CHALLENGE), ("code_challenge_method", "S256")];
    let second = code(emulator, &challenged).await;
    redeem(emulator, &second, &[("code_verifier", super::VERIFIER)]).await;
    secrets.push(second);
    super::authorize_as(emulator, &cookie, &[("id_token_hint", &fields["id_token"])]).await;
    let body =
        encoded([("request", request(&[]).as_str()), ("username", "alice"), ("password", "wr0ng-pass")]);
    let referer = format!("http://emulator.test/idp/main/authorize?id_token_hint={}", fields["id_token"]);
    client.send("POST", "/idp/main/login", &[("cookie", cookie.as_str()), ("referer", &referer)], body).await;
    for path in ["introspect", "revoke"] {
        let body = format!("{SECRET}&token={}", text(&answer, "refresh_token"));
        client.post_form(&format!("/idp/main/{path}"), &body).await;
    }
    client.post_form("/idp/main/userinfo", &format!("access_token={}", text(&answer, "access_token"))).await;
    client.get(&format!("/idp/main/end_session?id_token_hint={}", fields["id_token"]), None).await;
    secrets
}

#[tokio::test]
async fn nothing_secret_is_in_the_journal() {
    let emulator = TestEmulator::start().await;
    let secrets = talk(&emulator.client, &emulator).await;
    assert!(secrets.len() > 12);
    let journal = emulator.journal("surface=idp").await;
    assert!(journal.len() > 8);
    let all = Value::from(journal).to_string();
    for secret in secrets {
        let at = all.find(&secret).map(|at| &all[at.saturating_sub(300)..at + secret.len()]);
        assert_eq!(at, None, "{secret}");
    }
    for kept in ["nonce=n", "redirect_uri", "messenger", "login_hint=alice"] {
        assert!(all.contains(kept), "{kept}");
    }
}
