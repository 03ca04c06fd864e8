//! Roles that users are given.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{of_another_org, text};
use crate::agent::Desk;

const ROLES: &str = "/api/v2/authorization/roles";

async fn role(desk: &Desk, name: &str, permission: &str) -> String {
    let body = json!({ "name": name, "permissions": [permission] });
    text(&desk.done("POST", ROLES, body, 200).await.json(), "id").to_owned()
}

#[tokio::test]
async fn a_user_is_given_roles_and_may_what_they_grant() {
    let desk = Desk::start().await;
    let ada = desk.new_user("Ada").await;
    let path = format!("{}/roles", text(&ada, "selfUri"));
    let (one, other) =
        (role(&desk, "one", "routing:queue:view").await, role(&desk, "other", "routing:queue:add").await);
    assert_snapshot!(desk.undescribed("GET", &path, Value::Null, 200).await.text, @r#"{"roles":[],"unusedRoles":[],"permissions":[],"permissionPolicies":[]}"#);
    let given = desk.undescribed("PUT", &path, json!([one, other]), 200).await.text;
    assert_snapshot!(given.replace(&one, "ONE").replace(&other, "OTHER"), @r#"{"roles":[{"id":"ONE","name":"one"},{"id":"OTHER","name":"other"}],"unusedRoles":[],"permissions":["routing:queue:add","routing:queue:view"],"permissionPolicies":[{"domain":"routing","entityName":"queue","actionSet":["add","view"],"allowConditions":false}]}"#);
    let subject = format!("/api/v2/authorization/subjects/{}", text(&ada, "id"));
    let known = desk.undescribed("GET", &subject, Value::Null, 200).await.json();
    assert_eq!(known["grants"].as_array().unwrap().len(), 2);
    assert_eq!(known["selfUri"], ada["selfUri"]);
    desk.undescribed("PUT", &path, json!([other]), 200).await;
    let held = desk.undescribed("GET", &path, Value::Null, 200).await.json();
    assert_eq!(held["permissions"], json!(["routing:queue:add"]));
    let division = json!({ "name": "B", "description": "b" });
    let division = desk.done("POST", "/api/v2/authorization/divisions", division, 200).await.json();
    let given = json!({ "subjectIds": [ada["id"]], "divisionIds": [division["id"], "*"] });
    desk.undescribed("POST", &format!("{ROLES}/{one}"), given, 204).await;
    let known = desk.undescribed("GET", &subject, Value::Null, 200).await.json();
    let divisions = known["grants"].as_array().unwrap().iter().map(|grant| grant["division"]["name"].clone());
    assert_eq!(divisions.collect::<Vec<_>>(), [json!("Home"), json!("B"), Value::Null]);
    let client =
        desk.undescribed("GET", "/api/v2/authorization/subjects/emulator-client", Value::Null, 200).await;
    assert_eq!(client.json()["selfUri"], "/api/v2/oauth/clients/emulator-client");
}

#[tokio::test]
async fn roles_that_cannot_be_given_are_refused() {
    let mut desk = Desk::start().await;
    let ada = desk.new_user("Ada").await;
    let one = role(&desk, "one", "routing:queue:view").await;
    let (path, given) = (format!("{}/roles", text(&ada, "selfUri")), format!("{ROLES}/{one}"));
    let subjects = |users: Value, divisions: Value| json!({ "subjectIds": users, "divisionIds": divisions });
    for (method, path, body, status, code) in [
        ("GET", "/api/v2/users/x/roles", Value::Null, 404, "general.resource.not.found"),
        ("PUT", "/api/v2/users/x/roles", json!([]), 404, "general.resource.not.found"),
        ("PUT", &path, json!({}), 400, "bad.request"),
        ("PUT", &path, json!([1]), 400, "bad.request"),
        ("PUT", &path, json!(["nothing"]), 400, "general.bad.request"),
        ("POST", &given, json!({}), 400, "bad.request"),
        ("POST", &given, json!([]), 400, "bad.request"),
        ("POST", &given, subjects(json!("x"), json!([])), 400, "bad.request"),
        ("POST", &given, subjects(json!(["nobody"]), json!([])), 400, "general.bad.request"),
        ("POST", &given, subjects(json!([ada["id"]]), json!(["nowhere"])), 400, "general.bad.request"),
        ("POST", "/api/v2/authorization/roles/x", subjects(json!([]), json!([])), 404, "not.found"),
        ("GET", "/api/v2/authorization/subjects/x", Value::Null, 404, "not.found"),
    ] {
        let answer = desk.undescribed(method, path, body.clone(), status).await.json();
        assert_eq!(answer["code"], code, "{method} {path} {body}: {answer}");
    }
    // some of it can be given, and is not
    let bob = desk.new_user("Bob").await;
    let nowhere = subjects(json!([ada["id"], bob["id"]]), json!([desk.home().await, "nowhere"]));
    desk.undescribed("POST", &given, nowhere, 400).await;
    desk.undescribed("POST", &given, subjects(json!([ada["id"], "nobody"]), json!([desk.home().await])), 400)
        .await;
    let rights = desk.undescribed("GET", &path, Value::Null, 200).await.json();
    assert_eq!(rights["roles"], json!([]));
    desk.token = of_another_org(&desk).await;
    desk.undescribed("GET", &path, Value::Null, 404).await;
    let subject = format!("/api/v2/authorization/subjects/{}", text(&ada, "id"));
    desk.undescribed("GET", &subject, Value::Null, 404).await;
}

#[tokio::test]
async fn roles_are_changed_and_taken_away_and_that_holds_at_once() {
    let mut desk = Desk::start().await;
    let ada = desk.new_user("Ada").await;
    let held = format!("{}/roles", text(&ada, "selfUri"));
    let one = role(&desk, "one", "routing:queue:view").await;
    role(&desk, "other", "routing:queue:add").await;
    desk.undescribed("PUT", &held, json!([one]), 200).await;
    let path = format!("{ROLES}/{one}");
    let policy = json!([{ "domain": "oauth", "entityName": "client", "actionSet": ["view"] }]);
    let changed = json!({ "description": "d", "permissionPolicies": policy });
    let changed = desk.undescribed("PATCH", &path, changed, 200).await.json();
    assert_eq!([&changed["name"], &changed["description"]], ["one", "d"]);
    let rights = desk.undescribed("GET", &held, Value::Null, 200).await.json();
    assert_eq!(rights["permissions"], json!(["oauth:client:view"]));
    let put = desk.undescribed("PUT", &path, json!({ "name": "uno", "permissions": [] }), 200).await.json();
    assert_eq!([&put["name"], &put["permissions"]], [&json!("uno"), &json!([])]);
    let all = desk.done("GET", &format!("{ROLES}?defaultRoleId=admin"), Value::Null, 200).await.json();
    let of_every_org = text(&all["entities"][0], "selfUri");
    let nowhere = format!("{ROLES}/x");
    for (method, path, body, status, code) in [
        ("PUT", path.as_str(), json!({}), 400, "general.bad.request"),
        ("PUT", &path, json!({ "name": 7 }), 400, "bad.request"),
        ("PUT", &path, json!({ "name": "OTHER" }), 400, "general.bad.request"),
        ("PATCH", &path, json!([]), 400, "bad.request"),
        ("PATCH", &path, json!({ "description": 7 }), 400, "bad.request"),
        ("PATCH", &path, json!({ "permissions": "x" }), 400, "bad.request"),
        ("PATCH", &path, json!({ "permissions": ["a::b"] }), 400, "general.bad.request"),
        ("PATCH", &path, json!({ "permissionPolicies": [{}] }), 400, "general.bad.request"),
        ("PUT", &nowhere, json!({ "name": "x" }), 404, "not.found"),
        ("PATCH", &nowhere, json!({}), 404, "not.found"),
        ("DELETE", &nowhere, Value::Null, 404, "not.found"),
        ("DELETE", of_every_org, Value::Null, 400, "general.bad.request"),
    ] {
        let answer = desk.undescribed(method, path, body.clone(), status).await.json();
        assert_eq!(answer["code"], code, "{method} {path} {body}: {answer}");
    }
    let admin = desk.token.clone();
    desk.token = of_another_org(&desk).await;
    desk.undescribed("DELETE", &path, Value::Null, 404).await;
    desk.token = admin;
    desk.undescribed("DELETE", &path, Value::Null, 204).await;
    let rights = desk.undescribed("GET", &held, Value::Null, 200).await.json();
    assert_eq!(rights["roles"], json!([]));
}
