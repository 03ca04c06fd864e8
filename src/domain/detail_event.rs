//! What has happened to one participant of a conversation, for those who count.

use super::{
    communication::Medium,
    conversation::{Participant, Purpose},
    topic::Template,
};
use crate::base::{ids::ConversationId, time::Timestamp};

/// What has happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Happened {
    /// It came, or was offered the conversation.
    Start,
    /// It left.
    End,
    /// An agent has dealt with it.
    AfterCallWork,
    /// An agent said what it was about.
    Wrapup,
    /// Participant data has changed.
    Attributes,
}

impl Happened {
    /// The family of its topic.
    pub fn family(self, purpose: Purpose) -> Option<&'static Template> {
        use Purpose::{Acd, Agent, Customer, Workflow};
        Template::named(match (self, purpose) {
            (Self::Start, Customer) => "v2.detail.events.conversation.{id}.customer.start",
            (Self::End, Customer) => "v2.detail.events.conversation.{id}.customer.end",
            (Self::Start, Workflow) => "v2.detail.events.conversation.{id}.flow.start",
            (Self::End, Workflow) => "v2.detail.events.conversation.{id}.flow.end",
            (Self::Start, Acd) => "v2.detail.events.conversation.{id}.acd.start",
            (Self::End, Acd) => "v2.detail.events.conversation.{id}.acd.end",
            (Self::Start, Agent) => "v2.detail.events.conversation.{id}.user.start",
            (Self::End, Agent) => "v2.detail.events.conversation.{id}.user.end",
            (Self::AfterCallWork, _) => "v2.detail.events.conversation.{id}.acw",
            (Self::Wrapup, _) => "v2.detail.events.conversation.{id}.wrapup",
            (Self::Attributes, _) => "v2.detail.events.conversation.{id}.attributes",
        })
    }
}

/// One of these.
#[derive(Clone, Debug)]
pub struct DetailEvent {
    /// What.
    pub happened: Happened,
    /// When.
    pub at: Timestamp,
    /// In which conversation.
    pub conversation: ConversationId,
    /// To whom.
    pub participant: Participant,
    /// The id of the queue.
    pub queue: Option<String>,
    /// By what the guest talks.
    pub medium: Medium,
}
