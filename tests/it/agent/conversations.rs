//! Conversations as agents have them: both sides see the same one.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Desk, GUEST, MESSAGES};

#[tokio::test]
async fn what_an_agent_sends_arrives_at_the_guest_and_the_reverse() {
    let desk = Desk::of_agent().await;
    desk.on_queue(true).await;
    let (mut guest, id) = desk.guest().await;
    let (_, communication) = desk.taken(&id).await;
    let path = format!("{MESSAGES}/{id}/communications/{communication}");
    let sent = desk.done("POST", &format!("{path}/messages"), json!({ "textBody": "Hello" }), 200).await;
    assert_snapshot!(sent.text, @r#"{"id":"31091cc7ef77b0ab7aa7eec6af21d792","timestamp":"2026-01-02T03:04:06.000Z","fromAddress":"00000000-0000-4000-8000-0000000000cc","toAddress":"da2f515d-e603-4d86-9b63-1cc3325c3df1","direction":"outbound","messengerType":"webmessaging","textBody":"Hello","status":"sent","media":[],"normalizedMessage":{"id":"31091cc7ef77b0ab7aa7eec6af21d792","channel":{"id":"00000000-0000-4000-8000-0000000000cc","platform":"WebMessaging","type":"Private","messageId":"31091cc7ef77b0ab7aa7eec6af21d792","to":{"id":"da2f515d-e603-4d86-9b63-1cc3325c3df1","idType":"Opaque"},"from":{"nickname":"Emulated Agent","id":"00000000-0000-4000-8000-0000000000cc","idType":"Opaque"},"time":"2026-01-02T03:04:06.000Z"},"type":"Text","text":"Hello","originatingEntity":"Human","direction":"Outbound","metadata":{"correlationId":"5ab6aef7-da00-4f61-b6c7-ae5dfae7faac"}},"createdBy":{"id":"00000000-0000-4000-8000-0000000000bb","version":1,"selfUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb"},"conversationId":"421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd","selfUri":"/api/v2/conversations/messages/421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd/messages/31091cc7ef77b0ab7aa7eec6af21d792"}"#);
    assert_snapshot!(guest.next_text().await, @r#"{"type":"message","class":"StructuredMessage","code":200,"body":{"id":"31091cc7ef77b0ab7aa7eec6af21d792","type":"Text","text":"Hello","direction":"Outbound","channel":{"time":"2026-01-02T03:04:06.000Z","from":{"nickname":"Emulated Agent"}},"originatingEntity":"Human","metadata":{"correlationId":"5ab6aef7-da00-4f61-b6c7-ae5dfae7faac"}}}"#);
    let typing = json!({ "typing": { "type": "On", "duration": 5000 } });
    assert_eq!(desk.done("POST", &format!("{path}/typing"), typing, 204).await.text, "");
    assert_eq!(guest.next().await["body"]["events"][0]["typing"]["duration"], 5000);
    guest.say(GUEST, "thanks").await;
    let echo = guest.next().await;
    let said = echo["body"]["id"].as_str().unwrap();
    let details = desk.done("GET", &format!("{MESSAGES}/{said}/details"), Value::Null, 200).await;
    assert_snapshot!(details.text, @r#"{"id":"05003adea771a7f76ca92e954c056d8e","timestamp":"2026-01-02T03:04:06.002Z","fromAddress":"da2f515d-e603-4d86-9b63-1cc3325c3df1","toAddress":"00000000-0000-4000-8000-0000000000cc","direction":"inbound","messengerType":"webmessaging","textBody":"thanks","status":"received","media":[],"normalizedMessage":{"id":"05003adea771a7f76ca92e954c056d8e","channel":{"id":"00000000-0000-4000-8000-0000000000cc","platform":"WebMessaging","type":"Private","messageId":"9b70d0e1-b02f-4e76-807a-e52b54bbe8c3","to":{"id":"00000000-0000-4000-8000-0000000000cc","idType":"Opaque"},"from":{"id":"da2f515d-e603-4d86-9b63-1cc3325c3df1","idType":"Opaque"},"time":"2026-01-02T03:04:06.002Z"},"type":"Text","text":"thanks","direction":"Inbound","metadata":{"correlationId":"4f78a15a-6964-4ade-949a-93485c4031ba"}},"conversationId":"421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd","selfUri":"/api/v2/conversations/messages/421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd/messages/05003adea771a7f76ca92e954c056d8e"}"#);
    let one = format!("{MESSAGES}/{id}/messages/{said}");
    assert_eq!(desk.done("GET", &one, Value::Null, 200).await.text, details.text);
    let plain = desk.done("GET", &format!("{one}?useNormalizedMessage=true"), Value::Null, 200).await.json();
    assert_eq!((plain.get("media"), plain["textBody"].as_str()), (None, Some("thanks")));
    let bulk = json!([said, "x", sent.json()["id"]]);
    let bulk = desk.done("POST", &format!("{MESSAGES}/{id}/messages/bulk"), bulk, 200).await.json();
    assert_eq!(bulk["entities"], json!([details.json(), sent.json()]));
    let whole = desk.done("GET", &format!("{MESSAGES}/{id}"), Value::Null, 200).await;
    assert_snapshot!(serde_json::to_string_pretty(&whole.json()).unwrap(), @r#"
    {
      "id": "421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd",
      "otherMediaUris": [],
      "participants": [
        {
          "address": "da2f515d-e603-4d86-9b63-1cc3325c3df1",
          "attributes": {},
          "authenticated": false,
          "connectedTime": "2026-01-02T03:04:05.000Z",
          "direction": "inbound",
          "externalContact": {
            "id": "da2f515d-e603-4d86-9b63-1cc3325c3df1"
          },
          "fromAddress": {
            "addressNormalized": "da2f515d-e603-4d86-9b63-1cc3325c3df1",
            "addressRaw": "da2f515d-e603-4d86-9b63-1cc3325c3df1",
            "name": "Guest"
          },
          "held": false,
          "id": "f60c7afa-91f1-4a47-b781-3b0776d9dd8a",
          "mediaRoles": [
            "full"
          ],
          "messages": [
            {
              "media": [],
              "messageId": "59c8868be4e8716d0a94e12defc98bfa",
              "messageSegmentCount": 1,
              "messageStatus": "received",
              "messageTime": "2026-01-02T03:04:05.000Z",
              "messageURI": "/api/v2/conversations/messages/421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd/messages/59c8868be4e8716d0a94e12defc98bfa"
            },
            {
              "media": [],
              "messageId": "05003adea771a7f76ca92e954c056d8e",
              "messageSegmentCount": 1,
              "messageStatus": "received",
              "messageTime": "2026-01-02T03:04:06.002Z",
              "messageURI": "/api/v2/conversations/messages/421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd/messages/05003adea771a7f76ca92e954c056d8e"
            }
          ],
          "name": "Guest",
          "provider": "PureCloud Messaging",
          "purpose": "customer",
          "startTime": "2026-01-02T03:04:05.000Z",
          "state": "connected",
          "toAddress": {
            "addressNormalized": "00000000-0000-4000-8000-0000000000cc",
            "addressRaw": "00000000-0000-4000-8000-0000000000cc",
            "name": ""
          },
          "type": "webmessaging",
          "wrapupRequired": false
        },
        {
          "attributes": {},
          "authenticated": false,
          "connectedTime": "2026-01-02T03:04:05.000Z",
          "direction": "inbound",
          "disconnectType": "transfer",
          "endTime": "2026-01-02T03:04:05.200Z",
          "fromAddress": {
            "addressNormalized": "da2f515d-e603-4d86-9b63-1cc3325c3df1",
            "addressRaw": "da2f515d-e603-4d86-9b63-1cc3325c3df1",
            "name": "Guest"
          },
          "held": false,
          "id": "7773939c-4e8b-49e4-bbc9-04bce62b826a",
          "mediaRoles": [
            "full"
          ],
          "messages": [
            {
              "media": [],
              "messageId": "0cbd3dfa71e5bf0ea9c516758c7900f8",
              "messageSegmentCount": 1,
              "messageStatus": "sent",
              "messageTime": "2026-01-02T03:04:05.200Z",
              "messageURI": "/api/v2/conversations/messages/421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd/messages/0cbd3dfa71e5bf0ea9c516758c7900f8"
            }
          ],
          "name": "echo",
          "provider": "PureCloud Messaging",
          "purpose": "workflow",
          "startTime": "2026-01-02T03:04:05.000Z",
          "state": "disconnected",
          "toAddress": {
            "addressNormalized": "00000000-0000-4000-8000-0000000000cc",
            "addressRaw": "00000000-0000-4000-8000-0000000000cc",
            "name": ""
          },
          "type": "webmessaging",
          "wrapupRequired": false
        },
        {
          "attributes": {},
          "authenticated": false,
          "connectedTime": "2026-01-02T03:04:05.200Z",
          "direction": "inbound",
          "disconnectType": "transfer",
          "endTime": "2026-01-02T03:04:06.000Z",
          "fromAddress": {
            "addressNormalized": "da2f515d-e603-4d86-9b63-1cc3325c3df1",
            "addressRaw": "da2f515d-e603-4d86-9b63-1cc3325c3df1",
            "name": "Guest"
          },
          "held": false,
          "id": "2a24004b-7d9b-4c9e-b100-b0caf86ac43b",
          "mediaRoles": [
            "full"
          ],
          "messages": [],
          "name": "Chat Queue",
          "provider": "PureCloud Messaging",
          "purpose": "acd",
          "queue": {
            "id": "51590013-993c-4a0c-a5ec-ba62ff147112",
            "name": "Chat Queue"
          },
          "startTime": "2026-01-02T03:04:05.200Z",
          "state": "disconnected",
          "toAddress": {
            "addressNormalized": "00000000-0000-4000-8000-0000000000cc",
            "addressRaw": "00000000-0000-4000-8000-0000000000cc",
            "name": ""
          },
          "type": "webmessaging",
          "wrapupRequired": false
        },
        {
          "alertingTimeoutMs": 30000,
          "attributes": {},
          "authenticated": false,
          "connectedTime": "2026-01-02T03:04:06.000Z",
          "direction": "inbound",
          "fromAddress": {
            "addressNormalized": "da2f515d-e603-4d86-9b63-1cc3325c3df1",
            "addressRaw": "da2f515d-e603-4d86-9b63-1cc3325c3df1",
            "name": "Guest"
          },
          "held": false,
          "id": "7c844db2-5e5e-4722-aedd-11d3df7646ae",
          "mediaRoles": [
            "full"
          ],
          "messages": [
            {
              "media": [],
              "messageId": "31091cc7ef77b0ab7aa7eec6af21d792",
              "messageSegmentCount": 1,
              "messageStatus": "sent",
              "messageTime": "2026-01-02T03:04:06.000Z",
              "messageURI": "/api/v2/conversations/messages/421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd/messages/31091cc7ef77b0ab7aa7eec6af21d792"
            }
          ],
          "name": "Emulated Agent",
          "provider": "PureCloud Messaging",
          "purpose": "agent",
          "queue": {
            "id": "51590013-993c-4a0c-a5ec-ba62ff147112",
            "name": "Chat Queue"
          },
          "startAlertingTime": "2026-01-02T03:04:05.200Z",
          "startTime": "2026-01-02T03:04:05.200Z",
          "state": "connected",
          "toAddress": {
            "addressNormalized": "00000000-0000-4000-8000-0000000000cc",
            "addressRaw": "00000000-0000-4000-8000-0000000000cc",
            "name": ""
          },
          "type": "webmessaging",
          "user": {
            "id": "00000000-0000-4000-8000-0000000000bb",
            "name": "Emulated Agent"
          },
          "wrapupPrompt": "optional",
          "wrapupRequired": false
        }
      ],
      "recentTransfers": [],
      "selfUri": "/api/v2/conversations/messages/421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd"
    }
    "#);
    let whole = desk.done("GET", &format!("/api/v2/conversations/{id}"), Value::Null, 200).await;
    assert_snapshot!(whole.text, @r#"{"id":"421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd","startTime":"2026-01-02T03:04:05.000Z","address":"da2f515d-e603-4d86-9b63-1cc3325c3df1","participants":[{"id":"f60c7afa-91f1-4a47-b781-3b0776d9dd8a","startTime":"2026-01-02T03:04:05.000Z","connectedTime":"2026-01-02T03:04:05.000Z","name":"Guest","externalContactId":"da2f515d-e603-4d86-9b63-1cc3325c3df1","purpose":"customer","address":"da2f515d-e603-4d86-9b63-1cc3325c3df1","wrapupRequired":false,"mediaRoles":["full"],"attributes":{},"messages":[{"state":"connected","initialState":"connected","id":"8c046ed2-59a5-4add-ab1c-110c182fc523","held":false,"direction":"inbound","connectedTime":"2026-01-02T03:04:05.000Z","provider":"PureCloud Messaging","authenticated":false,"type":"webmessaging","toAddress":{"name":"","addressNormalized":"00000000-0000-4000-8000-0000000000cc","addressRaw":"00000000-0000-4000-8000-0000000000cc"},"fromAddress":{"name":"Guest","addressNormalized":"da2f515d-e603-4d86-9b63-1cc3325c3df1","addressRaw":"da2f515d-e603-4d86-9b63-1cc3325c3df1"},"messages":[{"messageId":"59c8868be4e8716d0a94e12defc98bfa","messageURI":"/api/v2/conversations/messages/421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd/messages/59c8868be4e8716d0a94e12defc98bfa","messageStatus":"received","messageSegmentCount":1,"messageTime":"2026-01-02T03:04:05.000Z","media":[]},{"messageId":"05003adea771a7f76ca92e954c056d8e","messageURI":"/api/v2/conversations/messages/421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd/messages/05003adea771a7f76ca92e954c056d8e","messageStatus":"received","messageSegmentCount":1,"messageTime":"2026-01-02T03:04:06.002Z","media":[]}],"afterCallWorkRequired":false}]},{"id":"7773939c-4e8b-49e4-bbc9-04bce62b826a","startTime":"2026-01-02T03:04:05.000Z","endTime":"2026-01-02T03:04:05.200Z","connectedTime":"2026-01-02T03:04:05.000Z","name":"echo","purpose":"workflow","wrapupRequired":false,"mediaRoles":["full"],"attributes":{},"messages":[{"state":"disconnected","initialState":"connected","id":"21d860a4-e605-4f47-beb3-81e51f576596","held":false,"direction":"inbound","disconnectType":"transfer","connectedTime":"2026-01-02T03:04:05.000Z","disconnectedTime":"2026-01-02T03:04:05.200Z","provider":"PureCloud Messaging","authenticated":false,"type":"webmessaging","toAddress":{"name":"","addressNormalized":"00000000-0000-4000-8000-0000000000cc","addressRaw":"00000000-0000-4000-8000-0000000000cc"},"fromAddress":{"name":"Guest","addressNormalized":"da2f515d-e603-4d86-9b63-1cc3325c3df1","addressRaw":"da2f515d-e603-4d86-9b63-1cc3325c3df1"},"messages":[{"messageId":"0cbd3dfa71e5bf0ea9c516758c7900f8","messageURI":"/api/v2/conversations/messages/421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd/messages/0cbd3dfa71e5bf0ea9c516758c7900f8","messageStatus":"sent","messageSegmentCount":1,"messageTime":"2026-01-02T03:04:05.200Z","media":[]}],"afterCallWorkRequired":false}]},{"id":"2a24004b-7d9b-4c9e-b100-b0caf86ac43b","startTime":"2026-01-02T03:04:05.200Z","endTime":"2026-01-02T03:04:06.000Z","connectedTime":"2026-01-02T03:04:05.200Z","name":"Chat Queue","queueId":"51590013-993c-4a0c-a5ec-ba62ff147112","queueName":"Chat Queue","purpose":"acd","wrapupRequired":false,"mediaRoles":["full"],"attributes":{},"messages":[{"state":"disconnected","initialState":"connected","id":"a9b12460-6b0e-4895-b7d9-fa0710d06b30","held":false,"direction":"inbound","disconnectType":"transfer","connectedTime":"2026-01-02T03:04:05.200Z","disconnectedTime":"2026-01-02T03:04:06.000Z","provider":"PureCloud Messaging","authenticated":false,"type":"webmessaging","toAddress":{"name":"","addressNormalized":"00000000-0000-4000-8000-0000000000cc","addressRaw":"00000000-0000-4000-8000-0000000000cc"},"fromAddress":{"name":"Guest","addressNormalized":"da2f515d-e603-4d86-9b63-1cc3325c3df1","addressRaw":"da2f515d-e603-4d86-9b63-1cc3325c3df1"},"messages":[],"afterCallWorkRequired":false}]},{"id":"7c844db2-5e5e-4722-aedd-11d3df7646ae","startTime":"2026-01-02T03:04:05.200Z","connectedTime":"2026-01-02T03:04:06.000Z","name":"Emulated Agent","userUri":"/api/v2/users/00000000-0000-4000-8000-0000000000bb","userId":"00000000-0000-4000-8000-0000000000bb","queueId":"51590013-993c-4a0c-a5ec-ba62ff147112","queueName":"Chat Queue","purpose":"agent","wrapupRequired":false,"wrapupPrompt":"optional","mediaRoles":["full"],"alertingTimeoutMs":30000,"attributes":{},"messages":[{"state":"connected","initialState":"alerting","id":"d34702d3-b29e-40b9-8a2e-7a38940eb587","held":false,"direction":"inbound","startAlertingTime":"2026-01-02T03:04:05.200Z","connectedTime":"2026-01-02T03:04:06.000Z","provider":"PureCloud Messaging","authenticated":false,"type":"webmessaging","toAddress":{"name":"","addressNormalized":"00000000-0000-4000-8000-0000000000cc","addressRaw":"00000000-0000-4000-8000-0000000000cc"},"fromAddress":{"name":"Guest","addressNormalized":"da2f515d-e603-4d86-9b63-1cc3325c3df1","addressRaw":"da2f515d-e603-4d86-9b63-1cc3325c3df1"},"messages":[{"messageId":"31091cc7ef77b0ab7aa7eec6af21d792","messageURI":"/api/v2/conversations/messages/421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd/messages/31091cc7ef77b0ab7aa7eec6af21d792","messageStatus":"sent","messageSegmentCount":1,"messageTime":"2026-01-02T03:04:06.000Z","media":[]}],"afterCallWorkRequired":false}]}],"conversationIds":[],"recordingState":"NONE","state":"connected","selfUri":"/api/v2/conversations/421f9a5a-44d1-4bf2-9aa2-01a8e0843fbd"}"#);
    let seen = desk.emulator.conversation().await;
    let texts: Vec<_> = seen["messages"].as_array().unwrap().iter().map(|one| one["text"].clone()).collect();
    assert_eq!(texts.len(), 4, "{texts:?}");
}

#[tokio::test]
async fn the_conversations_of_a_user_are_those_in_which_it_takes_part() {
    let desk = Desk::of_agent().await;
    desk.on_queue(true).await;
    let (_guest, id) = desk.guest().await;
    for path in ["/api/v2/conversations", MESSAGES, "/api/v2/conversations?communicationType=message"] {
        let all = desk.done("GET", path, Value::Null, 200).await.json();
        assert_eq!((all["total"].clone(), all["entities"][0]["id"].clone()), (json!(1), json!(id)), "{path}");
    }
    let calls =
        desk.done("GET", "/api/v2/conversations?communicationType=call", Value::Null, 200).await.json();
    assert_eq!(calls["total"], 0);
    desk.done("GET", "/api/v2/conversations?communicationType=fax", Value::Null, 400).await;
    let application = desk.emulator.token("emulator-client", "emulator-secret").await;
    let all = desk.ask_as(&application, "GET", MESSAGES, "").await.json();
    assert_eq!(all["total"], 0, "an application takes part in none");
    let (path, _) = desk.taken(&id).await;
    desk.done("PATCH", &path, json!({ "state": "disconnected" }), 202).await;
    assert_eq!(desk.done("GET", MESSAGES, Value::Null, 200).await.json()["total"], 0);
}

#[tokio::test]
async fn an_agent_ends_the_conversation_and_the_guest_hears_of_it() {
    let desk = Desk::of_agent().await;
    desk.on_queue(true).await;
    let (mut guest, id) = desk.guest().await;
    let (path, communication) = desk.taken(&id).await;
    desk.done("PATCH", &path, json!({ "state": "disconnected" }), 202).await;
    let told = guest.next().await;
    assert_eq!(told["body"]["events"][0]["presence"]["type"], "Disconnect");
    let agent = desk.participant(&id, "agent").await;
    assert_eq!([&agent["state"], &agent["disconnectType"]], ["disconnected", "client"]);
    let customer = desk.participant(&id, "customer").await;
    assert_eq!(customer["state"], "disconnected");
    let say = format!("{MESSAGES}/{id}/communications/{communication}/messages");
    let late = desk.done("POST", &say, json!({ "textBody": "late" }), 400).await;
    assert_snapshot!(late.text, @r#"{"message":"The request could not be understood by the server due to malformed syntax.","code":"bad.request","status":400,"contextId":"b7dcb5d3-f54b-43e1-b522-dc0d22587eae","details":[],"errors":[]}"#);
    let again = desk.done("PATCH", &path, json!({ "state": "connected" }), 400).await;
    assert_eq!(again.json()["code"], "conversation.error.participant.no.active.conversations");
}

#[tokio::test]
async fn there_are_four_ways_to_end_a_conversation_for_all() {
    for (method, rest, body, status) in [
        ("POST", "/disconnect", Value::Null, 202),
        ("DELETE", "", Value::Null, 204),
        ("PATCH", "", json!({ "state": "disconnected" }), 200),
    ] {
        let desk = Desk::of_agent().await;
        let (mut guest, id) = desk.guest().await;
        let folder = if method == "PATCH" { MESSAGES } else { "/api/v2/conversations" };
        let path = format!("{folder}/{id}{rest}");
        desk.done(method, &path, body.clone(), status).await;
        assert_eq!(guest.next().await["body"]["events"][0]["presence"]["type"], "Disconnect", "{method}");
        desk.done(method, &path, body.clone(), status).await;
        let nowhere = path.replace(&id, "nowhere");
        let code = desk.done(method, &nowhere, body, 404).await.json()["code"].clone();
        let expected =
            if method == "PATCH" { "not.found" } else { "conversation.error.conversation.not.found" };
        assert_eq!(code, expected);
    }
    let desk = Desk::start().await;
    let (_guest, id) = desk.guest().await;
    let refused = desk.done("DELETE", &format!("/api/v2/conversations/{id}"), Value::Null, 400).await;
    assert_eq!(refused.json()["code"], "not.a.user");
    desk.done("PATCH", &format!("{MESSAGES}/{id}"), json!({ "state": "parked" }), 400).await;
    desk.done("PATCH", &format!("{MESSAGES}/{id}"), json!([]), 400).await;
}

#[tokio::test]
async fn participant_data_is_added_and_taken_away() {
    let desk = Desk::of_agent().await;
    let (_guest, id) = desk.guest().await;
    let customer = desk.participant(&id, "customer").await["id"].as_str().unwrap().to_owned();
    let of_messages = format!("{MESSAGES}/{id}/participants/{customer}/attributes");
    let of_all = format!("/api/v2/conversations/{id}/participants/{customer}/attributes");
    let body = json!({ "attributes": { "plan": "gold", "age": "7" } });
    assert_eq!(desk.done("PATCH", &of_messages, body.clone(), 202).await.json(), body);
    let body = json!({ "attributes": { "plan": "", "name": "Ann" } });
    assert_eq!(desk.done("PATCH", &of_all, body, 202).await.text, "");
    assert_eq!(desk.participant(&id, "customer").await["attributes"], json!({ "age": "7", "name": "Ann" }));
    let bodies = ["", "[]", r#"{"attributes":{"a":1}}"#, r#"{"attributes":null}"#];
    assert_snapshot!(desk.refused("PATCH", &of_all, &bodies).await, @r#"
     400 "bad.request" "The body cannot be read: EOF while parsing a value at line 1 column 0"
    [] 400 "bad.request" "The body cannot be read: invalid type, expected an object"
    {"attributes":{"a":1}} 400 "bad.request" "The body cannot be read: invalid type, expected a string at line 1 column 20"
    {"attributes":null} 400 "bad.request" "The body cannot be read: invalid type, expected a map at line 1 column 18"
    "#);
    let nobody = of_all.replace(&customer, "nobody");
    let code = desk.done("PATCH", &nobody, json!({ "attributes": {} }), 404).await.json()["code"].clone();
    assert_eq!(code, "conversation.error.participant.not.found");
}
