//! `respond`.

use insta::assert_snapshot;
use serde_json::json;

use super::{fault_of, guest};
use crate::{
    support::{Answer, DEPLOYMENT, TestEmulator},
    webmessaging::raw::{Raw, handshake},
};

fn summary(answer: &Answer) -> String {
    let retry = answer.header("retry-after");
    format!("{} {} {retry}\n{}", answer.status, answer.header("content-type"), answer.text)
}

/// What `GET path` is answered with while the fault with these options is set.
async fn answered(path: &str, options: serde_json::Value) -> String {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!({ "id": "f", "effect": { "respond": options } })).await;
    let answer = emulator.client.get(path, None).await;
    assert_eq!(answer.header("x-emulator-fault"), "f");
    summary(&answer)
}

#[tokio::test]
async fn the_scenario_makes_the_guest_api_unavailable_twice_and_then_it_works() {
    let emulator = TestEmulator::scenario("respond").await;
    let token = emulator.guest_client_token().await;
    let first = guest(&emulator, &token).await;
    assert_eq!(first.header("x-emulator-fault"), "respond");
    assert_snapshot!(summary(&first), @r#"
503 application/json 5
{"message":"Service Unavailable - The server is currently unavailable.","code":"service.unavailable","status":503,"contextId":"ce8c5a36-ff6b-4372-a46c-6311e122de80","details":[],"errors":[]}
"#);
    assert_snapshot!(emulator.last_refusal().await, @r#"{"fault":"respond","reason":"A fault answers instead of the platform","rule":"response.injected"}"#);
    assert_eq!(guest(&emulator, &token).await.status, 503);
    let third = guest(&emulator, &token).await;
    assert_eq!((third.status, third.header("x-emulator-fault")), (200, ""));
}

#[tokio::test]
async fn a_code_alone_is_the_vendors_status_and_body() {
    let not_found = answered("/api/v2/x", json!({ "code": "not.found" })).await;
    assert_snapshot!(not_found, @r#"
404 application/json 
{"message":"The requested resource was not found.","code":"not.found","status":404,"contextId":"1f4000f2-f7ae-4856-8af7-364288c30816","details":[],"errors":[]}
"#);
}

#[tokio::test]
async fn a_status_alone_is_the_plainest_code_of_it() {
    let plain = answered("/api/v2/x", json!({ "status": 401 })).await;
    assert_snapshot!(plain, @r#"
401 application/json 
{"message":"No authentication bearer token specified in authorization header.","code":"authentication.required","status":401,"contextId":"1f4000f2-f7ae-4856-8af7-364288c30816","details":[],"errors":[]}
"#);
    let unheard_of = answered("/api/v2/x", json!({ "status": 418 })).await;
    assert_snapshot!(unheard_of, @r#"
418 application/json 
{"message":"I'm a teapot","code":"bad.request","status":418,"contextId":"1f4000f2-f7ae-4856-8af7-364288c30816","details":[],"errors":[]}
"#);
}

#[tokio::test]
async fn a_message_and_a_code_of_ones_own_are_told() {
    let own = answered("/api/v2/x", json!({ "status": 409, "code": "my.code", "message": "Busy" })).await;
    assert_snapshot!(own, @r#"
409 application/json 
{"message":"Busy","code":"my.code","status":409,"contextId":"1f4000f2-f7ae-4856-8af7-364288c30816","details":[],"errors":[]}
"#);
}

#[tokio::test]
async fn a_429_names_the_seconds_that_retry_after_names() {
    let limited = answered("/api/v2/x", json!({ "status": 429, "retryAfter": "7s" })).await;
    assert_snapshot!(limited, @r#"
429 application/json 7
{"message":"Rate limit exceeded the maximum. Retry the request in [7] seconds","code":"too.many.requests.retry.after","status":429,"contextId":"1f4000f2-f7ae-4856-8af7-364288c30816","details":[],"errors":[]}
"#);
    let soon = answered("/api/v2/x", json!({ "status": 503, "retryAfter": "250ms" })).await;
    assert!(soon.starts_with("503 application/json 1\n"), "rounded up to a second: {soon}");
}

#[tokio::test]
async fn a_body_is_sent_as_it_is() {
    let json = answered("/api/v2/x", json!({ "status": 200, "body": { "entities": [] } })).await;
    assert_snapshot!(json, @r#"
200 application/json 
{"entities":[]}
"#);
    let text = answered("/api/v2/x", json!({ "status": 502, "body": "<html>Bad gateway</html>" })).await;
    assert_snapshot!(text, @r#"
502 text/plain; charset=utf-8 
<html>Bad gateway</html>
"#);
    let nothing = answered("/api/v2/x", json!({ "status": 204 })).await;
    assert_eq!(nothing, "204  \n");
}

#[tokio::test]
async fn headers_are_added_and_the_correlation_id_stays() {
    let emulator = TestEmulator::start().await;
    let options = json!({ "status": 301, "headers": { "Location": "https://elsewhere.example.test/" } });
    emulator.fault(json!({ "effect": { "respond": options } })).await;
    let http =
        reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let answer = http.get(format!("{}/api/v2/x", emulator.base())).send().await.unwrap();
    assert_eq!(answer.status(), 301);
    assert_eq!(answer.headers()["location"], "https://elsewhere.example.test/");
    assert_eq!(answer.headers()["inin-correlation-id"].len(), 36);
}

#[tokio::test]
async fn each_surface_answers_in_its_own_dialect() {
    let login = answered("/oauth/token", json!({ "status": 503 })).await;
    assert_snapshot!(login, @r#"
503 application/json 
{"error":"server_error","description":"Service Unavailable","error_description":"Service Unavailable"}
"#);
    let cdn = answered(
        &format!("/webdeployments/v1/deployments/{DEPLOYMENT}/config.json"),
        json!({ "status": 503 }),
    )
    .await;
    assert_snapshot!(cdn, @r#"
503 application/json 
{"message":"Service Unavailable - The server is currently unavailable.","code":"service.unavailable","status":503,"contextId":"1f4000f2-f7ae-4856-8af7-364288c30816","details":[],"errors":[]}
"#);
    let emulator = TestEmulator::start().await;
    emulator.fault(json!({ "effect": { "respond": { "status": 403 } } })).await;
    let (status, body) = emulator.upgrade(&format!("/v1?deploymentId={DEPLOYMENT}")).await.err().unwrap();
    assert_eq!(status, 403);
    assert_snapshot!(body, @r#"{"errorCode":"FORBIDDEN","message":"Forbidden"}"#);
}

#[tokio::test]
async fn at_commit_the_guest_exists_although_the_answer_is_an_error() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    let when = json!({ "path": "/api/v2/webchat/guest" });
    let fault = json!({ "when": when, "phase": "commit", "effect": { "respond": { "status": 500 } } });
    emulator.fault(fault).await;
    assert_eq!(guest(&emulator, &token).await.status, 500);
    let entry = emulator.journal("target=/api/v2/webchat/guest").await.pop().unwrap();
    assert_eq!(entry["refusal"]["rule"], "response.injected");
    let id = entry["guest"].as_str().unwrap();
    let shown = emulator.client.get(&format!("/api/v2/webchat/guest/{id}"), Some(&token)).await;
    assert_eq!((shown.status, &shown.json()["name"]), (200, &json!("Ann")));
}

#[tokio::test]
async fn before_the_work_the_guest_does_not_exist() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    let when = json!({ "path": "/api/v2/webchat/guest" });
    let fault = json!({ "when": when, "effect": { "respond": { "status": 500 } } });
    emulator.fault(fault).await;
    guest(&emulator, &token).await;
    let entry = emulator.journal("target=/api/v2/webchat/guest").await.pop().unwrap();
    assert_eq!(entry.get("guest"), None);
}

#[tokio::test]
async fn a_frame_is_answered_with_a_string_error_and_nothing_is_said() {
    let emulator = TestEmulator::start().await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, "t-1").await;
    let respond = json!({ "code": "service.unavailable" });
    emulator
        .fault(json!({ "id": "f", "when": { "action": "onMessage" }, "effect": { "respond": respond } }))
        .await;
    let mut said = json!({ "action": "onMessage", "token": "t-1", "tracingId": "x-1" });
    said["message"] = json!({ "type": "Text", "text": "Hello" });
    socket.send(said).await;
    assert_snapshot!(socket.next().await, @r#"{"body":"Service Unavailable - The server is currently unavailable.","class":"string","code":503,"tracingId":"x-1","type":"response"}"#);
    socket.send(json!({ "action": "echo", "token": "t-1" })).await;
    assert_eq!(
        socket.next().await["class"],
        "StructuredMessage",
        "the socket stays open, and the message was not said"
    );
    let faulted = emulator.journal("fault=f").await;
    assert_eq!((faulted.len(), &faulted[0]["kind"]), (1, &json!("frameIn")));
}

#[tokio::test]
async fn a_frame_answered_with_429_is_the_vendors_own_class() {
    let emulator = TestEmulator::start().await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, "t-1").await;
    let respond = json!({ "status": 429, "retryAfter": "4s" });
    emulator.fault(json!({ "when": { "action": "onMessage" }, "effect": { "respond": respond } })).await;
    socket.say("t-1", "Hello").await;
    assert_snapshot!(socket.next().await, @r#"{"body":{"errorCode":4029,"errorMessage":"Rate limit exceeded","retryAfter":4},"class":"TooManyRequestsErrorMessage","code":429,"type":"response"}"#);
}

#[tokio::test]
async fn a_frame_on_its_way_out_is_replaced() {
    let emulator = TestEmulator::start().await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    let respond = json!({ "status": 500, "message": "Lost" });
    emulator.fault(json!({ "when": { "class": "SessionResponse" }, "effect": { "respond": respond } })).await;
    let answer = socket.configure(DEPLOYMENT, "t-1").await;
    assert_snapshot!(answer, @r#"{"body":"Lost","class":"string","code":500,"type":"response"}"#);
    assert_eq!(fault_of(&emulator, "/api/v2/x").await, "", "requests are not frames");
}

#[tokio::test]
async fn an_upgrade_is_refused_with_any_status_and_retry_after() {
    let mut all = String::new();
    for status in [401, 403, 404, 429, 503] {
        let emulator = TestEmulator::start().await;
        let effect = json!({ "respond": { "status": status, "retryAfter": "3s" } });
        emulator.fault(json!({ "id": "f", "when": { "surface": "webmessaging" }, "effect": effect })).await;
        let target = format!("/v1?deploymentId={DEPLOYMENT}");
        let mut raw = Raw::connect(&emulator).await;
        raw.send(handshake(&target, "").as_bytes()).await;
        let head = raw.head().await;
        let told = ["\nRetry-After: 3\n", "\nX-Emulator-Fault: f\n"];
        assert!(told.iter().all(|line| head.contains(line)), "{head}");
        let refused = emulator.upgrade(&target).await.err().unwrap();
        all.push_str(&format!("{}\n{}\n", head.lines().next().unwrap(), refused.1));
    }
    assert_snapshot!(all, @r#"
HTTP/1.1 401 Unauthorized
{"message":"No authentication bearer token specified in authorization header.","code":"authentication.required","status":401,"contextId":"ce8c5a36-ff6b-4372-a46c-6311e122de80","details":[],"errors":[]}
HTTP/1.1 403 Forbidden
{"errorCode":"FORBIDDEN","message":"Forbidden"}
HTTP/1.1 404 Not Found
{"message":"The requested resource was not found.","code":"not.found","status":404,"contextId":"ce8c5a36-ff6b-4372-a46c-6311e122de80","details":[],"errors":[]}
HTTP/1.1 429 Too Many Requests
{"message":"Rate limit exceeded the maximum. Retry the request in [3] seconds","code":"too.many.requests.retry.after","status":429,"contextId":"ce8c5a36-ff6b-4372-a46c-6311e122de80","details":[],"errors":[]}
HTTP/1.1 503 Service Unavailable
{"message":"Service Unavailable - The server is currently unavailable.","code":"service.unavailable","status":503,"contextId":"ce8c5a36-ff6b-4372-a46c-6311e122de80","details":[],"errors":[]}
"#);
}
