//! Members of queues, and the queues of a user.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{of_another_org, text};
use crate::agent::{AGENT, Desk};

async fn queue(desk: &Desk, name: &str) -> (String, String) {
    let made = desk.done("POST", "/api/v2/routing/queues", json!({ "name": name }), 200).await.json();
    (text(&made, "id").to_owned(), text(&made, "selfUri").to_owned())
}

#[tokio::test]
async fn users_come_into_queues_leave_them_and_say_whether_they_take_what_they_have() {
    let desk = Desk::start().await;
    let (id, path) = queue(&desk, "Support").await;
    let members = format!("{path}/members");
    desk.undescribed("POST", &members, json!([{ "id": AGENT }]), 204).await;
    desk.on_queue(true).await;
    assert_snapshot!(desk.undescribed("GET", &members, Value::Null, 200).await.text, @r#"{"entities":[{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent","user":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent","version":1,"selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb"},"ringNumber":1,"joined":true,"memberBy":"user","routingStatus":{"userId":"00000000-0000-4000-8000-0000000000bb","status":"IDLE","startTime":"2026-01-02T03:04:05.000Z"},"selfUri":"/api/v2/routing/queues/9b2e4404-c019-4333-8993-56ca46887799/members/00000000-0000-4000-8000-0000000000bb"}],"pageSize":25,"pageNumber":1,"total":1,"pageCount":1,"firstUri":"/api/v2/routing/queues/9b2e4404-c019-4333-8993-56ca46887799/members?pageSize=25&pageNumber=1","selfUri":"/api/v2/routing/queues/9b2e4404-c019-4333-8993-56ca46887799/members?pageSize=25&pageNumber=1","lastUri":"/api/v2/routing/queues/9b2e4404-c019-4333-8993-56ca46887799/members?pageSize=25&pageNumber=1"}"#);
    let known = desk.done("GET", &path, Value::Null, 200).await.json();
    assert_eq!([&known["memberCount"], &known["joinedMemberCount"]], [1, 1]);
    let queues = format!("/api/v2/users/{AGENT}/queues");
    let names = |page: Value| -> Vec<String> {
        let all = page["entities"].as_array().unwrap();
        all.iter().map(|one| format!("{} {}", text(one, "name"), one["joined"])).collect()
    };
    let all = desk.undescribed("GET", &queues, Value::Null, 200).await.json();
    assert_eq!(names(all), ["Chat Queue true", "Support true"]);
    let one =
        desk.undescribed("PATCH", &format!("{queues}/{id}"), json!({ "joined": false }), 200).await.json();
    assert_eq!([&one["name"], &one["joined"]], [&json!("Support"), &json!(false)]);
    assert_eq!(desk.done("GET", &path, Value::Null, 200).await.json()["joinedMemberCount"], 0);
    let left = desk.undescribed("GET", &format!("{queues}?joined=false"), Value::Null, 200).await.json();
    assert_eq!(names(left), ["Support false"]);
    let left = desk.undescribed("GET", &format!("{members}?joined=true"), Value::Null, 200).await.json();
    assert_eq!(left["total"], 0);
    let both = json!([{ "id": id, "joined": true }]);
    let all = desk.undescribed("PATCH", &queues, both, 200).await.json();
    assert_eq!(names(all), ["Chat Queue true", "Support true"]);
    desk.undescribed("DELETE", &format!("{members}/{AGENT}"), Value::Null, 204).await;
    desk.undescribed("DELETE", &format!("{members}/{AGENT}"), Value::Null, 404).await;
    desk.undescribed("POST", &members, json!([{ "id": AGENT }]), 204).await;
    desk.undescribed("POST", &format!("{members}?delete=true"), json!([{ "id": AGENT }]), 204).await;
    assert_eq!(desk.done("GET", &path, Value::Null, 200).await.json()["memberCount"], 0);
    desk.undescribed("POST", &members, json!([{ "id": AGENT }]), 204).await;
    desk.done("DELETE", &path, Value::Null, 200).await;
    let all = desk.undescribed("GET", &queues, Value::Null, 200).await.json();
    assert_eq!(names(all), ["Chat Queue true"]);
}

#[tokio::test]
async fn what_waits_in_a_queue_is_offered_to_a_member_as_soon_as_it_takes_what_it_has() {
    let desk = Desk::start().await;
    desk.on_queue(true).await;
    let all = desk.done("GET", "/api/v2/routing/queues", Value::Null, 200).await.json();
    let queue = text(&all["entities"][0], "id").to_owned();
    let joined = format!("/api/v2/users/{AGENT}/queues/{queue}");
    desk.undescribed("PATCH", &joined, json!({ "joined": false }), 200).await;
    let (_guest, id) = desk.guest().await;
    assert_eq!(desk.participant(&id, "agent").await, Value::Null);
    desk.undescribed("PATCH", &joined, json!({ "joined": true }), 200).await;
    assert_eq!(desk.participant(&id, "agent").await["user"]["id"], AGENT);
}

#[tokio::test]
async fn members_that_cannot_be_meant_are_refused() {
    let mut desk = Desk::start().await;
    let (id, path) = queue(&desk, "Support").await;
    let members = format!("{path}/members");
    for (method, path, body, status, code) in [
        ("GET", "/api/v2/routing/queues/x/members".to_owned(), Value::Null, 404, "resource.not.found"),
        ("POST", "/api/v2/routing/queues/x/members".to_owned(), json!([]), 404, "resource.not.found"),
        ("GET", format!("{members}?joined=x"), Value::Null, 400, "invalid.query.param.value"),
        ("GET", format!("{members}?pageSize=0"), Value::Null, 400, "invalid.query.param.value"),
        ("POST", format!("{members}?delete=x"), json!([]), 400, "invalid.query.param.value"),
        ("POST", members.clone(), json!({}), 400, "bad.request"),
        ("POST", members.clone(), json!([7]), 400, "bad.request"),
        ("POST", members.clone(), json!([{ "id": "nobody" }]), 400, "constraint.validation"),
        ("POST", members.clone(), json!(vec![json!({ "id": AGENT }); 101]), 400, "constraint.validation"),
        ("GET", "/api/v2/users/x/queues".to_owned(), Value::Null, 404, "resource.not.found"),
        ("PATCH", "/api/v2/users/x/queues".to_owned(), json!([]), 404, "resource.not.found"),
        ("PATCH", format!("/api/v2/users/{AGENT}/queues"), json!({}), 400, "bad.request"),
        (
            "PATCH",
            format!("/api/v2/users/{AGENT}/queues"),
            json!(vec![json!({ "id": id, "joined": true }); 101]),
            400,
            "constraint.validation",
        ),
        ("PATCH", format!("/api/v2/users/{AGENT}/queues"), json!([{ "id": id }]), 400, "bad.request"),
        (
            "PATCH",
            format!("/api/v2/users/{AGENT}/queues/x"),
            json!({ "joined": true }),
            404,
            "resource.not.found",
        ),
        (
            "PATCH",
            format!("/api/v2/users/{AGENT}/queues/{id}"),
            json!({ "joined": true }),
            404,
            "resource.not.found",
        ),
        ("PATCH", format!("/api/v2/users/{AGENT}/queues/{id}"), json!({ "joined": 1 }), 400, "bad.request"),
        ("PATCH", format!("/api/v2/users/{AGENT}/queues/{id}"), json!({}), 400, "bad.request"),
    ] {
        let answer = desk.undescribed(method, &path, body.clone(), status).await.json();
        assert_eq!(answer["code"], code, "{method} {path} {body}: {answer}");
    }
    // another parameter, though its name ends so
    desk.undescribed("GET", &format!("{members}?notjoined=x"), Value::Null, 200).await;
    desk.token = of_another_org(&desk).await;
    desk.undescribed("GET", &members, Value::Null, 404).await;
    desk.undescribed("GET", &format!("/api/v2/users/{AGENT}/queues"), Value::Null, 404).await;
}
