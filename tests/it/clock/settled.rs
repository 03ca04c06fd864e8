//! An advance answers when everything that it caused is done, and nothing that came before is overtaken by it.

use futures_util::{SinkExt, StreamExt};
use insta::assert_snapshot;
use serde_json::json;
use tokio::{io::AsyncWriteExt, net::TcpStream};
use tokio_tungstenite::tungstenite::Message;

use crate::{
    support::{DEPLOYMENT, TestEmulator},
    webmessaging::raw::Raw,
};

const TOKEN: &str = "session";

#[tokio::test]
async fn what_an_advance_causes_is_journalled_and_readable_when_it_answers() {
    let emulator = TestEmulator::start().await;
    let mut raw = Raw::open(&emulator, DEPLOYMENT).await;
    raw.say(&json!({ "action": "configureSession", "deploymentId": DEPLOYMENT, "token": TOKEN }).to_string())
        .await;
    raw.say(&json!({ "action": "onMessage", "token": TOKEN, "message": { "text": "hello" } }).to_string())
        .await;
    raw.text().await;
    raw.text().await;
    assert!(!raw.has_bytes());
    let moved = emulator.client.admin("PUT", "/clock", Some(&json!({ "advance": "1h" }))).await;
    assert!(raw.has_bytes(), "the reply is there at this very moment");
    assert_snapshot!(moved.text, @r#"{"now":"2026-01-02T04:04:05.000Z","rate":0.0,"frozen":true,"timers":1,"nextDue":"2026-01-05T03:04:05.000Z","from":"2026-01-02T03:04:05.000Z","to":"2026-01-02T04:04:05.000Z","fired":1,"settled":true}"#);
    let frames = emulator.journal("kind=frameOut").await;
    let last = frames.last().unwrap();
    assert_eq!(last["at"], "2026-01-02T03:04:05.200Z");
    assert!(raw.text().await.contains("You said: hello"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_sent_just_before_an_advance_is_handled_at_the_time_before_it() {
    let emulator = TestEmulator::unlimited().await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, TOKEN).await;
    let start: jiff::Timestamp = "2026-01-02T03:04:05Z".parse().unwrap();
    for n in 0..200 {
        let now = start + jiff::SignedDuration::from_secs(n);
        socket.say(TOKEN, &n.to_string()).await;
        let moved = emulator.advance("1s").await;
        assert_eq!(moved["fired"], 1, "{n}");
        for (text, after) in [(n.to_string(), 0), (format!("You said: {n}"), 200)] {
            let frame = socket.next().await;
            assert_eq!(frame["body"]["text"], text);
            let time: jiff::Timestamp = frame["body"]["channel"]["time"].as_str().unwrap().parse().unwrap();
            assert_eq!(time, now + jiff::SignedDuration::from_millis(after), "{n}");
        }
    }
}

#[tokio::test]
async fn an_hour_passes_in_a_moment_and_the_tokens_are_dead() {
    let emulator = TestEmulator::start().await;
    let (access, guest) = (emulator.guest_client_token().await, emulator.guest_jwt().await);
    assert_eq!(emulator.client.get("/api/v2/tokens/me", Some(&access)).await.status, 200);
    emulator.advance("1h").await;
    let answer = emulator.client.get("/api/v2/tokens/me", Some(&access)).await;
    assert_eq!((answer.status, answer.json()["code"].clone()), (401, json!("bad.credentials")));
    let target = format!("/v1?deploymentId={DEPLOYMENT}&token={guest}");
    assert_eq!(emulator.upgrade(&target).await.err().unwrap().0, 401);
}

#[tokio::test]
async fn ten_thousand_replies_come_in_order_within_one_advance() {
    const SOCKETS: usize = 20;
    const TEXTS: usize = 500;
    let emulator = TestEmulator::unlimited().await;
    let mut sockets = Vec::new();
    for n in 0..SOCKETS {
        let mut socket = emulator.socket(DEPLOYMENT).await;
        let token = n.to_string();
        socket.configure(DEPLOYMENT, &token).await;
        for text in 0..TEXTS {
            socket.say(&token, &text.to_string()).await;
        }
        for _ in 0..TEXTS {
            socket.next_message().await.unwrap().unwrap();
        }
        sockets.push(socket);
    }
    let readers: Vec<_> = sockets
        .into_iter()
        .map(|mut socket| {
            tokio::spawn(async move {
                for text in 0..TEXTS {
                    let frame = socket.next().await;
                    assert_eq!(frame["body"]["text"], format!("You said: {text}"));
                }
            })
        })
        .collect();
    let moved = emulator.advance("200ms").await;
    assert_eq!((&moved["fired"], &moved["settled"]), (&json!(SOCKETS * TEXTS), &json!(true)));
    for reader in readers {
        reader.await.unwrap();
    }
    let order: Vec<_> = emulator
        .journal("kind=frameOut")
        .await
        .iter()
        .map(|entry| {
            let (visit, frame) = entry["n"].as_str().unwrap().split_once('.').unwrap();
            (visit.parse::<u64>().unwrap(), frame.parse::<u64>().unwrap())
        })
        .collect();
    assert!(order.is_sorted(), "those who came first are served first");
}

#[tokio::test]
async fn a_move_whose_caller_goes_away_is_finished_all_the_same() {
    const TEXTS: usize = 1_000;
    let emulator = TestEmulator::unlimited().await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, "t").await;
    for text in 0..TEXTS {
        socket.say("t", &text.to_string()).await;
        socket.next_message().await.unwrap().unwrap();
    }
    let reader = tokio::spawn(async move {
        for _ in 0..TEXTS {
            socket.next_message().await.unwrap().unwrap();
        }
    });
    let mut caller = TcpStream::connect(emulator.emulator.address()).await.unwrap();
    let change = r#"{"advance":"1h"}"#;
    let head = format!("PUT /__admin/clock HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n", change.len());
    caller.write_all((head + change).as_bytes()).await.unwrap();
    let now = async || emulator.client.admin("GET", "/clock", None).await.json()["now"].clone();
    while now().await == "2026-01-02T03:04:05.000Z" {}
    drop(caller);
    reader.await.unwrap();
    // moves are serial: this one begins when the other one is over
    emulator.advance("1s").await;
    assert_eq!(now().await, "2026-01-02T04:04:06.000Z");
}

#[tokio::test]
async fn a_client_that_had_sent_much_just_before_a_move_gets_all_its_answers() {
    const FRAMES: usize = 3_000;
    let emulator = TestEmulator::unlimited().await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, "t").await;
    let (mut writing, mut reading) = socket.stream.split();
    let echo =
        json!({ "action": "echo", "token": "t", "message": { "type": "Text", "text": "ping" } }).to_string();
    for _ in 0..FRAMES {
        writing.feed(Message::text(echo.as_str())).await.unwrap();
    }
    let reader = tokio::spawn(async move {
        for _ in 0..FRAMES {
            reading.next().await.unwrap().unwrap();
        }
    });
    writing.flush().await.unwrap();
    emulator.advance("1s").await;
    reader.await.unwrap();
}
