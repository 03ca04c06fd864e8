//! What faults do, seen from outside. One file an effect, named like it; each plays the built-in scenario of that name.

mod claims;
mod close_socket;
mod delay;
mod deny_permission;
mod deny_scope;
mod frames;
mod limit_connections;
mod matching;
mod plans;
mod rate_limit;
pub mod raw;
mod refused;
mod reset;
mod respond;
mod rotate_keys;
mod schedules;
mod stories;

use serde_json::{Value, json};

use crate::support::{Answer, TestEmulator};

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
