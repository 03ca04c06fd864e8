//! Floor 2: what happens in an org, for tests that wait. [`event`] says what there is to tell; the ring keeps the last of
//! it, and readers come with a cursor: a slow one misses something and is told so, and never holds the org up.

pub mod event;

use std::{collections::VecDeque, fmt, str::FromStr, sync::Arc};

use tokio::sync::Notify;

use self::event::{About, Event, What};
use crate::base::{ids::ConversationId, time::Timestamp};

/// Events kept of one org.
pub const MAX_EVENTS: usize = 2_000;

/// Up to where a reader has read: how often the org had begun anew by then, and the number of the last event.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Cursor {
    generation: u64,
    n: u64,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.generation, self.n)
    }
}

/// What is no cursor.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is not the id of an event of this org")]
pub struct BadCursor(String);

impl FromStr for Cursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        let parts = text.split_once('-').and_then(|(g, n)| Some((g.parse().ok()?, n.parse().ok()?)));
        parts.map(|(generation, n)| Self { generation, n }).ok_or_else(|| BadCursor(text.to_owned()))
    }
}

/// What a reader wants; all that is given must hold.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Types, or their first words; none is all.
    pub types: Vec<String>,
    /// One conversation.
    pub conversation: Option<ConversationId>,
}

impl Filter {
    fn fits(&self, event: &Event) -> bool {
        let name = event.what.name();
        let of_type = |wanted: &String| {
            let rest = name.strip_prefix(wanted.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        (self.types.is_empty() || self.types.iter().any(of_type))
            && (self.conversation.is_none() || self.conversation == event.about.conversation)
    }
}

/// What a reader is told.
#[derive(Clone, Debug)]
pub enum Told {
    /// Something happened.
    Event(Box<Event>),
    /// So many events, of any type, are gone unread.
    Lagged(u64),
    /// The org was reset; its events are numbered from one again.
    Reset,
}

/// The events of one org.
#[derive(Default)]
pub struct Events {
    ring: VecDeque<Event>,
    /// How many were ever told since the org began anew.
    told: u64,
    generation: u64,
    closed: bool,
    more: Arc<Notify>,
    /// What somebody waits for; empty but for orgs with a timeline.
    watched: Vec<Watched>,
    met: Vec<usize>,
}

/// The how-manieth event of a name that somebody waits for.
struct Watched {
    name: &'static str,
    left: u64,
    who: usize,
}

impl Events {
    /// Nothing yet, of the org that is in this one's place after a reset: cursors from before are told of that.
    pub fn successor(&self) -> Self {
        Self { generation: self.generation + 1, ..Self::default() }
    }

    /// Something happened. In an org that is over nothing does any more.
    pub fn push(&mut self, at: Timestamp, about: About, what: What) {
        if self.closed {
            return;
        }
        if self.ring.len() == MAX_EVENTS {
            self.ring.pop_front();
        }
        self.told += 1;
        if !self.watched.is_empty() {
            self.meet(what.name());
        }
        self.ring.push_back(Event { n: self.told, at, about, what });
        self.more.notify_waiters();
    }

    /// `who` waits for the `nth` event of this name from now on, counted from one.
    pub fn watch(&mut self, name: &'static str, nth: u64, who: usize) {
        self.watched.push(Watched { name, left: nth, who });
    }

    /// Who waits, and for how many more events.
    pub fn watched(&self) -> Vec<(usize, u64)> {
        self.watched.iter().map(|one| (one.who, one.left)).collect()
    }

    /// The same waits as there.
    pub fn watch_as(&mut self, other: &mut Self) {
        self.watched = std::mem::take(&mut other.watched);
    }

    fn meet(&mut self, name: &str) {
        for one in self.watched.iter_mut().filter(|one| one.name == name) {
            one.left -= 1;
            if one.left == 0 {
                self.met.push(one.who);
            }
        }
        self.watched.retain(|one| one.left > 0);
    }

    /// Whose event has happened since this was last asked.
    pub fn take_met(&mut self) -> Vec<usize> {
        std::mem::take(&mut self.met)
    }

    /// The org was reset, or is taken away.
    pub fn close(&mut self) {
        self.closed = true;
        self.more.notify_waiters();
    }

    /// Is the org over?
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Wakes readers when there is more, or never will be here.
    pub fn more(&self) -> Arc<Notify> {
        Arc::clone(&self.more)
    }

    /// Before everything that is kept.
    pub fn start(&self) -> Cursor {
        Cursor { generation: self.generation, n: self.told - self.ring.len() as u64 }
    }

    /// Where a reader goes on that has read up to this.
    pub fn after(&self, cursor: &str) -> Result<Cursor, BadCursor> {
        let parsed: Cursor = cursor.parse()?;
        let end = Cursor { generation: self.generation, n: self.told };
        if parsed > end { Err(BadCursor(cursor.to_owned())) } else { Ok(parsed) }
    }

    /// What comes after the cursor, at most so much; and the cursor after each. The given one is moved behind all that
    /// was looked at.
    pub fn read(&self, at: &mut Cursor, filter: &Filter, most: usize) -> Vec<(Cursor, Told)> {
        let mut told = Vec::new();
        if at.generation < self.generation {
            *at = Cursor { generation: self.generation, n: 0 };
            told.push((*at, Told::Reset));
        }
        let start = self.start();
        if at.n < start.n {
            let missed = start.n - at.n;
            *at = start;
            told.push((*at, Told::Lagged(missed)));
        }
        for event in self.ring.iter().skip((at.n - start.n) as usize) {
            if told.len() >= most {
                break;
            }
            at.n = event.n;
            if filter.fits(event) {
                told.push((*at, Told::Event(Box::new(event.clone()))));
            }
        }
        told
    }
}

#[cfg(test)]
mod tests;
