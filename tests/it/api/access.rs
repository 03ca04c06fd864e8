//! Who may: token, scope, permission and quota, in this order.

use genesys_emulator::Emulator;
use insta::assert_snapshot;

use super::{jwt, post_guest};
use crate::support::{Answer, TestEmulator, scenario};

/// Why this scenario does not load, without the file's own path.
pub async fn load_error(yaml: &str) -> String {
    let file = scenario::file(yaml);
    let path = scenario::path(&file);
    let error = Emulator::builder().scenario(path).start().await.err().unwrap();
    error.to_string().replace(path, "file.yaml")
}

/// A guest token for this client, in the default world.
async fn guest_of(emulator: &TestEmulator, client: &str) -> Answer {
    let token =
        emulator.token(&format!("emulator-{client}-client"), &format!("emulator-{client}-secret")).await;
    post_guest(emulator, &token, "{}").await
}

async fn with_authorization(emulator: &TestEmulator, headers: &[(&str, &str)]) -> String {
    let answer = emulator.client.send("POST", "/api/v2/webchat/guest", headers, "{}").await;
    assert_eq!(answer.header("www-authenticate"), "Bearer");
    assert!(answer.header("inin-ratelimit-count").is_empty());
    let refusal = emulator.last_refusal().await;
    format!("{} {}\n{refusal}", answer.status, answer.json()["code"])
}

#[tokio::test]
async fn without_a_bearer_token_it_is_401_authentication_required() {
    let emulator = TestEmulator::start().await;
    let answer = emulator.client.send("POST", "/api/v2/webchat/guest", &[], "{}").await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.header("www-authenticate"), "Bearer");
    assert_snapshot!(answer.text, @r#"{"message":"No authentication bearer token specified in authorization header.","code":"authentication.required","status":401,"contextId":"1f4000f2-f7ae-4856-8af7-364288c30816","details":[],"errors":[]}"#);
    let mut seen = Vec::new();
    for authorization in ["Bearer", "Bearer ", "Basic YTpi", "[REDACTED]", ""] {
        seen.push(with_authorization(&emulator, &[("authorization", authorization)]).await);
    }
    seen.push(with_authorization(&emulator, &[]).await);
    assert_snapshot!(seen.join("\n"), @r#"
    401 "authentication.required"
    {"expected":"Authorization: Bearer …","reason":"No access token came","rule":"token.missing","seen":"an Authorization header without a bearer token"}
    401 "authentication.required"
    {"expected":"Authorization: Bearer …","reason":"No access token came","rule":"token.missing","seen":"an Authorization header without a bearer token"}
    401 "authentication.required"
    {"expected":"Authorization: Bearer …","reason":"No access token came","rule":"token.missing","seen":"an Authorization header without a bearer token"}
    401 "authentication.required"
    {"expected":"Authorization: Bearer …","reason":"No access token came","rule":"token.missing","seen":"the literal [REDACTED], which is a bug of the client's logger"}
    401 "authentication.required"
    {"expected":"Authorization: Bearer …","reason":"No access token came","rule":"token.missing","seen":"an Authorization header without a bearer token"}
    401 "authentication.required"
    {"expected":"Authorization: Bearer …","reason":"No access token came","rule":"token.missing","seen":"no Authorization header"}
    "#);
}

#[tokio::test]
async fn a_token_that_is_worth_nothing_is_401_bad_credentials() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    let guest_jwt = emulator.guest_jwt().await;
    let answer = post_guest(&emulator, "nonsense", "{}").await;
    assert_eq!(answer.status, 401);
    assert_snapshot!(answer.text, @r#"{"message":"Invalid login credentials.","code":"bad.credentials","status":401,"contextId":"51725a42-aeb6-40f7-bb3b-6ef3aea70cb8","details":[],"errors":[]}"#);

    let mut last = token.clone().into_bytes();
    *last.last_mut().unwrap() ^= 1;
    let tampered = String::from_utf8(last).unwrap();
    let mut seen = Vec::new();
    for token in ["nonsense", tampered.as_str(), guest_jwt.as_str()] {
        let bearer = format!("Bearer {token}");
        seen.push(with_authorization(&emulator, &[("authorization", &bearer)]).await);
    }
    assert_snapshot!(seen.join("\n"), @r#"
    401 "bad.credentials"
    {"reason":"The access token is not of this org","rule":"token.unknown"}
    401 "bad.credentials"
    {"reason":"The access token was never issued, or is long forgotten","rule":"token.unknown"}
    401 "bad.credentials"
    {"expected":"an access token of /oauth/token","reason":"A JWT came where an opaque access token belongs","rule":"token.is_a_jwt","seen":"a JWT"}
    "#);
}

#[tokio::test]
async fn an_expired_token_and_a_revoked_one_are_401_too() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    let bearer = format!("Bearer {token}");
    let authorization = [("authorization", bearer.as_str())];
    emulator.advance("3599s").await;
    assert_eq!(post_guest(&emulator, &token, "{}").await.status, 200);
    emulator.advance("1s").await;
    assert_snapshot!(with_authorization(&emulator, &authorization).await, @r#"
    401 "bad.credentials"
    {"expected":"a token that lives at 2026-01-02T04:04:05.000Z","reason":"The access token expired at 2026-01-02T04:04:05.000Z","rule":"token.expired","seen":"issued 2026-01-02T03:04:05.000Z"}
    "#);

    let token = emulator.guest_client_token().await;
    let bearer = format!("bearer {token}");
    let authorization = [("authorization", bearer.as_str())];
    let revoked = emulator.client.send("DELETE", "/api/v2/tokens/me", &authorization, "").await;
    assert_eq!(revoked.status, 200);
    assert_snapshot!(with_authorization(&emulator, &authorization).await, @r#"
    401 "bad.credentials"
    {"reason":"The access token was revoked by DELETE /api/v2/tokens/me","rule":"token.revoked"}
    "#);
}

#[tokio::test]
async fn a_token_of_another_org_is_401_where_the_address_names_the_org() {
    let emulator = TestEmulator::start().await;
    let made = emulator.client.admin("POST", "/orgs", Some(&serde_json::json!({}))).await.json();
    let token = emulator.guest_client_token().await;
    let path = format!("/@{}/api/v2/webchat/guest", made["id"].as_str().unwrap());
    let answer = emulator.client.post(&path, Some(&token), &serde_json::json!({})).await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.json()["code"], "bad.credentials");
    let journal = format!("/orgs/{}/journal", made["id"].as_str().unwrap());
    let journal = emulator.client.admin("GET", &journal, None).await.json();
    let refusal = journal["entities"][0]["refusal"].to_string();
    assert_snapshot!(refusal.replace(made["id"].as_str().unwrap(), "{id}"), @r#"{"expected":"a token of org {id}","reason":"The access token was issued by another org than the one that was addressed","rule":"of.another.org"}"#);
}

#[tokio::test]
async fn without_the_scope_it_is_403_and_the_scope_is_named() {
    let emulator = TestEmulator::start().await;
    let answer = guest_of(&emulator, "readonly").await;
    assert_eq!(answer.status, 403);
    assert_snapshot!(answer.text, @r#"{"message":"App not authorized to use scope webchat:guest:write","code":"app.not.authorized.for.scope","status":403,"messageParams":{"scope":"webchat:guest:write"},"contextId":"ce8c5a36-ff6b-4372-a46c-6311e122de80","details":[],"errors":[]}"#);
    assert_snapshot!(emulator.last_refusal().await, @r#"{"expected":"webchat:guest:write","reason":"Client emulator-readonly-client has no scope webchat:guest:write","rule":"scope.missing","seen":"webchat:guest:read"}"#);
}

#[tokio::test]
async fn without_the_permission_it_is_403_and_the_permission_is_named() {
    let emulator = TestEmulator::start().await;
    let answer = guest_of(&emulator, "nopermission").await;
    assert_eq!(answer.status, 403);
    assert_snapshot!(answer.text, @r#"{"message":"Unable to perform the requested action. You must have at least one of the following permissions assigned: [webchat:guest:edit]","code":"missing.any.permissions","status":403,"messageParams":{"permissions":"[webchat:guest:edit]"},"contextId":"ce8c5a36-ff6b-4372-a46c-6311e122de80","details":[],"errors":[]}"#);
    assert_snapshot!(emulator.last_refusal().await, @r#"{"expected":"webchat:guest:edit","reason":"Client emulator-nopermission-client has no permission webchat:guest:edit","rule":"permission.missing","seen":"none"}"#);
}

#[tokio::test]
async fn reading_a_guest_takes_other_rights_than_making_one() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    let made = post_guest(&emulator, &token, "{}").await;
    assert!(!jwt(&made).is_empty());
    let path = format!("/api/v2/webchat/guest/{}", made.json()["guestId"].as_str().unwrap());
    let readonly = emulator.token("emulator-readonly-client", "emulator-readonly-secret").await;
    assert_eq!(emulator.client.get(&path, Some(&readonly)).await.status, 200);
    let nopermission = emulator.token("emulator-nopermission-client", "emulator-nopermission-secret").await;
    let answer = emulator.client.get(&path, Some(&nopermission)).await;
    assert_eq!(answer.status, 403);
    assert_snapshot!(answer.json()["message"], @r#""Unable to perform the requested action. You must have at least one of the following permissions assigned: [webchat:guest:view]""#);
}

#[tokio::test]
async fn token_comes_before_scope_before_permission_before_quota() {
    let emulator = TestEmulator::yaml(
        "
name: order
world:
  orgs:
    - limits: { tokenRate: 0, guestRate: 0 }
      clients:
        neither: { id: emulator-neither-client, secret: emulator-neither-secret, tokenLifetime: 300s }
",
    )
    .await;
    // neither scope nor permission nor quota
    let token = emulator.token("emulator-neither-client", "emulator-neither-secret").await;
    let code = async |token: &str| {
        let answer = post_guest(&emulator, token, "{").await;
        format!("{} {}", answer.status, answer.json()["code"])
    };
    assert_snapshot!(code(&token).await, @r#"403 "app.not.authorized.for.scope""#);
    let nopermission = emulator.token("emulator-nopermission-client", "emulator-nopermission-secret").await;
    assert_snapshot!(code(&nopermission).await, @r#"403 "missing.any.permissions""#);
    let may = emulator.guest_client_token().await;
    assert_snapshot!(code(&may).await, @r#"429 "too.many.requests.retry.after""#);
    emulator.advance("300s").await;
    assert_snapshot!(code(&token).await, @r#"401 "bad.credentials""#);
}
