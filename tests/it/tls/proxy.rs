//! The forward proxy: tunnels and targets in absolute form, for the platform's hosts and for this one.

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::{
    cli::process::Run,
    faults::raw::exchange,
    support::{
        TestEmulator,
        client::Client,
        tls::{ask, get, over, trusting, trusting_pem, tunnel},
    },
};

async fn own_url() -> TestEmulator {
    TestEmulator::of_its_own_url().await
}

#[tokio::test]
async fn a_tunnel_to_a_host_of_the_platform_leads_here() {
    let emulator = own_url().await;
    let (head, tcp) = tunnel(&emulator, "login.mypurecloud.de:443").await;
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    let mut tls = over(tcp, "login.mypurecloud.de", trusting(&emulator)).await.unwrap();
    let request = get("/.well-known/openid-configuration", "login.mypurecloud.de");
    let answer = ask(&mut tls, &request).await;
    assert!(answer.contains(r#""issuer":"https://login.mypurecloud.de""#), "{answer}");
    let (_, mut plain) = tunnel(&emulator, "api.mypurecloud.com:80").await;
    let answer = ask(&mut plain, &get("/.well-known/openid-configuration", "api.mypurecloud.com")).await;
    assert!(answer.contains(r#""issuer":"https://api.mypurecloud.com""#), "{answer}");
}

#[tokio::test]
async fn what_is_sent_before_the_tunnel_is_open_is_not_lost() {
    let emulator = own_url().await;
    let head = "CONNECT api.mypurecloud.com:80 HTTP/1.1\r\nHost: api.mypurecloud.com:80\r\n\r\n";
    let both = format!("{head}{}", get("/.well-known/jwks.json", "api.mypurecloud.com"));
    let ended = exchange(&emulator.base(), &both).await;
    let answers: Vec<_> = ended.text.matches("HTTP/1.1 200 OK").collect();
    assert_eq!(answers.len(), 2, "{}", ended.text);
}

#[tokio::test]
async fn a_tunnel_goes_through_the_tls_of_the_proxy_itself() {
    let emulator = own_url().await;
    let mut outer = crate::support::tls::connect(&emulator, "localhost").await.unwrap();
    let to = "api.mypurecloud.com:443";
    outer.write_all(format!("CONNECT {to} HTTP/1.1\r\nHost: {to}\r\n\r\n").as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(outer.read_u8().await.unwrap());
    }
    let mut inner = over(outer, "api.mypurecloud.com", trusting(&emulator)).await.unwrap();
    let answer = ask(&mut inner, &get("/.well-known/jwks.json", "api.mypurecloud.com")).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
}

#[tokio::test]
async fn a_target_in_absolute_form_wins_over_host_and_says_the_scheme() {
    let emulator = own_url().await;
    for (target, issuer) in [
        ("https://login.mypurecloud.ie", "https://login.mypurecloud.ie"),
        ("https://login.mypurecloud.ie:443", "https://login.mypurecloud.ie"),
        ("http://login.mypurecloud.ie", "https://login.mypurecloud.ie"),
        ("http://localhost", "http://localhost"),
    ] {
        let request = get(&format!("{target}/.well-known/openid-configuration"), "proxy.example.com");
        let ended = exchange(&emulator.base(), &request).await;
        assert!(ended.text.contains(&format!(r#""issuer":"{issuer}""#)), "{target}: {}", ended.text);
    }
}

#[tokio::test]
async fn a_stray_call_is_refused_in_words_and_in_the_journal() {
    let emulator = own_url().await;
    let (head, mut tcp) = tunnel(&emulator, "example.com:443").await;
    assert!(head.starts_with("HTTP/1.1 403 Forbidden\r\n"), "{head}");
    drop(tcp.shutdown().await);
    let ended = exchange(&emulator.base(), &get("http://example.com/x?token=s3cret", "example.com")).await;
    assert!(ended.text.starts_with("HTTP/1.1 403 Forbidden\r\n"), "{}", ended.text);
    let body: Value = serde_json::from_str(ended.body()).unwrap();
    insta::assert_snapshot!(body["message"].as_str().unwrap(), @"example.com is no host of the platform, and nobody is asked for it; --proxy-pass example.com lets it through");
    let told: Vec<_> = emulator
        .journal("")
        .await
        .iter()
        .map(|entry| format!("{} {} {}", entry["method"], entry["target"], entry["refusal"]))
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    "CONNECT" "example.com:443" {"reason":"example.com is no host of the platform, and nobody is asked for it; --proxy-pass example.com lets it through","rule":"proxy.stray"}
    "GET" "http://example.com/x" {"reason":"example.com is no host of the platform, and nobody is asked for it; --proxy-pass example.com lets it through","rule":"proxy.stray"}
    "#);
}

#[tokio::test]
async fn another_port_of_this_machine_is_not_the_emulator() {
    let emulator = own_url().await;
    let ended = exchange(&emulator.base(), &get("http://localhost:1/x", "localhost:1")).await;
    let body: Value = serde_json::from_str(ended.body()).unwrap();
    insta::assert_snapshot!(body["message"].as_str().unwrap(), @"port 1 of this machine is not the emulator's; what runs there is reached without a proxy: NO_PROXY=localhost");
    let own = emulator.emulator.address();
    for target in
        [format!("http://{own}/"), format!("http://localhost:{}/", own.port()), "http://[::1]/".into()]
    {
        let ended = exchange(&emulator.base(), &get(&target, "x")).await;
        assert!(ended.text.starts_with("HTTP/1.1 200 OK\r\n"), "{target}: {}", ended.text);
    }
}

/// Answers one connection with what came.
async fn somebody() -> (u16, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let came = tokio::spawn(async move {
        let (mut tcp, _) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(tcp.read_u8().await.unwrap());
        }
        tcp.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nthere")
            .await
            .unwrap();
        String::from_utf8(head).unwrap()
    });
    (port, came)
}

#[tokio::test]
async fn a_host_that_is_listed_is_reached() {
    let emulator = TestEmulator::with(|builder| builder.proxy_pass("127.0.0.1")).await;
    let (port, came) = somebody().await;
    let request = format!(
        "GET http://127.0.0.1:{port}/x?y=1 HTTP/1.1\r\nHost: wrong\r\nProxy-Authorization: Basic eA==\r\n\
         Connection: close\r\n\r\n"
    );
    let ended = exchange(&emulator.base(), &request).await;
    assert!(ended.text.ends_with("there"), "{}", ended.text);
    let came = came.await.unwrap().to_ascii_lowercase();
    assert!(came.starts_with("get /x?y=1 http/1.1\r\n"), "{came}");
    assert!(came.contains(&format!("host: 127.0.0.1:{port}\r\n")) && !came.contains("proxy-auth"), "{came}");
    let (port, came) = somebody().await;
    let (head, mut tcp) = tunnel(&emulator, &format!("127.0.0.1:{port}")).await;
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    assert!(ask(&mut tcp, &get("/", "there")).await.ends_with("there"));
    assert!(came.await.unwrap().starts_with("GET / HTTP/1.1\r\n"));
    assert!(emulator.journal("").await.is_empty(), "what is let through is nobody's visit");
}

#[tokio::test]
async fn a_host_that_is_listed_and_not_there_is_said_so() {
    let emulator = TestEmulator::with(|builder| builder.proxy_pass("127.0.0.1")).await;
    // bound and never listened on: nobody can take it meanwhile
    let nobody = tokio::net::TcpSocket::new_v4().unwrap();
    nobody.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = nobody.local_addr().unwrap().port();
    let ended = exchange(&emulator.base(), &get(&format!("http://127.0.0.1:{port}/"), "x")).await;
    let words = format!("127.0.0.1:{port} cannot be reached: ");
    assert!(ended.text.starts_with("HTTP/1.1 502 Bad Gateway\r\n"), "{}", ended.text);
    assert!(ended.body().starts_with(&words), "{}", ended.text);
    let request = get(&format!("https://127.0.0.1:{port}/"), "x");
    let ended = exchange(&emulator.base(), &request).await;
    assert!(ended.text.contains("ask for a tunnel with CONNECT"), "{}", ended.text);
}

#[tokio::test]
async fn who_a_client_says_that_it_is_in_a_target_is_kept_by_nobody() {
    let emulator = own_url().await;
    let request = "POST http://user:s3cret@other.example.com/x?key=k-1 HTTP/1.1\r\nHost: x\r\nX-Api-Key: k-1\r\n\
                   Content-Length: 3\r\nConnection: close\r\n\r\nk-1";
    exchange(&emulator.base(), request).await;
    let own = get("http://user:s3cret@login.mypurecloud.com/.well-known/openid-configuration", "x");
    let ended = exchange(&emulator.base(), &own).await;
    assert!(ended.text.contains(r#""issuer":"https://login.mypurecloud.com""#), "{}", ended.text);
    let whole = emulator.client.admin("GET", "/journal?limit=1000", None).await.text
        + &emulator.client.admin("GET", "/findings", None).await.text;
    assert!(!whole.contains("s3cret") && !whole.contains("k-1"), "{whole}");
    assert!(whole.contains("http://other.example.com/x"), "{whole}");
}

#[tokio::test]
async fn a_tunnel_opens_no_other() {
    let emulator = own_url().await;
    let (_, mut tcp) = tunnel(&emulator, "api.mypurecloud.com:80").await;
    let again = "CONNECT api.mypurecloud.com:80 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let answer = ask(&mut tcp, again).await;
    assert!(answer.starts_with("HTTP/1.1 403 Forbidden\r\n"), "{answer}");
    assert!(answer.contains("a tunnel through a tunnel is not opened"), "{answer}");
}

#[tokio::test]
async fn no_fault_is_about_a_stray_call() {
    let emulator = own_url().await;
    let fault =
        json!({ "id": "one", "schedule": { "first": 1 }, "effect": { "respond": { "status": 503 } } });
    emulator.fault(fault).await;
    let (head, _) = tunnel(&emulator, "example.com:443").await;
    assert!(head.starts_with("HTTP/1.1 403 Forbidden\r\n"), "{head}");
    let shown = emulator.client.admin("GET", "/faults/one", None).await.json();
    assert_eq!((&shown["matched"], &shown["fired"]), (&json!(0), &json!(0)));
}

#[tokio::test]
async fn names_are_compared_whatever_their_letter_case() {
    let emulator = TestEmulator::with(|builder| {
        builder.public_url("http://Emulator.acme.example").domain("*.Cloud.Test")
    })
    .await;
    for (target, status) in [
        ("http://API.MyPureCloud.com./", "200"),
        ("http://api.cloud.test/", "200"),
        ("http://emulator.ACME.example/", "200"),
        ("http://emulator/", "403"),
        ("http://e/", "403"),
    ] {
        let ended = exchange(&emulator.base(), &get(target, "x")).await;
        assert!(ended.text.starts_with(&format!("HTTP/1.1 {status} ")), "{target}: {}", ended.text);
    }
}

#[tokio::test]
async fn the_listener_of_the_admin_api_alone_is_no_proxy_and_no_fault_of_tls_reaches_it() {
    let run = Run::start(&["--admin-listen", "127.0.0.1:0"], &[]);
    let admin = run.ready["admin"].as_str().unwrap().trim_end_matches("/__admin").to_owned();
    let fault = json!({ "id": "one", "effect": { "refuse_handshake": {} } }).to_string();
    let client = Client::new(admin.clone());
    assert_eq!(client.try_send("POST", "/__admin/faults", &[], fault).await.unwrap().status, 201);
    for request in [
        "CONNECT api.mypurecloud.com:443 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".to_owned(),
        get("http://example.com/", "x"),
    ] {
        let ended = exchange(&admin, &request).await;
        assert!(ended.text.starts_with("HTTP/1.1 404 "), "{request}: {}", ended.text);
    }
    let pem = client.try_send("GET", "/__admin/ca.pem", &[], "").await.unwrap().text;
    let tcp = TcpStream::connect(admin.trim_start_matches("http://")).await.unwrap();
    let mut tls = over(tcp, "127.0.0.1", trusting_pem(&pem)).await.unwrap();
    let shown = ask(&mut tls, &get("/__admin/faults/one", "localhost")).await;
    assert!(shown.contains(r#""matched":0,"fired":0"#), "{shown}");
}
