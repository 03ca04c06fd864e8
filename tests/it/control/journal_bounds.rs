//! The journal is bounded, and its cursor admits what was dropped.

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::TestEmulator;

/// Sends so many requests over one connection without waiting between them, and reads all answers.
async fn pipelined(emulator: &TestEmulator, count: usize, request: &str) {
    let address = emulator.emulator.address();
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut reading, mut writing) = stream.into_split();
    let all = request.repeat(count);
    let last = "GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let sending = tokio::spawn(async move {
        writing.write_all(all.as_bytes()).await.unwrap();
        writing.write_all(last.as_bytes()).await.unwrap();
        writing
    });
    let mut sink = Vec::new();
    reading.read_to_end(&mut sink).await.unwrap();
    sending.await.unwrap();
}

async fn page(emulator: &TestEmulator, query: &str) -> Value {
    emulator.client.admin("GET", &format!("/journal?{query}"), None).await.json()
}

#[tokio::test]
async fn ten_thousand_entries_are_kept_and_a_cursor_tells_how_many_are_gone() {
    let emulator = TestEmulator::start().await;
    let start = page(&emulator, "").await;
    pipelined(&emulator, 10_020, "GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n").await;
    let after = format!("limit=1&after={}", start["next"].as_str().unwrap());
    let first = page(&emulator, &after).await;
    assert_eq!((&first["dropped"], &first["entities"][0]["n"]), (&json!(21), &json!("22")));
    let untold = page(&emulator, "limit=1").await;
    assert_eq!((&untold["dropped"], &untold["entities"]), (&json!(0), &first["entities"]));
    let on = page(&emulator, &format!("limit=1&after={}", first["next"].as_str().unwrap())).await;
    assert_eq!((&on["dropped"], &on["entities"][0]["n"]), (&json!(0), &json!("23")));
    let mut kept = 0;
    let mut after = String::new();
    loop {
        let page = page(&emulator, &format!("limit=1000{after}")).await;
        kept += page["entities"].as_array().unwrap().len();
        after = format!("&after={}", page["next"].as_str().unwrap());
        if page["more"] == false {
            break;
        }
    }
    assert_eq!(kept, 10_000);
}

#[tokio::test]
async fn eight_mebibytes_are_kept() {
    let emulator = TestEmulator::start().await;
    let start = page(&emulator, "").await;
    let body = "x".repeat(16 << 10);
    let request =
        format!("POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    pipelined(&emulator, 600, &request).await;
    let after = format!("limit=1&after={}", start["next"].as_str().unwrap());
    let dropped = page(&emulator, &after).await["dropped"].as_u64().unwrap();
    let kept = 601 - dropped;
    let each = 8 * (1 << 20) / kept;
    assert!((16 << 10..18 << 10).contains(&each), "{kept} entries of 16 KiB and a little are kept");
}

#[tokio::test]
async fn bodies_are_cut_at_sixteen_kibibytes_and_at_a_whole_character() {
    let emulator = TestEmulator::start().await;
    for (unit, kept) in [("x", 16_384), ("ü", 16_384), ("€", 16_383)] {
        let body = unit.repeat(20_000);
        emulator.client.send("POST", "/api/v2/x", &[], body.clone()).await;
        let entry = emulator.journal("").await.pop().unwrap();
        let expected = format!("{}… ({} bytes in all)", &body[..kept], body.len());
        assert_eq!(entry["request"]["body"], expected);
    }
    let whole = "x".repeat(16_384);
    emulator.client.send("POST", "/api/v2/x", &[], whole.clone()).await;
    let entry = emulator.journal("").await.pop().unwrap();
    assert_eq!(entry["request"]["body"], whole);
}

#[tokio::test]
async fn a_body_that_is_not_text_is_told_by_its_length() {
    let emulator = TestEmulator::start().await;
    emulator.client.send("POST", "/api/v2/x", &[], vec![0xff, 0xfe, 0x00]).await;
    let entry = emulator.journal("").await.pop().unwrap();
    assert_eq!(entry["request"]["body"], "(3 bytes that are not text)");
}

#[tokio::test]
async fn all_orgs_together_are_bounded_and_the_largest_gives_way() {
    let emulator = TestEmulator::start().await;
    let body = "x".repeat(16 << 10);
    let mut orgs = Vec::new();
    for _ in 0..9 {
        orgs.push(super::Other::make(&emulator, json!({})).await);
    }
    for org in &orgs {
        let path = format!("/@{}/nowhere", org.id);
        let request =
            format!("POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        pipelined(&emulator, 520, &request).await;
    }
    let mut bytes = 0;
    for org in &orgs {
        let mut after = String::new();
        loop {
            let page = org.admin(&emulator, "GET", &format!("/journal?limit=100{after}"), None).await.json();
            let entries = page["entities"].as_array().unwrap();
            bytes +=
                entries.iter().map(|entry| entry["request"]["body"].as_str().unwrap().len()).sum::<usize>();
            after = format!("&after={}", page["next"].as_str().unwrap());
            if page["more"] == false {
                break;
            }
        }
    }
    assert!((58 << 20..=64 << 20).contains(&bytes), "{bytes} bytes of bodies are kept in all");
}
