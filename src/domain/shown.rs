//! A conversation with the names of all that it mentions, as answers and notifications show it.

use std::collections::BTreeMap;

use super::{
    conversation::{Conversation, Participant},
    queue::WrapupPrompt,
};
use crate::base::ids::UserId;

/// A queue, as far as participants show it.
#[derive(Clone, Debug)]
pub struct ShownQueue {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Must agents say what its conversations were about?
    pub wrapup: WrapupPrompt,
    /// How long it offers a conversation, in milliseconds.
    pub alerting_ms: i64,
}

/// A conversation with the names of all that it mentions.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The conversation.
    pub conversation: Conversation,
    /// Names of its users.
    pub users: BTreeMap<UserId, String>,
    /// Its queues, by local name.
    pub queues: BTreeMap<String, ShownQueue>,
    /// Has the guest signed in?
    pub authenticated: bool,
}

impl Shown {
    /// The queue of a participant.
    pub fn queue(&self, one: &Participant) -> Option<&ShownQueue> {
        self.queues.get(one.queue.as_ref()?)
    }

    /// Must this one still say what it was about?
    pub fn owes_wrapup(&self, one: &Participant) -> bool {
        self.queue(one).is_some_and(|queue| queue.wrapup.is_required()) && one.owes_wrapup()
    }

    /// Is this participant's part over?
    pub fn is_over(&self, one: &Participant) -> bool {
        one.left.is_some() || self.conversation.ended.is_some()
    }
}
