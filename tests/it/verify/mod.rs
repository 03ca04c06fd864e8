//! `/__admin/verify`: did it happen as it was to?

mod clocks;
mod expectations;
mod faults;
mod guard;
mod order;
mod refused;
mod report;
mod waiting;

use serde_json::Value;

use crate::support::{Answer, TestEmulator};

/// Asks for a verification.
pub async fn ask(emulator: &TestEmulator, body: &Value) -> Answer {
    emulator.client.admin("POST", "/verify", Some(body)).await
}

/// The problems of a verification that fails; none if it holds.
pub async fn problems(emulator: &TestEmulator, body: &Value) -> Vec<String> {
    let answer = ask(emulator, body).await;
    let report = answer.json();
    assert_eq!(answer.status, if report["held"] == true { 200 } else { 409 }, "{}", answer.text);
    report["problems"].as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect()
}
