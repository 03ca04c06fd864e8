//! Tokens, OAuth clients, roles and divisions as published: bodies, codes, scopes and permissions.

use serde_json::{Value, json};

use super::{Contract, Held, ask, contract};
use crate::support::TestEmulator;

const CLIENTS: &str = "/api/v2/oauth/clients";
const CLIENT: &str = "/api/v2/oauth/clients/{clientId}";
const ROLES: &str = "/api/v2/authorization/roles";
const DIVISIONS: &str = "/api/v2/authorization/divisions";
const TIMEOUT: &str = "/api/v2/tokens/timeout";

/// Every operation, with a path where something is.
const OPERATIONS: &[(&str, &str, &str)] = &[
    ("GET", "/api/v2/tokens/me", "/api/v2/tokens/me"),
    ("HEAD", "/api/v2/tokens/me", "/api/v2/tokens/me"),
    ("DELETE", "/api/v2/tokens/{userId}", "/api/v2/tokens/nobody"),
    ("GET", TIMEOUT, TIMEOUT),
    ("PUT", TIMEOUT, TIMEOUT),
    ("GET", CLIENTS, CLIENTS),
    ("POST", CLIENTS, CLIENTS),
    ("GET", CLIENT, "/api/v2/oauth/clients/fax"),
    ("PUT", CLIENT, "/api/v2/oauth/clients/fax"),
    ("DELETE", CLIENT, "/api/v2/oauth/clients/fax"),
    ("POST", "/api/v2/oauth/clients/{clientId}/secret", "/api/v2/oauth/clients/fax/secret"),
    ("POST", "/api/v2/oauth/clients/{clientId}/usage/query", "/api/v2/oauth/clients/fax/usage/query"),
    ("GET", "/api/v2/oauth/clients/{clientId}/usage/summary", "/api/v2/oauth/clients/fax/usage/summary"),
    (
        "GET",
        "/api/v2/oauth/clients/{clientId}/usage/query/results/{executionId}",
        "/api/v2/oauth/clients/fax/usage/query/results/x",
    ),
    ("GET", "/api/v2/oauth/scopes", "/api/v2/oauth/scopes"),
    ("GET", "/api/v2/oauth/scopes/{scopeId}", "/api/v2/oauth/scopes/fax"),
    ("GET", "/api/v2/oauth/authorizations", "/api/v2/oauth/authorizations"),
    ("GET", "/api/v2/oauth/authorizations/{clientId}", "/api/v2/oauth/authorizations/fax"),
    ("GET", DIVISIONS, DIVISIONS),
    ("POST", DIVISIONS, DIVISIONS),
    ("GET", "/api/v2/authorization/permissions", "/api/v2/authorization/permissions"),
    ("GET", "/api/v2/authorization/products", "/api/v2/authorization/products"),
    ("GET", ROLES, ROLES),
    ("POST", ROLES, ROLES),
    ("GET", "/api/v2/authorization/subjects/me", "/api/v2/authorization/subjects/me"),
    ("DELETE", "/api/v2/tokens/me", "/api/v2/tokens/me"),
];

/// Each scope that any of them wants, and one that none does; each is a client of its own.
const SCOPES: &[&str] = &[
    "fax",
    "oauth",
    "oauth:readonly",
    "authorization",
    "authorization:readonly",
    "organization",
    "organization:readonly",
    "user-basic-info",
];

/// A token of the client of this scope, for a user without any rights.
async fn token(emulator: &TestEmulator, scope: &str) -> String {
    let target =
        format!("/oauth/authorize?client_id={scope}&response_type=token&redirect_uri=http://localhost");
    let answer = emulator.client.get(&target, None).await;
    let (_, token) = answer.header("location").split_once("access_token=").unwrap();
    token.split('&').next().unwrap().to_owned()
}

#[tokio::test]
async fn every_operation_wants_the_scopes_and_permissions_that_are_published() {
    let Some(contract) = contract().map(Contract) else { return };
    let clients: Vec<_> = SCOPES
        .iter()
        .map(|scope| format!("'{scope}': {{ id: '{scope}', grant: TOKEN, scopes: ['{scope}'], redirectUris: [http://localhost], signsIn: poor }}"))
        .collect();
    let emulator = TestEmulator::yaml(&format!(
        "name: rights\nworld: {{ orgs: [{{ users: {{ poor: {{}} }}, clients: {{ {} }} }}] }}",
        clients.join(", ")
    ))
    .await;
    for (method, described, path) in OPERATIONS {
        let place = format!("{method} {described}");
        let operation = &contract.0["paths"][described][method.to_ascii_lowercase()];
        let names = |value: &Value| -> Vec<String> {
            value.as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect()
        };
        let scopes = names(&operation["scopes"]);
        let nobody = ask(&emulator, method, path, "").await;
        assert_eq!(nobody.status, 401, "{place}");
        contract.check(method, described, &nobody);
        for scope in SCOPES {
            let answer = ask(&emulator, method, path, &token(&emulator, scope).await).await;
            contract.check(method, described, &answer);
            if *method == "HEAD" {
                assert_eq!(answer.status == 403, !scopes.iter().any(|one| one == scope), "{place} {scope}");
                continue;
            }
            let refused = answer.status == 403 && answer.json()["code"] == "app.not.authorized.for.scope";
            assert_eq!(refused, !scopes.iter().any(|one| one == scope), "{place} {scope}: {}", answer.text);
            if refused {
                continue;
            }
            match operation.get("permissions") {
                None => assert_ne!(answer.status, 403, "{place}: {}", answer.text),
                Some(published) => {
                    let wanted = names(&published["permissions"]).join(", ");
                    let code = if published["type"] == "ALL" {
                        "missing.permissions"
                    } else {
                        "missing.any.permissions"
                    };
                    let told = answer.json();
                    assert_eq!(told["code"], code, "{place}");
                    assert_eq!(told["messageParams"]["permissions"], format!("[{wanted}]"), "{place}");
                }
            }
        }
    }
}

#[tokio::test]
async fn tokens_of_users_answer_as_published() {
    let Some(held) = Held::start().await else { return };
    let given = crate::login::tokens(&held.emulator).await;
    let access = given["access_token"].as_str().unwrap();
    let rule = json!({ "idleTokenTimeoutSeconds": 300, "enableIdleTokenTimeout": true, "inactivityTimeoutUnit": "Minutes" });
    held.get(TIMEOUT, TIMEOUT, 200).await;
    held.ask("PUT", TIMEOUT, TIMEOUT, rule, 200).await;
    for body in [
        json!({ "idleTokenTimeoutSeconds": 1 }),
        json!({ "idleTokenTimeoutSeconds": 99_999 }),
        json!({ "inactivityTimeoutGroupsEnabled": true }),
        json!([]),
    ] {
        held.ask("PUT", TIMEOUT, TIMEOUT, body, 400).await;
    }
    let me = ask(&held.emulator, "GET", "/api/v2/tokens/me", access).await;
    assert!(me.json()["dateTokenIdles"].is_string(), "{}", me.text);
    held.contract.check("GET", "/api/v2/tokens/me", &me);
    let described = "/api/v2/tokens/{userId}";
    held.ask("DELETE", "/api/v2/tokens/nobody", described, Value::Null, 404).await;
    held.ask("DELETE", "/api/v2/tokens/00000000-0000-4000-8000-0000000000bb", described, Value::Null, 204)
        .await;
    let ended = ask(&held.emulator, "GET", "/api/v2/tokens/me", access).await;
    assert_eq!(ended.status, 401);
    held.contract.check("GET", "/api/v2/tokens/me", &ended);
}

#[tokio::test]
async fn oauth_clients_answer_as_published() {
    let Some(held) = Held::start().await else { return };
    let roles = held.get(&format!("{ROLES}?name=admin"), ROLES, 200).await;
    let role = json!({ "roleId": roles["entities"][0]["id"], "divisionId": "*" });
    let whole = json!({
        "name": "Whole", "description": "All of it", "authorizedGrantType": "CLIENT-CREDENTIALS", "state": "active",
        "accessTokenValiditySeconds": 600, "registeredRedirectUri": ["https://shop.example.test/cb"],
        "scope": ["users", "users:readonly"], "roleDivisions": [role], "dateToDelete": "2030-01-01T00:00:00Z",
    });
    let with = |more: Value| {
        let mut body = whole.clone();
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let made = held.ask("POST", CLIENTS, CLIENTS, whole.clone(), 200).await.json();
    for wrong in [
        json!({ "name": null }),
        json!({ "authorizedGrantType": null }),
        json!({ "authorizedGrantType": "PASSWORD" }),
        json!({ "authorizedGrantType": "TOKEN", "scope": [] }),
        json!({ "roleDivisions": [] }),
        json!({ "roleDivisions": [{ "roleId": "x", "divisionId": "*" }] }),
        json!({ "state": "deleted" }),
        json!({ "accessTokenValiditySeconds": 1 }),
        json!({ "scope": ["nothing"] }),
        json!({ "scope": 1 }),
    ] {
        held.ask("POST", CLIENTS, CLIENTS, with(wrong.clone()), 400).await;
        held.ask("PUT", "/api/v2/oauth/clients/emulator-guest-client", CLIENT, with(wrong), 400).await;
    }
    held.ask("POST", CLIENTS, CLIENTS, with(json!({ "state": "inactive" })), 400).await;
    let path = format!("{CLIENTS}/{}", made["id"].as_str().unwrap());
    held.get(&path, CLIENT, 200).await;
    held.get(CLIENTS, CLIENTS, 200).await;
    held.get(&format!("{CLIENTS}?pageSize=1&pageNumber=3"), CLIENTS, 200).await;
    held.get(&format!("{CLIENTS}?pageSize=x"), CLIENTS, 400).await;
    held.ask("POST", &format!("{path}/secret"), "/api/v2/oauth/clients/{clientId}/secret", Value::Null, 200)
        .await;
    held.ask(
        "POST",
        &format!("{CLIENTS}/x/secret"),
        "/api/v2/oauth/clients/{clientId}/secret",
        Value::Null,
        404,
    )
    .await;
    held.ask("DELETE", &path, CLIENT, Value::Null, 400).await;
    held.ask("PUT", &path, CLIENT, with(json!({ "state": "inactive" })), 200).await;
    held.ask("DELETE", &path, CLIENT, Value::Null, 204).await;
    held.ask("DELETE", &path, CLIENT, Value::Null, 404).await;
    held.ask("PUT", &path, CLIENT, whole.clone(), 404).await;
    held.get(&path, CLIENT, 404).await;
    held.ask("POST", CLIENTS, CLIENTS, json!({ "name": "x".repeat(512_000) }), 413).await;
}

#[tokio::test]
async fn usage_scopes_and_authorizations_answer_as_published() {
    let Some(held) = Held::start().await else { return };
    crate::login::tokens(&held.emulator).await;
    let usage = "/api/v2/oauth/clients/emulator-client/usage";
    let [query, summary, results] = ["query", "summary", "query/results/{executionId}"]
        .map(|rest| format!("/api/v2/oauth/clients/{{clientId}}/usage/{rest}"));
    let executed = held.get(&format!("{usage}/summary"), &summary, 200).await;
    held.get(executed["resultsUri"].as_str().unwrap(), &results, 200).await;
    held.get(&format!("{usage}/summary?days=x"), &summary, 400).await;
    held.get("/api/v2/oauth/clients/x/usage/summary", &summary, 404).await;
    let asked = json!({
        "interval": "2026-01-01T00:00:00.000Z/2026-02-01T00:00:00.000Z", "granularity": "Week", "metrics": ["Status200", "Requests"],
        "groupBy": ["OAuthClientId", "OrganizationId", "TemplateUri", "HttpMethod"],
    });
    let executed = held.ask("POST", &format!("{usage}/query"), &query, asked, 200).await.json();
    let found = held.get(executed["resultsUri"].as_str().unwrap(), &results, 200).await;
    assert!(!found["results"].as_array().unwrap().is_empty());
    held.ask("POST", &format!("{usage}/query"), &query, json!({}), 400).await;
    held.get(&format!("{usage}/query/results/x"), &results, 404).await;

    held.get("/api/v2/oauth/scopes", "/api/v2/oauth/scopes", 200).await;
    held.get("/api/v2/oauth/scopes/users", "/api/v2/oauth/scopes/{scopeId}", 200).await;
    held.get("/api/v2/oauth/scopes/x", "/api/v2/oauth/scopes/{scopeId}", 404).await;
    let list = "/api/v2/oauth/authorizations";
    let one = "/api/v2/oauth/authorizations/{clientId}";
    assert_eq!(held.get(list, list, 200).await["total"], 1);
    held.get(&format!("{list}/emulator-code-client"), one, 200).await;
    held.get(&format!("{list}/x"), one, 404).await;
}

#[tokio::test]
async fn roles_divisions_and_subjects_answer_as_published() {
    let Some(held) = Held::start().await else { return };
    held.get(ROLES, ROLES, 200).await;
    held.get(&format!("{ROLES}?sortBy=shoes"), ROLES, 400).await;
    held.get(&format!("{ROLES}?id={}", vec!["x"; 101].join(",")), ROLES, 400).await;
    let policy =
        json!({ "domain": "oauth", "entityName": "client", "actionSet": ["view"], "allowConditions": false });
    let role = json!({ "name": "Looks", "description": "d", "permissions": ["a:b:c"], "permissionPolicies": [policy] });
    held.ask("POST", ROLES, ROLES, role.clone(), 200).await;
    held.ask("POST", ROLES, ROLES, role, 400).await;
    held.ask("POST", ROLES, ROLES, json!({ "name": 1 }), 400).await;
    held.get(DIVISIONS, DIVISIONS, 200).await;
    held.get(&format!("{DIVISIONS}?pageNumber=0"), DIVISIONS, 400).await;
    let division = json!({ "name": "Sales", "description": "d" });
    held.ask("POST", DIVISIONS, DIVISIONS, division.clone(), 200).await;
    held.ask("POST", DIVISIONS, DIVISIONS, division, 409).await;
    held.ask("POST", DIVISIONS, DIVISIONS, json!({ "name": "", "description": "d" }), 400).await;
    held.ask("POST", DIVISIONS, DIVISIONS, json!({ "name": "x".repeat(300), "description": "d" }), 400).await;
    let permissions = "/api/v2/authorization/permissions";
    held.get(permissions, permissions, 200).await;
    held.get(&format!("{permissions}?queryType=x"), permissions, 400).await;
    held.get("/api/v2/authorization/products", "/api/v2/authorization/products", 200).await;
    let me = "/api/v2/authorization/subjects/me";
    assert!(!held.get(me, me, 200).await["grants"].as_array().unwrap().is_empty());
    let user = crate::login::tokens(&held.emulator).await;
    let answer = ask(&held.emulator, "GET", me, user["access_token"].as_str().unwrap()).await;
    assert_eq!(answer.status, 200);
    held.contract.check("GET", me, &answer);
}
