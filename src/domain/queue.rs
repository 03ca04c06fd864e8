//! Queues that conversations wait in, and what agents say that they were about.

use serde::{Deserialize, Serialize};

use crate::base::{
    ids::DivisionId,
    time::{Span, Timestamp},
};

/// How long a conversation is offered to an agent, unless a queue says so.
pub const ALERTING: Span = Span::from_secs(30);

/// Must an agent say what a conversation was about? In the vendor's spelling.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WrapupPrompt {
    /// It must.
    Mandatory,
    /// It may.
    #[default]
    Optional,
    /// It must, in time.
    MandatoryTimeout,
    /// It must, and when the time is over the platform goes on.
    MandatoryForcedTimeout,
    /// It may, if it asks for that.
    AgentRequested,
}

impl WrapupPrompt {
    /// Must it?
    pub fn is_required(self) -> bool {
        !matches!(self, Self::Optional | Self::AgentRequested)
    }

    /// How participants spell it.
    pub fn of_participant(self) -> &'static str {
        match self {
            Self::Mandatory => "mandatory",
            Self::Optional => "optional",
            Self::MandatoryTimeout => "timeout",
            Self::MandatoryForcedTimeout => "forcedTimeout",
            Self::AgentRequested => "agentRequested",
        }
    }
}

/// A queue.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Queue {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// For people.
    pub description: Option<String>,
    /// The division that it is of; nothing is the home division.
    pub division: Option<DivisionId>,
    /// Must agents say what its conversations were about?
    pub wrapup: WrapupPrompt,
    /// How long a conversation is offered to an agent.
    pub alerting: Span,
    /// When it was made; nothing of one that was there from the start.
    pub created: Option<Timestamp>,
    /// When it was last changed.
    pub modified: Option<Timestamp>,
}

impl Queue {
    /// One that is there from the start.
    pub fn new(id: String, name: String) -> Self {
        let (description, division, wrapup, created, modified) = Default::default();
        Self { id, name, description, division, wrapup, alerting: ALERTING, created, modified }
    }
}

/// What a conversation can have been about.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WrapupCode {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// For people.
    pub description: Option<String>,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub modified: Timestamp,
}
