//! What is not served says so.

use insta::assert_snapshot;

use crate::support::{Answer, DEPLOYMENT, TestEmulator};

async fn ask(emulator: &TestEmulator, method: &str, path: &str) -> Answer {
    emulator.client.send(method, path, &[], "").await
}

#[tokio::test]
async fn an_api_that_is_not_emulated_is_501() {
    let emulator = TestEmulator::start().await;
    let answer = ask(&emulator, "GET", "/api/v2/groups/x?expand=presence").await;
    assert_eq!(answer.status, 501);
    assert_snapshot!(answer.text, @r#"{"message":"This emulator does not serve GET /api/v2/groups/x","code":"not.implemented","status":501,"contextId":"1f4000f2-f7ae-4856-8af7-364288c30816","details":[],"errors":[]}"#);
    assert_snapshot!(emulator.last_refusal().await, @r#"{"reason":"This emulator does not serve GET /api/v2/groups/x","rule":"path.unserved"}"#);
    for (method, path) in [
        ("POST", "/api/v2/webchat/guests"),
        ("DELETE", "/api/v2"),
        ("PATCH", "/api/v2/"),
        ("GET", "/api/v2/webchat/guest/a/b"),
    ] {
        assert_eq!(ask(&emulator, method, path).await.status, 501, "{method} {path}");
    }
}

#[tokio::test]
async fn a_method_that_is_not_served_is_405() {
    let emulator = TestEmulator::start().await;
    let answer = ask(&emulator, "PUT", "/api/v2/webchat/guest").await;
    assert_eq!(answer.status, 405);
    assert_snapshot!(answer.text, @r#"{"message":"/api/v2/webchat/guest is not served with PUT","code":"method.not.allowed","status":405,"contextId":"1f4000f2-f7ae-4856-8af7-364288c30816","details":[],"errors":[]}"#);
    assert_eq!(answer.header("allow"), "POST");
    assert_snapshot!(emulator.last_refusal().await, @r#"{"reason":"/api/v2/webchat/guest is not served with PUT","rule":"method.unserved"}"#);

    let answer = ask(&emulator, "GET", "/oauth/token").await;
    assert_eq!(answer.status, 405);
    assert_snapshot!(answer.text, @r#"{"error":"invalid_request","description":"/oauth/token is not served with GET","error_description":"/oauth/token is not served with GET"}"#);
    assert_eq!(answer.header("allow"), "POST");

    let path = format!("/webdeployments/v1/deployments/{DEPLOYMENT}/config.json");
    let answer = ask(&emulator, "POST", &path).await;
    assert_eq!(answer.status, 405);
    assert_snapshot!(answer.text, @r#"{"message":"/webdeployments/v1/deployments/00000000-0000-4000-8000-0000000000cc/config.json is not served with POST","code":"method.not.allowed","status":405,"contextId":"164893be-bc28-414c-8ebe-5aea3e153b2b","details":[],"errors":[]}"#);
}

#[tokio::test]
async fn a_path_of_no_surface_is_404() {
    let emulator = TestEmulator::start().await;
    let answer = ask(&emulator, "GET", "/nothing/here").await;
    assert_eq!(answer.status, 404);
    assert_snapshot!(answer.text, @r#"{"message":"There is nothing at GET /nothing/here","code":"not.found","status":404,"contextId":"1f4000f2-f7ae-4856-8af7-364288c30816","details":[],"errors":[]}"#);
    assert_snapshot!(emulator.last_refusal().await, @r#"{"reason":"There is nothing at GET /nothing/here","rule":"path.unknown"}"#);
    let answer = ask(&emulator, "POST", "/oauth/revoke").await;
    assert_eq!(answer.status, 404);
    assert_snapshot!(answer.text, @r#"{"error":"invalid_request","description":"There is nothing at POST /oauth/revoke","error_description":"There is nothing at POST /oauth/revoke"}"#);
    for path in ["/v1/tokens/x", "/api/v1/users", "/__administrator", "//oauth/token"] {
        assert_eq!(ask(&emulator, "GET", path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn the_front_door_names_what_is_served() {
    let emulator = TestEmulator::start().await;
    let answer = ask(&emulator, "GET", "/").await;
    assert_eq!(answer.status, 200);
    assert_snapshot!(answer.text, @r#"
    genesys-emulator: an emulated Genesys Cloud for tests.

    POST /oauth/token
    POST /api/v2/webchat/guest
    GET  /api/v2/oauth/publickey
    GET  /webdeployments/v1/deployments/{id}/config.json
    GET  /v1?deploymentId={id}   (WebSocket)
    GET  /.well-known/openid-configuration
    GET  /idp/{name}/.well-known/openid-configuration
    GET  /__admin/health
    "#);
    assert_eq!(ask(&emulator, "POST", "/").await.status, 404);
}

#[tokio::test]
async fn an_org_that_is_not_there_is_404_in_the_emulators_own_words() {
    let emulator = TestEmulator::start().await;
    let answer = emulator.client.try_send("GET", "/@nobody/api/v2/tokens/me", &[], "").await.unwrap();
    assert_eq!(answer.status, 404);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_snapshot!(answer.text, @r#"{"type":"about:blank","title":"No such org","status":404,"detail":"There is no org nobody; POST /__admin/orgs makes one"}"#);
}
