//! `/api/v2/organizations/me`.

use insta::assert_snapshot;
use serde_json::json;

use crate::support::{Answer, TestEmulator};

const PATH: &str = "/api/v2/organizations/me";

/// What the client of these scopes is answered, where all scopes are looked at.
async fn with_scopes(scopes: &str) -> Answer {
    let yaml = format!(
        "name: x\nworld: {{ orgs: [{{ scopeChecks: all, clients: {{ it: {{ id: it, secret: it, scopes: {scopes} }} }} }}] }}"
    );
    let emulator = TestEmulator::yaml(&yaml).await;
    let token = emulator.token("it", "it").await;
    emulator.client.get(PATH, Some(&token)).await
}

#[tokio::test]
async fn a_token_is_told_its_org() {
    let emulator = TestEmulator::start().await;
    let token = emulator.token("emulator-nopermission-client", "emulator-nopermission-secret").await;
    let answer = emulator.client.get(PATH, Some(&token)).await;
    assert_eq!(answer.status, 200);
    assert_snapshot!(answer.text, @r#"{"id":"00000000-0000-4000-8000-0000000000aa","name":"Emulated Org","defaultLanguage":"en-us","defaultCountryCode":"US","domain":"emulated-org.mypurecloud.com","features":{},"version":1,"state":"active","voicemailEnabled":false,"productPlatform":"GenesysCloud","selfUri":"/api/v2/organizations/00000000-0000-4000-8000-0000000000aa"}"#);
    assert_eq!(answer.header("inin-ratelimit-count"), "1");
}

#[tokio::test]
async fn name_domain_language_and_country_are_those_of_the_scenario() {
    let emulator = TestEmulator::yaml(
        "name: x\nworld: { orgs: [{ name: Blue Shop, region: mypurecloud.ie, defaultLanguage: de, defaultCountryCode: AT }] }",
    )
    .await;
    let token = emulator.guest_client_token().await;
    let organization = emulator.client.get(PATH, Some(&token)).await.json();
    let told = ["name", "domain", "defaultLanguage", "defaultCountryCode"].map(|name| &organization[name]);
    assert_eq!(json!(told), json!(["Blue Shop", "blue-shop.mypurecloud.ie", "de", "AT"]));
}

#[tokio::test]
async fn without_a_token_that_is_worth_something_it_is_401() {
    let emulator = TestEmulator::start().await;
    let answer = emulator.client.get(PATH, None).await;
    assert_eq!(answer.status, 401);
    assert_snapshot!(answer.text, @r#"{"message":"No authentication bearer token specified in authorization header.","code":"authentication.required","status":401,"contextId":"1f4000f2-f7ae-4856-8af7-364288c30816","details":[],"errors":[]}"#);
    let answer = emulator.client.get(PATH, Some("nonsense")).await;
    assert_eq!((answer.status, &answer.json()["code"]), (401, &json!("bad.credentials")));
}

#[tokio::test]
async fn the_scope_organization_or_its_readonly_twin_is_enough_where_scopes_are_looked_at() {
    for scopes in ["[organization]", "['organization:readonly']", "[all]"] {
        assert_eq!(with_scopes(scopes).await.status, 200, "{scopes}");
    }
    let refused = with_scopes("[users, 'organization-authorization']").await;
    assert_eq!(refused.status, 403);
    assert_snapshot!(refused.text, @r#"{"message":"App not authorized to use scope organization","code":"app.not.authorized.for.scope","status":403,"messageParams":{"scope":"organization"},"contextId":"ce8c5a36-ff6b-4372-a46c-6311e122de80","details":[],"errors":[]}"#);
}
