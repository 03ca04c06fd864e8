//! Credentials, and what guests bring along, are neither journalled nor logged.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
};

use base64::Engine;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::{
    DEPLOYMENT, GUEST_TOKEN_DEPLOYMENT, Socket,
    client::{Answer, Client},
};

/// What stands for a guest's private data wherever it can be put.
const SENTINEL: &str = "SENTINEL-4111111111111111";

/// Talks to an emulator in every way that brings secrets along. Answers the secrets.
async fn talk(client: &Client) -> Vec<String> {
    let mut secrets: Vec<String> =
        vec![SENTINEL.into(), "emulator-secret".into(), "wr0ng-s3cret".into(), "4222222222222".into()];
    let form = "grant_type=client_credentials&client_id=emulator-client&client_secret=emulator-secret";
    let token = client.post_form("/oauth/token", form).await.json();
    let token = token["access_token"].as_str().unwrap().to_owned();
    let odd_form = "client_id=emulator-client&client%5Fsecret=wr0ng-s3cret";
    client.post_form("/oauth/token", odd_form).await;
    let json = json!({ "grant_type": "client_credentials", "client_id": "emulator-client", "client_secret": "emulator-secret" });
    client.post("/oauth/token", None, &json).await;
    let numeric = json!({ "client_id": "emulator-client", "client_secret": 4_222_222_222_222_u64 });
    client.post("/oauth/token", None, &numeric).await;
    // emulator-client:wr0ng-s3cret
    let basic = [("authorization", "Basic ZW11bGF0b3ItY2xpZW50OndyMG5nLXMzY3JldA==")];
    client.send("POST", "/oauth/token", &basic, "grant_type=client_credentials").await;
    secrets.push("ZW11bGF0b3ItY2xpZW50OndyMG5nLXMzY3JldA".into());

    let guest =
        json!({ "name": "Ann", "customAttributes": { "card": SENTINEL, "deep": [{ "er": SENTINEL }] } });
    let made = client.post("/api/v2/webchat/guest", Some(&token), &guest).await.json();
    let jwt = made["access_token"].as_str().unwrap().to_owned();
    let shown = format!("/api/v2/webchat/guest/{}", made["guestId"].as_str().unwrap());
    assert!(client.get(&shown, Some(&token)).await.text.contains(SENTINEL));
    let renewed = json!({ "token": jwt });
    client.post("/api/v2/webchat/guest", Some(&token), &renewed).await;
    let odd = [("authorization", token.as_str())];
    client.send("GET", "/api/v2/tokens/me", &odd, "").await;
    for strange in [
        json!({ "customAttributes": SENTINEL }),
        json!({ "customAttributes": [SENTINEL] }),
        json!({ "name": 7, "customAttributes": { "card": SENTINEL } }),
    ] {
        client.post("/api/v2/webchat/guest", Some(&token), &strange).await;
    }
    let escaped = format!(r#"{{"custom\u0041ttributes":{{"card":"{SENTINEL}"}}}}"#);
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str())];
    client.send("POST", "/api/v2/webchat/guest", &headers, escaped).await;

    let target = format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}&token={jwt}");
    let _guest = Socket::open(&client.base, &target, &[]).await.unwrap();
    let mut socket =
        Socket::open(&client.base, &format!("/v1?deploymentId={DEPLOYMENT}"), &[]).await.unwrap();
    let session = "session-token-0123456789";
    socket.configure(DEPLOYMENT, session).await;
    let attributes = json!({ "metadata": { "customAttributes": { "card": SENTINEL } } });
    let message = json!({ "type": "Text", "text": "Hello", "channel": attributes });
    let said = json!({ "action": "onMessage", "token": session, "message": message });
    socket.send(said).await;
    socket.next().await;
    for strange in [
        json!({ "metadata": { "customAttributes": SENTINEL } }),
        json!({ "metadata": { "customAttributes": { "card": { "no": SENTINEL } } } }),
    ] {
        let frame = json!({ "action": "onMessage", "token": session, "channel": strange, "message": {} });
        socket.send(frame).await;
        socket.next().await;
    }
    let cut = format!(r#"{{"token":"{session}","customAttributes":{{"card":"{SENTINEL}"#);
    socket.send_text(&cut).await;
    socket.next().await;
    socket.send(json!({ "action": "getJwt", "token": session })).await;
    let answer = socket.next().await;
    let messaging_jwt = answer["body"]["jwt"].as_str().unwrap().to_owned();
    client.get("/api/v2/webmessaging/messages", Some(&messaging_jwt)).await;
    let exchange = "/api/v2/webdeployments/token/oauthcodegrantjwtexchange";
    let sign_in = "/idp/main/authorize?client_id=messenger&response_type=code&scope=openid\
                   &redirect_uri=http://localhost/cb&prompt=none&login_hint=alice";
    let sent_back = client.get(sign_in, None).await.header("location").to_owned();
    let (_, code) = sent_back.split_once("code=").unwrap();
    for code in [code, "c0de-0f-nobody"] {
        let oauth = json!({ "code": code, "redirectUri": "http://localhost/cb" });
        let body = json!({ "oauth": oauth, "deploymentId": DEPLOYMENT });
        let given = client.post(exchange, None, &body).await.json();
        secrets.push(code.to_owned());
        secrets
            .extend(["jwt", "refreshToken"].iter().filter_map(|name| Some(given[name].as_str()?.to_owned())));
    }
    secrets.push("messenger-secret".into());
    secrets.extend([token, jwt, session.to_owned(), messaging_jwt]);
    secrets
}

/// Brings secrets along in ways that nobody serves, but that clients have. Answers further secrets.
async fn talk_oddly(client: &Client) -> Vec<String> {
    let token = "grant_type=client_credentials&client_id=emulator-client&client_secret=emulator-secret";
    let token = client.post_form("/oauth/token", token).await.json();
    let mut bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
    let kinds = [
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
    ];
    let part = |name: &str| {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{SENTINEL}\r\n--x--\r\n")
    };
    let json = |name: &str| json!({ "grant_type": "client_credentials", "client_id": "emulator-client", name: SENTINEL });
    let encoded =
        |text: &str| text.replace('{', "%7B").replace('"', "%22").replace(':', "%3A").replace('}', "%7D");
    for (path, names) in [
        (
            "/api/v2/webchat/guest",
            ["customAttributes[card]", "customAttributes%5Bcard%5D", "customAttributes"],
        ),
        ("/oauth/token", ["client_secret", "client%5Fsecret", "client[secret]"]),
    ] {
        let name = names[0];
        let mut bodies = vec![
            part(name),
            format!("\u{feff}{}", json(name)),
            format!("\u{feff}{}", json(names[2])),
            encoded(&json(name).to_string()),
            format!("{}=", encoded(&json(name).to_string())),
            format!("json={}", encoded(&json(name).to_string())),
            json(name).to_string().replace('"', "'"),
            json!({ "data": json(name).to_string() }).to_string(),
            format!("cb({});", json(name)),
        ];
        for name in names {
            bodies.extend(["=", ": "].map(|is| format!("a=b\n{name}{is}{SENTINEL}")));
            bodies.extend(["&", ";", "\r\n"].map(|and| format!("a=b{and}{name}={SENTINEL};x={SENTINEL}")));
        }
        for body in &bodies {
            for kind in kinds {
                let headers = [("content-type", kind), ("authorization", bearer.as_str())];
                let headers = if path.starts_with("/api") { &headers[..] } else { &headers[..1] };
                client.send("POST", path, headers, body.clone()).await;
            }
        }
        for name in names {
            client.get(&format!("{path}?a=b&{name}={SENTINEL}"), None).await;
        }
    }

    // id and secret swapped
    for (path, id, secret) in [
        ("/oauth/token", "emulator-client", "emulator-secret"),
        ("/idp/main/token", "messenger", "messenger-secret"),
    ] {
        let kind = [("content-type", kinds[1]), ("x-emulator-inject", "delay;for=1ms")];
        let form = format!("grant_type=client_credentials&client_id={secret}&client_secret={id}");
        client.send("POST", path, &kind, form).await;
        let both = base64::prelude::BASE64_STANDARD.encode(format!("{secret}:{id}"));
        let headers = [kind[0], ("authorization", &*format!("Basic {both}"))];
        client.send("POST", path, &headers, "grant_type=client_credentials").await;
    }
    client.get("/oauth/authorize?response_type=code&client_id=emulator-secret", None).await;
    let json =
        json!({ "grant_type": "client_credentials", "client_id": "emulator-secret", "client_secret": "x" });
    client.post("/oauth/token", None, &json).await;

    let made = [("authorization", bearer.as_str())];
    let made = client.send("POST", "/api/v2/webchat/guest", &made, "{}").await.json();
    let jwt = made["access_token"].as_str().unwrap().to_owned();
    client.get(&format!("/api/v2/webchat/guest/{jwt}"), None).await;
    let target = format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}");
    for (name, value) in [
        ("sec-websocket-protocol", format!("bearer, {jwt}")),
        ("sec-websocket-protocol", format!("k8s.authorization.{jwt}, chat")),
        ("x-guest-token", jwt.clone()),
        ("x-whoever", format!("it is {jwt}, and so on")),
        ("traceparent", jwt.clone()),
        ("x-original-url", format!("{target}&t={jwt}&customAttributes={SENTINEL}")),
        ("x-custom-attributes", SENTINEL.to_owned()),
        ("x-guest", json!({ "customAttributes": { "card": SENTINEL } }).to_string()),
        ("authorization", jwt.clone()),
        ("authorization", format!("{SENTINEL} x")),
    ] {
        drop(Socket::open(&client.base, &target, &[(name, &value)]).await);
    }
    for query in
        [format!("deploymentId={jwt}"), format!("deploymentId={DEPLOYMENT}&customAttributes={SENTINEL}")]
    {
        drop(Socket::open(&client.base, &format!("/v1?{query}"), &[]).await);
    }

    let mut socket =
        Socket::open(&client.base, &format!("/v1?deploymentId={DEPLOYMENT}"), &[]).await.unwrap();
    let session = "session-token-9876543210";
    socket.configure(DEPLOYMENT, session).await;
    let attributes = json!({ "metadata": { "customAttributes": { "card": SENTINEL } } });
    let said = json!({ "type": "Text", "text": "Hello", "channel": attributes });
    socket.send(json!({ "action": "onMessage", "token": session, "message": said })).await;
    socket.next().await;
    for strange in [
        format!("\u{feff}{}", json!({ "customAttributes": { "card": SENTINEL } })),
        format!("customAttributes[card]={SENTINEL}"),
        json!({ "action": "echo", "token": jwt }).to_string(),
        json!({ "action": jwt, "token": session }).to_string(),
        json!({ "action": "configureSession", "deploymentId": jwt, "token": session }).to_string(),
        json!({ "customAttributes[card]": SENTINEL }).to_string().replace('"', "'"),
    ] {
        socket.send_text(&strange).await;
        socket.next().await;
    }
    let all = ask(client, "GET", "/conversations", "").await.json();
    for known in all["entities"].as_array().unwrap() {
        let path = format!("/api/v2/conversations/{}", known["id"].as_str().unwrap());
        let headers = [("authorization", bearer.as_str())];
        assert!(client.send("GET", &path, &headers, "").await.text.contains(SENTINEL));
    }
    vec![jwt, bearer.split_off(7), session.to_owned()]
}

/// Puts secrets where answers and reasons repeat what came.
async fn talk_in_odd_places(client: &Client, jwt: &str) {
    for path in [
        format!("/api/v2/nothing/{jwt}/x"),
        format!("/nothing/{jwt}"),
        format!("/api/v2/webchat/guest;customAttributes={SENTINEL}"),
        format!("/api/v2/webchat/nothing%3FcustomAttributes%3D{SENTINEL}"),
    ] {
        client.get(&path, None).await;
        client.send("PATCH", &path, &[], "").await;
    }
    // a stray call, as a client makes it that has the emulator for its proxy
    let mut stream = TcpStream::connect(client.base.trim_start_matches("http://")).await.unwrap();
    let head = format!(
        "POST http://other.test/{jwt}?customAttributes={SENTINEL} HTTP/1.1\r\nHost: other.test\r\nX-Guest-Token: {jwt}\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{SENTINEL}",
        SENTINEL.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
}

/// An emulator with these flags, after such a talk; its log goes to stderr.
async fn talked(flags: &[&str]) -> (Child, Client, Vec<String>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_genesys-emulator"))
        .args(["--listen", "127.0.0.1:0", "--admin-token", "adm1n-t0ken"])
        .args(flags)
        .env("RUST_LOG", "debug")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    let client = Client::new(ready["url"].as_str().unwrap().to_owned());
    let mut secrets = talk(&client).await;
    secrets.extend(talk_oddly(&client).await);
    (child, client, secrets)
}

async fn ask(client: &Client, method: &str, path: &str, body: &str) -> Answer {
    let admin = [("authorization", "Bearer adm1n-t0ken")];
    client.try_send(method, &format!("/__admin{path}"), &admin, body.to_owned()).await.unwrap()
}

/// What it has logged until now; it is over then.
fn logs(mut child: Child) -> String {
    child.kill().unwrap();
    child.wait().unwrap();
    let mut logs = String::new();
    child.stderr.take().unwrap().read_to_string(&mut logs).unwrap();
    assert!(logs.contains("ready"), "{logs}");
    logs
}

/// What else is made of a journal than shown entries.
async fn made_of(client: &Client, journal: &Answer) -> Vec<String> {
    let mut told = vec![
        ask(client, "GET", "/events?follow=false", "").await.text,
        ask(client, "GET", "/findings", "").await.text,
        ask(client, "POST", "/verify", r#"{"match":{"header":{"authorization":"x"}}}"#).await.text,
        ask(client, "POST", "/verify", r#"{"match":{"form":{"client_secret":"x"}}}"#).await.text,
        ask(client, "POST", "/verify", r#"{"match":{"response":{"body":{"access_token":"x"}}}}"#).await.text,
        ask(client, "POST", "/verify", r#"{"match":{"body":{"token":"x"}}}"#).await.text,
        ask(client, "POST", "/verify", r#"{"match":{"client":"x"}}"#).await.text,
        ask(client, "POST", "/verify", r#"{"match":{"header":{"x-guest-token":"x"}}}"#).await.text,
        ask(client, "POST", "/verify", r#"{"match":{"query":{"customAttributes":"x"}}}"#).await.text,
        ask(client, "GET", "/metrics", "").await.text,
    ];
    assert!(told[2..9].iter().all(|report| report.contains("\"expectations\"")), "reports");
    for entry in journal.json()["entities"].as_array().unwrap() {
        let n = entry["n"].as_str().unwrap();
        told.push(ask(client, "GET", &format!("/explain/{n}"), "").await.text);
    }
    told
}

/// The text around a secret, if it is there.
fn leak<'a>(text: &'a str, secret: &str) -> Option<&'a str> {
    text.find(secret).map(|at| &text[text.floor_char_boundary(at.saturating_sub(300))..at + secret.len()])
}

/// Entries as they are shown: a page, an archive, a stream.
async fn shown(client: &Client) -> [Answer; 3] {
    [
        ask(client, "GET", "/journal?limit=1000", "").await,
        ask(client, "GET", "/journal?limit=1000&format=har", "").await,
        ask(client, "GET", "/journal/stream?follow=false", "").await,
    ]
}

#[tokio::test]
async fn nothing_secret_is_in_the_journal_or_in_the_logs() {
    let (child, client, mut secrets) = talked(&[]).await;
    secrets.push("adm1n-t0ken".into());
    let jwt = secrets.iter().find(|secret| secret.starts_with("eyJ")).unwrap();
    talk_in_odd_places(&client, jwt).await;
    let shown = shown(&client).await;
    let made = made_of(&client, &shown[0]).await;
    let logs = logs(child);

    let entries = shown[0].json()["entities"].as_array().unwrap().len();
    assert!(entries > 25, "{entries} entries");
    assert!(shown.iter().all(|shown| shown.text.contains("(redacted ")), "all are looked through");
    for secret in secrets {
        for text in shown.iter().map(|shown| &shown.text).chain(&made).chain([&logs]) {
            assert_eq!(leak(text, &secret), None, "{secret}");
        }
    }
}

#[tokio::test]
async fn whoever_asks_for_secrets_finds_them_in_the_journal_and_nowhere_else() {
    let (child, client, secrets) = talked(&["--show-secrets", "on"]).await;
    let shown = shown(&client).await;
    let one = ask(&client, "GET", "/journal/1", "").await.text;
    let made = made_of(&client, &shown[0]).await;
    let logs = logs(child);

    assert!(leak(&one, "emulator-secret").is_some(), "{one}");
    // those that are not inside of something encoded; tokens are cut nowhere
    for secret in &secrets {
        for shown in &shown {
            assert!(leak(&shown.text, secret).is_some(), "{secret} is not in it");
        }
        for text in made.iter().chain([&logs]) {
            assert_eq!(leak(text, secret), None, "{secret}");
        }
    }
    assert!(!shown[0].text.contains("(redacted "), "{:?}", leak(&shown[0].text, "(redacted "));
}
