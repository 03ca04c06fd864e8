//! The agent's side of chats.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Guest, OURS, under_way, until};
use crate::agent::{AGENT, Desk, MESSAGES};

#[tokio::test]
async fn a_chat_is_offered_taken_and_seen_among_all_conversations() {
    let desk = Desk::of_agent().await;
    desk.on_queue(true).await;
    let guest = Guest::comes(&desk).await;
    let _socket = guest.hears(&desk).await;
    let alerting = desk.done("GET", OURS, Value::Null, 200).await;
    assert_snapshot!(alerting.text, @r#"{"entities":[{"id":"550e92db-f803-4b12-9084-d6a6b564f252","participants":[{"id":"ed7ff795-2e60-4455-8b64-884efa8d1d78","name":"Jo Guest","address":"ed7ff795-2e60-4455-8b64-884efa8d1d78","startTime":"2026-01-02T03:04:05.000Z","connectedTime":"2026-01-02T03:04:05.000Z","purpose":"customer","state":"connected","direction":"inbound","held":false,"wrapupRequired":false,"mediaRoles":["full"],"attributes":{"context.genesys.legacyRoutingTargetQueueAddress":"Chat Queue"},"provider":"PureCloud Webchat v2","roomId":"550e92db-f803-4b12-9084-d6a6b564f252"},{"id":"d0eccfc2-fb26-4be9-b7b0-6e5d4afc1da0","name":"Chat Queue","startTime":"2026-01-02T03:04:05.000Z","connectedTime":"2026-01-02T03:04:05.000Z","purpose":"acd","state":"connected","direction":"inbound","held":false,"wrapupRequired":false,"mediaRoles":["full"],"queue":{"id":"51590013-993c-4a0c-a5ec-ba62ff147112","name":"Chat Queue"},"attributes":{},"provider":"PureCloud Webchat v2","roomId":"550e92db-f803-4b12-9084-d6a6b564f252"},{"id":"15b42702-758a-47af-bf9c-fc7926e7c25d","name":"Emulated Agent","startTime":"2026-01-02T03:04:05.000Z","startAlertingTime":"2026-01-02T03:04:05.000Z","purpose":"agent","state":"alerting","direction":"inbound","held":false,"wrapupRequired":false,"wrapupPrompt":"optional","mediaRoles":["full"],"user":{"id":"00000000-0000-4000-8000-0000000000bb","name":"Emulated Agent"},"queue":{"id":"51590013-993c-4a0c-a5ec-ba62ff147112","name":"Chat Queue"},"attributes":{},"alertingTimeoutMs":30000,"provider":"PureCloud Webchat v2","roomId":"550e92db-f803-4b12-9084-d6a6b564f252"}],"otherMediaUris":[],"recentTransfers":[],"selfUri":"/api/v2/conversations/chats/550e92db-f803-4b12-9084-d6a6b564f252"}],"pageSize":25,"pageNumber":1,"total":1,"pageCount":1,"firstUri":"/api/v2/conversations/chats?pageSize=25&pageNumber=1","selfUri":"/api/v2/conversations/chats?pageSize=25&pageNumber=1","lastUri":"/api/v2/conversations/chats?pageSize=25&pageNumber=1"}"#);
    let (path, _) = guest.answered(&desk).await;
    let whole = desk.done("GET", &format!("/api/v2/conversations/{}", guest.id), Value::Null, 200).await;
    assert_snapshot!(whole.text, @r#"{"id":"550e92db-f803-4b12-9084-d6a6b564f252","startTime":"2026-01-02T03:04:05.000Z","address":"ed7ff795-2e60-4455-8b64-884efa8d1d78","participants":[{"id":"ed7ff795-2e60-4455-8b64-884efa8d1d78","startTime":"2026-01-02T03:04:05.000Z","connectedTime":"2026-01-02T03:04:05.000Z","name":"Jo Guest","purpose":"customer","address":"ed7ff795-2e60-4455-8b64-884efa8d1d78","wrapupRequired":false,"mediaRoles":["full"],"attributes":{"context.genesys.legacyRoutingTargetQueueAddress":"Chat Queue"},"chats":[{"state":"connected","initialState":"connected","id":"e4725417-02c7-424b-90ab-bb0e48df45d1","roomId":"550e92db-f803-4b12-9084-d6a6b564f252","held":false,"direction":"inbound","connectedTime":"2026-01-02T03:04:05.000Z","provider":"PureCloud Webchat v2","afterCallWorkRequired":false}]},{"id":"d0eccfc2-fb26-4be9-b7b0-6e5d4afc1da0","startTime":"2026-01-02T03:04:05.000Z","endTime":"2026-01-02T03:04:05.000Z","connectedTime":"2026-01-02T03:04:05.000Z","name":"Chat Queue","queueId":"51590013-993c-4a0c-a5ec-ba62ff147112","queueName":"Chat Queue","purpose":"acd","wrapupRequired":false,"mediaRoles":["full"],"attributes":{},"chats":[{"state":"disconnected","initialState":"connected","id":"c64fd58d-81be-4d41-bfbb-2ecf899da93d","roomId":"550e92db-f803-4b12-9084-d6a6b564f252","held":false,"direction":"inbound","disconnectType":"transfer","connectedTime":"2026-01-02T03:04:05.000Z","disconnectedTime":"2026-01-02T03:04:05.000Z","provider":"PureCloud Webchat v2","afterCallWorkRequired":false}]},{"id":"15b42702-758a-47af-bf9c-fc7926e7c25d","startTime":"2026-01-02T03:04:05.000Z","connectedTime":"2026-01-02T03:04:05.000Z","name":"Emulated Agent","userUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb","userId":"00000000-0000-4000-8000-0000000000bb","queueId":"51590013-993c-4a0c-a5ec-ba62ff147112","queueName":"Chat Queue","purpose":"agent","wrapupRequired":false,"wrapupPrompt":"optional","mediaRoles":["full"],"alertingTimeoutMs":30000,"attributes":{},"chats":[{"state":"connected","initialState":"alerting","id":"7c7af64e-9cf2-4f6b-86a7-37c794fa30e3","roomId":"550e92db-f803-4b12-9084-d6a6b564f252","held":false,"direction":"inbound","startAlertingTime":"2026-01-02T03:04:05.000Z","connectedTime":"2026-01-02T03:04:05.000Z","provider":"PureCloud Webchat v2","afterCallWorkRequired":false}]}],"conversationIds":[],"recordingState":"NONE","state":"connected","selfUri":"/api/v2/conversations/550e92db-f803-4b12-9084-d6a6b564f252"}"#);
    let count = async |query: &str| {
        let all = desk.done("GET", &format!("/api/v2/conversations{query}"), Value::Null, 200).await.json();
        all["total"].as_u64().unwrap()
    };
    assert_eq!(
        (count("").await, count("?communicationType=chat").await, count("?communicationType=message").await),
        (1, 1, 0)
    );
    assert_eq!(desk.done("GET", MESSAGES, Value::Null, 200).await.json()["total"], 0);
    desk.done("PATCH", &path, json!({ "held": true }), 202).await;
    assert_eq!(guest.other(&desk, "agent").await["held"], true);
    let more = json!({ "attributes": { "context.plan": "gold" } });
    let customer = format!("{OURS}/{}/participants/{}/attributes", guest.id, guest.member);
    let told = desk.done("PATCH", &customer, more, 202).await.json();
    assert_eq!(told["attributes"]["context.genesys.legacyRoutingTargetQueueAddress"], "Chat Queue");
    assert_eq!(told["attributes"]["context.plan"], "gold");
}

#[tokio::test]
async fn an_offer_that_nobody_takes_goes_back_to_the_queue() {
    let desk = Desk::of_agent().await;
    desk.on_queue(true).await;
    let guest = Guest::comes(&desk).await;
    let mut socket = guest.hears(&desk).await;
    until(&mut socket, "member-change", |body| body["member"]["state"] == "ALERTING").await;
    desk.emulator.advance("30s").await;
    let gone = until(&mut socket, "member-change", |_| true).await;
    assert_eq!(
        gone["eventBody"]["member"]["state"], "DISCONNECTED",
        "without a word of leaving: it never came"
    );
    let whole =
        desk.done("GET", &format!("/api/v2/conversations/{}", guest.id), Value::Null, 200).await.json();
    assert_eq!(whole["participants"][2]["chats"][0]["disconnectType"], "transfer");
}

#[tokio::test]
async fn a_chat_ends_as_a_whole_and_is_wrapped_up() {
    let desk = Desk::of_agent().await;
    let code = desk.done("POST", "/api/v2/routing/wrapupcodes", json!({ "name": "Sold" }), 200).await.json();
    let (guest, _socket, path, communication) = under_way(&desk).await;
    let codes = desk.done("GET", &format!("{path}/wrapupcodes"), Value::Null, 200).await.json();
    assert_eq!(codes[0]["name"], "Sold");
    let one = format!("{path}/communications/{communication}");
    desk.done("PATCH", &one, json!({ "held": false }), 400).await;
    assert_eq!(
        desk.done("PATCH", &format!("{OURS}/{}", guest.id), json!({}), 400).await.json()["code"],
        "constraint.validation"
    );
    let ended = desk
        .done("PATCH", &format!("{OURS}/{}", guest.id), json!({ "state": "disconnected" }), 200)
        .await
        .json();
    assert_eq!(ended["state"], "disconnected");
    assert!(
        ended["participants"].as_array().unwrap().iter().all(|one| one["endTime"].is_string()),
        "{ended}"
    );
    let missing = desk.done("POST", &format!("{one}/wrapup"), json!({}), 400).await.json();
    assert_eq!(missing["code"], "missing.wrapup.code");
    desk.done("POST", &format!("{one}/wrapup"), json!({ "code": code["id"], "notes": "well" }), 202).await;
    for path in [format!("{one}/wrapup"), format!("{path}/wrapup?provisional=true")] {
        assert_eq!(desk.done("GET", &path, Value::Null, 200).await.json()["notes"], "well");
    }
}

#[tokio::test]
async fn a_chat_goes_on_elsewhere() {
    let desk = Desk::of_agent().await;
    let queue = desk.done("POST", "/api/v2/routing/queues", json!({ "name": "Other" }), 200).await.json();
    let (guest, mut socket, path, _) = under_way(&desk).await;
    let replace = format!("{path}/replace");
    let mut said = desk
        .refused(
            "POST",
            &replace,
            &[
                "",
                "{}",
                r#"{"queueId":7}"#,
                r#"{"queueId":"x"}"#,
                r#"{"userId":"x"}"#,
                r#"{"queueId":"x","userId":"y"}"#,
            ],
        )
        .await;
    said += &desk.refused("POST", &replace, &[&json!({ "userId": AGENT }).to_string()]).await;
    said += &desk
        .refused("POST", &format!("{OURS}/{}/participants/x/replace", guest.id), &[r#"{"queueId":"x"}"#])
        .await;
    assert_snapshot!(said, @r#"
     400 "bad.request" "The body cannot be read: EOF while parsing a value at line 1 column 0"
    {} 400 "constraint.validation" "one of queueId and userId is to be said; addresses are of calls"
    {"queueId":7} 400 "bad.request" "The body cannot be read: invalid type, expected a string at line 1 column 12"
    {"queueId":"x"} 400 "conversations.error.queue.not.found" "There is no queue of this id"
    {"userId":"x"} 400 "bad.request" "The request could not be understood by the server due to malformed syntax."
    {"queueId":"x","userId":"y"} 400 "constraint.validation" "one of queueId and userId is to be said; addresses are of calls"
    {"userId":"00000000-0000-4000-8000-0000000000bb"} 400 "conversations.error.transfer.same.party" "The conversation is that user's already"
    {"queueId":"x"} 404 "conversation.error.participant.not.found" "The conversation has no participant of this id"
    "#);
    desk.done("POST", &replace, json!({ "queueId": queue["id"] }), 202).await;
    assert_eq!(guest.other(&desk, "acd").await["queue"]["name"], "Other");
    let left = until(&mut socket, "message", |_| true).await;
    assert_eq!(left["eventBody"]["bodyType"], "member-leave");
    until(&mut socket, "member-change", |body| body["member"]["state"] == "CONNECTED").await;
    guest.says(&desk, "hello?").await;
}

#[tokio::test]
async fn who_speaks_in_a_chat_takes_part_in_it() {
    let desk = Desk::of_agent().await;
    desk.on_queue(true).await;
    let guest = Guest::comes(&desk).await;
    let _socket = guest.hears(&desk).await;
    let known =
        desk.done("GET", &format!("/api/v2/conversations/{}", guest.id), Value::Null, 200).await.json();
    let of = |purpose: &str| {
        let one =
            known["participants"].as_array().unwrap().iter().find(|one| one["purpose"] == purpose).unwrap();
        format!("{OURS}/{}/communications/{}", guest.id, one["chats"][0]["id"].as_str().unwrap())
    };
    let hello = r#"{"body":"hello"}"#;
    let mut said = String::new();
    for (what, path, body) in [
        ("alerting", of("agent"), hello),
        ("the guest's", of("customer"), hello),
        ("nobody's", format!("{OURS}/{}/communications/x", guest.id), hello),
        ("no chat's", format!("{OURS}/x/communications/x"), hello),
        ("empty", of("agent"), "{}"),
        ("coming", of("agent"), r#"{"body":"x","bodyType":"member-join"}"#),
        ("strange", of("agent"), r#"{"body":"x","bodyType":"loud"}"#),
    ] {
        said += &format!("{what}: {}", desk.refused("POST", &format!("{path}/messages"), &[body]).await);
    }
    said += &desk.refused("POST", &format!("{}/typing", of("agent")), &[""]).await;
    said += &desk.refused("POST", &format!("{OURS}/x/communications/x/typing"), &[""]).await;
    guest.answered(&desk).await;
    guest.done(&desk, "DELETE", &guest.own(""), Value::Null, 204).await;
    said += &desk.refused("POST", &format!("{}/messages", of("agent")), &[hello]).await;
    assert_snapshot!(said, @r#"
    alerting: {"body":"hello"} 400 "chat.error.member.state" "The communication is not connected"
    the guest's: {"body":"hello"} 403 "not.authorized" "You are not authorized to perform the requested action."
    nobody's: {"body":"hello"} 404 "chat.error.not.found" "The conversation has no communication of this id"
    no chat's: {"body":"hello"} 404 "chat.error.not.found" "There is no conversation of this id"
    empty: {} 400 "chat.error.notnull.createconversationmessagerequest.body" "body is missing"
    coming: {"body":"x","bodyType":"member-join"} 400 "chat.error.bad.request" "that somebody comes or leaves is not said, it happens"
    strange: {"body":"x","bodyType":"loud"} 400 "chat.error.bad.request" "bodyType is none of standard, notice, member-join, member-leave and media-request"
     400 "chat.error.member.state" "The communication is not connected"
     404 "chat.error.not.found" "There is no conversation of this id"
    {"body":"hello"} 400 "chat.error.conversation.state" "the conversation has ended: the guest has closed the session"
    "#);
    // what was said is read where it was said
    let lines = desk
        .done(
            "GET",
            &format!("{OURS}/{}/messages?sortOrder=descending&maxResults=1", guest.id),
            Value::Null,
            200,
        )
        .await;
    assert_snapshot!(lines.text, @r#"{"pageSize":1,"entities":[{"id":"087f7c33-7c7a-4555-88d7-df786bbbf7ad","conversation":{"id":"550e92db-f803-4b12-9084-d6a6b564f252","selfUri":"/api/v2/conversations/chats/550e92db-f803-4b12-9084-d6a6b564f252"},"sender":{"id":"15b42702-758a-47af-bf9c-fc7926e7c25d","displayName":"Emulated Agent","role":"AGENT","joinDate":"2026-01-02T03:04:05.000Z","leaveDate":"2026-01-02T03:04:05.000Z","authenticatedGuest":false,"state":"DISCONNECTED"},"body":"","bodyType":"member-leave","timestamp":"2026-01-02T03:04:05.005Z","selfUri":"/api/v2/conversations/chats/550e92db-f803-4b12-9084-d6a6b564f252/messages/087f7c33-7c7a-4555-88d7-df786bbbf7ad"}],"next":"/api/v2/conversations/chats/550e92db-f803-4b12-9084-d6a6b564f252/messages?sortOrder=descending&maxResults=1&before=087f7c33-7c7a-4555-88d7-df786bbbf7ad","selfUri":"/api/v2/conversations/chats/550e92db-f803-4b12-9084-d6a6b564f252/messages?sortOrder=descending&maxResults=1"}"#);
    let last = lines.json()["entities"][0]["id"].as_str().unwrap().to_owned();
    let one = desk.done("GET", &format!("{OURS}/{}/messages/{last}", guest.id), Value::Null, 200).await;
    assert_eq!(one.json(), lines.json()["entities"][0]);
    desk.done("GET", &format!("{OURS}/{}/messages/x", guest.id), Value::Null, 404).await;
}

#[tokio::test]
async fn chats_are_no_message_conversations_and_these_are_no_chats() {
    let desk = Desk::of_agent().await;
    let (_other, message) = desk.guest().await;
    desk.on_queue(true).await;
    let guest = Guest::comes(&desk).await;
    let _socket = guest.hears(&desk).await;
    let (path, communication) = guest.answered(&desk).await;
    let line = guest.says(&desk, "hello").await["id"].as_str().unwrap().to_owned();
    for (home, id) in [(MESSAGES, &guest.id), (OURS, &message)] {
        let participant = path.rsplit('/').next().unwrap();
        let at = |rest: &str| format!("{home}/{id}{rest}");
        let of = |rest: &str| at(&format!("/participants/{participant}{rest}"));
        let one = format!("/communications/{communication}");
        for (method, path, body) in [
            ("GET", at(""), Value::Null),
            ("PATCH", at(""), json!({ "state": "disconnected" })),
            ("PATCH", of(""), json!({ "state": "disconnected" })),
            ("PATCH", of("/attributes"), json!({ "attributes": {} })),
            ("PATCH", of(&one), json!({ "state": "disconnected" })),
            ("GET", of(&format!("{one}/wrapup")), Value::Null),
            ("POST", of(&format!("{one}/wrapup")), json!({ "code": "x" })),
            ("POST", of("/replace"), json!({ "queueId": "x" })),
            ("GET", of("/wrapup"), Value::Null),
            ("GET", of("/wrapupcodes"), Value::Null),
            ("GET", at(&format!("/messages/{line}")), Value::Null),
            ("POST", at(&format!("{one}/messages")), json!({ "body": "x", "textBody": "x" })),
            ("POST", at(&format!("{one}/typing")), json!({ "typing": { "type": "On" } })),
        ] {
            desk.done(method, &path, body, 404).await;
        }
    }
    desk.done("PUT", &format!("{OURS}/{message}/recordingstate"), json!({ "recordingState": "NONE" }), 404)
        .await;
    desk.done("GET", &format!("{MESSAGES}/{line}/details"), Value::Null, 404).await;
    // what only messages have
    let chat = format!("{MESSAGES}/{}", guest.id);
    let participant = format!("{chat}/participants/{}", path.rsplit('/').next().unwrap());
    let said = format!("{chat}/communications/{communication}");
    let answer = json!({ "textBody": "x", "inReplyToMessageId": line });
    for (method, path, body) in [
        ("PUT", format!("{chat}/recordingstate"), json!({ "recordingState": "PAUSED" })),
        ("POST", format!("{chat}/messages/bulk"), json!([line])),
        ("POST", format!("{participant}/monitor"), Value::Null),
        ("PATCH", format!("{participant}/parkingstate"), json!({ "state": "parked" })),
        ("POST", format!("{said}/socialmedia/messages"), answer),
        ("GET", format!("{said}/messages/media"), Value::Null),
        ("POST", format!("{said}/messages/media"), Value::Null),
        ("GET", format!("{said}/messages/media/x"), Value::Null),
        (
            "POST",
            format!("{said}/messages/media/uploads"),
            json!({ "fileName": "a.png", "contentLengthBytes": 1 }),
        ),
    ] {
        desk.done(method, &path, body, 404).await;
    }
}

#[tokio::test]
async fn a_queue_for_which_a_chat_has_begun_stays_though_the_guest_does_not_hear_yet() {
    let desk = Desk::of_agent().await;
    let guest = Guest::comes(&desk).await;
    let queues = desk.done("GET", "/api/v2/routing/queues", Value::Null, 200).await.json();
    let queue = queues["entities"][0]["selfUri"].as_str().unwrap();
    assert_eq!(desk.done("DELETE", queue, Value::Null, 400).await.json()["code"], "active.queue");
    guest.done(&desk, "DELETE", &guest.own(""), Value::Null, 204).await;
    desk.done("DELETE", queue, Value::Null, 200).await;
}

#[tokio::test]
async fn an_application_begins_a_chat_for_a_queue() {
    let desk = Desk::of_agent().await;
    desk.on_queue(true).await;
    let queues = desk.done("GET", "/api/v2/routing/queues", Value::Null, 200).await.json();
    let queue = queues["entities"][0]["id"].as_str().unwrap();
    let wish = json!({ "queueId": queue, "provider": "Elsewhere", "customerName": "Ann", "attributes": { "plan": "gold" },
        "skillIds": ["s"], "languageId": "l", "priority": 1 });
    let said = desk
        .refused(
            "POST",
            OURS,
            &[
                "",
                "[]",
                "{}",
                r#"{"queueId":"x"}"#,
                r#"{"queueId":"x","provider":"p"}"#,
                r#"{"queueId":7,"provider":"p"}"#,
                r#"{"queueId":"x","provider":7}"#,
                r#"{"queueId":"x","provider":"p","attributes":{"a":7}}"#,
                r#"{"queueId":"x","provider":"p","skillIds":7}"#,
                r#"{"queueId":"x","provider":"p","languageId":7}"#,
                r#"{"queueId":"x","provider":"p","priority":"x"}"#,
                r#"{"queueId":"x","provider":"p","customerName":7}"#,
            ],
        )
        .await;
    assert_snapshot!(said, @r#"
     400 "bad.request" "The body cannot be read: EOF while parsing a value at line 1 column 0"
    [] 400 "bad.request" "The body is not a JSON object"
    {} 400 "chat.error.notnull.createconversationrequest.queueid" "queueId is missing"
    {"queueId":"x"} 400 "chat.error.notnull.createconversationrequest.provider" "provider is missing"
    {"queueId":"x","provider":"p"} 400 "chat.error.queue.not.found" "There is no queue of this id"
    {"queueId":7,"provider":"p"} 400 "bad.request" "queueId is not a text"
    {"queueId":"x","provider":7} 400 "bad.request" "provider is not a text"
    {"queueId":"x","provider":"p","attributes":{"a":7}} 400 "bad.request" "attributes.a is not a text"
    {"queueId":"x","provider":"p","skillIds":7} 400 "bad.request" "skillIds is not a list of texts"
    {"queueId":"x","provider":"p","languageId":7} 400 "bad.request" "languageId is not a text"
    {"queueId":"x","provider":"p","priority":"x"} 400 "bad.request" "priority is not a whole number"
    {"queueId":"x","provider":"p","customerName":7} 400 "bad.request" "customerName is not a text"
    "#);
    let made = desk.done("POST", OURS, wish, 200).await.json();
    let one = |nth: usize| (&made["participants"][nth]["purpose"], &made["participants"][nth]["name"]);
    assert_eq!(one(0), (&json!("customer"), &json!("Ann")));
    assert_eq!(one(2), (&json!("agent"), &json!("Emulated Agent")));
    assert_eq!(
        (&made["participants"][0]["provider"], &made["participants"][0]["attributes"]),
        (&json!("Elsewhere"), &json!({ "plan": "gold" }))
    );
}

#[tokio::test]
async fn a_chat_is_recorded_or_not() {
    let desk = Desk::of_agent().await;
    let (guest, ..) = under_way(&desk).await;
    let path = format!("{OURS}/{}/recordingstate", guest.id);
    let said = desk
        .refused("PUT", &path, &["", "{}", r#"{"recordingState":7}"#, r#"{"recordingState":"on"}"#])
        .await;
    assert_snapshot!(said, @r#"
     400 "bad.request" "The body cannot be read: EOF while parsing a value at line 1 column 0"
    {} 400 "general.bad.request" "recordingState is missing"
    {"recordingState":7} 400 "bad.request" "recordingState is not a text"
    {"recordingState":"on"} 400 "general.bad.request" "recordingState is none of ACTIVE, PAUSED and NONE"
    "#);
    assert_eq!(desk.done("PUT", &path, json!({ "recordingState": "PAUSED" }), 202).await.text, "\"PAUSED\"");
    let whole =
        desk.done("GET", &format!("/api/v2/conversations/{}", guest.id), Value::Null, 200).await.json();
    assert_eq!(whole["recordingState"], "PAUSED");
    desk.done("PUT", &format!("{OURS}/x/recordingstate"), json!({ "recordingState": "NONE" }), 404).await;
    guest.done(&desk, "DELETE", &guest.own(""), Value::Null, 204).await;
    let over = desk.done("PUT", &path, json!({ "recordingState": "NONE" }), 400).await.json();
    assert_eq!(over["code"], "conversation.error.conversation.disconnected");
}

#[tokio::test]
async fn agents_type_at_most_twelve_times_a_minute() {
    let desk = Desk::at(crate::support::TestEmulator::start().await).await;
    desk.on_queue(true).await;
    let guest = Guest::comes(&desk).await;
    let _socket = guest.hears(&desk).await;
    let (_, communication) = guest.answered(&desk).await;
    let path = format!("{OURS}/{}/communications/{communication}/typing", guest.id);
    for _ in 0..12 {
        desk.done("POST", &path, Value::Null, 200).await;
    }
    desk.done("POST", &path, Value::Null, 429).await;
}

#[tokio::test]
async fn chats_that_wait_anew_after_one_cause_have_each_its_own_participants() {
    let desk = Desk::of_agent().await;
    let ada = desk.new_user("Ada").await;
    desk.on_queue(true).await;
    let mut chats = Vec::new();
    for _ in 0..2 {
        let guest = Guest::comes(&desk).await;
        let socket = guest.hears(&desk).await;
        let (path, _) = guest.answered(&desk).await;
        let before = guest.other(&desk, "acd").await["id"].clone();
        desk.done("POST", &format!("{path}/replace"), json!({ "userId": ada["id"] }), 202).await;
        chats.push((guest, socket, before));
    }
    desk.done("DELETE", ada["selfUri"].as_str().unwrap(), Value::Null, 200).await;
    let mut waits = Vec::new();
    for (guest, _, before) in &chats {
        let acd = guest.other(&desk, "acd").await["id"].clone();
        assert_ne!(acd, *before);
        waits.push(acd);
    }
    assert_ne!(waits[0], waits[1]);
}
