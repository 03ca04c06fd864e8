//! The conversations of an org. What was said in all of them together is bounded: the oldest goes first, wherever it was
//! said.

use std::{borrow::Borrow, collections::VecDeque, hash::Hash, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{
    base::{ids::ConversationId, table::Table},
    domain::{conversation::Conversation, message::Message},
};

/// Conversations of an org.
const CONVERSATIONS: usize = 20_000;
/// Messages of an org's conversations.
const MESSAGES: usize = 500_000;
/// Their bytes, most of which they share with the sessions.
const BYTES: usize = 64 << 20;

/// All conversations of an org, in the order of beginning.
#[derive(Clone, Serialize, Deserialize)]
pub struct Conversations {
    rows: Table<ConversationId, Conversation>,
    /// Where each message was said, oldest first. Of conversations that are gone, some may still be here.
    order: VecDeque<ConversationId>,
    bytes: usize,
}

impl Default for Conversations {
    fn default() -> Self {
        Self { rows: Table::bounded(CONVERSATIONS), order: VecDeque::new(), bytes: 0 }
    }
}

impl Conversations {
    /// Read from somewhere else: it is bounded, and what it takes is counted anew.
    pub fn hold(&mut self) {
        self.rows.hold(CONVERSATIONS);
        let messages = self.rows.iter().flat_map(|(_, conversation)| conversation.messages());
        self.bytes = messages.map(|message| message.size()).sum();
    }

    /// One of them.
    pub fn get<Q: Eq + Hash + ?Sized>(&self, id: &Q) -> Option<&Conversation>
    where
        ConversationId: Borrow<Q>,
    {
        self.rows.get(id)
    }

    /// One of them, to change who takes part.
    pub fn get_mut<Q: Eq + Hash + ?Sized>(&mut self, id: &Q) -> Option<&mut Conversation>
    where
        ConversationId: Borrow<Q>,
    {
        self.rows.get_mut(id)
    }

    /// All of them, in the order of beginning.
    pub fn iter(&self) -> impl Iterator<Item = &Conversation> {
        self.rows.iter().map(|(_, conversation)| conversation)
    }

    /// One begins. The oldest goes for it when there are too many.
    pub fn insert(&mut self, conversation: Conversation) {
        if let Some((_, evicted)) = self.rows.insert(conversation.id.clone(), conversation) {
            self.bytes -= evicted.messages().map(|message| message.size()).sum::<usize>();
        }
    }

    /// Something is said in one of them.
    pub fn keep(&mut self, id: &ConversationId, message: Arc<Message>) {
        self.keep_within(id, message, (MESSAGES, BYTES));
    }

    fn keep_within(&mut self, id: &ConversationId, message: Arc<Message>, (messages, bytes): (usize, usize)) {
        let Some(conversation) = self.rows.get_mut(id) else { return };
        self.bytes += message.size();
        self.order.push_back(id.clone());
        conversation.keep(message);
        while self.order.len() > messages || self.bytes > bytes {
            let Some(oldest) = self.order.pop_front() else { return };
            let gone = self.rows.get_mut(&oldest).and_then(Conversation::forget_oldest);
            self.bytes -= gone.map_or(0, |message| message.size());
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        base::time::Timestamp,
        domain::{
            content::Content,
            conversation::{Participant, Purpose, Side},
            message::{Direction, Kind},
        },
    };

    fn message(text: String) -> Arc<Message> {
        Arc::new(Message {
            id: String::new(),
            kind: Kind::Text,
            direction: Direction::Inbound,
            text: Some(text),
            time: Timestamp::default(),
            message_id: None,
            from: None,
            content: Content::None,
            happening: None,
            metadata: Default::default(),
            originator: None,
            line: None,
        })
    }

    fn conversation(id: &str) -> Conversation {
        let side = Side { id: String::new(), purpose: Purpose::Customer, name: String::new() };
        Conversation::new(id.into(), "s".into(), "d".into(), Participant::new(side, Timestamp::default()))
    }

    proptest! {
        #[test]
        fn the_oldest_goes_first_wherever_it_was_said(
            said in proptest::collection::vec((0_usize..3, 0_usize..2_000), 0..60),
            most in 1_usize..20,
            bytes in 3_000_usize..20_000,
        ) {
            let mut all = Conversations::default();
            let ids: Vec<ConversationId> = ["a", "b", "c"].into_iter().map(Into::into).collect();
            ids.iter().for_each(|id| all.insert(conversation(id.as_str())));
            for (nth, (place, length)) in said.iter().enumerate() {
                all.keep_within(&ids[*place], message(format!("{nth}{}", "x".repeat(*length))), (most, bytes));
            }
            let kept: Vec<_> = all.iter().flat_map(|one| one.messages().cloned()).collect();
            let total: usize = kept.iter().map(|message| message.size()).sum();
            prop_assert_eq!(all.bytes, total);
            prop_assert!(kept.len() <= most && total <= bytes);
            let number = |message: &Message| {
                message.text.as_ref().unwrap().trim_end_matches('x').parse::<usize>().unwrap()
            };
            let mut numbers: Vec<_> = kept.iter().map(|message| number(message)).collect();
            numbers.sort_unstable();
            let last: Vec<_> = (said.len() - numbers.len()..said.len()).collect();
            prop_assert_eq!(numbers, last, "what is kept is the end of it");
        }
    }
}
