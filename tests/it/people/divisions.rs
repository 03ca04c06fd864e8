//! Who holds a role within one division does nothing in another one.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{USERS, of_another_org, text};
use crate::{agent::Desk, login::sign_in};

const QUEUES: &str = "/api/v2/routing/queues";
const DIVISIONS: &str = "/api/v2/authorization/divisions";

/// An administrator's desk, another division, and Ada, who may all with queues and users within that.
async fn world() -> (Desk, String, Value) {
    let desk = Desk::start().await;
    let body = json!({ "name": "B", "description": "b" });
    let other = desk.done("POST", DIVISIONS, body, 200).await.json();
    let ada = desk.new_user("Ada").await;
    let role = json!({ "name": "all of B", "permissions": ["routing:*", "directory:*"] });
    let role = desk.done("POST", "/api/v2/authorization/roles", role, 200).await.json();
    let given = json!({ "subjectIds": [ada["id"]], "divisionIds": [other["id"]] });
    desk.undescribed("POST", text(&role, "selfUri"), given, 204).await;
    (desk, text(&other, "id").to_owned(), ada)
}

async fn queue(desk: &Desk, name: &str, division: &str) -> Value {
    let body = json!({ "name": name, "division": { "id": division } });
    desk.done("POST", QUEUES, body, 200).await.json()
}

#[tokio::test]
async fn queues_of_another_division_are_neither_seen_nor_changed() {
    let (mut desk, other, _) = world().await;
    let home = desk.home().await;
    let (here, there) = (queue(&desk, "here", &home).await, queue(&desk, "there", &other).await);
    assert_eq!(there["division"]["name"], "B");
    let by_division =
        desk.done("GET", &format!("{QUEUES}?divisionId={other}"), Value::Null, 200).await.json();
    assert_eq!([&by_division["total"], &by_division["entities"][0]["name"]], [&json!(1), &json!("there")]);
    desk.token = sign_in(&desk.emulator, "ada@example.test").await;
    let seen = desk.done("GET", QUEUES, Value::Null, 200).await.json();
    assert_eq!([&seen["total"], &seen["entities"][0]["name"]], [&json!(1), &json!("there")]);
    let (near, far) = (text(&there, "selfUri"), text(&here, "selfUri"));
    let members = |path: &str| format!("{path}/members");
    for (method, rest, body) in [("GET", "", Value::Null), ("PUT", "", json!({ "name": "changed" }))] {
        let (near, far) = (format!("{near}{rest}"), format!("{far}{rest}"));
        desk.done(method, &near, body.clone(), 200).await;
        let refused = desk.done(method, &far, body, 403).await.json();
        assert_eq!(refused["code"], "missing.division.permission");
    }
    let rule = desk.emulator.last_refusal().await;
    assert_snapshot!(rule, @r#"{"expected":"routing:queue:edit","reason":"The permission does not hold within division Home","rule":"permission.division"}"#);
    desk.undescribed("POST", &members(near), json!([]), 204).await;
    desk.undescribed("POST", &members(far), json!([]), 403).await;
    desk.undescribed("GET", &members(far), Value::Null, 403).await;
    desk.undescribed("DELETE", &format!("{}/x", members(far)), Value::Null, 403).await;
    for (division, status) in [(Some(&other), 200), (Some(&home), 403), (None, 403)] {
        let body = json!({ "name": format!("new {status} {}", division.is_some()), "division": division.map(|id| json!({ "id": id })) });
        desk.done("POST", QUEUES, body, status).await;
    }
    // it cannot be given away either
    desk.done("PUT", near, json!({ "name": "there", "division": { "id": home } }), 403).await;
    desk.done("DELETE", far, Value::Null, 403).await;
    desk.done("DELETE", near, Value::Null, 200).await;
    desk.token = desk.emulator.token("emulator-client", "emulator-secret").await;
    desk.done("POST", QUEUES, json!({ "name": "x", "division": { "id": "nowhere" } }), 400).await;
    desk.done("POST", QUEUES, json!({ "name": "x", "division": 7 }), 400).await;
}

#[tokio::test]
async fn users_of_another_division_are_not_changed() {
    let (mut desk, other, ada) = world().await;
    let home = desk.home().await;
    let new = |name: &str, division: &str| json!({ "name": name, "email": format!("{name}@example.test"), "divisionId": division });
    let bob = desk.done("POST", USERS, new("bob", &other), 200).await.json();
    let eve = desk.done("POST", USERS, new("eve", &home), 200).await.json();
    desk.token = sign_in(&desk.emulator, "ada@example.test").await;
    desk.done("PATCH", text(&bob, "selfUri"), json!({ "version": 1, "title": "t" }), 200).await;
    let given_away = json!({ "version": 2, "divisionId": home });
    desk.done("PATCH", text(&bob, "selfUri"), given_away, 403).await;
    for (method, body) in [("PATCH", json!({ "version": 1, "title": "t" })), ("DELETE", Value::Null)] {
        let refused = desk.done(method, text(&eve, "selfUri"), body, 403).await.json();
        assert_eq!(refused["code"], "missing.division.permission");
    }
    desk.done("POST", USERS, new("kim", &home), 403).await;
    desk.done("POST", USERS, new("kim", &other), 200).await;
    desk.done("DELETE", text(&bob, "selfUri"), Value::Null, 200).await;
    // nothing is asked for to see users
    desk.done("GET", text(&ada, "selfUri"), Value::Null, 200).await;
}

#[tokio::test]
async fn divisions_are_renamed_and_taken_away_and_tell_where_somebody_may_what() {
    let (mut desk, other, ada) = world().await;
    let path = format!("{DIVISIONS}/{other}");
    let admin = desk.token.clone();
    let permitted = |permission: &str, rest: &str| {
        format!("/api/v2/authorization/divisionspermitted{rest}/me?permission={permission}")
    };
    let all = desk.undescribed("GET", &permitted("routing:queue:view", ""), Value::Null, 200).await.json();
    assert_eq!(all.as_array().unwrap().len(), 2);
    let page =
        desk.undescribed("GET", &permitted("x:y:z&pageSize=1", "/paged"), Value::Null, 200).await.json();
    assert_eq!([&page["total"], &page["entities"][0]["name"]], [&json!(2), &json!("Home")]);
    let named = desk.undescribed("GET", &permitted("x:y:z&name=b", ""), Value::Null, 200).await.json();
    assert_eq!(named[0]["name"], "B");
    desk.token = sign_in(&desk.emulator, "ada@example.test").await;
    let own =
        desk.undescribed("GET", &permitted("routing:queue:view", "/paged"), Value::Null, 200).await.json();
    assert_eq!([&own["total"], &own["entities"][0]["name"]], [&json!(1), &json!("B")]);
    let none = desk.undescribed("GET", &permitted("oauth:client:view", ""), Value::Null, 200).await.json();
    assert_eq!(none, json!([]));
    desk.token = admin;
    let renamed =
        desk.undescribed("PUT", &path, json!({ "name": "C", "description": "c" }), 200).await.json();
    assert_eq!([&renamed["name"], &renamed["description"]], ["C", "c"]);
    queue(&desk, "there", &other).await;
    let home = format!("{DIVISIONS}/{}", desk.home().await);
    let long = "x".repeat(257);
    for (method, path, body, status, code) in [
        ("GET", permitted("", ""), Value::Null, 400, "missing.permission.param"),
        ("GET", permitted("x&pageSize=0", "/paged"), Value::Null, 400, "invalid.query.param.value"),
        ("PUT", path.clone(), json!([]), 400, "bad.request"),
        ("PUT", path.clone(), json!({ "name": 7 }), 400, "bad.request"),
        ("PUT", path.clone(), json!({ "name": " " }), 400, "division.name.invalid"),
        ("PUT", path.clone(), json!({ "name": "home" }), 400, "division.name.invalid"),
        ("PUT", path.clone(), json!({ "name": long }), 400, "max.length.exceeded"),
        ("PUT", path.clone(), json!({ "description": 7 }), 400, "bad.request"),
        ("PUT", format!("{DIVISIONS}/x"), json!({ "name": "x" }), 404, "not.found"),
        ("DELETE", format!("{DIVISIONS}/x"), Value::Null, 404, "not.found"),
        ("DELETE", home, Value::Null, 400, "precondition.failure"),
        ("DELETE", path.clone(), Value::Null, 400, "precondition.failure"),
        ("DELETE", format!("{path}?force=perhaps"), Value::Null, 400, "invalid.query.param.value"),
    ] {
        let answer = desk.undescribed(method, &path, body.clone(), status).await.json();
        assert_eq!(answer["code"], code, "{method} {path} {body}: {answer}");
    }
    desk.undescribed("DELETE", &format!("{path}?force=true"), Value::Null, 204).await;
    let queues = desk.done("GET", &format!("{QUEUES}?name=there"), Value::Null, 200).await.json();
    assert_eq!(queues["entities"][0]["division"]["name"], "Home");
    let roles =
        desk.undescribed("GET", &format!("{}/roles", text(&ada, "selfUri")), Value::Null, 200).await.json();
    assert_eq!(roles["roles"], json!([]));
    desk.token = of_another_org(&desk).await;
    desk.undescribed("PUT", &path, json!({ "name": "x" }), 404).await;
}

#[tokio::test]
async fn whoever_makes_a_division_may_there_what_it_may_at_home() {
    let desk = Desk::of_agent().await;
    let body = json!({ "name": "C", "description": "c" });
    let made = desk.done("POST", DIVISIONS, body, 200).await.json();
    let made = queue(&desk, "there", text(&made, "id")).await;
    desk.done("GET", text(&made, "selfUri"), Value::Null, 200).await;
    let me = desk.undescribed("GET", "/api/v2/authorization/subjects/me", Value::Null, 200).await.json();
    let grants = me["grants"].as_array().unwrap().iter();
    let grants: Vec<_> = grants
        .map(|one| format!("{} {}", text(&one["role"], "name"), text(&one["division"], "name")))
        .collect();
    assert_eq!(grants, ["Master Admin Home", "Employee Home", "Master Admin C"]);
}

#[tokio::test]
async fn what_is_taken_away_is_taken_from_applications_and_from_users_who_come_back_too() {
    let (desk, other, ada) = world().await;
    let (path, roles) = (text(&ada, "selfUri"), format!("{}/roles", text(&ada, "selfUri")));
    let queue = queue(&desk, "there", &other).await;
    desk.undescribed(
        "POST",
        &format!("{}/members", text(&queue, "selfUri")),
        json!([{ "id": ada["id"] }]),
        204,
    )
    .await;
    let role = json!({ "name": "one", "permissions": ["routing:*"] });
    let role = desk.done("POST", "/api/v2/authorization/roles", role, 200).await.json();
    let given = json!({ "subjectIds": [ada["id"]], "divisionIds": [desk.home().await] });
    desk.undescribed("POST", text(&role, "selfUri"), given, 204).await;
    desk.done("PATCH", path, json!({ "version": 1, "state": "inactive" }), 200).await;
    let subject = "/api/v2/authorization/subjects/emulator-client";
    let client = desk.undescribed("GET", subject, Value::Null, 200).await.text;
    assert!(client.contains(&other), "whoever made it holds it: {client}");
    desk.undescribed("DELETE", text(&role, "selfUri"), Value::Null, 204).await;
    desk.done("DELETE", text(&queue, "selfUri"), Value::Null, 200).await;
    desk.undescribed("DELETE", &format!("{DIVISIONS}/{other}?force=true"), Value::Null, 204).await;
    let client = desk.undescribed("GET", subject, Value::Null, 200).await.text;
    assert!(!client.contains(&other), "{client}");
    let state = desk.emulator.client.admin("GET", "/state", None).await.text;
    let former = state.split_once("\"formerUsers\":").unwrap().1.split_once("\"stations\":").unwrap().0;
    assert!(former.contains(text(&ada, "id")), "{former}");
    for gone in [other.as_str(), text(&role, "id"), text(&queue, "id")] {
        assert!(!former.contains(gone), "{gone}: {former}");
    }
    desk.done("PATCH", path, json!({ "version": 2, "state": "active" }), 200).await;
    let held = desk.undescribed("GET", &roles, Value::Null, 200).await.json();
    assert_eq!(held["roles"], json!([]));
}
