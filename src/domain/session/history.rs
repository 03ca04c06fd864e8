//! What was said in a session, as far as it is remembered.

use std::{collections::VecDeque, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{
    base::time::{Span, Timestamp},
    domain::message::Message,
};

/// Messages kept of one session, the oldest go first.
pub const MAX_MESSAGES: usize = 20_000;
/// How long guests can read what was said.
pub const RETENTION: Span = Span::from_secs(15 * 86_400);

/// Messages and events, oldest first, and how many bytes they are.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct History {
    messages: VecDeque<Arc<Message>>,
    bytes: usize,
}

/// As it is written down: how many bytes it takes is counted anew.
#[derive(Deserialize)]
struct Written {
    messages: VecDeque<Arc<Message>>,
}

impl From<Written> for History {
    fn from(Written { messages }: Written) -> Self {
        let bytes = messages.iter().map(|message| message.size()).sum();
        Self { messages, bytes }
    }
}

impl History {
    pub(super) fn push(&mut self, message: Arc<Message>) {
        if self.messages.len() == MAX_MESSAGES {
            self.forget_oldest();
        }
        self.bytes += message.size();
        self.messages.push_back(message);
    }

    /// Forgets the oldest one.
    pub(super) fn forget_oldest(&mut self) {
        if let Some(oldest) = self.messages.pop_front() {
            self.bytes -= oldest.size();
        }
    }

    /// How many bytes it takes.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// All of it, oldest first.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &Arc<Message>> + ExactSizeIterator {
        self.messages.iter()
    }

    /// What guests can still read at `now`, oldest first. To skip some of it costs nothing, from either end.
    pub fn readable(
        &self,
        now: Timestamp,
    ) -> impl DoubleEndedIterator<Item = &Arc<Message>> + ExactSizeIterator {
        let first = self.messages.partition_point(|message| now.since(message.time) > RETENTION);
        self.messages.range(first..)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        content::Content,
        message::{Direction, Kind},
    };

    fn message(text: String, time: Timestamp) -> Arc<Message> {
        Arc::new(Message {
            id: String::new(),
            kind: Kind::Text,
            direction: Direction::Inbound,
            text: Some(text),
            time,
            message_id: None,
            from: None,
            content: Content::None,
            happening: None,
            metadata: Default::default(),
            originator: None,
            line: None,
        })
    }

    fn texts<'a>(messages: impl Iterator<Item = &'a Arc<Message>>) -> Vec<&'a str> {
        messages.filter_map(|message| message.text.as_deref()).collect()
    }

    fn history(count: usize) -> History {
        let mut history = History::default();
        for nth in 0..count {
            history.push(message(nth.to_string(), Timestamp::default().plus(Span::from_secs(nth as i64))));
        }
        history
    }

    #[test]
    fn the_20_001st_message_pushes_out_the_first_and_the_bytes_are_those_of_the_rest() {
        let history = history(20_001);
        assert_eq!((history.all().len(), texts(history.all().take(1))), (20_000, vec!["1"]));
        assert_eq!(history.bytes(), history.all().map(|message| message.size()).sum::<usize>());
    }

    #[test]
    fn guests_can_read_what_is_at_most_fifteen_days_old() {
        let history = history(10);
        let days =
            |days: i64, seconds: i64| Timestamp::default().plus(Span::from_secs(86_400 * days + seconds));
        for (now, left) in [(days(0, 9), 10), (days(15, 0), 10), (days(15, 4), 6), (days(16, 0), 0)] {
            let readable = history.readable(now);
            assert_eq!(readable.len(), left, "{now}");
            assert_eq!(texts(readable.rev().take(1)), ["9"][..left.min(1)]);
        }
        assert_eq!(history.readable(days(-1, 0)).len(), 10, "a clock that was set back hides nothing");
    }
}
