//! The library: several emulators in one process, stopped when they are dropped.

use genesys_emulator::{Emulator, StartError};
use serde_json::json;
use tokio::net::TcpStream;

use crate::support::{DEPLOYMENT, TestEmulator, client::Client};

/// Waits until nobody listens there any more.
async fn refuses(address: std::net::SocketAddr) {
    for _ in 0..100_000 {
        if TcpStream::connect(address).await.is_err() {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("{address} still listens");
}

#[tokio::test]
async fn two_emulators_in_one_process_do_not_notice_each_other() {
    let (one, other) = (TestEmulator::start().await, TestEmulator::start().await);
    assert_ne!(one.base(), other.base());
    one.fault(json!({ "effect": { "respond": { "status": 503 } } })).await;
    one.advance("1h").await;
    let answer = other.client.get("/.well-known/jwks.json", None).await;
    assert_eq!((answer.status, answer.header("date")), (200, "Fri, 02 Jan 2026 03:04:05 GMT"));
    let token = other.guest_client_token().await;
    one.client.admin("DELETE", "/faults", None).await;
    let refused = one.client.get("/api/v2/tokens/me", Some(&token)).await;
    assert_eq!(refused.status, 401, "they have the same seed, but not the same tokens");
    let made = one.client.admin("POST", "/orgs", None).await.json();
    let path = format!("/orgs/{}", made["id"].as_str().unwrap());
    assert_eq!(other.client.admin("GET", &path, None).await.status, 404);
}

#[tokio::test]
async fn it_stops_when_it_is_dropped_and_the_port_is_free_again() {
    let emulator = TestEmulator::start().await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    let address = emulator.emulator.address();
    drop(emulator);
    refuses(address).await;
    let closed = socket.closed().await.unwrap();
    assert_eq!((u16::from(closed.code), closed.reason.as_str()), (1001, "the emulator is stopping"));
    let again = Emulator::builder().listen(address.to_string()).start().await.unwrap();
    assert_eq!(again.address(), address);
}

#[tokio::test]
async fn stop_answers_when_nothing_listens_any_more() {
    let emulator = Emulator::builder().start().await.unwrap();
    let client = Client::new(emulator.url());
    client.get("/.well-known/jwks.json", None).await;
    let address = emulator.address();
    emulator.stop().await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn the_handle_knows_the_way_in() {
    let emulator = Emulator::builder().scenario("delay").seed(7).start().await.unwrap();
    let client = ("emulator-client".to_owned(), "emulator-secret".to_owned());
    assert_eq!(emulator.client(), Some(client));
    assert_eq!(emulator.deployment_id().as_deref(), Some(DEPLOYMENT));
    assert_eq!(emulator.org_id().as_deref(), Some(crate::support::ORG));
    assert_eq!(emulator.seed(), 7);
    assert_eq!(emulator.url(), format!("http://{}", emulator.address()));
    assert_eq!(emulator.admin_url(), format!("{}/__admin", emulator.url()));
}

#[tokio::test]
async fn a_public_url_is_what_urls_start_with() {
    let emulator = TestEmulator::with(|builder| builder.public_url("https://e.example.test/")).await;
    assert_eq!(emulator.emulator.url(), "https://e.example.test");
    let discovery = emulator.client.get("/.well-known/openid-configuration", None).await.json();
    assert_eq!(discovery["issuer"], "https://e.example.test");
}

#[tokio::test]
async fn without_limits_nothing_is_counted() {
    let emulator = TestEmulator::unlimited().await;
    let token = emulator.guest_client_token().await;
    for _ in 0..301 {
        let answer = emulator.client.get("/api/v2/tokens/me", Some(&token)).await;
        assert_eq!((answer.status, answer.header("inin-ratelimit-count")), (200, ""));
    }
}

#[tokio::test]
async fn what_cannot_start_says_why() {
    let unknown = Emulator::builder().scenario("respnd").start().await.err().unwrap();
    assert_eq!(
        unknown.to_string(),
        "there is no scenario `respnd`, neither built in nor as a file; did you mean `respond`?"
    );
    let running = Emulator::builder().start().await.unwrap();
    let address = running.address().to_string();
    let taken = Emulator::builder().listen(&*address).start().await.err().unwrap();
    assert!(matches!(&taken, StartError::AddressInUse(taken) if *taken == address), "{taken}");
    let nowhere = Emulator::builder().listen("192.0.2.1:1").start().await.err().unwrap();
    assert!(matches!(nowhere, StartError::Listen { .. }), "{nowhere}");
    let time = Emulator::builder().frozen_at("yesterday").err().unwrap();
    assert_eq!(time.to_string(), "`yesterday` is not a time; expected RFC 3339 such as 2026-01-02T03:04:05Z");
}
