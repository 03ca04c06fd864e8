//! `/api/v2/authorization`: roles, divisions, permissions.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::oauth_clients::Admin;
use crate::login::{text, tokens};

const ROLES: &str = "/api/v2/authorization/roles";
const DIVISIONS: &str = "/api/v2/authorization/divisions";

fn names(listing: &Value) -> Vec<&str> {
    listing["entities"].as_array().unwrap().iter().map(|one| text(one, "name")).collect()
}

#[tokio::test]
async fn every_org_has_two_roles_and_others_can_be_made() {
    let admin = Admin::start().await;
    assert_snapshot!(admin.get(ROLES).await.text, @r#"{"entities":[{"id":"bad5dd1a-35b9-4f25-b289-cb26d46d35d4","name":"Employee","description":"May see the org and the people in it","defaultRoleId":"employee","permissions":["directory:organization:view","directory:user:view","presence:presenceDefinition:view"],"permissionPolicies":[{"domain":"directory","entityName":"organization","actionSet":["view"],"allowConditions":false},{"domain":"directory","entityName":"user","actionSet":["view"],"allowConditions":false},{"domain":"presence","entityName":"presenceDefinition","actionSet":["view"],"allowConditions":false}],"userCount":1,"roleNeedsUpdate":false,"base":false,"default":true,"selfUri":"/api/v2/authorization/roles/bad5dd1a-35b9-4f25-b289-cb26d46d35d4"},{"id":"ac25ca10-9c55-4326-929e-67d55a06f413","name":"Master Admin","description":"May everything","defaultRoleId":"admin","permissions":["*"],"permissionPolicies":[{"domain":"*","entityName":"*","actionSet":["*"],"allowConditions":false}],"userCount":1,"roleNeedsUpdate":false,"base":false,"default":true,"selfUri":"/api/v2/authorization/roles/ac25ca10-9c55-4326-929e-67d55a06f413"}],"pageSize":25,"pageNumber":1,"total":2,"pageCount":1,"firstUri":"/api/v2/authorization/roles?pageSize=25&pageNumber=1","selfUri":"/api/v2/authorization/roles?pageSize=25&pageNumber=1","lastUri":"/api/v2/authorization/roles?pageSize=25&pageNumber=1"}"#);
    let role = json!({
        "name": "Curator", "description": "Looks after contacts", "permissions": ["oauth:client:view"],
        "permissionPolicies": [{ "domain": "externalContacts", "entityName": "contact", "actionSet": ["view", "edit"] }],
    });
    let made = admin.ask("POST", ROLES, role).await;
    assert_snapshot!(made.text, @r#"{"id":"26108f3e-44be-4f57-aef8-e16c575fdb0a","name":"Curator","description":"Looks after contacts","permissions":["oauth:client:view","externalContacts:contact:view","externalContacts:contact:edit"],"permissionPolicies":[{"domain":"oauth","entityName":"client","actionSet":["view"],"allowConditions":false},{"domain":"externalContacts","entityName":"contact","actionSet":["view","edit"],"allowConditions":false}],"userCount":0,"roleNeedsUpdate":false,"base":false,"default":false,"selfUri":"/api/v2/authorization/roles/26108f3e-44be-4f57-aef8-e16c575fdb0a"}"#);
    let path = text(&made.json(), "selfUri").to_owned();
    assert_eq!(admin.get(&path).await.text, made.text);
    for (query, expected) in [
        ("name=cur", vec!["Curator"]),
        ("name=cur*", vec!["Curator"]),
        ("permission=externalContacts:contact:edit", vec!["Curator", "Master Admin"]),
        ("permission=oauth:client:delete", vec!["Master Admin"]),
        ("defaultRoleId=employee", vec!["Employee"]),
        ("sortBy=name&sortOrder=desc", vec!["Master Admin", "Employee", "Curator"]),
        (&format!("id={}", text(&made.json(), "id")), vec!["Curator"]),
        ("id=x,y", vec![]),
    ] {
        assert_eq!(names(&admin.get(&format!("{ROLES}?{query}")).await.json()), expected, "{query}");
    }
}

#[tokio::test]
async fn a_role_that_makes_no_sense_is_refused() {
    let admin = Admin::start().await;
    let policy = |more: Value| {
        let mut policy = json!({ "domain": "a", "entityName": "b", "actionSet": ["c"] });
        policy.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "name": "n", "permissionPolicies": [policy] })
    };
    let refused = async |body: Value| admin.refused("POST", ROLES, body).await;
    assert_snapshot!(refused(json!({})).await, @"400 general.bad.request name is missing");
    assert_snapshot!(refused(json!({ "name": "employee" })).await, @"400 general.bad.request a role is called employee already");
    assert_snapshot!(refused(json!({ "name": "n", "permissions": ["a"] })).await, @"400 general.bad.request a is not a permission; expected domain:entity:action");
    assert_snapshot!(refused(json!({ "name": "n", "permissions": "a:b:c" })).await, @"400 bad.request permissions is not a list of texts");
    assert_snapshot!(refused(policy(json!({ "domain": null }))).await, @"400 general.bad.request permissionPolicies.0.domain is missing");
    assert_snapshot!(refused(policy(json!({ "actionSet": [] }))).await, @"400 general.bad.request actionSet is missing");
    assert_snapshot!(refused(policy(json!({ "actionSet": [1] }))).await, @"400 bad.request permissionPolicies.0.actionSet is not a list of texts");
    assert_snapshot!(refused(policy(json!({ "resourceConditionNode": {} }))).await, @"400 general.bad.request conditions of permissions are not emulated");
    let ids = vec!["x"; 101].join(",");
    assert_snapshot!(admin.refused("GET", &format!("{ROLES}?id={ids}"), Value::Null).await, @"400 max.role.ids at most 100 ids may be given");
    assert_snapshot!(admin.refused("GET", &format!("{ROLES}/x"), Value::Null).await, @"404 not.found The requested resource was not found.");
}

#[tokio::test]
async fn there_is_a_home_division_and_others_can_be_made() {
    let admin = Admin::start().await;
    let home = admin.get(&format!("{DIVISIONS}/home")).await;
    assert_snapshot!(home.text, @r#"{"id":"e3b75d5c-39cc-45e0-b40b-f170c324fa6e","name":"Home","description":"","homeDivision":true,"selfUri":"/api/v2/authorization/divisions/e3b75d5c-39cc-45e0-b40b-f170c324fa6e"}"#);
    let made = admin.ask("POST", DIVISIONS, json!({ "name": "Sales", "description": "Who sells" })).await;
    assert_snapshot!(made.text, @r#"{"id":"ead1fd41-cdde-4c27-881f-b2ca9145764c","name":"Sales","description":"Who sells","homeDivision":false,"selfUri":"/api/v2/authorization/divisions/ead1fd41-cdde-4c27-881f-b2ca9145764c"}"#);
    let all = admin.get(DIVISIONS).await.json();
    assert_eq!(names(&all), ["Home", "Sales"]);
    assert_eq!(names(&admin.get(&format!("{DIVISIONS}?name=sal")).await.json()), ["Sales"]);
    let id = text(&home.json(), "id").to_owned();
    assert_eq!(names(&admin.get(&format!("{DIVISIONS}?id={id}&id=x")).await.json()), ["Home"]);
    assert_eq!(
        names(&admin.get(&format!("{DIVISIONS}?sortBy=name&sortOrder=desc")).await.json()),
        ["Sales", "Home"]
    );
    assert_eq!(admin.get(&format!("{DIVISIONS}/{id}")).await.text, home.text);
    let refused = async |body: Value| admin.refused("POST", DIVISIONS, body).await;
    assert_snapshot!(refused(json!({ "name": " ", "description": "" })).await, @"400 division.name.invalid a division needs a name");
    assert_snapshot!(refused(json!({ "name": "x".repeat(257), "description": "" })).await, @"400 max.length.exceeded the name of a division has at most 256 characters");
    assert_snapshot!(refused(json!({ "name": "SALES", "description": "" })).await, @"409 resource.already.exists a division is called SALES already");
    assert_snapshot!(admin.refused("GET", &format!("{DIVISIONS}/x"), Value::Null).await, @"404 not.found The requested resource was not found.");
    for n in 2..50 {
        let made = admin.ask("POST", DIVISIONS, json!({ "name": format!("d{n}"), "description": "" })).await;
        assert_eq!(made.status, 200, "{}", made.text);
    }
    assert_snapshot!(refused(json!({ "name": "one more", "description": "" })).await, @"400 max.scopes.exceeded there are 50 divisions, which is the most there can be");
}

#[tokio::test]
async fn a_division_takes_both_of_its_permissions() {
    let emulator = crate::support::TestEmulator::yaml(
        "name: p\nworld: { orgs: [{ clients: { half: { id: half, secret: s, permissions: ['authorization:division:add'] } } }] }",
    )
    .await;
    let token = emulator.token("half", "s").await;
    let answer =
        emulator.client.post(DIVISIONS, Some(&token), &json!({ "name": "n", "description": "" })).await;
    let told = answer.json();
    assert_snapshot!(json!([told["code"], told["message"], emulator.last_refusal().await]), @r#"["missing.permissions","Unable to perform the requested action. You are missing the following permission(s): [authorization:grant:add]",{"expected":"authorization:division:add and authorization:grant:add","reason":"Client half has no permission authorization:grant:add","rule":"permission.missing","seen":"authorization:division:add"}]"#);
    emulator
        .fault(json!({ "effect": { "deny_permission": { "permission": "authorization:division:add" } } }))
        .await;
    let denied =
        emulator.client.post(DIVISIONS, Some(&token), &json!({ "name": "n", "description": "" })).await;
    assert_eq!(denied.json()["code"], "missing.permissions");
}

#[tokio::test]
async fn permissions_are_those_that_something_asks_for() {
    let admin = Admin::start().await;
    let all = admin.get("/api/v2/authorization/permissions").await.json();
    let domains: Vec<_> = all["entities"].as_array().unwrap().iter().map(|one| text(one, "domain")).collect();
    assert_snapshot!(format!("{domains:?}"), @r#"["authentication", "authorization", "bridge", "conversation", "directory", "externalContacts", "integrations", "messaging", "oauth", "presence", "relate", "routing", "telephony", "usage", "webDeployments", "webchat"]"#);
    let one =
        admin.get("/api/v2/authorization/permissions?queryType=permission&query=client:del").await.json();
    assert_snapshot!(one["entities"], @r#"[{"domain":"oauth","permissionMap":{"client":[{"action":"delete","allowsConditions":false,"divisionAware":false,"domain":"oauth","entityType":"client","label":"oauth > client > delete"}]}}]"#);
    let refused = admin.refused("GET", "/api/v2/authorization/permissions?queryType=shoe", Value::Null).await;
    assert!(refused.starts_with("400 invalid.query.param.value"), "{refused}");
}

#[tokio::test]
async fn the_caller_sees_its_roles_whoever_it_is() {
    let admin = Admin::start().await;
    assert_snapshot!(admin.get("/api/v2/authorization/subjects/me").await.text, @r#"{"id":"emulator-client","name":"Everything","grants":[{"subjectId":"emulator-client","division":{"id":"e3b75d5c-39cc-45e0-b40b-f170c324fa6e","name":"Home","description":"","homeDivision":true,"selfUri":"/api/v2/authorization/divisions/e3b75d5c-39cc-45e0-b40b-f170c324fa6e"},"role":{"id":"ac25ca10-9c55-4326-929e-67d55a06f413","name":"Master Admin","description":"May everything","policies":[{"actions":["*"],"domain":"*","entityName":"*"}],"default":true,"selfUri":"/api/v2/authorization/roles/ac25ca10-9c55-4326-929e-67d55a06f413"}}],"version":1,"selfUri":"/api/v2/oauth/clients/emulator-client"}"#);
    let user = text(&tokens(&admin.emulator).await, "access_token").to_owned();
    let me = admin.emulator.client.get("/api/v2/authorization/subjects/me", Some(&user)).await.json();
    let roles: Vec<_> =
        me["grants"].as_array().unwrap().iter().map(|one| text(&one["role"], "name")).collect();
    assert_eq!((text(&me, "name"), roles), ("Emulated Agent", vec!["Master Admin", "Employee"]));
    assert_snapshot!(admin.get("/api/v2/authorization/products").await.text, @r#"{"entities":[{"id":"engage3"}],"pageSize":1,"pageNumber":1,"total":1,"pageCount":1}"#);
}
