//! `POST /oauth/token`: what is granted, and in which forms it may be asked for.

use base64::{Engine, engine::general_purpose::STANDARD};
use insta::assert_snapshot;

use crate::support::{Answer, TestEmulator};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const JSON: (&str, &str) = ("content-type", "application/json");

async fn ask(emulator: &TestEmulator, headers: &[(&str, &str)], body: &str) -> Answer {
    let answer = emulator.client.send("POST", "/oauth/token", headers, body.to_owned()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer
}

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

#[tokio::test]
async fn a_client_gets_an_opaque_token_for_its_own_lifetime() {
    let emulator = TestEmulator::start().await;
    let body =
        "grant_type=client_credentials&client_id=emulator-guest-client&client_secret=emulator-guest-secret";
    let answer = emulator.client.post_form("/oauth/token", body).await;
    assert_eq!(answer.status, 200);
    assert_snapshot!(answer.text, @r#"{"access_token":"h9luB9G_flqKkSNvz0vVEE7gRUBnlIg_le0dt_lus0Gz-i8V","token_type":"bearer","expires_in":3600}"#);
    // RFC 6749 section 5.1
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("pragma"), "no-cache");
}

#[tokio::test]
async fn credentials_in_the_body_may_be_a_form_or_json_under_either_content_type() {
    let emulator = TestEmulator::start().await;
    let form = "grant_type=client_credentials&client_id=emulator-client&client_secret=emulator-secret";
    let json = r#"{"grant_type":"client_credentials","client_id":"emulator-client","client_secret":"emulator-secret"}"#;
    let charset = ("content-type", "application/x-www-form-urlencoded; charset=utf-8");

    assert_snapshot!(ask(&emulator, &[FORM], form).await.text, @r#"{"access_token":"h9luB9G_flqKkSNvz0vVEE7gRUBnlIg_le0dt_lus0Gz-i8V","token_type":"bearer","expires_in":86400}"#);
    assert_snapshot!(ask(&emulator, &[charset], form).await.text, @r#"{"access_token":"h9luB9G_EafgBQwC-1aA8westZHzIvC7_GzvnkHtdjJ21mCA","token_type":"bearer","expires_in":86400}"#);
    // what axios 0.21 and 0.27 make of an object
    assert_snapshot!(ask(&emulator, &[FORM], json).await.text, @r#"{"access_token":"h9luB9G_MhCi2XuSb-KFKG6VnwEOX4Xt36ijySpN8rdy758e","token_type":"bearer","expires_in":86400}"#);
    assert_snapshot!(ask(&emulator, &[JSON], json).await.text, @r#"{"access_token":"h9luB9G_gDI_0INIzgyP4xk0uUQQ0pqdcVPcZg2EorUWSs3y","token_type":"bearer","expires_in":86400}"#);
    let charset = ("content-type", "application/json; charset=utf-8");
    assert_snapshot!(ask(&emulator, &[charset], &format!("\n  {json}\n")).await.text, @r#"{"access_token":"h9luB9G_8Gpu22ZdTD5YE4efIw0Rr5LwA-WKevG-x2WmZkDV","token_type":"bearer","expires_in":86400}"#);
}

#[tokio::test]
async fn stray_separators_unknown_members_and_a_scope_are_passed_over() {
    let emulator = TestEmulator::start().await;
    let form = "&grant_type=client_credentials&&scope=users&foo&client_id=emulator-client&client_secret=emulator-secret&";
    assert_snapshot!(ask(&emulator, &[FORM], form).await.text, @r#"{"access_token":"h9luB9G_flqKkSNvz0vVEE7gRUBnlIg_le0dt_lus0Gz-i8V","token_type":"bearer","expires_in":86400}"#);
    let json = r#"{"grant_type":"client_credentials","scope":["users"],"client_id":"emulator-client","client_secret":"emulator-secret"}"#;
    assert_snapshot!(ask(&emulator, &[JSON], json).await.text, @r#"{"access_token":"h9luB9G_EafgBQwC-1aA8westZHzIvC7_GzvnkHtdjJ21mCA","token_type":"bearer","expires_in":86400}"#);
}

#[tokio::test]
async fn basic_credentials_come_before_those_of_the_body() {
    let emulator = TestEmulator::start().await;
    let authorization = basic("emulator-guest-client", "emulator-guest-secret");
    let headers = [FORM, ("authorization", authorization.as_str())];
    assert_snapshot!(ask(&emulator, &headers, "grant_type=client_credentials").await.text, @r#"{"access_token":"h9luB9G_flqKkSNvz0vVEE7gRUBnlIg_le0dt_lus0Gz-i8V","token_type":"bearer","expires_in":3600}"#);
    let other = "grant_type=client_credentials&client_id=emulator-client&client_secret=wrong";
    assert_snapshot!(ask(&emulator, &headers, other).await.text, @r#"{"access_token":"h9luB9G_EafgBQwC-1aA8westZHzIvC7_GzvnkHtdjJ21mCA","token_type":"bearer","expires_in":3600}"#);
    let lower = authorization.replace("Basic", "basic");
    let headers = [FORM, ("authorization", lower.as_str())];
    assert_snapshot!(ask(&emulator, &headers, "grant_type=client_credentials").await.text, @r#"{"access_token":"h9luB9G_MhCi2XuSb-KFKG6VnwEOX4Xt36ijySpN8rdy758e","token_type":"bearer","expires_in":3600}"#);
}

const ODD_CLIENT: &str = r#"
name: odd
world:
  orgs:
    - clients:
        odd: { id: "odd client:+1", secret: "s%41 c+r/e:t=", tokenLifetime: 15m }
"#;

#[tokio::test]
async fn basic_credentials_may_be_percent_encoded_or_raw() {
    let emulator = TestEmulator::yaml(ODD_CLIENT).await;
    let encoded = basic("odd+client%3A%2B1", "s%2541+c%2Br%2Fe%3At%3D");
    let headers = [FORM, ("authorization", encoded.as_str())];
    assert_snapshot!(ask(&emulator, &headers, "grant_type=client_credentials").await.text, @r#"{"access_token":"h9luB9G_flqKkSNvz0vVEE7gRUBnlIg_le0dt_lus0Gz-i8V","token_type":"bearer","expires_in":900}"#);
    let plain = basic("odd%20client%3a%2b1", "s%41 c+r/e:t=");
    let headers = [FORM, ("authorization", plain.as_str())];
    assert_snapshot!(ask(&emulator, &headers, "grant_type=client_credentials").await.text, @r#"{"access_token":"h9luB9G_EafgBQwC-1aA8westZHzIvC7_GzvnkHtdjJ21mCA","token_type":"bearer","expires_in":900}"#);
}

#[tokio::test]
async fn a_lifetime_is_the_clients_own_and_ends_on_the_orgs_clock() {
    let emulator = TestEmulator::yaml(
        "name: short\nworld: { orgs: [{ clients: { main: { id: emulator-client, tokenLifetime: 300s } } }] }",
    )
    .await;
    let short = emulator.token("emulator-client", "emulator-secret").await;
    let long = emulator.token("emulator-readonly-client", "emulator-readonly-secret").await;
    let alive = async |token: &str| emulator.client.get("/api/v2/tokens/me", Some(token)).await.status;

    emulator.advance("299s").await;
    assert_eq!((alive(&short).await, alive(&long).await), (200, 200));
    emulator.advance("1s").await;
    assert_eq!((alive(&short).await, alive(&long).await), (401, 200));
    emulator.advance("86099s").await;
    assert_eq!(alive(&long).await, 200);
    emulator.advance("1s").await;
    assert_eq!(alive(&long).await, 401);
}

#[tokio::test]
async fn tokens_are_unlike_each_other_and_alike_for_the_same_seed() {
    let (one, same) = (TestEmulator::start().await, TestEmulator::start().await);
    let other = TestEmulator::with(|builder| builder.seed(2)).await;
    let mut tokens = Vec::new();
    for emulator in [&one, &same, &other] {
        let first = emulator.guest_client_token().await;
        let second = emulator.guest_client_token().await;
        assert!(first != second && !first.contains('.'), "opaque, no JWT: {first} {second}");
        tokens.push((first, second));
    }
    assert_eq!(tokens[0], tokens[1]);
    assert_ne!(tokens[0], tokens[2]);
}
