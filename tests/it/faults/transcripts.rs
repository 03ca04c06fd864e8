//! Every shipped scenario, played twice: the same bytes come over the wire.

use std::{collections::BTreeMap, fmt::Write, io::ErrorKind, sync::Arc, time::Duration};

use genesys_emulator::{Emulator, StartError, laboratory::transcript};

use serde_json::json;
use tokio::{io::AsyncWriteExt, net::TcpStream, sync::Semaphore, task::JoinSet};

use crate::{
    support::{DEPLOYMENT, GUEST_TOKEN_DEPLOYMENT, TestEmulator},
    webmessaging::raw::{CLOSE, TEXT, handshake, masked},
};

const FORM: &str =
    "grant_type=client_credentials&client_id=emulator-guest-client&client_secret=emulator-guest-secret";
const PKCE: &str = "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";

/// One emulator, and all that came over its connections.
struct Play {
    emulator: TestEmulator,
    seen: Vec<u8>,
    /// Connections that are held for ever: their timers count.
    held: Vec<TcpStream>,
    /// Timers that are armed when nothing is under way.
    armed: u64,
}

/// Scenarios that are played at the same time: most of a play is waiting.
const AT_ONCE: usize = 8;
/// Longer than an answer takes mostly; then it is looked whether something holds it.
const GLANCE: Duration = Duration::from_millis(30);
/// Longer than an answer takes in any case that is not looked for.
const LOOK: Duration = Duration::from_millis(500);

impl Play {
    async fn timers(&self) -> u64 {
        self.emulator.client.admin("GET", "/clock", None).await.json()["timers"].as_u64().unwrap()
    }

    /// Takes what is there to be read. How it ends, if it has.
    fn take(&mut self, tcp: &TcpStream) -> Option<String> {
        let mut bytes = [0; 4096];
        loop {
            match tcp.try_read(&mut bytes) {
                Ok(0) => return Some("closed".to_owned()),
                Ok(read) => self.seen.extend(&bytes[..read]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return None,
                Err(error) => return Some(error.kind().to_string()),
            }
        }
    }

    /// Reads until the connection ends or `until`; or until it is clear that something is held back for ever. Has it ended?
    async fn read(&mut self, tcp: &TcpStream, until: impl Fn(&[u8]) -> bool) -> bool {
        let start = self.seen.len();
        loop {
            if let Some(end) = self.take(tcp) {
                self.seen.extend(format!("\n-- {end}\n").into_bytes());
                return true;
            }
            if until(&self.seen[start..]) {
                return false;
            }
            if tokio::time::timeout(GLANCE, tcp.readable()).await.is_ok() || self.timers().await == self.armed
            {
                continue;
            }
            // a timer may be of a socket whose 101 is on its way
            if tokio::time::timeout(LOOK, tcp.readable()).await.is_ok() {
                continue;
            }
            // something waits in the org's time: it comes now, or never
            self.emulator.advance("1h").await;
            let left = self.timers().await;
            if left > self.armed {
                self.take(tcp);
                self.armed = left;
                self.seen.extend(b"\n-- held\n");
                return false;
            }
        }
    }

    /// A request on a connection of its own. Answers what came.
    async fn ask(&mut self, request: &str) -> String {
        let mut tcp = TcpStream::connect(self.emulator.emulator.address()).await.unwrap();
        let start = self.seen.len();
        // a connection that is reset at once may not take it
        let _ = tcp.write_all(request.as_bytes()).await;
        if !self.read(&tcp, |_| false).await {
            self.held.push(tcp);
        }
        String::from_utf8_lossy(&self.seen[start..]).into_owned()
    }

    async fn get(&mut self, path: &str, headers: &str) -> String {
        let host = "Host: emulator.test\r\nConnection: close\r\n";
        self.ask(&format!("GET {path} HTTP/1.1\r\n{host}{headers}\r\n")).await
    }

    async fn post(&mut self, path: &str, headers: &str, body: &str) -> String {
        let length = body.len();
        let host = "Host: emulator.test\r\nConnection: close\r\n";
        self.ask(&format!("POST {path} HTTP/1.1\r\n{host}{headers}Content-Length: {length}\r\n\r\n{body}"))
            .await
    }

    /// A socket, a session on it, a message and a health check, then what comes within an hour.
    async fn chat(&mut self, target: &str, deployment: &str, token: &str) {
        let mut tcp = TcpStream::connect(self.emulator.emulator.address()).await.unwrap();
        let _ = tcp.write_all(handshake(target, "Sec-WebSocket-Protocol: chat\r\n").as_bytes()).await;
        let start = self.seen.len();
        if self.read(&tcp, is_whole).await || !self.seen[start..].starts_with(b"HTTP/1.1 101 ") {
            return;
        }
        let said = |text| json!({ "action": "onMessage", "token": token, "message": { "type": "Text", "text": text } });
        for frame in [
            json!({ "action": "configureSession", "deploymentId": deployment, "token": token, "tracingId": "1" }),
            said("one"),
            json!({ "action": "echo", "token": token, "message": { "type": "Text", "text": "?" } }),
            said("two"),
            said("three"),
            json!({ "action": "getJwt", "token": token }),
        ] {
            let _ = tcp.write_all(&masked(TEXT, frame.to_string().as_bytes())).await;
            // everything that has come is taken in before the clock moves, and what it causes is written
            self.emulator.advance("1s").await;
            let start = self.seen.len();
            // behind a close frame comes nothing, but an end at some time
            if self.take(&tcp).is_some() || self.seen[start..].contains(&CLOSE) {
                return;
            }
        }
        self.emulator.advance("1h").await;
        self.take(&tcp);
        self.held.push(tcp);
        self.armed = self.timers().await;
    }
}

/// Is all of an answer there, as long as it says that it is?
fn is_whole(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    body.len() >= length.unwrap_or(0)
}

/// Plays to a scenario whatever any of them is about.
async fn played(name: &str) -> Vec<u8> {
    let mut play =
        Play { emulator: TestEmulator::scenario(name).await, seen: Vec::new(), held: Vec::new(), armed: 0 };
    play.armed = play.timers().await;
    let mut jwt = String::new();
    for round in 1..=2 {
        let form = "Content-Type: application/x-www-form-urlencoded\r\n";
        let answer = play.post("/oauth/token", form, FORM).await;
        let token = answer.split('"').nth(3).unwrap_or("none").to_owned();
        let bearer = format!("Authorization: Bearer {token}\r\n");
        let answer = play
            .post(
                "/api/v2/webchat/guest",
                &format!("{bearer}Content-Type: application/json\r\n"),
                r#"{"name":"Ann"}"#,
            )
            .await;
        jwt = answer.split('"').find(|text| text.starts_with("eyJ")).unwrap_or(&jwt).to_owned();
        for path in ["/api/v2/oauth/publickey", "/.well-known/jwks.json", "/.well-known/openid-configuration"]
        {
            play.get(path, "Origin: http://shop.example.test\r\n").await;
        }
        play.get("/api/v2/tokens/me", &bearer).await;
        play.get(&format!("/webdeployments/v1/deployments/{DEPLOYMENT}/config.json"), "").await;
        let target = format!(
            "/idp/main/authorize?client_id=messenger&response_type=code%20id_token&scope=openid&redirect_uri=http://localhost/cb&{PKCE}&nonce=n-{round}&prompt=none&login_hint=alice"
        );
        play.get(&target, "").await;
        play.get("/idp/main/jwks.json", "").await;
    }
    for nth in 0..2 {
        play.chat(&format!("/v1?deploymentId={DEPLOYMENT}"), DEPLOYMENT, &format!("t-{nth}")).await;
    }
    let target = format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}&token={jwt}");
    play.chat(&target, GUEST_TOKEN_DEPLOYMENT, "t-guest").await;
    play.seen
}

/// Both transcripts of a scenario's own scripts, at one address, which is part of what is said.
async fn own_twice(name: &str) -> [String; 2] {
    loop {
        let (address, one) = transcript(name, Emulator::builder()).await.unwrap();
        match transcript(name, Emulator::builder().listen(address)).await {
            Ok((_, other)) => return [one, other],
            // somebody else was quicker
            Err(StartError::AddressInUse(_)) => {}
            Err(error) => panic!("{name}: {error}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_of_the_scripts_of_any_shipped_scenario_say_the_same() {
    let listed = TestEmulator::start().await.client.admin("GET", "/scenarios", None).await.json();
    let mut under_way = JoinSet::new();
    for one in listed["entities"].as_array().unwrap() {
        let name = one["name"].as_str().unwrap().to_owned();
        under_way.spawn(async move {
            let [one, other] = own_twice(&name).await;
            assert!(one == other, "{name} parts at\n{}", parting(one.as_bytes(), other.as_bytes()));
            assert!(!one.contains("Some("), "{name} does not hold:\n{one}");
            (name, one.lines().count())
        });
    }
    let played: BTreeMap<_, _> = under_way.join_all().await.into_iter().collect();
    let stories = played.values().filter(|lines| **lines > 4).count();
    assert!(played.len() > 80 && stories > 50, "{played:?}");
}

/// Where two transcripts part.
fn parting(one: &[u8], other: &[u8]) -> String {
    let at = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    let mut said = String::new();
    for text in [one, other] {
        let part = &text[at.saturating_sub(200)..(at + 200).min(text.len())];
        let _ = writeln!(said, "…{}…", String::from_utf8_lossy(part));
    }
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_of_any_shipped_scenario_give_the_same_bytes() {
    let listed = TestEmulator::start().await.client.admin("GET", "/scenarios", None).await.json();
    let names: Vec<_> =
        listed["entities"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert!(names.len() > 70);
    let plain = played("default").await;
    assert!(plain.len() > 15_000, "it is a long story");
    let mut plays_alike = Vec::new();
    let (slots, mut under_way) = (Arc::new(Semaphore::new(AT_ONCE)), JoinSet::new());
    for (nth, name) in names.iter().enumerate() {
        let (slots, name) = (Arc::clone(&slots), name.as_str().unwrap().to_owned());
        under_way.spawn(async move {
            let _slot = slots.acquire().await.unwrap();
            let (one, other) = tokio::join!(played(&name), played(&name));
            assert!(one == other, "{name} parts at\n{}", parting(&one, &other));
            (nth, name, one)
        });
    }
    let mut all = under_way.join_all().await;
    all.sort_by_key(|(nth, ..)| *nth);
    plays_alike.extend(all.into_iter().filter(|(_, _, said)| *said == plain).map(|(_, name, _)| name));
    insta::assert_snapshot!(plays_alike.join("\n"), @"
    default
    expired_certificate
    quota
    rate_limit
    refuse_handshake
    reset_handshake
    slow_handshake
    stale_read
    stop_pong
    untrusted_certificate
    wrong_host
    audience-of-another-service
    broad-scopes
    code-exchange-lost
    ghost-conversation
    idp-down
    jwks-cached-for-a-day
    jwks-empty
    jwks-huge
    jwks-malformed
    jwks-rotated-under-you
    jwks-slow
    jwks-unavailable
    jwks-without-cache-headers
    message-ids-demanded
    opaque-access-token
    personal-data-in-attributes
    subject-of-nobody
    token-expires-mid-conversation
    token-stampede
    too-many-sockets
    two-devices-one-history
    uploaded-key-does-not-fit
    user-token-idles
    wrong-domain
    ");
}
