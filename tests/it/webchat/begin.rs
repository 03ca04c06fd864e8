//! `POST /api/v2/webchat/guest/conversations`.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{CHATS, Guest, OURS, wish};
use crate::{agent::Desk, support::TestEmulator};

/// What a JWT says.
pub fn claims(jwt: &str) -> String {
    let payload = jwt.split('.').nth(1).unwrap();
    String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

/// This in the place of a member, by its way; `null` takes it out.
fn put(mut place: &mut Value, way: &str, value: Value) {
    let (parent, last) = way.rsplit_once('.').unwrap_or(("", way));
    for name in parent.split('.').filter(|name| !name.is_empty()) {
        place = &mut place[name];
    }
    match value {
        Value::Null => drop(place.as_object_mut().unwrap().remove(last)),
        value => place[last] = value,
    }
}

/// The wish with this in the place of a member.
fn with(way: &str, value: Value) -> String {
    let mut wish = wish();
    put(&mut wish, way, value);
    wish.to_string()
}

#[tokio::test]
async fn a_chat_begins_with_a_conversation_a_jwt_and_an_event_stream() {
    let desk = Desk::start().await;
    let mut wish = wish();
    wish["memberInfo"] = json!({ "displayName": "Jo Guest", "firstName": "Jo", "lastName": "Guest",
        "email": "jo@example.test", "phoneNumber": "+15550100", "avatarImageUrl": "https://example.test/jo.png",
        "customFields": { "plan": "gold" } });
    wish["routingTarget"]["skills"] = json!(["billing"]);
    wish["routingTarget"]["language"] = json!("English - Written");
    wish["routingTarget"]["priority"] = json!(2);
    let answer = desk.ask_as("", "POST", CHATS, wish.to_string()).await;
    let guest = Guest::of(&answer);
    assert_snapshot!(answer.text.replace(&guest.jwt, "(jwt)"), @r#"{"id":"bb3d40c1-e6ec-494b-966d-0f9f32ffe0f3","jwt":"(jwt)","eventStreamUri":"ws://emulator.test/v1/token/(jwt)","member":{"id":"a7de913d-6455-40ca-b41c-f6e582bfa3c0","displayName":"Jo Guest","firstName":"Jo","lastName":"Guest","email":"jo@example.test","phoneNumber":"+15550100","avatarImageUrl":"https://example.test/jo.png","role":"CUSTOMER","joinDate":"2026-01-02T03:04:05.000Z","authenticatedGuest":false,"customFields":{"plan":"gold"},"state":"CONNECTED"}}"#);
    assert_snapshot!(claims(&guest.jwt), @r#"{"iss":"http://emulator.test","aud":"webchat","sub":"a7de913d-6455-40ca-b41c-f6e582bfa3c0","iat":1767323045,"exp":1767409445,"jti":"6c3d1ea1-50d1-4ae6-9baf-dc458c417e77","webchat":{"guestId":"a7de913d-6455-40ca-b41c-f6e582bfa3c0","name":"Jo Guest","email":null,"customAttributes":null},"orgId":"00000000-0000-4000-8000-0000000000aa","conversationId":"bb3d40c1-e6ec-494b-966d-0f9f32ffe0f3"}"#);
    // whoever looks from the other side sees what it said as participant data, and nobody who waits for it
    let known = desk.done("GET", &format!("{OURS}/{}", guest.id), Value::Null, 200).await;
    assert_snapshot!(known.text, @r#"{"id":"bb3d40c1-e6ec-494b-966d-0f9f32ffe0f3","participants":[{"id":"a7de913d-6455-40ca-b41c-f6e582bfa3c0","name":"Jo Guest","address":"a7de913d-6455-40ca-b41c-f6e582bfa3c0","startTime":"2026-01-02T03:04:05.000Z","connectedTime":"2026-01-02T03:04:05.000Z","purpose":"customer","state":"connected","direction":"inbound","held":false,"wrapupRequired":false,"mediaRoles":["full"],"attributes":{"context.email":"jo@example.test","context.firstName":"Jo","context.genesys.legacyRoutingTargetQueueAddress":"Chat Queue","context.lastName":"Guest","context.phoneNumber":"+15550100","context.plan":"gold"},"provider":"PureCloud Webchat v2","roomId":"bb3d40c1-e6ec-494b-966d-0f9f32ffe0f3","avatarImageUrl":"https://example.test/jo.png"}],"otherMediaUris":[],"recentTransfers":[],"selfUri":"/api/v2/conversations/chats/bb3d40c1-e6ec-494b-966d-0f9f32ffe0f3"}"#);
}

#[tokio::test]
async fn what_is_missing_has_a_code_of_its_own() {
    let desk = Desk::start().await;
    let journey = |way: &str, value: Value| {
        let mut wish = wish();
        wish["journeyContext"] = json!({
            "customer": { "id": "c", "idType": "cookie" }, "customerSession": { "id": "s", "type": "web" },
            "triggeringAction": { "id": "a", "actionMap": { "id": "m", "version": 1 } },
        });
        put(&mut wish["journeyContext"], way, value);
        wish.to_string()
    };
    let mut said = String::new();
    for body in [
        String::new(),
        "null".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        with("organizationId", Value::Null),
        with("organizationId", json!(7)),
        with("organizationId", json!("00000000-0000-4000-8000-00000000dead")),
        with("deploymentId", json!(7)),
        with("deploymentId", json!("mine")),
        with("deploymentId", json!("00000000-0000-4000-8000-00000000dead")),
        with("routingTarget", Value::Null),
        with("routingTarget", json!("Chat Queue")),
        with("routingTarget.targetType", Value::Null),
        with("routingTarget.targetType", json!("AGENT")),
        with("routingTarget.targetAddress", Value::Null),
        with("routingTarget.targetAddress", json!("Nowhere")),
        with("routingTarget.skills", json!("billing")),
        with("routingTarget.language", json!(7)),
        with("routingTarget.priority", json!("high")),
        with("memberInfo", Value::Null),
        with("memberInfo", json!([])),
        with("memberInfo.displayName", Value::Null),
        with("memberInfo.displayName", json!(" ")),
        with("memberInfo.displayName", json!(7)),
        with("memberInfo.firstName", json!(7)),
        with("memberInfo.lastName", json!(7)),
        with("memberInfo.email", json!(7)),
        with("memberInfo.phoneNumber", json!(7)),
        with("memberInfo.avatarImageUrl", json!(7)),
        with("memberInfo.customFields", json!([])),
        with("memberInfo.customFields", json!({ "plan": 7 })),
        with("memberInfo.customFields", json!({ "plan": "x".repeat(33_000) })),
        with("memberAuthToken", json!(7)),
        with("memberAuthToken", json!("a.b.c")),
        with("journeyContext", json!(7)),
        with("journeyContext", json!({})),
        journey("customer.id", Value::Null),
        journey("customer.idType", Value::Null),
        journey("customerSession.id", Value::Null),
        journey("customerSession.type", Value::Null),
        journey("triggeringAction.id", Value::Null),
        journey("triggeringAction.actionMap", Value::Null),
        journey("triggeringAction.actionMap.id", Value::Null),
        journey("triggeringAction.actionMap.version", Value::Null),
        journey("triggeringAction.actionMap.version", json!("1")),
    ] {
        let answer = desk.ask_as("", "POST", CHATS, body).await;
        let told = answer.json();
        let (code, message) = (told["code"].as_str().unwrap(), told["message"].as_str().unwrap());
        said += &format!("{} {code}: {message}\n", answer.status);
    }
    assert_snapshot!(said, @"
    400 bad.request: The body cannot be read: EOF while parsing a value at line 1 column 0
    400 bad.request: The body is not a JSON object
    400 bad.request: The body is not a JSON object
    400 chat.error.bad.request: organizationId is missing
    400 chat.error.bad.request: organizationId is missing
    400 bad.request: organizationId is not a text
    400 chat.error.bad.request: organizationId 00000000-0000-4000-8000-00000000dead is not that of this org
    400 bad.request: deploymentId is not a text
    400 chat.error.pattern.createconversationrequest.deploymentid: deploymentId mine is not a UUID
    400 chat.error.bad.request: There is no deployment 00000000-0000-4000-8000-00000000dead
    400 chat.error.notnull.createconversationrequest.routingtarget: routingTarget is missing
    400 bad.request: routingTarget is not an object
    400 chat.error.createconversationrequest.routingtarget: routingTarget.targetType is missing
    400 chat.error.createconversationrequest.routingtarget: routingTarget.targetType is not QUEUE
    400 chat.error.createconversationrequest.routingtarget: routingTarget.targetAddress is missing
    400 chat.error.invalid.queue: There is no queue Nowhere
    400 bad.request: routingTarget.skills is not a list of texts
    400 bad.request: routingTarget.language is not a text
    400 bad.request: routingTarget.priority is not a whole number
    400 chat.error.notnull.createconversationrequest.memberinfo.displayname: memberInfo.displayName is missing
    400 bad.request: memberInfo is not an object
    400 chat.error.notnull.createconversationrequest.memberinfo.displayname: memberInfo.displayName is missing
    400 chat.error.notnull.createconversationrequest.memberinfo.displayname: memberInfo.displayName is missing
    400 bad.request: memberInfo.displayName is not a text
    400 bad.request: memberInfo.firstName is not a text
    400 bad.request: memberInfo.lastName is not a text
    400 bad.request: memberInfo.email is not a text
    400 bad.request: memberInfo.phoneNumber is not a text
    400 bad.request: memberInfo.avatarImageUrl is not a text
    400 bad.request: memberInfo.customFields is not an object
    400 bad.request: memberInfo.customFields.plan is not a text
    400 chat.error.bad.request: memberInfo is longer than 32 KiB
    400 bad.request: memberAuthToken is not a text
    400 chat.deployment.bad.auth: memberAuthToken is not good: the token is not a JWT of this platform: it is not a JWT
    400 bad.request: journeyContext is not an object
    400 chat.error.notnull.createconversationrequest.journeycontext.customer: journeyContext.customer is missing
    400 chat.error.notnull.createconversationrequest.journeycontext.customer.customerid: journeyContext.customer.id is missing
    400 chat.error.notnull.createconversationrequest.journeycontext.customer.customeridtype: journeyContext.customer.idType is missing
    400 chat.error.notnull.createconversationrequest.journeycontext.customersession.sessionid: journeyContext.customerSession.id is missing
    400 chat.error.notnull.createconversationrequest.journeycontext.customersession.sessionidtype: journeyContext.customerSession.type is missing
    400 chat.error.notnull.createconversationrequest.journeycontext.triggeringaction.actionid: journeyContext.triggeringAction.id is missing
    400 chat.error.notnull.createconversationrequest.journeycontext.triggeringaction.actionmapid: journeyContext.triggeringAction.actionMap is missing
    400 chat.error.notnull.createconversationrequest.journeycontext.triggeringaction.actionmapid: journeyContext.triggeringAction.actionMap.id is missing
    400 chat.error.notnull.createconversationrequest.journeycontext.triggeringaction.actionmapversion: journeyContext.triggeringAction.actionMap.version is missing
    400 bad.request: journeyContext.triggeringAction.actionMap.version is not a whole number
    ");
    assert_eq!(desk.ask_as("", "POST", CHATS, journey("more", json!(1))).await.status, 200);
    let all = desk.emulator.client.admin("GET", "/conversations", None).await.json();
    assert_eq!(all["entities"].as_array().unwrap().len(), 1, "what was refused began nothing");
}

const DEPLOYMENTS: &str = "
name: deployments
world:
  orgs:
    - chatDeployments:
        off: { id: 00000000-0000-4000-8000-0000000000d1, disabled: true }
        shop: { id: 00000000-0000-4000-8000-0000000000d2, allowedDomains: [shop.example.test] }
        signed: { id: 00000000-0000-4000-8000-0000000000d3, authenticationRequired: true }
";

#[tokio::test]
async fn a_deployment_says_who_comes_in() {
    let desk = Desk::at(TestEmulator::yaml(DEPLOYMENTS).await).await;
    let answered = async |deployment: &str, origin: &str, signed: &str| {
        let mut wish = wish();
        wish["deploymentId"] = json!(format!("00000000-0000-4000-8000-0000000000{deployment}"));
        if !signed.is_empty() {
            wish["memberAuthToken"] = json!(signed);
        }
        let mut headers = vec![("content-type", "application/json")];
        headers.extend((!origin.is_empty()).then_some(("origin", origin)));
        let answer = desk.emulator.client.send("POST", CHATS, &headers, wish.to_string()).await;
        let told = answer.json();
        match answer.status {
            200 => format!("200 authenticated: {}", told["member"]["authenticatedGuest"]),
            status => format!("{status} {}", told["code"].as_str().unwrap()),
        }
    };
    assert_eq!(answered("d1", "", "").await, "400 chat.deployment.disabled");
    assert_eq!(answered("d2", "https://shop.example.test", "").await, "200 authenticated: false");
    assert_eq!(answered("d2", "https://www.shop.example.test", "").await, "200 authenticated: false");
    assert_eq!(answered("d2", "https://example.test", "").await, "403 origin.not.allowed");
    assert_eq!(desk.emulator.last_refusal().await["rule"], "origin.not_allowed");
    assert_eq!(answered("d2", "", "").await, "200 authenticated: false", "nothing is not a page");
    assert_eq!(answered("d3", "", "").await, "400 chat.deployment.require.auth");
    let user = json!({ "userInformation": { "name": "Jo", "accountId": "42" } });
    let bearer = Some(desk.token.as_str());
    let signed = desk.emulator.client.post("/api/v2/signeddata", bearer, &user).await;
    assert_eq!(signed.status, 200, "{}", signed.text);
    let signed = signed.json()["jwt"].as_str().unwrap().to_owned();
    assert_eq!(answered("d3", "", &signed).await, "200 authenticated: true");
    assert_eq!(answered("d2", "", &signed).await, "200 authenticated: true", "it may be said anywhere");
    // what a guest has, and what is spoilt or too old, is no signed data
    let guest = Guest::comes(&desk).await;
    for bad in [guest.jwt.as_str(), &format!("{}x", &signed[..signed.len() - 1]), &desk.token, "x"] {
        assert_eq!(answered("d3", "", bad).await, "400 chat.deployment.bad.auth", "{bad}");
        assert_eq!(desk.emulator.last_refusal().await["rule"], "signed_data.bad");
    }
    desk.emulator.advance("1h").await;
    assert_eq!(answered("d3", "", &signed).await, "400 chat.deployment.bad.auth");
}

#[tokio::test]
async fn a_deployment_need_not_be_named_unless_the_org_says_so() {
    let desk = Desk::start().await;
    let nameless = || with("deploymentId", Value::Null);
    Guest::of(&desk.ask_as("", "POST", CHATS, nameless()).await);
    desk.done("PUT", "/api/v2/webchat/settings", json!({ "requireDeployment": true }), 200).await;
    let refused = desk.ask_as("", "POST", CHATS, nameless()).await;
    assert_eq!((refused.status, &refused.json()["code"]), (400, &json!("chat.error.bad.request")));
    Guest::comes(&desk).await;
    // a flow that is gone answers nobody
    let deployments = "/api/v2/webchat/deployments";
    let gone = json!({ "name": "d", "flow": { "id": "gone" } });
    let made = desk.done("POST", deployments, gone, 200).await.json();
    let refused = desk.ask_as("", "POST", CHATS, with("deploymentId", made["id"].clone())).await;
    assert_eq!((refused.status, &refused.json()["code"]), (400, &json!("chat.error.invalid.flow")));
}

#[tokio::test]
async fn the_body_names_the_org() {
    let emulator = TestEmulator::start().await;
    let made = emulator.client.admin("POST", "/orgs", Some(&json!({ "name": "Blue" }))).await.json();
    let deployment = &made["ids"]["chatDeployments.chat"];
    let mut wish = wish();
    wish["organizationId"] = made["id"].clone();
    wish["deploymentId"] = deployment.clone();
    let answer = emulator.client.post(CHATS, None, &wish).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let guest = Guest::of(&answer);
    // so do its JWT, with a scheme and without, and its event stream
    let path = format!("/orgs/{}/conversations", made["id"].as_str().unwrap());
    let there = emulator.client.admin("GET", &path, None).await.json();
    assert_eq!(there["entities"][0]["id"], guest.id.as_str());
    for authorization in [format!("Bearer {}", guest.jwt), guest.jwt.clone()] {
        let headers = [("authorization", authorization.as_str())];
        let answer = emulator.client.send("GET", &guest.at("/members"), &headers, "").await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    emulator.upgrade(&guest.stream).await.unwrap();
    // whoever addresses it by its URL goes on there
    let there = format!("/@{}", made["id"].as_str().unwrap());
    let answer = emulator.client.post(&format!("{there}{CHATS}"), None, &wish).await;
    let uri = answer.json()["eventStreamUri"].as_str().unwrap().to_owned();
    let target = uri.strip_prefix("ws://emulator.test").unwrap();
    assert!(target.starts_with(&format!("{there}/v1/token/")), "{uri}");
    emulator.upgrade(target).await.unwrap();
    // the deployment of another org is none of this one
    wish["organizationId"] = json!(super::ORG);
    let refused = emulator.client.post(CHATS, None, &wish).await;
    assert_eq!((refused.status, &refused.json()["code"]), (400, &json!("chat.error.bad.request")));
    // and at the address of this org, that one's guest is nobody's
    let own = format!("/@{}{}", super::ORG, guest.at("/members"));
    let refused = emulator.client.get(&own, Some(&guest.jwt)).await;
    assert_eq!((refused.status, &refused.json()["code"]), (401, &json!("bad.credentials")));
    let Err((401, _)) = emulator.upgrade(&format!("/@{}{}", super::ORG, guest.stream)).await else {
        panic!("it was let in")
    };
}
