//! Conversations as the platform knows them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::base::{
    ids::{ConversationId, DeploymentId, GuestId, SessionToken},
    time::Timestamp,
};

/// What a participant is there for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// The guest.
    Customer,
    /// The inbound message flow, which is the bot.
    Workflow,
    /// The queue that the bot handed over to.
    Acd,
}

/// One side of a conversation.
#[derive(Clone, Debug, Serialize)]
pub struct Participant {
    /// Its id.
    pub id: String,
    /// What it is there for.
    pub purpose: Purpose,
    /// Shown name.
    pub name: String,
    /// The guest of the guide dialect, when it is one.
    pub guest: Option<GuestId>,
    /// Participant data.
    pub attributes: BTreeMap<String, String>,
    /// When it came.
    pub joined: Timestamp,
    /// When it left.
    pub left: Option<Timestamp>,
}

/// A conversation: begun by the guest's first message, not by the session.
#[derive(Clone, Debug, Serialize)]
pub struct Conversation {
    /// Its id.
    pub id: ConversationId,
    /// The session that it belongs to.
    pub session: SessionToken,
    /// Where the guest came in.
    pub deployment: DeploymentId,
    /// When it began.
    pub started: Timestamp,
    /// When the flow or an agent ended it.
    pub ended: Option<Timestamp>,
    /// Its sides, in order of coming.
    pub participants: Vec<Participant>,
}
