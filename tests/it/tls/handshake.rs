//! Certificates by the name of the server, made when it is asked for.

use std::sync::Arc;

use tokio::net::TcpStream;
use x509_parser::parse_x509_certificate;

use crate::support::{
    TestEmulator,
    tls::{ask, connect, get, over, refusal, trusting},
};

#[tokio::test]
async fn loopback_every_region_and_names_that_are_nobodys_have_certificates() {
    let emulator = TestEmulator::start().await;
    for name in [
        "localhost",
        "127.0.0.1",
        "::1",
        "api.mypurecloud.com",
        "login.mypurecloud.com.au",
        "webmessaging.usw2.pure.cloud",
        "apps.edee1.eusc-pure.cloud",
        "webmessaging-usw2.platform.genesys.cloud",
        "emulator.test",
    ] {
        let mut stream = connect(&emulator, name).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        let answer = ask(&mut stream, &get("/.well-known/jwks.json", name)).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{name}: {answer}");
    }
    assert!(connect(&emulator, "blue.localhost").await.is_ok(), "orgs have names");
}

#[tokio::test]
async fn nobody_is_vouched_for_who_is_somebody() {
    let emulator = TestEmulator::start().await;
    for name in ["example.com", "api.mypurecloud.com.evil.org", "notmypurecloud.com", "10.0.0.1"] {
        let told = refusal(&emulator, name).await;
        assert!(told.contains("not valid for name"), "{name}: {told}");
    }
}

#[tokio::test]
async fn whoever_names_no_server_gets_the_certificate_of_loopback() {
    let emulator = TestEmulator::start().await;
    let mut config = trusting(&emulator);
    config.enable_sni = false;
    let tcp = TcpStream::connect(emulator.emulator.address()).await.unwrap();
    let stream = over(tcp, "localhost", config).await.unwrap();
    let shown = &stream.get_ref().1.peer_certificates().unwrap()[0];
    let (_, certificate) = parse_x509_certificate(shown).unwrap();
    let names = format!("{:?}", certificate.subject_alternative_name().unwrap().unwrap().value.general_names);
    insta::assert_snapshot!(names, @r#"[DNSName("localhost"), IPAddress([127, 0, 0, 1]), IPAddress([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])]"#);
}

#[tokio::test]
async fn it_is_http_1_1_that_is_spoken() {
    let emulator = TestEmulator::start().await;
    let with = |protocols: &[&[u8]]| {
        let mut config = trusting(&emulator);
        config.alpn_protocols = protocols.iter().map(|one| one.to_vec()).collect();
        config
    };
    let address = emulator.emulator.address();
    let tcp = TcpStream::connect(address).await.unwrap();
    let both = over(tcp, "localhost", with(&[b"h2", b"http/1.1"])).await.unwrap();
    assert_eq!(both.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
    let tcp = TcpStream::connect(address).await.unwrap();
    let told = over(tcp, "localhost", with(&[b"h2"])).await.map(drop).unwrap_err().to_string();
    assert_eq!(told, "received fatal alert: NoApplicationProtocol");
}

#[tokio::test]
async fn a_name_has_one_certificate_as_long_as_the_emulator_lives() {
    let emulator = TestEmulator::start().await;
    let mut shown = Vec::new();
    for name in ["api.mypurecloud.com", "API.mypurecloud.com", "login.mypurecloud.com"] {
        let stream = connect(&emulator, name).await.unwrap();
        shown.push(stream.get_ref().1.peer_certificates().unwrap()[0].clone());
    }
    assert_eq!(shown[0], shown[1]);
    assert_ne!(shown[0], shown[2]);
}

#[tokio::test]
async fn heads_are_spelled_as_the_platform_spells_them_over_tls_too() {
    let emulator = TestEmulator::start().await;
    let mut stream = connect(&emulator, "api.mypurecloud.com").await.unwrap();
    let answer = ask(&mut stream, &get("/api/v2/tokens/me", "api.mypurecloud.com")).await;
    assert!(answer.starts_with("HTTP/1.1 401 Unauthorized\r\n"), "{answer}");
    assert!(answer.contains("\r\nININ-Correlation-Id: "), "{answer}");
}

#[tokio::test]
async fn two_connections_at_once_for_names_that_are_new_are_both_served() {
    let emulator = Arc::new(TestEmulator::start().await);
    let all = (0..20).map(|nth| {
        let emulator = Arc::clone(&emulator);
        tokio::spawn(async move { connect(&emulator, &format!("n{}.mypurecloud.de", nth / 2)).await.is_ok() })
    });
    for one in all.collect::<Vec<_>>() {
        assert!(one.await.unwrap());
    }
}

#[tokio::test]
async fn off_is_off() {
    let emulator = TestEmulator::with(|builder| builder.tls(false)).await;
    let tcp = TcpStream::connect(emulator.emulator.address()).await.unwrap();
    let other = TestEmulator::start().await;
    assert!(over(tcp, "localhost", trusting(&other)).await.is_err());
    let answer = emulator.client.admin("GET", "/ca.pem", None).await;
    insta::assert_snapshot!(format!("{} {}", answer.status, answer.text), @r#"404 {"type":"about:blank","title":"There is no certificate authority","status":404,"detail":"This emulator was started with --tls off"}"#);
    assert_eq!(emulator.client.admin("GET", "/health", None).await.status, 200);
}
