//! What agents and their applications do: notification channels, presence, conversations, queues. Every answer is held
//! against the published description, where that is at hand.

mod channel_sockets;
mod channels;
mod conversations;
mod events;
mod media;
mod messaging_settings;
mod open_messaging;
mod presence;
mod published;
mod queues;
mod refusals;
mod routing;
mod supported_content;
mod watching;
mod wrapup;

use std::sync::LazyLock;

use serde_json::{Value, json};

pub use crate::people::{of_another_org, text};
use crate::{
    contract::{Contract, contract},
    login::tokens,
    support::{Answer, DEPLOYMENT, Socket, TestEmulator},
};

/// The user of the default world.
pub const AGENT: &str = "00000000-0000-4000-8000-0000000000bb";
const CHANNELS: &str = "/api/v2/notifications/channels";

/// The guest's token.
pub const GUEST: &str = "00000000-0000-4000-8000-00000000aaaa";
/// Where message conversations are.
pub const MESSAGES: &str = "/api/v2/conversations/messages";

static CONTRACT: LazyLock<Option<Contract>> = LazyLock::new(|| contract().map(Contract));

/// The path as the description has it: the one with the fewest variable segments that fits.
fn described(contract: &Contract, path: &str) -> Option<String> {
    let path = path.split('?').next().unwrap();
    let segments: Vec<_> = path.split('/').collect();
    let fits = |known: &str| {
        let known: Vec<_> = known.split('/').collect();
        known.len() == segments.len()
            && known.iter().zip(&segments).all(|(one, other)| one == other || one.starts_with('{'))
    };
    let paths = contract.0["paths"].as_object().unwrap().keys();
    paths.filter(|known| fits(known)).min_by_key(|known| known.matches('{').count()).cloned()
}

/// Somebody with an access token.
pub struct Desk {
    pub emulator: TestEmulator,
    pub token: String,
}

impl Desk {
    /// An application with every right.
    pub async fn start() -> Self {
        Self::at(TestEmulator::unlimited().await).await
    }

    /// The same, in this emulator.
    pub async fn at(emulator: TestEmulator) -> Self {
        let token = emulator.token("emulator-client", "emulator-secret").await;
        Self { emulator, token }
    }

    /// The agent of the default world, at its desk, with every right.
    pub async fn of_agent() -> Self {
        let mut desk = Self::start().await;
        desk.token = desk.agents_token().await;
        desk
    }

    /// An access token of the agent of the default world.
    pub async fn agents_token(&self) -> String {
        tokens(&self.emulator).await["access_token"].as_str().unwrap().to_owned()
    }

    /// A call with this token, whose answer is as described.
    pub async fn ask_as(&self, token: &str, method: &str, path: &str, body: impl Into<Vec<u8>>) -> Answer {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let answer = self.emulator.client.send(method, path, &headers, body.into()).await;
        if let Some(contract) = &*CONTRACT {
            let known = described(contract, path).unwrap_or_else(|| panic!("{path} is not described"));
            contract.check(method, &known, &answer);
        }
        answer
    }

    /// A call of what is not described.
    pub async fn undescribed(&self, method: &str, path: &str, body: Value, status: u16) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let text = if body.is_null() { String::new() } else { body.to_string() };
        let answer = self.emulator.client.send(method, path, &headers, text).await;
        assert_eq!(answer.status, status, "{method} {path} {body}: {}", answer.text);
        answer
    }

    pub async fn ask(&self, method: &str, path: &str, body: Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.ask_as(&self.token, method, path, body).await
    }

    /// A call that is to be answered so.
    pub async fn done(&self, method: &str, path: &str, body: Value, status: u16) -> Answer {
        let shown = body.to_string();
        let answer = self.ask(method, path, body).await;
        assert_eq!(answer.status, status, "{method} {path} {shown}: {}", answer.text);
        answer
    }

    /// What is wrong with each of these bodies: status, code and message.
    pub async fn refused(&self, method: &str, path: &str, bodies: &[&str]) -> String {
        let mut said = String::new();
        for body in bodies {
            let answer = self.ask_as(&self.token, method, path, *body).await;
            let told = answer.json();
            said += &format!("{body} {} {} {}\n", answer.status, told["code"], told["message"]);
        }
        said
    }

    /// A new channel that is subscribed to these topics.
    pub async fn channel(&self, topics: &[&str]) -> Value {
        let channel = self.done("POST", CHANNELS, Value::Null, 200).await.json();
        let path = format!("{CHANNELS}/{}/subscriptions", channel["id"].as_str().unwrap());
        let topics: Vec<_> = topics.iter().map(|topic| json!({ "id": topic })).collect();
        self.done("POST", &path, json!(topics), 200).await;
        channel
    }

    /// Its socket.
    pub async fn open(&self, channel: &Value) -> Socket {
        let target = format!("/channels/{}", channel["id"].as_str().unwrap());
        self.emulator.upgrade(&target).await.unwrap()
    }

    /// The socket of a new channel that is subscribed to these topics.
    pub async fn listen(&self, topics: &[&str]) -> Socket {
        self.open(&self.channel(topics).await).await
    }

    /// A guest who has asked for a human, and the conversation. Nothing is left unread on its socket.
    pub async fn guest(&self) -> (Socket, String) {
        let mut socket = self.emulator.socket(DEPLOYMENT).await;
        socket.configure(DEPLOYMENT, GUEST).await;
        socket.say(GUEST, "agent").await;
        socket.next().await;
        self.emulator.advance("1s").await;
        socket.next().await;
        let id = self.emulator.conversation().await["id"].as_str().unwrap().to_owned();
        (socket, id)
    }

    /// The participant of this purpose who came last, as the message conversation has it.
    pub async fn participant(&self, id: &str, purpose: &str) -> Value {
        let known = self.done("GET", &format!("{MESSAGES}/{id}"), Value::Null, 200).await.json();
        let all = known["participants"].as_array().unwrap();
        all.iter().rfind(|one| one["purpose"] == purpose).cloned().unwrap_or_default()
    }

    /// Path and communication of the agent, who has taken the conversation that it was offered.
    pub async fn taken(&self, id: &str) -> (String, String) {
        let agent = self.participant(id, "agent").await["id"].as_str().unwrap().to_owned();
        let path = format!("{MESSAGES}/{id}/participants/{agent}");
        self.done("PATCH", &path, json!({ "state": "connected" }), 202).await;
        let known = self.done("GET", &format!("/api/v2/conversations/{id}"), Value::Null, 200).await.json();
        let all = known["participants"].as_array().unwrap();
        let own = all.iter().find(|one| one["id"] == agent.as_str()).unwrap();
        (path, own["messages"][0]["id"].as_str().unwrap().to_owned())
    }

    /// The agent is on queue, or not.
    pub async fn on_queue(&self, on: bool) {
        let path = format!("/api/v2/users/{AGENT}/routingstatus");
        let status = if on { "IDLE" } else { "OFF_QUEUE" };
        self.done("PUT", &path, json!({ "status": status }), 200).await;
    }
}
