//! The conversations of an org. What was said in all of them together is bounded: the oldest goes first, wherever it was
//! said.

use std::{borrow::Borrow, collections::VecDeque, hash::Hash, sync::Arc};

use serde::{Deserialize, Serialize};

use super::conversation_index::{Held, Index};
use crate::{
    base::{
        ids::{ConversationId, UserId},
        table::Table,
    },
    domain::{conversation::Conversation, message::Message, watched::Watched, web_chat::ChatGuest},
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
    #[serde(skip)]
    index: Index,
}

impl Default for Conversations {
    fn default() -> Self {
        Self {
            rows: Table::bounded(CONVERSATIONS),
            order: VecDeque::new(),
            bytes: 0,
            index: Index::default(),
        }
    }
}

impl Conversations {
    /// Read from somewhere else: it is bounded, what it takes is counted anew, and where each is found too.
    pub fn hold(&mut self) {
        self.rows.hold(CONVERSATIONS);
        let messages = self.rows.iter().flat_map(|(_, conversation)| conversation.messages());
        self.bytes = messages.map(|message| message.size()).sum();
        self.index = Index::default();
        for (id, conversation) in self.rows.iter() {
            self.index.mark(conversation);
            conversation.messages().for_each(|message| self.index.say(id, message));
        }
    }

    /// One of them.
    pub fn get<Q: Eq + Hash + ?Sized>(&self, id: &Q) -> Option<&Conversation>
    where
        ConversationId: Borrow<Q>,
    {
        self.rows.get(id)
    }

    /// One of them, to change who takes part.
    pub fn get_mut<Q: Eq + Hash + ?Sized>(&mut self, id: &Q) -> Option<Held<'_>>
    where
        ConversationId: Borrow<Q>,
    {
        Some(Held { conversation: self.rows.get_mut(id)?, index: &mut self.index })
    }

    /// All of them, in the order of beginning.
    pub fn iter(&self) -> impl Iterator<Item = &Conversation> {
        self.rows.iter().map(|(_, conversation)| conversation)
    }

    fn all<'a>(
        &'a self,
        ids: impl Iterator<Item = &'a ConversationId>,
    ) -> impl Iterator<Item = &'a Conversation> {
        ids.filter_map(|id| self.rows.get(id))
    }

    /// Those in which a user is, or is asked whether it comes; in the order of beginning.
    pub fn of_user<'a>(&'a self, user: &UserId) -> impl Iterator<Item = &'a Conversation> + use<'a> {
        self.all(self.index.of_user(user))
    }

    /// Those that a user has had from queues for which this holds, and has not wrapped up.
    pub fn owed<'a>(
        &'a self,
        user: &'a UserId,
        required: impl Fn(&str) -> bool + 'a,
    ) -> impl Iterator<Item = &'a Conversation> {
        self.all(self.index.owed(user, required))
    }

    /// Those that wait in a queue without anybody being asked, that which has waited longest first.
    pub fn waiting<'a>(&'a self, queue: &str) -> impl Iterator<Item = &'a Conversation> + use<'a> {
        self.all(self.index.waiting(queue))
    }

    /// The one that is under way with somebody in an integration of Open Messaging.
    pub fn with(&self, integration: &str, id: &str) -> Option<&Conversation> {
        self.rows.get(self.index.with(integration, id)?)
    }

    /// The message of this id, and where it was said.
    pub fn message(&self, id: &str) -> Option<(&Conversation, &Arc<Message>)> {
        let (place, message) = self.index.message(id)?;
        Some((self.rows.get(place)?, message))
    }

    /// Changes what a chat has beyond other conversations; nothing where there is no chat.
    pub fn with_chat<Q: Eq + Hash + ?Sized, T>(
        &mut self,
        id: &Q,
        change: impl FnOnce(&mut ChatGuest) -> T,
    ) -> Option<T>
    where
        ConversationId: Borrow<Q>,
    {
        self.rows.get_mut(id)?.chat.as_deref_mut().map(change)
    }

    /// Who looks on at one.
    pub fn watched_mut<Q: Eq + Hash + ?Sized>(&mut self, id: &Q) -> Option<&mut Watched>
    where
        ConversationId: Borrow<Q>,
    {
        Some(&mut self.rows.get_mut(id)?.watched)
    }

    /// One begins. The oldest goes for it when there are too many.
    pub fn insert(&mut self, conversation: Conversation) {
        self.index.mark(&conversation);
        if let Some((_, evicted)) = self.rows.insert(conversation.id.clone(), conversation) {
            self.bytes -= evicted.messages().map(|message| message.size()).sum::<usize>();
            self.index.forget(&evicted);
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
        self.index.say(id, &message);
        conversation.keep(message);
        while self.order.len() > messages || self.bytes > bytes {
            let Some(oldest) = self.order.pop_front() else { return };
            let gone = self.rows.get_mut(&oldest).and_then(Conversation::forget_oldest);
            let Some(gone) = gone else { continue };
            self.bytes -= gone.size();
            self.index.unsay(&gone);
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
