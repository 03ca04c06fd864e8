//! `/api/v2/users`: made, changed, listed, deleted.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{USERS, of_another_org, text};
use crate::agent::{AGENT, Desk};

#[tokio::test]
async fn a_user_is_made_changed_and_deleted_and_can_be_brought_back() {
    let desk = Desk::start().await;
    let made = json!({
        "name": "Ada", "email": "ada@example.test", "divisionId": desk.home().await, "department": "Sales",
        "title": "Agent", "password": "long enough",
        "addresses": [{ "address": "+1555", "mediaType": "PHONE", "type": "WORK", "extension": "7" }],
    });
    let made = desk.done("POST", USERS, made, 200).await;
    assert_snapshot!(made.text, @r#"{"id":"b516fe38-dc43-4f46-a20c-48625cc255b0","name":"Ada","division":{"id":"e3b75d5c-39cc-45e0-b40b-f170c324fa6e","name":"Home","selfUri":"/api/v2/authorization/divisions/e3b75d5c-39cc-45e0-b40b-f170c324fa6e"},"chat":{"jabberId":"b516fe38-dc43-4f46-a20c-48625cc255b0@emulated-org.orgspan.com"},"department":"Sales","email":"ada@example.test","primaryContactInfo":[{"address":"ada@example.test","mediaType":"EMAIL","type":"PRIMARY"}],"addresses":[{"address":"+1555","mediaType":"PHONE","type":"WORK","extension":"7"}],"state":"active","title":"Agent","username":"ada@example.test","images":[],"version":1,"acdAutoAnswer":false,"selfUri":"/api/v2/users/b516fe38-dc43-4f46-a20c-48625cc255b0"}"#);
    let made = made.json();
    let journal =
        desk.emulator.client.admin("GET", "/journal?method=POST&path=/api/v2/users", None).await.text;
    assert!(journal.contains("ada@example.test") && !journal.contains("long enough"), "{journal}");
    let path = text(&made, "selfUri").to_owned();
    let changed = json!({
        "version": 1, "name": "Ada Agent", "preferredName": "Ada", "username": "ada", "manager": AGENT,
        "chat": { "jabberId": "ada@chat.test" }, "profileSkills": ["patience"], "certifications": ["c"],
        "acdAutoAnswer": true, "employerInfo": { "officialName": "Ada A.", "employeeId": "7" },
        "biography": { "biography": "Born.", "hobbies": ["chess"] },
    });
    desk.emulator.advance("1s").await;
    let changed = desk.done("PATCH", &path, changed, 200).await;
    assert_snapshot!(changed.text, @r#"{"id":"b516fe38-dc43-4f46-a20c-48625cc255b0","name":"Ada Agent","division":{"id":"e3b75d5c-39cc-45e0-b40b-f170c324fa6e","name":"Home","selfUri":"/api/v2/authorization/divisions/e3b75d5c-39cc-45e0-b40b-f170c324fa6e"},"chat":{"jabberId":"ada@chat.test"},"department":"Sales","email":"ada@example.test","primaryContactInfo":[{"address":"ada@example.test","mediaType":"EMAIL","type":"PRIMARY"}],"addresses":[{"address":"+1555","mediaType":"PHONE","type":"WORK","extension":"7"}],"state":"active","title":"Agent","username":"ada","preferredName":"Ada","manager":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent","version":1,"selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb"},"images":[],"version":2,"acdAutoAnswer":true,"selfUri":"/api/v2/users/b516fe38-dc43-4f46-a20c-48625cc255b0"}"#);
    let with = desk
        .done(
            "GET",
            &format!("{path}?expand=profileSkills,certifications,employerInfo&expand=biography"),
            Value::Null,
            200,
        )
        .await
        .json();
    assert_eq!(with["biography"]["hobbies"], json!(["chess"]));
    assert_eq!([&with["profileSkills"], &with["certifications"]], [&json!(["patience"]), &json!(["c"])]);
    assert_eq!(with["employerInfo"], json!({ "officialName": "Ada A.", "employeeId": "7" }));

    assert_eq!(desk.done("DELETE", &path, Value::Null, 200).await.text, "{}");
    desk.done("DELETE", &path, Value::Null, 404).await;
    desk.done("GET", &path, Value::Null, 404).await;
    let deleted = desk.done("GET", &format!("{path}?state=deleted"), Value::Null, 200).await.json();
    assert_eq!([&deleted["state"], &deleted["version"]], [&json!("deleted"), &json!(3)]);
    let back = desk.done("PATCH", &path, json!({ "version": 3, "state": "active" }), 200).await.json();
    assert_eq!([&back["state"], &back["name"]], ["active", "Ada Agent"]);
    desk.done("GET", &format!("{path}?state=deleted"), Value::Null, 404).await;
}

#[tokio::test]
async fn two_who_change_the_same_version_do_not_overwrite_one_another() {
    let desk = Desk::start().await;
    let path = text(&desk.new_user("Ada").await, "selfUri").to_owned();
    desk.done("PATCH", &path, json!({ "version": 1, "title": "first" }), 200).await;
    let second = desk.done("PATCH", &path, json!({ "version": 1, "title": "second" }), 409).await.json();
    assert_eq!(second["code"], "general.conflict");
    assert_eq!(desk.emulator.last_refusal().await["rule"], "user.version");
    let is = desk.done("GET", &path, Value::Null, 200).await.json();
    assert_eq!([&is["title"], &is["version"]], [&json!("first"), &json!(2)]);
}

#[tokio::test]
async fn listings_page_sort_and_leave_out() {
    let desk = Desk::start().await;
    let (ada, bob) = (desk.new_user("Ada").await, desk.new_user("Bob").await);
    desk.done("PATCH", text(&bob, "selfUri"), json!({ "version": 1, "state": "inactive" }), 200).await;
    let eve = desk.new_user("Eve").await;
    desk.done("DELETE", text(&eve, "selfUri"), Value::Null, 200).await;
    let jabber = text(&ada["chat"], "jabberId");
    let mut said = String::new();
    for query in [
        String::new(),
        "?sortOrder=descending".to_owned(),
        "?state=inactive".to_owned(),
        "?state=deleted".to_owned(),
        "?state=any&sortOrder=ASC".to_owned(),
        format!("?id={},{AGENT}", text(&ada, "id")),
        format!("?id={AGENT}&id={}", text(&eve, "id")),
        format!("?jabberId={jabber}"),
        "?pageSize=1&pageNumber=2&state=any".to_owned(),
        "?pageSize=1&pageNumber=9".to_owned(),
    ] {
        let page = desk.done("GET", &format!("{USERS}{query}"), Value::Null, 200).await.json();
        let names: Vec<_> =
            page["entities"].as_array().unwrap().iter().map(|one| text(one, "name")).collect();
        let next = page["nextUri"].as_str().unwrap_or("-");
        let query = query.replace(text(&ada, "id"), "ADA").replace(text(&eve, "id"), "EVE");
        said += &format!("{query}: {names:?} of {} {} {next}\n", page["total"], page["pageCount"]);
    }
    assert_snapshot!(said, @r#"
    : ["Ada", "Emulated Agent"] of 2 1 -
    ?sortOrder=descending: ["Emulated Agent", "Ada"] of 2 1 -
    ?state=inactive: ["Bob"] of 1 1 -
    ?state=deleted: ["Eve"] of 1 1 -
    ?state=any&sortOrder=ASC: ["Ada", "Bob", "Emulated Agent", "Eve"] of 4 1 -
    ?id=ADA,00000000-0000-4000-8000-0000000000bb: ["Ada", "Emulated Agent"] of 2 1 -
    ?id=00000000-0000-4000-8000-0000000000bb&id=EVE: ["Emulated Agent"] of 1 1 -
    ?jabberId=ADA@emulated-org.orgspan.com: ["Ada"] of 1 1 -
    ?pageSize=1&pageNumber=2&state=any: ["Bob"] of 4 4 /api/v2/users?state=any&pageSize=1&pageNumber=3
    ?pageSize=1&pageNumber=9: [] of 2 2 -
    "#);
    let mut said = String::new();
    let ids = ["x"; 101].join(",");
    for query in [
        "?state=gone",
        "?sortOrder=up",
        "?sortBy=age",
        "?pageSize=0",
        "?pageSize=501",
        "?pageNumber=x",
        &format!("?id={ids}"),
    ] {
        let answer = desk.done("GET", &format!("{USERS}{query}"), Value::Null, 400).await.json();
        said += &format!("{} {} {}\n", query.replace(&ids, "x…"), answer["code"], answer["message"]);
    }
    assert_snapshot!(said, @r#"
    ?state=gone "invalid.query.param.value" "Value [gone] is not valid for its query parameter."
    ?sortOrder=up "invalid.query.param.value" "Value [up] is not valid for its query parameter."
    ?sortBy=age "invalid.query.param.value" "Value [age] is not valid for its query parameter."
    ?pageSize=0 "invalid.query.param.value" "Value [0] is not valid for its query parameter."
    ?pageSize=501 "invalid.query.param.value" "Value [501] is not valid for its query parameter."
    ?pageNumber=x "invalid.query.param.value" "Value [x] is not valid for its query parameter."
    ?id=x… "max.user.ids" "at most 100 ids may be given"
    "#);
    desk.done("GET", &format!("{}?state=inactive", text(&ada, "selfUri")), Value::Null, 400).await;
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused_by_its_name() {
    let desk = Desk::start().await;
    let home = desk.home().await;
    let long = "x".repeat(257);
    let good = json!({ "name": "Ada", "email": "ada@example.test", "divisionId": home });
    let with = |name: &str, value: Value| {
        let mut body = good.clone();
        body[name] = value;
        body.to_string()
    };
    let bodies = [
        String::new(),
        "[]".to_owned(),
        "{}".to_owned(),
        json!({ "name": "Ada" }).to_string(),
        json!({ "name": "Ada", "email": "a@b" }).to_string(),
        with("name", json!(7)),
        with("name", json!(" ")),
        with("name", json!(long)),
        with("email", json!(["a"])),
        with("email", json!("nobody")),
        with("email", json!("a b@c")),
        with("email", json!("agent@emulated.test")),
        with("divisionId", json!(1)),
        with("divisionId", json!("nowhere")),
        with("state", json!("asleep")),
        with("state", json!("deleted")),
        with("password", json!("short")),
        with("password", json!(12_345_678)),
        with("department", json!({})),
        with("title", json!(true)),
        with("addresses", json!({})),
        with("addresses", json!(["a"])),
        with("addresses", json!([{ "mediaType": "PIGEON" }])),
        with("addresses", json!([{ "type": "ELSEWHERE" }])),
        with("addresses", json!([{ "address": 1 }])),
    ];
    let bodies: Vec<_> = bodies.iter().map(String::as_str).collect();
    let said = desk.refused("POST", USERS, &bodies).await;
    assert_snapshot!(said.replace(&long, "xxx").replace(&home, "HOME"), @r#"
     400 "bad.request" "The body cannot be read: EOF while parsing a value at line 1 column 0"
    [] 400 "bad.request" "The body is not a JSON object"
    {} 400 "general.bad.request" "name is missing"
    {"name":"Ada"} 400 "general.bad.request" "email is missing"
    {"email":"a@b","name":"Ada"} 400 "general.bad.request" "divisionId is missing"
    {"divisionId":"HOME","email":"ada@example.test","name":7} 400 "bad.request" "name is not a text"
    {"divisionId":"HOME","email":"ada@example.test","name":" "} 400 "general.bad.request" "name is missing"
    {"divisionId":"HOME","email":"ada@example.test","name":"xxx"} 400 "general.bad.request" "name has more than 256 characters"
    {"divisionId":"HOME","email":["a"],"name":"Ada"} 400 "bad.request" "email is not a text"
    {"divisionId":"HOME","email":"nobody","name":"Ada"} 400 "general.bad.request" "email is not an address such as ada@example.test"
    {"divisionId":"HOME","email":"a b@c","name":"Ada"} 400 "general.bad.request" "email is not an address such as ada@example.test"
    {"divisionId":"HOME","email":"agent@emulated.test","name":"Ada"} 409 "general.conflict" "Another user signs in with agent@emulated.test"
    {"divisionId":1,"email":"ada@example.test","name":"Ada"} 400 "bad.request" "divisionId is not a text"
    {"divisionId":"nowhere","email":"ada@example.test","name":"Ada"} 400 "general.bad.request" "there is no division nowhere"
    {"divisionId":"HOME","email":"ada@example.test","name":"Ada","state":"asleep"} 400 "bad.request" "state is not one of active, inactive, deleted"
    {"divisionId":"HOME","email":"ada@example.test","name":"Ada","state":"deleted"} 400 "general.bad.request" "nobody is deleted from the start"
    {"divisionId":"HOME","email":"ada@example.test","name":"Ada","password":"short"} 400 "invalid.password" "A password has at least 8 characters"
    {"divisionId":"HOME","email":"ada@example.test","name":"Ada","password":12345678} 400 "bad.request" "password is not a text"
    {"department":{},"divisionId":"HOME","email":"ada@example.test","name":"Ada"} 400 "bad.request" "department is not a text"
    {"divisionId":"HOME","email":"ada@example.test","name":"Ada","title":true} 400 "bad.request" "title is not a text"
    {"addresses":{},"divisionId":"HOME","email":"ada@example.test","name":"Ada"} 400 "bad.request" "addresses is not a list of objects"
    {"addresses":["a"],"divisionId":"HOME","email":"ada@example.test","name":"Ada"} 400 "bad.request" "addresses is not a list of objects"
    {"addresses":[{"mediaType":"PIGEON"}],"divisionId":"HOME","email":"ada@example.test","name":"Ada"} 400 "bad.request" "addresses.0.mediaType is not one of PHONE, EMAIL, SMS"
    {"addresses":[{"type":"ELSEWHERE"}],"divisionId":"HOME","email":"ada@example.test","name":"Ada"} 400 "bad.request" "addresses.0.type is not one of PRIMARY, WORK, WORK2, WORK3, WORK4, HOME, MOBILE, MAIN, OTHER"
    {"addresses":[{"address":1}],"divisionId":"HOME","email":"ada@example.test","name":"Ada"} 400 "bad.request" "addresses.0.address is not a text"
    "#);
    let ada = desk.new_user("Ada").await;
    let bodies = [
        "{}",
        r#"{"version":"1"}"#,
        r#"{"version":1.5}"#,
        r#"{"version":1,"name":""}"#,
        r#"{"version":1,"email":"AGENT@emulated.test"}"#,
        r#"{"version":1,"username":"agent@emulated.test"}"#,
        r#"{"version":1,"username":1}"#,
        r#"{"version":1,"preferredName":1}"#,
        r#"{"version":1,"manager":1}"#,
        r#"{"version":1,"manager":"nobody"}"#,
        r#"{"version":1,"chat":"x"}"#,
        r#"{"version":1,"chat":{"jabberId":1}}"#,
        r#"{"version":1,"profileSkills":"x"}"#,
        r#"{"version":1,"certifications":[1]}"#,
        r#"{"version":1,"acdAutoAnswer":"yes"}"#,
        r#"{"version":1,"biography":[]}"#,
        r#"{"version":1,"biography":{"hobbies":"x"}}"#,
        r#"{"version":1,"employerInfo":{"officialName":1}}"#,
        r#"{"version":1,"state":1}"#,
    ];
    let said = desk.refused("PATCH", text(&ada, "selfUri"), &bodies).await;
    assert_snapshot!(said, @r#"
    {} 400 "general.bad.request" "version is missing"
    {"version":"1"} 400 "bad.request" "version is not a whole number"
    {"version":1.5} 400 "bad.request" "version is not a whole number"
    {"version":1,"name":""} 400 "general.bad.request" "name is blank"
    {"version":1,"email":"AGENT@emulated.test"} 409 "general.conflict" "Another user signs in with AGENT@emulated.test"
    {"version":1,"username":"agent@emulated.test"} 409 "general.conflict" "Another user signs in with agent@emulated.test"
    {"version":1,"username":1} 400 "bad.request" "username is not a text"
    {"version":1,"preferredName":1} 400 "bad.request" "preferredName is not a text"
    {"version":1,"manager":1} 400 "bad.request" "manager is not a text"
    {"version":1,"manager":"nobody"} 400 "general.bad.request" "there is no user nobody who could be the manager"
    {"version":1,"chat":"x"} 400 "bad.request" "chat is not an object"
    {"version":1,"chat":{"jabberId":1}} 400 "bad.request" "chat.jabberId is not a text"
    {"version":1,"profileSkills":"x"} 400 "bad.request" "profileSkills is not a list of texts"
    {"version":1,"certifications":[1]} 400 "bad.request" "certifications is not a list of texts"
    {"version":1,"acdAutoAnswer":"yes"} 400 "bad.request" "acdAutoAnswer is not true or false"
    {"version":1,"biography":[]} 400 "bad.request" "biography is not an object"
    {"version":1,"biography":{"hobbies":"x"}} 400 "bad.request" "biography.hobbies is not a list of texts"
    {"version":1,"employerInfo":{"officialName":1}} 400 "bad.request" "employerInfo.officialName is not a text"
    {"version":1,"state":1} 400 "bad.request" "state is not a text"
    "#);
    let own = json!({ "version": 1, "manager": ada["id"] });
    desk.done("PATCH", text(&ada, "selfUri"), own, 400).await;
    assert_eq!(desk.done("GET", text(&ada, "selfUri"), Value::Null, 200).await.json(), ada);
}

#[tokio::test]
async fn a_user_of_nobody_or_of_another_org_is_not_there() {
    let desk = Desk::start().await;
    let ada = desk.new_user("Ada").await;
    let foreign = of_another_org(&desk).await;
    for path in [format!("{USERS}/x"), text(&ada, "selfUri").to_owned()] {
        for (method, body) in [("GET", ""), ("PATCH", r#"{"version":1}"#), ("DELETE", "")] {
            let answer = desk.ask_as(&foreign, method, &path, body).await;
            assert_eq!((answer.status, &answer.json()["code"]), (404, &json!("general.resource.not.found")));
        }
    }
    let all = desk.ask_as(&foreign, "GET", &format!("{USERS}?id={}", text(&ada, "id")), "").await.json();
    assert_eq!(all["total"], 0);
}

#[tokio::test]
async fn a_snapshot_has_the_users_that_were_made_and_those_that_are_no_more() {
    let desk = Desk::start().await;
    let (ada, bob) = (desk.new_user("Ada").await, desk.new_user("Bob").await);
    desk.done("DELETE", text(&bob, "selfUri"), Value::Null, 200).await;
    desk.done("GET", "/api/v2/stations", Value::Null, 200).await;
    let state = desk.emulator.client.admin("GET", "/state", None).await.text;
    desk.done("DELETE", text(&ada, "selfUri"), Value::Null, 200).await;
    let state: Value = serde_json::from_str(&state).unwrap();
    let put = desk.emulator.client.admin("PUT", "/state", Some(&state)).await;
    assert!(put.status < 300, "{}", put.text);
    assert_eq!(desk.done("GET", text(&ada, "selfUri"), Value::Null, 200).await.json(), ada);
    desk.done("GET", &format!("{}?state=deleted", text(&bob, "selfUri")), Value::Null, 200).await;
}
