//! `/api/v2/oauth/scopes` and `/api/v2/oauth/authorizations`.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::oauth_clients::Admin;
use crate::login::{text, tokens};

#[tokio::test]
async fn the_platforms_scopes_come_first_and_those_of_guides_say_so() {
    let admin = Admin::start().await;
    let all = admin.get("/api/v2/oauth/scopes").await.json();
    let entities = all["entities"].as_array().unwrap();
    assert_eq!(all["total"], entities.len());
    let guides = |one: &&Value| text(one, "description").contains("only guides know");
    assert_eq!(entities.iter().take_while(|one| !guides(one)).count(), 135);
    assert!(entities[135..].iter().all(|one| guides(&one)));
    assert_snapshot!(entities[0], @r#"{"description":"Read and write ai studio","id":"ai-studio","selfUri":"/api/v2/oauth/scopes/ai-studio"}"#);
    assert_snapshot!(admin.get("/api/v2/oauth/scopes/users:readonly").await.text, @r#"{"id":"users:readonly","description":"Read users","selfUri":"/api/v2/oauth/scopes/users:readonly"}"#);
    assert_snapshot!(admin.get("/api/v2/oauth/scopes/webchat:guest:write").await.text, @r#"{"id":"webchat:guest:write","description":"webchat guest write: only guides know this scope, the platform has none of this name","selfUri":"/api/v2/oauth/scopes/webchat:guest:write"}"#);
    assert_snapshot!(admin.refused("GET", "/api/v2/oauth/scopes/nothing", Value::Null).await, @"404 not.found The requested resource was not found.");
}

#[tokio::test]
async fn authorizations_are_the_clients_for_which_people_have_signed_in() {
    let admin = Admin::start().await;
    let list = "/api/v2/oauth/authorizations";
    assert_eq!(admin.get(list).await.json()["entities"], json!([]));
    let user = text(&tokens(&admin.emulator).await, "access_token").to_owned();
    admin.emulator.advance("1m").await;
    tokens(&admin.emulator).await;
    let mut all = admin.get(list).await.json();
    let scopes = [all["entities"][0]["scope"].take(), all["entities"][0]["client"]["scope"].take()];
    assert_eq!(scopes[0], scopes[1]);
    assert_eq!(scopes[0][0], "ai-studio");
    assert_snapshot!(all, @r#"{"entities":[{"client":{"accessTokenValiditySeconds":86400,"authorizedGrantType":"CODE","id":"emulator-code-client","name":"Sign-in of people","registeredRedirectUri":["http://localhost","http://127.0.0.1"],"roleDivisions":[],"roleIds":[],"scope":null,"selfUri":"/api/v2/oauth/clients/emulator-code-client","state":"active"},"createdBy":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent","selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb"},"dateCreated":"2026-01-02T03:04:05.000Z","dateModified":"2026-01-02T03:05:05.000Z","modifiedBy":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent","selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb"},"pending":false,"resourceOwner":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent","selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb"},"roles":[],"scope":null,"selfUri":"/api/v2/oauth/authorizations/emulator-code-client","state":"Authorized"}],"selfUri":"/api/v2/oauth/authorizations","total":1}"#);
    let own = admin.emulator.client.get(list, Some(&user)).await.json();
    assert_eq!(own["total"], 1);
    let one = format!("{list}/emulator-code-client");
    assert_eq!(admin.get(&one).await.json(), own["entities"][0]);
    assert_eq!(admin.get(&format!("{list}/emulator-client")).await.status, 404);
    // all tokens of the user are deleted, and what was granted with them
    admin.ask("DELETE", "/api/v2/tokens/00000000-0000-4000-8000-0000000000bb", Value::Null).await;
    assert_eq!(admin.get(list).await.json()["total"], 0);
}
