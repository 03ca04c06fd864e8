//! What faults do, seen from outside. One file an effect, named like it; each plays the built-in scenario of that name.

mod accepting;
mod aliases;
mod alike;
mod bandwidth;
mod caller;
mod certificates;
mod claims;
mod close_connection;
mod close_socket;
mod content_type;
mod contradictions;
mod corrupt_frame;
mod corrupt_upgrade;
mod delay;
mod deny_cors;
mod deny_permission;
mod deny_scope;
mod dribble;
mod drop_frame;
mod drop_subprotocol;
mod duplicate_delivery;
mod duplicate_frame;
mod error_frame;
mod evict;
mod expire_session;
mod expired_certificate;
mod fragment_frame;
mod frames;
mod garbage;
mod half_open;
mod hang_upgrade;
mod invalid_json;
mod limit_connections;
mod lose_ack;
mod lose_response;
mod malformed_chunk;
mod matching;
mod missing_field;
mod nonce;
mod oversize_frame;
mod plans;
mod quota;
mod rate_limit;
pub mod raw;
mod refuse_connection;
mod refuse_handshake;
mod refused;
mod refused_on_frames;
mod reorder_frames;
mod reset;
mod reset_handshake;
mod respond;
mod rotate_keys;
mod schedules;
mod set_headers;
mod skew_date;
mod slow_close;
mod slow_handshake;
mod stale_read;
mod stall;
mod stop_pong;
mod stop_reading;
mod stories;
mod transcripts;
mod truncate;
mod truncate_frame;
mod unknown_enum;
mod untrusted_certificate;
mod while_state;
mod wrong_host;

use serde_json::{Value, json};

use crate::{
    support::{Answer, DEPLOYMENT, Socket, TestEmulator},
    webmessaging::raw::Raw,
};

/// Asks for the token of a new guest.
pub async fn guest(emulator: &TestEmulator, token: &str) -> Answer {
    let body = json!({ "name": "Ann" });
    emulator.client.post("/api/v2/webchat/guest", Some(token), &body).await
}

/// Who holds an open request or frame back? Waits until that many timers of the default org are armed.
pub async fn armed(emulator: &TestEmulator, timers: u64) {
    for _ in 0..10_000 {
        let clock = emulator.client.admin("GET", "/clock", None).await.json();
        if clock["timers"].as_u64().unwrap() >= timers {
            return;
        }
    }
    panic!("nothing waits on the org's clock");
}

/// A GET that any fault on requests can be about, and the fault that bit.
pub async fn fault_of(emulator: &TestEmulator, path: &str) -> String {
    let answer = emulator.client.try_send("GET", path, &[], "").await.unwrap();
    answer.header("x-emulator-fault").to_owned()
}

/// A fault that answers 503, under this id and condition.
pub fn unavailable(id: &str, when: Value) -> Value {
    json!({ "id": id, "when": when, "effect": { "respond": { "status": 503 } } })
}

/// A socket on which the session `t-1` is configured.
pub async fn configured(emulator: &TestEmulator) -> Socket {
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, "t-1").await;
    socket
}

/// The same byte by byte.
pub async fn configured_raw(emulator: &TestEmulator) -> Raw {
    let mut raw = Raw::open(emulator, DEPLOYMENT).await;
    let configure = json!({ "action": "configureSession", "deploymentId": DEPLOYMENT, "token": "t-1" });
    raw.say(&configure.to_string()).await;
    assert!(raw.text().await.contains("SessionResponse"));
    raw
}

/// A health check.
pub fn echo(text: &str) -> Value {
    json!({ "action": "echo", "token": "t-1", "message": { "type": "Text", "text": text } })
}

/// A message of the guest.
pub fn message(text: &str) -> Value {
    json!({ "action": "onMessage", "token": "t-1", "message": { "type": "Text", "text": text } })
}

/// The text of the next frame's message.
pub async fn next_said(socket: &mut Socket) -> String {
    socket.next().await["body"]["text"].as_str().unwrap_or_default().to_owned()
}

/// What the one conversation holds.
pub async fn said(emulator: &TestEmulator) -> Vec<String> {
    let all = emulator.client.admin("GET", "/conversations", None).await.json();
    let Some(id) = all["entities"][0]["id"].as_str() else {
        return Vec::new();
    };
    let one = emulator.client.admin("GET", &format!("/conversations/{id}"), None).await.json();
    let texts = one["messages"].as_array().unwrap().iter();
    texts.map(|message| message["text"].as_str().unwrap_or_default().to_owned()).collect()
}

/// The notes of all journal entries that fit the query.
pub async fn notes(emulator: &TestEmulator, query: &str) -> Vec<String> {
    let entries = emulator.journal(query).await;
    let notes = entries.iter().filter_map(|entry| entry["notes"].as_array()).flatten();
    notes.map(|note| note.as_str().unwrap().to_owned()).collect()
}
