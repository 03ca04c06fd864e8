//! What guests do in their chats.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Guest, OURS, under_way};
use crate::{agent::Desk, support::Answer};

/// Status and code of an answer.
fn told(answer: &Answer) -> String {
    match answer.text.is_empty() {
        true => answer.status.to_string(),
        false => format!("{} {}", answer.status, answer.json()["code"].as_str().unwrap_or("ok")),
    }
}

#[tokio::test]
async fn members_are_listed_with_those_that_have_left() {
    let desk = Desk::of_agent().await;
    let (guest, ..) = under_way(&desk).await;
    let all =
        guest.done(&desk, "GET", &guest.at("/members?pageSize=25&pageNumber=1"), Value::Null, 200).await;
    assert_snapshot!(all.text, @r#"{"entities":[{"id":"ed7ff795-2e60-4455-8b64-884efa8d1d78","displayName":"Jo Guest","role":"CUSTOMER","joinDate":"2026-01-02T03:04:05.000Z","authenticatedGuest":false,"state":"CONNECTED"},{"id":"d0eccfc2-fb26-4be9-b7b0-6e5d4afc1da0","displayName":"Chat Queue","role":"ACD","joinDate":"2026-01-02T03:04:05.000Z","leaveDate":"2026-01-02T03:04:05.000Z","authenticatedGuest":false,"state":"DISCONNECTED"},{"id":"15b42702-758a-47af-bf9c-fc7926e7c25d","displayName":"Emulated Agent","role":"AGENT","joinDate":"2026-01-02T03:04:05.000Z","authenticatedGuest":false,"state":"CONNECTED"}],"pageSize":25,"pageNumber":1,"total":3,"pageCount":1,"firstUri":"/api/v2/webchat/guest/conversations/550e92db-f803-4b12-9084-d6a6b564f252/members?pageSize=25&pageNumber=1","selfUri":"/api/v2/webchat/guest/conversations/550e92db-f803-4b12-9084-d6a6b564f252/members?pageSize=25&pageNumber=1","lastUri":"/api/v2/webchat/guest/conversations/550e92db-f803-4b12-9084-d6a6b564f252/members?pageSize=25&pageNumber=1"}"#);
    // as clients ask that send the names of all parameters
    let query = "/members?pageSize=&pageNumber=&excludeDisconnectedMembers=";
    assert_eq!(guest.done(&desk, "GET", &guest.at(query), Value::Null, 200).await.json()["total"], 3);
    let there = guest.at("/members?excludeDisconnectedMembers=true&pageSize=1");
    let there = guest.done(&desk, "GET", &there, Value::Null, 200).await.json();
    assert_eq!((&there["total"], &there["pageCount"]), (&json!(2), &json!(2)));
    let one = guest.done(&desk, "GET", &guest.own(""), Value::Null, 200).await.json();
    assert_eq!(one, all.json()["entities"][0]);
    for query in ["pageSize=x", "pageNumber=0", "excludeDisconnectedMembers=7"] {
        guest.done(&desk, "GET", &guest.at(&format!("/members?{query}")), Value::Null, 400).await;
    }
    let gone = guest.done(&desk, "GET", &guest.at("/members/nobody"), Value::Null, 404).await;
    assert_eq!(gone.json()["code"], "chat.error.not.found");
}

#[tokio::test]
async fn lines_are_read_from_either_end_by_cursor() {
    let desk = Desk::start().await;
    let guest = Guest::comes(&desk).await;
    let mut ids = Vec::new();
    for words in ["one", "two", "three", "four", "five"] {
        ids.push(guest.says(&desk, words).await["id"].as_str().unwrap().to_owned());
    }
    let read = async |query: &str| {
        let answer =
            guest.done(&desk, "GET", &guest.at(&format!("/messages?{query}")), Value::Null, 200).await.json();
        let lines: Vec<_> = answer["entities"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["body"].as_str().unwrap().to_owned())
            .collect();
        let link = |name: &str| {
            answer[name].as_str().map_or("-".to_owned(), |uri| {
                let query = uri.split_once('?').unwrap().1;
                ids.iter()
                    .enumerate()
                    .fold(query.to_owned(), |query, (nth, id)| query.replace(id, &format!("({})", nth + 1)))
            })
        };
        format!("{} | {} | {}", lines.join(" "), link("previousPage"), link("next"))
    };
    let said = [
        read("").await,
        read("after=&before=&sortOrder=ascending&maxResults=100").await,
        read("maxResults=2").await,
        read(&format!("maxResults=2&after={}", ids[1])).await,
        read(&format!("maxResults=2&before={}", ids[3])).await,
        read(&format!("after={}&before={}", ids[0], ids[4])).await,
        read("maxResults=2&sortOrder=descending").await,
        read(&format!("maxResults=2&sortOrder=descending&before={}", ids[3])).await,
        read(&format!("after={}&before={}", ids[4], ids[0])).await,
    ];
    assert_snapshot!(said.join("\n"), @"
    one two three four five | - | -
    one two three four five | - | -
    one two | - | maxResults=2&after=(2)
    three four | maxResults=2&before=(3) | maxResults=2&after=(4)
    two three | maxResults=2&before=(2) | maxResults=2&after=(3)
    two three four | before=(2) | after=(4)
    five four | - | maxResults=2&sortOrder=descending&before=(4)
    three two | maxResults=2&sortOrder=descending&after=(3) | maxResults=2&sortOrder=descending&before=(2)
     | - | -
    ");
    for query in ["maxResults=0", "maxResults=101", "sortOrder=up", "after=x", "before=x"] {
        let refused =
            guest.done(&desk, "GET", &guest.at(&format!("/messages?{query}")), Value::Null, 400).await;
        assert_eq!(refused.json()["code"], "invalid.query.param.value");
    }
    let one = guest.done(&desk, "GET", &guest.at(&format!("/messages/{}", ids[2])), Value::Null, 200).await;
    assert_snapshot!(one.text, @r#"{"id":"ed0ebc63-563d-41a7-baf1-f8a6beea6c38","conversation":{"id":"bb3d40c1-e6ec-494b-966d-0f9f32ffe0f3","selfUri":"/api/v2/webchat/guest/conversations/bb3d40c1-e6ec-494b-966d-0f9f32ffe0f3"},"sender":{"id":"a7de913d-6455-40ca-b41c-f6e582bfa3c0","displayName":"Jo Guest","role":"CUSTOMER","joinDate":"2026-01-02T03:04:05.000Z","authenticatedGuest":false,"state":"CONNECTED"},"body":"three","bodyType":"standard","timestamp":"2026-01-02T03:04:05.002Z","selfUri":"/api/v2/webchat/guest/conversations/bb3d40c1-e6ec-494b-966d-0f9f32ffe0f3/messages/ed0ebc63-563d-41a7-baf1-f8a6beea6c38"}"#);
    let gone = guest.done(&desk, "GET", &guest.at("/messages/x"), Value::Null, 404).await;
    assert_eq!(gone.json()["code"], "chat.error.not.found");
}

#[tokio::test]
async fn what_cannot_be_said_is_refused() {
    let desk = Desk::start().await;
    let guest = Guest::comes(&desk).await;
    let long = json!({ "body": "ü".repeat(4_001) }).to_string();
    let mut said = String::new();
    for body in [
        "",
        "null",
        "[]",
        "{}",
        r#"{"body":7}"#,
        r#"{"body":""}"#,
        r#"{"body":" "}"#,
        r#"{"body":"x","bodyType":7}"#,
        r#"{"body":"x","bodyType":"loud"}"#,
        r#"{"body":"x","bodyType":"member-join"}"#,
        r#"{"body":"x","bodyType":"media-request"}"#,
        &long,
    ] {
        let answer = desk.ask_as(&guest.jwt, "POST", &guest.own("/messages"), body).await;
        let text = answer.json();
        let shown = if body.len() > 100 { "(4001 characters)" } else { body };
        said += &format!("{shown} {} {} {}\n", answer.status, text["code"], text["message"]);
    }
    assert_snapshot!(said, @r#"
     400 "bad.request" "The body cannot be read: EOF while parsing a value at line 1 column 0"
    null 400 "bad.request" "The body is not a JSON object"
    [] 400 "bad.request" "The body is not a JSON object"
    {} 400 "chat.error.notnull.createconversationmessagerequest.body" "body is missing"
    {"body":7} 400 "bad.request" "body is not a text"
    {"body":""} 400 "chat.error.notnull.createconversationmessagerequest.body" "body is missing"
    {"body":" "} 200 null null
    {"body":"x","bodyType":7} 400 "bad.request" "bodyType is not a text"
    {"body":"x","bodyType":"loud"} 400 "chat.error.bad.request" "bodyType is none of standard, notice, member-join, member-leave and media-request"
    {"body":"x","bodyType":"member-join"} 400 "chat.error.bad.request" "guests say standard and notice"
    {"body":"x","bodyType":"media-request"} 400 "chat.error.bad.request" "guests say standard and notice"
    (4001 characters) 400 "chat.error.bad.request" "The text has 4001 characters, which are too many"
    "#);
    guest
        .done(
            &desk,
            "POST",
            &guest.own("/messages"),
            json!({ "body": "ü".repeat(4_000), "bodyType": "notice" }),
            200,
        )
        .await;
}

#[tokio::test]
async fn a_guest_speaks_for_itself_alone_and_only_while_it_is_there() {
    let desk = Desk::of_agent().await;
    let (guest, ..) = under_way(&desk).await;
    let agent = guest.other(&desk, "agent").await["id"].as_str().unwrap().to_owned();
    let words = json!({ "body": "hello" }).to_string();
    let calls = [("POST", "/messages", words.as_str()), ("POST", "/typing", ""), ("DELETE", "", "")];
    let mut said = String::new();
    for (method, rest, body) in calls {
        for member in [agent.as_str(), "nobody"] {
            let path = guest.at(&format!("/members/{member}{rest}"));
            said +=
                &format!("{method} {rest} {}\n", told(&desk.ask_as(&guest.jwt, method, &path, body).await));
        }
    }
    guest.done(&desk, "DELETE", &guest.own(""), Value::Null, 204).await;
    for (method, rest, body) in calls {
        said += &format!(
            "{method} {rest} {}\n",
            told(&desk.ask_as(&guest.jwt, method, &guest.own(rest), body).await)
        );
    }
    assert_snapshot!(said, @"
    POST /messages 403 not.authorized
    POST /messages 404 not.found
    POST /typing 403 not.authorized
    POST /typing 404 not.found
    DELETE  403 not.authorized
    DELETE  404 not.found
    POST /messages 400 chat.error.conversation.state
    POST /typing 400 chat.error.conversation.state
    DELETE  400 chat.error.conversation.state
    ");
    // what was said can still be read
    let lines = guest.done(&desk, "GET", &guest.at("/messages"), Value::Null, 200).await.json();
    assert_eq!(lines["entities"].as_array().unwrap().len(), 6, "{lines}");
    let there = guest.at("/members?excludeDisconnectedMembers=true");
    assert_eq!(guest.done(&desk, "GET", &there, Value::Null, 200).await.json()["total"], 0);
}

#[tokio::test]
async fn a_guest_is_asked_to_share_its_page_and_answers() {
    let desk = Desk::of_agent().await;
    let (guest, mut socket, _, communication) = under_way(&desk).await;
    assert_eq!(
        guest.done(&desk, "GET", &guest.at("/mediarequests"), Value::Null, 200).await.text,
        r#"{"entities":[]}"#
    );
    let say = format!("{OURS}/{}/communications/{communication}/messages", guest.id);
    desk.done("POST", &say, json!({ "body": "SCREENSHARE", "bodyType": "media-request" }), 200).await;
    let heard = super::until(&mut socket, "message", |_| true).await;
    assert_eq!(heard["eventBody"]["bodyType"], "media-request");
    let all = guest.done(&desk, "GET", &guest.at("/mediarequests"), Value::Null, 200).await;
    assert_snapshot!(all.text, @r#"{"entities":[{"id":"c30f42ff-2663-4aa5-8f6a-ea7f879e7291","types":["SCREENSHARE"],"state":"PENDING","communicationId":"7c7af64e-9cf2-4f6b-86a7-37c794fa30e3","selfUri":"/api/v2/webchat/guest/conversations/550e92db-f803-4b12-9084-d6a6b564f252/mediarequests/c30f42ff-2663-4aa5-8f6a-ea7f879e7291"}]}"#);
    let path = guest.at(&format!("/mediarequests/{}", heard["eventBody"]["id"].as_str().unwrap()));
    let mut said = String::new();
    for body in ["", "{}", r#"{"state":7}"#, r#"{"state":"MAYBE"}"#] {
        let answer = desk.ask_as(&guest.jwt, "PATCH", &path, body).await;
        said += &format!("{body} {} {}\n", told(&answer), answer.json()["message"]);
    }
    assert_snapshot!(said, @r#"
     400 bad.request "The body cannot be read: EOF while parsing a value at line 1 column 0"
    {} 400 constraint.validation "state is missing"
    {"state":7} 400 bad.request "state is not a text"
    {"state":"MAYBE"} 400 bad.request "state is not one of PENDING, ACCEPTED, DECLINED, TIMEDOUT, CANCELLED and ERRORED"
    "#);
    let accepted = guest.done(&desk, "PATCH", &path, json!({ "state": "ACCEPTED" }), 200).await;
    assert_snapshot!(accepted.text, @r#"{"id":"c30f42ff-2663-4aa5-8f6a-ea7f879e7291","types":["SCREENSHARE"],"state":"ACCEPTED","communicationId":"7c7af64e-9cf2-4f6b-86a7-37c794fa30e3","securityKey":"547c600a3d47327281d74dfd72453a4d","selfUri":"/api/v2/webchat/guest/conversations/550e92db-f803-4b12-9084-d6a6b564f252/mediarequests/c30f42ff-2663-4aa5-8f6a-ea7f879e7291"}"#);
    assert_eq!(guest.done(&desk, "GET", &path, Value::Null, 200).await.text, accepted.text);
    for (method, body) in [("GET", Value::Null), ("PATCH", json!({ "state": "DECLINED" }))] {
        let gone = guest.done(&desk, method, &guest.at("/mediarequests/x"), body, 404).await;
        assert_eq!(gone.json()["code"], "chat.error.not.found");
    }
    guest.done(&desk, "DELETE", &guest.own(""), Value::Null, 204).await;
    let over = guest.done(&desk, "PATCH", &path, json!({ "state": "DECLINED" }), 400).await;
    assert_eq!(over.json()["code"], "chat.error.conversation.state");
}
