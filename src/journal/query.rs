//! Reading on from a cursor, which admits what was dropped and when the journal began anew.

use std::{fmt, str::FromStr};

use tokio::sync::oneshot;

use super::{Journal, record::Record};
use crate::base::draw::Cause;

/// Up to where somebody has read: how often the journal had begun anew by then, and how many entries had closed since.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Cursor {
    generation: u64,
    at: u64,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.generation, self.at)
    }
}

impl FromStr for Cursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        let parts = text.split_once('-').and_then(|(g, at)| Some((g.parse().ok()?, at.parse().ok()?)));
        parts.map(|(generation, at)| Self { generation, at }).ok_or_else(|| BadCursor(text.to_owned()))
    }
}

/// What is no cursor.
#[derive(Debug, thiserror::Error)]
#[error("`after` {0} is not a cursor of this journal; take `next` of an earlier answer")]
pub struct BadCursor(String);

/// What comes after a cursor.
#[derive(Debug, Default)]
pub struct Batch {
    /// In the order of closing.
    pub records: Vec<Record>,
    /// How many entries before them are gone unread because the journal is bounded.
    pub dropped: u64,
    /// The journal was cleared since; the records begin at its new start.
    pub cleared: bool,
}

impl Cursor {
    /// So many entries earlier.
    pub fn back(self, entries: usize) -> Self {
        Self { at: self.at.saturating_sub(entries as u64), ..self }
    }
}

impl Journal {
    /// Before everything that there was since it began anew, whether it is kept or not.
    pub fn origin(&self) -> Cursor {
        Cursor { generation: self.generation, at: 0 }
    }

    /// Before everything that is kept.
    pub fn start(&self) -> Cursor {
        Cursor { generation: self.generation, at: self.first }
    }

    /// Behind everything that is kept.
    pub fn end(&self) -> Cursor {
        Cursor { generation: self.generation, at: self.first + self.entries.len() as u64 }
    }

    /// Where somebody goes on who has read up to this.
    pub fn after(&self, cursor: &str) -> Result<Cursor, BadCursor> {
        let parsed: Cursor = cursor.parse()?;
        if parsed > self.end() { Err(BadCursor(cursor.to_owned())) } else { Ok(parsed) }
    }

    /// What comes after the cursor, at most so many; the cursor is moved behind them.
    pub fn read(&self, at: &mut Cursor, most: usize) -> Batch {
        let cleared = at.generation < self.generation;
        if cleared {
            *at = Cursor { generation: self.generation, at: 0 };
        }
        let dropped = self.first.saturating_sub(at.at);
        at.at = at.at.max(self.first);
        let from = usize::try_from(at.at - self.first).unwrap_or(usize::MAX);
        let records: Vec<_> =
            self.entries.iter().skip(from).take(most).map(|entry| self.record(entry)).collect();
        at.at += records.len() as u64;
        Batch { records, dropped, cleared }
    }

    /// The entry of a visit or frame, such as `7` or `7.3`; the last one of it.
    pub fn get(&self, n: &str) -> Option<Record> {
        let (visit, frame) = n.split_once('.').unwrap_or((n, "0"));
        let wanted = (visit.parse::<u64>().ok()?, frame.parse::<u32>().ok()?);
        let is = |cause: Cause| (cause.parts().0, cause.parts().1) == wanted;
        self.entries.iter().rev().find(|entry| is(entry.cause())).map(|entry| self.record(entry))
    }

    /// Something comes when the next entry has closed, or the journal begins anew.
    pub fn more(&mut self) -> oneshot::Receiver<()> {
        let (waker, woken) = oneshot::channel();
        self.waiting.retain(|one| !one.is_closed());
        self.waiting.push(waker);
        woken
    }

    /// Wakes those who wait.
    pub(super) fn wake(&mut self) {
        for one in self.waiting.drain(..) {
            // who has gone need not be told
            let _ = one.send(());
        }
    }
}
