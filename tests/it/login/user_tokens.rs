//! What a token may that speaks for a user: what its client has scopes for, and the user permissions.

use insta::assert_snapshot;

use super::{AGENT, authorize, came_back, code, people, redeem, text, tokens};
use crate::support::{Answer, TestEmulator};

const CONTACTS: &str = "/api/v2/externalcontacts/contacts";

/// A token of a client of the implicit grant, for this user.
async fn implicit(emulator: &TestEmulator, user: &str) -> String {
    let more = [("client_id", "implicit"), ("response_type", "token"), ("login_hint", user)];
    came_back(&authorize(emulator, &more).await).remove("access_token").unwrap()
}

async fn refused(emulator: &TestEmulator, answer: &Answer) -> String {
    format!(
        "{} {}",
        answer.text.replace(answer.header("inin-correlation-id"), "…"),
        emulator.last_refusal().await
    )
}

#[tokio::test]
async fn scopes_are_the_clients_and_permissions_the_users_own() {
    let emulator = people().await;
    let agent = text(&tokens(&emulator).await, "access_token").to_owned();
    assert_eq!(emulator.client.get(CONTACTS, Some(&agent)).await.status, 200);
    // the user may everything, but this client has not the scope
    let narrow = implicit(&emulator, AGENT).await;
    assert_eq!(emulator.client.get(CONTACTS, Some(&narrow)).await.status, 403);
    assert_eq!(emulator.last_refusal().await["rule"], "scope.missing");
}

#[tokio::test]
async fn a_missing_scope_is_told_before_a_missing_permission() {
    let emulator = people().await;
    let token = implicit(&emulator, "u-zoe").await;
    let answer = emulator.client.get(CONTACTS, Some(&token)).await;
    assert_snapshot!(refused(&emulator, &answer).await, @r#"{"message":"App not authorized to use scope external-contacts","code":"app.not.authorized.for.scope","status":403,"messageParams":{"scope":"external-contacts"},"contextId":"…","details":[],"errors":[]} {"expected":"external-contacts or external-contacts:readonly","reason":"Client implicit has no scope external-contacts","rule":"scope.missing","seen":"users:readonly user-basic-info"}"#);
    // with all scopes Zoe still lacks the permission
    let code = code(&emulator, &[("login_hint", "u-zoe")]).await;
    let given = redeem(&emulator, super::CODE_CLIENT, &code, &[]).await.json();
    let answer = emulator.client.get(CONTACTS, Some(text(&given, "access_token"))).await;
    assert_snapshot!(refused(&emulator, &answer).await, @r#"{"message":"Unable to perform the requested action. You must have at least one of the following permissions assigned: [relate:contact:view, externalContacts:contact:view]","code":"missing.any.permissions","status":403,"messageParams":{"permissions":"[relate:contact:view, externalContacts:contact:view]"},"contextId":"…","details":[],"errors":[]} {"expected":"relate:contact:view or externalContacts:contact:view","reason":"User u-zoe has no permission relate:contact:view","rule":"permission.missing","seen":"directory:organization:view directory:user:view presence:presenceDefinition:view"}"#);
}

#[tokio::test]
async fn the_guide_dialect_goes_by_the_users_permissions_too() {
    let emulator = people().await;
    let agent = text(&tokens(&emulator).await, "access_token").to_owned();
    let made = emulator
        .client
        .post("/api/v2/webchat/guest", Some(&agent), &serde_json::json!({ "name": "Ann" }))
        .await;
    assert_eq!(made.status, 200, "{}", made.text);
}

#[tokio::test]
async fn a_user_token_as_a_jwt_names_the_user() {
    let emulator = TestEmulator::yaml("name: j\nworld: { orgs: [{ accessTokens: jwt }] }").await;
    let access = text(&tokens(&emulator).await, "access_token").to_owned();
    let claims = crate::idp::claims(&access);
    assert_eq!((text(&claims, "sub"), text(&claims, "client_id")), (AGENT, "emulator-code-client"));
    assert_eq!(emulator.client.get("/api/v2/tokens/me", Some(&access)).await.status, 200);
}

#[tokio::test]
async fn sign_ins_codes_and_tokens_are_of_the_snapshot() {
    let emulator = TestEmulator::start().await;
    let given = tokens(&emulator).await;
    let code = code(&emulator, &[]).await;
    let state = emulator.client.admin("GET", "/state", None).await.text;
    emulator.client.admin("POST", "/reset", None).await;
    let token = text(&given, "access_token");
    assert_eq!(emulator.client.get("/api/v2/tokens/me", Some(token)).await.status, 401);
    let json = [("content-type", "application/json")];
    let restored = emulator.client.try_send("PUT", "/__admin/state", &json, state).await.unwrap();
    assert_eq!(restored.status, 200, "{}", restored.text);
    assert_eq!(emulator.client.get("/api/v2/tokens/me", Some(token)).await.status, 200);
    assert_eq!(redeem(&emulator, super::CODE_CLIENT, &code, &[]).await.status, 200);
}
