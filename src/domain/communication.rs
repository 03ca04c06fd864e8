//! What somebody has to do with a conversation: offered, connected, over, and wrapped up.

use serde::{Deserialize, Serialize};

use crate::base::time::{Span, Timestamp};

/// By what a guest talks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Medium {
    /// The messaging socket, with a session.
    Webmessaging,
    /// An application of Open Messaging.
    Open,
    /// A legacy web chat.
    Chat,
}

/// How far a communication is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CommunicationState {
    /// It is offered.
    Alerting,
    /// It was taken.
    Connected,
    /// It was put aside.
    Parked,
    /// It is over.
    Disconnected,
}

/// How a communication came to its end, in the vendor's spelling.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum DisconnectType {
    /// Its own participant has ended it.
    #[serde(rename = "client")]
    Client,
    /// The guest has.
    #[serde(rename = "endpoint")]
    Endpoint,
    /// Somebody else has.
    #[serde(rename = "peer")]
    Peer,
    /// The platform has.
    #[serde(rename = "system")]
    System,
    /// Somebody else goes on.
    #[serde(rename = "transfer")]
    Transfer,
    /// Nobody took it.
    #[serde(rename = "transfer.noanswer")]
    NoAnswer,
    /// The session has expired.
    #[serde(rename = "session.expired")]
    SessionExpired,
}

/// What an agent says a conversation was about.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Wrapup {
    /// The id of the code.
    pub code: String,
    /// The name of the code.
    pub name: Option<String>,
    /// For people.
    pub notes: Option<String>,
    /// Words.
    pub tags: Vec<String>,
    /// How long it took.
    pub duration: Option<Span>,
    /// When it was said.
    pub end: Timestamp,
    /// May it still change?
    pub provisional: bool,
}

/// What somebody has to do with a conversation.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Communication {
    /// Its id.
    pub id: String,
    /// When it was offered, if it was.
    pub alerted: Option<Timestamp>,
    /// When it was taken.
    pub connected: Option<Timestamp>,
    /// Since when it is held, if it is.
    pub held: Option<Timestamp>,
    /// Since when it is put aside, if it is, and until when.
    pub parked: Option<(Timestamp, Option<Timestamp>)>,
    /// How it came to its end.
    pub disconnect: Option<DisconnectType>,
    /// What it was about.
    pub wrapup: Option<Wrapup>,
    /// Did its agent say that it will not say so?
    pub wrapup_skipped: bool,
}

impl Communication {
    /// One that is taken at once.
    pub fn connected(now: Timestamp) -> Self {
        Self { connected: Some(now), ..Self::default() }
    }

    /// One that is offered.
    pub fn alerting(now: Timestamp) -> Self {
        Self { alerted: Some(now), ..Self::default() }
    }

    /// How far it is, when its participant has left or not.
    pub fn state(&self, left: bool) -> CommunicationState {
        match (left, self.connected, self.parked) {
            (true, ..) => CommunicationState::Disconnected,
            (_, None, _) => CommunicationState::Alerting,
            (_, _, Some(_)) => CommunicationState::Parked,
            (_, _, None) => CommunicationState::Connected,
        }
    }
}
