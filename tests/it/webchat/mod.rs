//! Legacy web chats: guests, what they hear, who answers, and who administers. Every answer is held against the published
//! description, where that is at hand.

mod administration;
mod agents;
mod begin;
mod credentials;
mod events;
mod guests;
mod remembered;

use serde_json::{Value, json};

use crate::{
    agent::Desk,
    support::{Answer, Socket},
};

/// Where guests begin chats.
pub const CHATS: &str = "/api/v2/webchat/guest/conversations";
/// Where agents find them.
pub const OURS: &str = "/api/v2/conversations/chats";
/// The org of the default world.
const ORG: &str = "00000000-0000-4000-8000-0000000000aa";
/// Its legacy deployment.
const LEGACY: &str = "00000000-0000-4000-8000-0000000000cf";

/// What a guest asks for.
pub fn wish() -> Value {
    json!({
        "organizationId": ORG,
        "deploymentId": LEGACY,
        "routingTarget": { "targetType": "QUEUE", "targetAddress": "Chat Queue" },
        "memberInfo": { "displayName": "Jo Guest" },
    })
}

/// A guest in its chat.
pub struct Guest {
    pub id: String,
    pub member: String,
    pub jwt: String,
    /// Path and query of its event stream.
    pub stream: String,
}

impl Guest {
    /// One that has just asked for a chat.
    pub async fn comes(desk: &Desk) -> Self {
        Self::of(&desk.ask_as("", "POST", CHATS, wish().to_string()).await)
    }

    /// As it was answered.
    pub fn of(answer: &Answer) -> Self {
        assert_eq!(answer.status, 200, "{}", answer.text);
        let told = answer.json();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let uri = text(&told["eventStreamUri"]);
        Self {
            id: text(&told["id"]),
            member: text(&told["member"]["id"]),
            jwt: text(&told["jwt"]),
            stream: format!("/v1/token/{}", uri.rsplit('/').next().unwrap()),
        }
    }

    /// It hears what happens, and waits in the queue.
    pub async fn hears(&self, desk: &Desk) -> Socket {
        desk.emulator.upgrade(&self.stream).await.unwrap()
    }

    /// A path below its chat.
    pub fn at(&self, rest: &str) -> String {
        format!("{CHATS}/{}{rest}", self.id)
    }

    /// A path below itself.
    pub fn own(&self, rest: &str) -> String {
        self.at(&format!("/members/{}{rest}", self.member))
    }

    /// A call of its own that is to be answered so.
    pub async fn done(&self, desk: &Desk, method: &str, path: &str, body: Value, status: u16) -> Answer {
        let text = if body.is_null() { String::new() } else { body.to_string() };
        let answer = desk.ask_as(&self.jwt, method, path, text).await;
        assert_eq!(answer.status, status, "{method} {path} {body}: {}", answer.text);
        answer
    }

    /// It says something. Answers the line.
    pub async fn says(&self, desk: &Desk, words: &str) -> Value {
        self.done(desk, "POST", &self.own("/messages"), json!({ "body": words }), 200).await.json()
    }

    /// The participant of this purpose who came last, as agents see it.
    pub async fn other(&self, desk: &Desk, purpose: &str) -> Value {
        let known = desk.done("GET", &format!("{OURS}/{}", self.id), Value::Null, 200).await.json();
        let all = known["participants"].as_array().unwrap();
        all.iter().rfind(|one| one["purpose"] == purpose).cloned().unwrap_or_default()
    }

    /// The agent takes the chat that it was offered. Answers path and communication of its participant.
    pub async fn answered(&self, desk: &Desk) -> (String, String) {
        let agent = self.other(desk, "agent").await["id"].as_str().unwrap().to_owned();
        let path = format!("{OURS}/{}/participants/{agent}", self.id);
        desk.done("PATCH", &path, json!({ "state": "connected" }), 202).await;
        let known = format!("/api/v2/conversations/{}", self.id);
        let known = desk.done("GET", &known, Value::Null, 200).await.json();
        let own = known["participants"].as_array().unwrap().iter().find(|one| one["id"] == agent.as_str());
        (path, own.unwrap()["chats"][0]["id"].as_str().unwrap().to_owned())
    }
}

/// Reads frames until one of this type comes, and answers it.
pub async fn until(socket: &mut Socket, kind: &str, fits: impl Fn(&Value) -> bool) -> Value {
    loop {
        let frame: Value = serde_json::from_str(&socket.next_raw().await).unwrap();
        if frame["metadata"]["type"] == kind && fits(&frame["eventBody"]) {
            return frame;
        }
    }
}

/// A guest in a chat that the agent has taken, with the communication of the agent; the socket is read up to there.
pub async fn under_way(desk: &Desk) -> (Guest, Socket, String, String) {
    desk.on_queue(true).await;
    let guest = Guest::comes(desk).await;
    let mut socket = guest.hears(desk).await;
    let (path, communication) = guest.answered(desk).await;
    until(&mut socket, "member-change", |body| body["member"]["state"] == "DISCONNECTED").await;
    (guest, socket, path, communication)
}
