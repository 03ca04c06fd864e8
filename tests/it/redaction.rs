//! Credentials, and what guests bring along, are neither journalled nor logged.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};

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
    let secrets = talk(&client).await;
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
    ];
    assert!(told[2..].iter().all(|report| report.contains("\"expectations\"")), "reports");
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
