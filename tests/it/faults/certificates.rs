//! What faults of certificates have in common: one host shows a bad one, and no session of before goes on under it.

use serde_json::json;
use tokio::net::TcpStream;

use crate::support::{
    TestEmulator,
    tls::{ask, connect, get, over, refusal, trusting},
};

/// This host is refused in these words, and others are not.
pub async fn are_refused(emulator: TestEmulator, host: &str, words: &str) {
    let told = refusal(&emulator, host).await;
    assert!(told.contains(words), "{told}");
    assert!(connect(&emulator, "api.mypurecloud.ie").await.is_ok(), "another host has a good one");
}

/// A client that holds a ticket of a session has to look at the certificate all the same.
pub async fn are_looked_at_again(effect: &str, words: &str) {
    let emulator = TestEmulator::start().await;
    // one configuration: it remembers tickets
    let config = trusting(&emulator);
    let again = async || {
        let tcp = TcpStream::connect(emulator.emulator.address()).await.unwrap();
        let mut tls = over(tcp, "localhost", config.clone()).await?;
        // tickets come behind the handshake
        ask(&mut tls, &get("/", "localhost")).await;
        Ok::<_, std::io::Error>(tls.get_ref().1.handshake_kind())
    };
    assert_eq!(again().await.unwrap(), Some(rustls::HandshakeKind::Full));
    assert_eq!(again().await.unwrap(), Some(rustls::HandshakeKind::Resumed));
    emulator.fault(json!({ "effect": { effect: {} } })).await;
    let told = again().await.unwrap_err().to_string();
    assert!(told.contains(words), "{told}");
}
