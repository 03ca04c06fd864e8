//! Frames as no client should send them, on a live socket: each is answered or ends the connection by a code of RFC 6455,
//! and the session is none the worse for it.

use proptest::{prelude::*, sample::Index, test_runner::Config};
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::{
    TOKEN,
    raw::{CLOSE, Raw, TEXT, masked},
    shapes,
};
use crate::support::{DEPLOYMENT, TestEmulator, files::act, socket::checked};

const BINARY: u8 = 0x82;
/// Largest frame of a client.
const MOST: usize = 128 << 10;

/// Values that a member may have instead of its own.
const ODD: &[&str] = &[
    "null",
    "true",
    "-1",
    "1e999",
    "123456789012345678901234567890",
    "\"\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "[]",
    "{}",
    "[null]",
    "[[]]",
    "{\"a\":{\"b\":7}}",
    "NaN",
];

/// What becomes of a frame that was good.
#[derive(Clone, Debug)]
enum Change {
    Truncate(Index),
    Splice(Index, usize, Index),
    Replace(Index, &'static str),
    /// The value that the member of this name has in another frame.
    Borrow(Index, usize),
    Nest(Index, usize),
    Repeat(Index),
    Flip(Index, u8),
    Remove(Index, usize),
}

/// What is sent: bytes of a text frame, or of a binary one.
#[derive(Clone, Debug)]
enum Sent {
    Changed(usize, Vec<Change>),
    Bytes(u8, Vec<u8>),
}

/// Good frames of all clients; none of those that end a session, or that may open another one for good.
fn good() -> Vec<String> {
    let all = shapes::ALL.iter().flat_map(|shapes| shapes::lines(shapes));
    let harmless = all.filter(|(what, _)| !["clear", "close"].contains(what));
    harmless.map(|(_, shape)| shapes::filled(shape, "a-file", "a.b.c")).collect()
}

/// Where the name of a member begins, and where its value does, and ends.
fn member(text: &str, at: &Index) -> Option<(usize, usize, usize)> {
    let colons: Vec<_> = text.match_indices("\":").map(|(place, _)| place).collect();
    let colon = *at.get(&Some(colons).filter(|colons| !colons.is_empty())?);
    let name = text[..colon].rfind('"')?;
    let mut values = serde_json::Deserializer::from_str(&text[colon + 2..]).into_iter::<IgnoredAny>();
    values.next()?.ok()?;
    Some((name, colon + 2, colon + 2 + values.byte_offset()))
}

fn changed(bytes: Vec<u8>, change: &Change, good: &[String]) -> Vec<u8> {
    let length = bytes.len();
    let with = |at: &Index, value: &dyn Fn(&str, &str) -> String| {
        let text = std::str::from_utf8(&bytes).ok()?;
        let (name, begin, end) = member(text, at)?;
        Some(format!("{}{}{}", &text[..begin], value(&text[name..end], &text[begin..end]), &text[end..]))
    };
    let edited = match change {
        Change::Replace(at, value) => with(at, &|_, _| (*value).to_owned()),
        Change::Borrow(at, other) => with(at, &|member, value| {
            let name = &member[..member.len() - value.len()];
            let (_, theirs) = good[other % good.len()].split_once(name).unwrap_or(("", value));
            let mut values = serde_json::Deserializer::from_str(theirs).into_iter::<IgnoredAny>();
            values.next();
            theirs.get(..values.byte_offset()).unwrap_or(value).to_owned()
        }),
        Change::Nest(at, depth) => {
            with(at, &|_, value| format!("{}{value}{}", "[".repeat(*depth), "]".repeat(*depth)))
        }
        Change::Repeat(at) => with(at, &|member, value| format!("{value},{member}")),
        _ => None,
    };
    match change {
        Change::Truncate(at) => bytes[..at.index(length + 1)].to_vec(),
        Change::Splice(at, other, from) => {
            let other = good[other % good.len()].as_bytes();
            [&bytes[..at.index(length + 1)], &other[from.index(other.len())..]].concat()
        }
        Change::Flip(at, mask) if length > 0 => {
            let mut bytes = bytes;
            bytes[at.index(length)] ^= mask;
            bytes
        }
        Change::Remove(at, count) => {
            let begin = at.index(length + 1);
            [&bytes[..begin], &bytes[length.min(begin + count)..]].concat()
        }
        _ => edited.map_or(bytes, String::into_bytes),
    }
}

fn sent() -> impl Strategy<Value = Sent> {
    let at = any::<Index>;
    let change = prop_oneof![
        2 => at().prop_map(Change::Truncate),
        2 => (at(), any::<usize>(), at()).prop_map(|(at, other, from)| Change::Splice(at, other, from)),
        6 => (at(), prop::sample::select(ODD)).prop_map(|(at, value)| Change::Replace(at, value)),
        4 => (at(), any::<usize>()).prop_map(|(at, other)| Change::Borrow(at, other)),
        1 => (at(), prop::sample::select(vec![1_usize, 127, 128, 60_000, 70_000]))
            .prop_map(|(at, depth)| Change::Nest(at, depth)),
        2 => at().prop_map(Change::Repeat),
        1 => (at(), 1_u8..=255).prop_map(|(at, mask)| Change::Flip(at, mask)),
        2 => (at(), 1_usize..40).prop_map(|(at, count)| Change::Remove(at, count)),
    ];
    prop_oneof![
        8 => (any::<usize>(), prop::collection::vec(change, 0..3))
            .prop_map(|(nth, changes)| Sent::Changed(nth, changes)),
        1 => (prop::sample::select(vec![TEXT, BINARY]), prop::collection::vec(any::<u8>(), 0..40))
            .prop_map(|(first, bytes)| Sent::Bytes(first, bytes)),
    ]
}

async fn configured(emulator: &TestEmulator) -> Raw {
    let mut raw = Raw::open(emulator, DEPLOYMENT).await;
    raw.say(&json!({ "action": "configureSession", "deploymentId": DEPLOYMENT, "token": TOKEN }).to_string())
        .await;
    assert_eq!(checked(&raw.text().await)["class"], "SessionResponse");
    raw
}

/// Sends it, and behind it a health check, which tells when everything is answered. Answers whether the connection is
/// still there.
async fn survives(raw: &mut Raw, first: u8, bytes: &[u8]) -> Result<bool, TestCaseError> {
    let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(2_000)]);
    raw.send(&masked(first, bytes)).await;
    raw.say(r#"{"action":"echo","tracingId":"alive"}"#).await;
    let mut answers = 0;
    loop {
        match raw.frame().await {
            Some((TEXT, payload)) => {
                let frame = checked(std::str::from_utf8(&payload).unwrap());
                if frame["tracingId"] == "alive" {
                    prop_assert_eq!(&frame["body"]["text"], "ping", "{}: {}", frame, shown);
                    break;
                }
                prop_assert!(frame["code"] != 500, "{frame}: {shown}");
                let has_events = frame["body"]["events"].as_array().is_some_and(|all| !all.is_empty());
                let is_event = frame["class"] == "StructuredMessage" && frame["body"]["type"] == "Event";
                prop_assert_eq!(is_event, has_events, "{}: {}", frame, shown);
                answers += 1;
            }
            Some((CLOSE, payload)) => {
                let code = u16::from_be_bytes([payload[0], payload[1]]);
                let is_text = std::str::from_utf8(bytes).is_ok();
                let expected = if bytes.len() > MOST { 1009 } else { 1007 };
                prop_assert!(code == expected && (code == 1009 || !is_text), "{code}: {shown}");
                return Ok(false);
            }
            other => prop_assert!(false, "{other:?}: {shown}"),
        }
    }
    let types = String::from_utf8_lossy(bytes).contains("Typing");
    prop_assert!(answers > 0 || types, "no answer to {shown}");
    Ok(true)
}

async fn holds(all: Vec<Sent>) -> Result<(), TestCaseError> {
    let emulator = TestEmulator::unlimited().await;
    let good = good();
    let mut raw = configured(&emulator).await;
    for sent in all {
        let (first, bytes) = match sent {
            Sent::Bytes(first, bytes) => (first, bytes),
            Sent::Changed(nth, changes) => {
                let frame = good[nth % good.len()].clone().into_bytes();
                (TEXT, changes.iter().fold(frame, |frame, change| changed(frame, change, &good)))
            }
        };
        if !survives(&mut raw, first, &bytes).await? {
            raw = configured(&emulator).await;
        }
    }
    // the session goes on elsewhere, and whoever looks behind the socket can read everything
    let mut socket = emulator.socket(DEPLOYMENT).await;
    let resumed = socket.configure(DEPLOYMENT, TOKEN).await;
    prop_assert_eq!(&resumed["body"]["newSession"], &json!(false), "{}", resumed);
    socket.say(TOKEN, "still here").await;
    prop_assert_eq!(&socket.next().await["body"]["text"], "still here");
    let jwt = act(&mut socket, "getJwt", TOKEN, json!({})).await;
    let jwt = jwt["body"]["jwt"].as_str();
    let page = emulator.client.get("/api/v2/webmessaging/messages", jwt).await;
    prop_assert_eq!(&page.json()["entities"][0]["text"], "still here");
    let journal: Vec<Value> = emulator.journal("kind=frameIn").await;
    prop_assert!(!journal.is_empty());
    Ok(())
}

proptest! {
    #![proptest_config(Config { cases: 48, ..Config::default() })]

    #[test]
    fn whatever_is_sent_is_answered_or_closes_the_socket_and_harms_nobody(all in prop::collection::vec(sent(), 1..16)) {
        tokio::runtime::Runtime::new().unwrap().block_on(holds(all))?;
    }
}
