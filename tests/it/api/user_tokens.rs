//! `/api/v2/tokens` for tokens that speak for users: their end, and how long nobody may use one.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::oauth_clients::Admin;
use crate::login::{code, text, tokens};

const AGENT: &str = "00000000-0000-4000-8000-0000000000bb";
const TIMEOUT: &str = "/api/v2/tokens/timeout";

async fn alive(admin: &Admin, token: &str) -> u16 {
    admin.emulator.client.get("/api/v2/tokens/me", Some(token)).await.status
}

#[tokio::test]
async fn deleting_a_users_tokens_ends_all_of_them_and_nobody_elses() {
    let admin = Admin::start().await;
    let (one, other) = (tokens(&admin.emulator).await, tokens(&admin.emulator).await);
    let unused = code(&admin.emulator, &[]).await;
    let deleted = admin.ask("DELETE", &format!("/api/v2/tokens/{AGENT}"), Value::Null).await;
    assert_eq!((deleted.status, deleted.text.as_str()), (204, ""));
    for given in [&one, &other] {
        assert_eq!(alive(&admin, text(given, "access_token")).await, 401);
    }
    let form = format!(
        "grant_type=refresh_token&refresh_token={}&client_id=emulator-code-client&client_secret=emulator-code-secret",
        text(&one, "refresh_token")
    );
    assert_eq!(admin.emulator.client.post_form("/oauth/token", &form).await.status, 400);
    let form = format!(
        "grant_type=authorization_code&code={unused}&redirect_uri=http://localhost:3000/cb&client_id=emulator-code-client&client_secret=emulator-code-secret"
    );
    assert_eq!(admin.emulator.client.post_form("/oauth/token", &form).await.status, 400);
    assert_eq!(admin.get("/api/v2/tokens/me").await.status, 200);
    assert_eq!(alive(&admin, text(&tokens(&admin.emulator).await, "access_token")).await, 200);
    assert_snapshot!(admin.refused("DELETE", "/api/v2/tokens/nobody", Value::Null).await, @"404 not.found The requested resource was not found.");
}

#[tokio::test]
async fn a_user_ends_the_token_at_hand_alone() {
    let admin = Admin::start().await;
    let (one, other) = (tokens(&admin.emulator).await, tokens(&admin.emulator).await);
    let bearer = format!("Bearer {}", text(&one, "access_token"));
    let headers = [("authorization", bearer.as_str())];
    assert_eq!(admin.emulator.client.send("HEAD", "/api/v2/tokens/me", &headers, "").await.status, 200);
    assert_eq!(admin.emulator.client.send("DELETE", "/api/v2/tokens/me", &headers, "").await.status, 200);
    assert_eq!(admin.emulator.client.send("HEAD", "/api/v2/tokens/me", &headers, "").await.status, 401);
    assert_eq!(alive(&admin, text(&other, "access_token")).await, 200);
}

#[tokio::test]
async fn a_users_token_that_nobody_uses_ends_on_the_orgs_clock_once_that_is_the_rule() {
    let admin = Admin::start().await;
    assert_snapshot!(admin.get(TIMEOUT).await.text, @r#"{"idleTokenTimeoutSeconds":28800,"enableIdleTokenTimeout":false,"inactivityTimeoutUnit":"Minutes","inactivityTimeoutGroupsEnabled":false,"inactivityTimeoutGroupBundles":[]}"#);
    let given = tokens(&admin.emulator).await;
    let user = text(&given, "access_token");
    admin.emulator.advance("23h").await;
    assert_eq!(alive(&admin, user).await, 200);

    let rule = json!({ "idleTokenTimeoutSeconds": 600, "enableIdleTokenTimeout": true, "inactivityTimeoutUnit": "Hours" });
    let admin = admin.again().await;
    assert_snapshot!(admin.ask("PUT", TIMEOUT, rule).await.text, @r#"{"idleTokenTimeoutSeconds":600,"enableIdleTokenTimeout":true,"inactivityTimeoutUnit":"Hours","inactivityTimeoutGroupsEnabled":false,"inactivityTimeoutGroupBundles":[]}"#);
    let given = tokens(&admin.emulator).await;
    let user = text(&given, "access_token");
    let application = admin.emulator.guest_client_token().await;
    let me =
        async |query: &str| admin.emulator.client.get(&format!("/api/v2/tokens/me{query}"), Some(user)).await;
    assert_eq!(me("").await.json()["dateTokenIdles"], "2026-01-03T02:14:05.000Z");
    admin.emulator.advance("599s").await;
    // looking does not count
    assert_eq!(me("?preserveIdleTTL=true").await.json()["dateTokenIdles"], "2026-01-03T02:14:05.000Z");
    assert_eq!(me("").await.json()["dateTokenIdles"], "2026-01-03T02:24:04.000Z");
    admin.emulator.advance("599s").await;
    assert_eq!(me("?preserveIdleTTL=true").await.status, 200);
    admin.emulator.advance("1s").await;
    assert_eq!(me("").await.status, 401);
    assert_snapshot!(admin.emulator.last_refusal().await, @r#"{"reason":"Nobody has used the access token for 10m","rule":"token.idle","seen":"used last 2026-01-03T02:14:04.000Z"}"#);
    assert_eq!(alive(&admin, &application).await, 200, "an application's own token does not idle");
    // the refresh token still does
    let form = format!(
        "grant_type=refresh_token&refresh_token={}&client_id=emulator-code-client&client_secret=emulator-code-secret",
        text(&given, "refresh_token")
    );
    assert_eq!(admin.emulator.client.post_form("/oauth/token", &form).await.status, 200);
}

#[tokio::test]
async fn a_timeout_that_cannot_be_is_refused() {
    let admin = Admin::start().await;
    let refused = async |body: Value| admin.refused("PUT", TIMEOUT, body).await;
    assert_snapshot!(refused(json!({ "idleTokenTimeoutSeconds": 299 })).await, @"400 bad.request idleTokenTimeoutSeconds is not a whole number from 300 on");
    assert_snapshot!(refused(json!({ "idleTokenTimeoutSeconds": 28801 })).await, @"400 max.idle.token.timeout.exceeded idleTokenTimeoutSeconds is at most 28800");
    assert_snapshot!(refused(json!({ "idleTokenTimeoutSeconds": "600" })).await, @"400 bad.request idleTokenTimeoutSeconds is not a whole number from 300 on");
    assert_snapshot!(refused(json!({ "enableIdleTokenTimeout": 1 })).await, @"400 bad.request enableIdleTokenTimeout is not true or false");
    assert_snapshot!(refused(json!({ "inactivityTimeoutUnit": "Days" })).await, @"400 bad.request inactivityTimeoutUnit is not Minutes or Hours");
    assert_snapshot!(refused(json!({ "inactivityTimeoutGroupsEnabled": true })).await, @"400 constraint.validation timeouts of groups are not emulated");
    // what is left out stays, and so does all of it without a body
    for body in [Value::Null, json!({})] {
        assert_eq!(admin.ask("PUT", TIMEOUT, body).await.json()["enableIdleTokenTimeout"], false);
    }
}
