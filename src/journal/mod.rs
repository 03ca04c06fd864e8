//! Floor 2: what happened in an org, bounded; secrets are left out when it is read.
//!
//! [`draft`] is an entry while its visit lasts, [`entry`] the closed one, [`redact`], [`redact_form`] and [`redact_target`] what is left out of what is
//! shown. A closed entry never changes. The texts of all entries are in one ring, so that a full journal stays in the
//! memory that it has. [`query`] reads on from a cursor; [`record`] is an entry taken out, [`matching`] the words by which
//! some are meant, [`matcher`] compares, [`shown`] is what people see, [`count`] how many there are,
//! [`totals`] how many there were.

pub mod about;
pub mod count;
pub mod decision;
pub mod draft;
pub mod entry;
pub mod expectation;
pub mod matcher;
pub mod matching;
pub mod query;
pub mod record;
pub mod redact;
pub mod redact_form;
pub mod redact_target;
mod ring;
pub mod seen;
pub mod shown;
pub mod tally;
pub mod totals;

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use draft::Closed;
use entry::Entry;
use record::Record;
use ring::Ring;
use tokio::sync::oneshot;
use totals::Totals;

use crate::base::time::Timestamp;

/// Entries of one org.
pub const MAX_ENTRIES: usize = 10_000;
/// Bytes of one org.
pub const MAX_BYTES: usize = 8 << 20;
/// Bytes of all orgs of an emulator.
pub const MAX_BYTES_IN_ALL: usize = 64 << 20;
/// Bytes of one body.
pub const MAX_BODY: usize = 16 << 10;

/// Bytes of all journals of an emulator together.
#[derive(Debug, Default)]
pub struct Budget(AtomicUsize);

impl Budget {
    /// How many bytes there are too many of.
    pub fn excess(&self) -> usize {
        self.0.load(Relaxed).saturating_sub(MAX_BYTES_IN_ALL)
    }
}

/// Buffers of closed drafts that are kept for new ones.
const MAX_SPARE: usize = 32;
/// The largest of them, in bytes.
const MAX_SPARE_BYTES: usize = 4 << 10;

/// The journal of one org. The cursor is the order of closing; an entry's own number is its visit's.
pub struct Journal {
    entries: VecDeque<Entry>,
    texts: Ring,
    /// The cursor of the first entry that is still there.
    first: u64,
    bytes: usize,
    totals: Totals,
    generation: u64,
    budget: Arc<Budget>,
    spare: Vec<Vec<u8>>,
    /// Who is to be told of the next entry.
    waiting: Vec<oneshot::Sender<()>>,
}

impl Journal {
    /// An empty journal that counts into `budget`.
    pub fn new(budget: Arc<Budget>) -> Self {
        Self {
            entries: VecDeque::new(),
            texts: Ring::default(),
            first: 0,
            bytes: 0,
            totals: Totals::default(),
            generation: 0,
            budget,
            spare: Vec::new(),
            waiting: Vec::new(),
        }
    }

    /// An empty journal that follows on this one: cursors from before are told that it was cleared.
    pub fn successor(&self) -> Self {
        let mut next = Self::new(Arc::clone(&self.budget));
        next.generation = self.generation + 1;
        next
    }

    /// An empty buffer for a new draft, mostly that of an earlier one.
    pub fn buffer(&mut self) -> Vec<u8> {
        self.spare.pop().unwrap_or_default()
    }

    /// Adds an entry. The oldest ones go for it.
    pub fn push(&mut self, closed: Closed) {
        let Closed { mut text, mut entry } = closed;
        self.totals.add(&entry);
        let size = entry.size();
        let before = self.bytes;
        while self.entries.len() >= MAX_ENTRIES || self.bytes + size > MAX_BYTES {
            if !self.pop() {
                break;
            }
        }
        entry.place = self.texts.push(&text);
        self.bytes += size;
        self.count(before);
        self.entries.push_back(entry);
        if !self.waiting.is_empty() {
            self.wake();
        }
        if self.spare.len() < MAX_SPARE && text.capacity() <= MAX_SPARE_BYTES {
            text.clear();
            self.spare.push(text);
        }
    }

    /// Tells the budget of the emulator how many bytes more or less there are than before.
    fn count(&self, before: usize) {
        // adding wraps around, so a difference below zero is taken off
        self.budget.0.fetch_add(self.bytes.wrapping_sub(before), Relaxed);
    }

    /// Drops the oldest entry; nobody has told the budget. Was there one?
    fn pop(&mut self) -> bool {
        let Some(oldest) = self.entries.pop_front() else { return false };
        self.texts.pop(oldest.length());
        self.first += 1;
        self.totals.dropped += 1;
        self.bytes -= oldest.size();
        true
    }

    /// Drops the oldest entries until at least `bytes` are free. Was there anything to drop?
    pub fn shrink(&mut self, bytes: usize) -> bool {
        let before = self.bytes;
        let goal = before.saturating_sub(bytes);
        while self.bytes > goal && self.pop() {}
        self.count(before);
        before > goal
    }

    /// Forgets everything; cursors from before are told so. Answers what is gone, to be dropped when no lock is held.
    pub fn clear(&mut self) -> impl Sized + use<> {
        self.budget.0.fetch_sub(self.bytes, Relaxed);
        self.bytes = 0;
        self.first = 0;
        self.generation += 1;
        self.wake();
        (std::mem::take(&mut self.entries), std::mem::take(&mut self.texts))
    }

    /// When the oldest entry that is kept began.
    pub fn oldest(&self) -> Option<Timestamp> {
        self.entries.front().map(Entry::at)
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    fn record(&self, entry: &Entry) -> Record {
        Record::new(entry.clone(), self.texts.get(entry.place, entry.length()))
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.budget.0.fetch_sub(self.bytes, Relaxed);
    }
}
