//! `untrusted_certificate`: clients must refuse the certificate.

use crate::support::{
    TestEmulator,
    tls::{connect, refusal, trusting},
};

#[tokio::test]
async fn the_scenario_shows_it_for_one_host() {
    let emulator = TestEmulator::scenario("untrusted_certificate").await;
    let told = refusal(&emulator, "webmessaging.mypurecloud.com").await;
    assert!(told.contains("UnknownIssuer"), "{told}");
    assert!(connect(&emulator, "api.mypurecloud.ie").await.is_ok(), "another host has a good one");
}

#[tokio::test]
async fn a_session_of_before_does_not_go_on_under_it() {
    let emulator = TestEmulator::start().await;
    // one configuration: it remembers tickets
    let config = trusting(&emulator);
    let again = || async {
        let tcp = tokio::net::TcpStream::connect(emulator.emulator.address()).await.unwrap();
        let mut tls = crate::support::tls::over(tcp, "webmessaging.mypurecloud.com", config.clone()).await?;
        // tickets come behind the handshake
        crate::support::tls::ask(&mut tls, &crate::support::tls::get("/", "webmessaging.mypurecloud.com"))
            .await;
        Ok::<_, std::io::Error>(tls.get_ref().1.handshake_kind())
    };
    assert_eq!(again().await.unwrap(), Some(rustls::HandshakeKind::Full));
    assert_eq!(again().await.unwrap(), Some(rustls::HandshakeKind::Resumed));
    emulator.fault(serde_json::json!({ "effect": { "untrusted_certificate": {} } })).await;
    let told = again().await.unwrap_err().to_string();
    assert!(told.contains("UnknownIssuer"), "{told}");
}
