//! Answers to a client with every right, held against the description.

use serde_json::Value;

use super::{Contract, contract};
use crate::support::{Answer, TestEmulator};

/// A client with every right, and the description that all answers are held against.
pub struct Held {
    contract: Contract,
    emulator: TestEmulator,
    token: String,
}

impl Held {
    pub async fn start() -> Option<Self> {
        let contract = contract().map(Contract)?;
        let emulator = TestEmulator::start().await;
        let token = emulator.token("emulator-client", "emulator-secret").await;
        Some(Self { contract, emulator, token })
    }

    /// `described` is the path as the description has it.
    pub async fn ask(&self, method: &str, path: &str, described: &str, body: Value, status: u16) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let answer = self.emulator.client.send(method, path, &headers, body.to_string()).await;
        assert_eq!(answer.status, status, "{method} {path} {body}: {}", answer.text);
        self.contract.check(method, described, &answer);
        answer
    }

    pub async fn id(&self, path: &str, body: Value) -> String {
        self.ask("POST", path, path, body, 200).await.json()["id"].as_str().unwrap().to_owned()
    }
}
