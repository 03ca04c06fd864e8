//! Floor 2: what happened in an org, bounded, secrets left out.
//!
//! [`draft`] is an entry while its visit lasts, [`entry`] the closed one, [`redact`] what is left out while
//! copying, [`query`] how entries are found. A closed entry never changes.

pub mod draft;
pub mod entry;
pub mod query;
pub mod redact;

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use entry::Entry;

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

/// What had to go for a new entry: nearly always one or none, for which nothing is allocated.
pub type Gone = (Option<Entry>, Vec<Entry>);

/// The journal of one org. The cursor is the order of closing; an entry's own number is its visit's.
pub struct Journal {
    entries: VecDeque<Entry>,
    /// The cursor of the first entry that is still there.
    first: u64,
    bytes: usize,
    generation: u64,
    budget: Arc<Budget>,
}

impl Journal {
    /// An empty journal that counts into `budget`.
    pub fn new(budget: Arc<Budget>) -> Self {
        Self { entries: VecDeque::new(), first: 0, bytes: 0, generation: 0, budget }
    }

    /// An empty journal that follows on this one: cursors from before are told that it was cleared.
    pub fn successor(&self) -> Self {
        let mut next = Self::new(Arc::clone(&self.budget));
        next.generation = self.generation + 1;
        next
    }

    /// Adds a closed entry. Answers what had to go for it, to be dropped when no lock is held.
    pub fn push(&mut self, mut entry: Entry) -> Gone {
        let is_full = self.entries.len() >= MAX_ENTRIES || self.bytes + entry.least_size() > MAX_BYTES;
        let mut first = is_full.then(|| self.pop()).flatten();
        entry.settle(first.as_mut());
        self.bytes += entry.size();
        self.budget.0.fetch_add(entry.size(), Relaxed);
        self.entries.push_back(entry);
        let mut more = Vec::new();
        while self.entries.len() > MAX_ENTRIES || self.bytes > MAX_BYTES {
            more.extend(self.pop());
        }
        (first, more)
    }

    fn pop(&mut self) -> Option<Entry> {
        let oldest = self.entries.pop_front()?;
        self.first += 1;
        self.bytes -= oldest.size();
        self.budget.0.fetch_sub(oldest.size(), Relaxed);
        Some(oldest)
    }

    /// Drops the oldest entries until at least `bytes` are free or nothing is left.
    pub fn shrink(&mut self, bytes: usize) -> Vec<Entry> {
        let goal = self.bytes.saturating_sub(bytes);
        let mut gone = Vec::new();
        while self.bytes > goal {
            gone.extend(self.pop());
        }
        gone
    }

    /// Forgets everything; cursors from before are told so.
    pub fn clear(&mut self) -> VecDeque<Entry> {
        self.budget.0.fetch_sub(self.bytes, Relaxed);
        self.bytes = 0;
        self.first = 0;
        self.generation += 1;
        std::mem::take(&mut self.entries)
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The entry of a visit or frame, such as `7` or `7.3`.
    pub fn get(&self, n: &str) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| entry.cause().to_string() == n)
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.budget.0.fetch_sub(self.bytes, Relaxed);
    }
}
