//! What answers say follows the name and the scheme that the client used.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::{
    client_async,
    tungstenite::{Message, client::IntoClientRequest},
};

use crate::support::{
    DEPLOYMENT, TestEmulator,
    tls::{ask, connect, get, over, trusting, tunnel},
};

#[tokio::test]
async fn urls_follow_the_name_and_the_scheme() {
    let emulator = TestEmulator::of_its_own_url().await;
    let port = emulator.emulator.address().port();
    let here = format!("localhost:{port}");
    for (name, host) in [
        ("login.mypurecloud.jp", "login.mypurecloud.jp"),
        ("localhost", &here),
        ("api.genesys.test", "api.genesys.test"),
    ] {
        let mut tls = connect(&emulator, name).await.unwrap();
        let answer = ask(&mut tls, &get("/.well-known/openid-configuration", host)).await;
        assert!(answer.contains(&format!(r#""issuer":"https://{host}""#)), "{answer}");
    }
}

#[tokio::test]
async fn a_socket_of_a_regions_messaging_host_is_opened_through_the_proxy() {
    let emulator = TestEmulator::of_its_own_url().await;
    let host = "webmessaging.mypurecloud.de";
    let (_, tcp) = tunnel(&emulator, &format!("{host}:443")).await;
    let tls = over(tcp, host, trusting(&emulator)).await.unwrap();
    let url = format!("wss://{host}/v1?deploymentId={DEPLOYMENT}");
    let (mut socket, _) = client_async(url.into_client_request().unwrap(), tls).await.unwrap();
    let token = "11111111-1111-4111-8111-111111111111";
    let configure = json!({ "action": "configureSession", "deploymentId": DEPLOYMENT, "token": token });
    socket.send(Message::text(configure.to_string())).await.unwrap();
    let frame = socket.next().await.unwrap().unwrap();
    let frame: Value = serde_json::from_str(frame.to_text().unwrap()).unwrap();
    assert_eq!((&frame["class"], &frame["code"]), (&json!("SessionResponse"), &json!(200)), "{frame}");
    socket.close(None).await.unwrap();
}

#[tokio::test]
async fn a_reset_by_a_fault_reaches_through_tls() {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!({ "when": { "host": "api.mypurecloud.com" }, "effect": { "reset": {} } })).await;
    let mut tls = connect(&emulator, "api.mypurecloud.com").await.unwrap();
    assert_eq!(ask(&mut tls, &get("/api/v2/x", "api.mypurecloud.com")).await, "");
    let mut other = connect(&emulator, "api.mypurecloud.com").await.unwrap();
    let answer = ask(&mut other, &get("/api/v2/x", "api.mypurecloud.ie")).await;
    assert!(answer.starts_with("HTTP/1.1 501 "), "a fault of one host is not of another: {answer}");
}
