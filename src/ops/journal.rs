//! Reading an org's journal. Entries are taken out of it some at a time, and looked at when no lock is held.

use std::sync::Arc;

use super::{app::App, org::Org};
use crate::{
    base::document,
    faults::fault::Fault,
    journal::{
        matcher::Matcher,
        matching::Match,
        query::{BadCursor, Batch, Cursor},
        record::Record,
        seen::{Seen, Word},
    },
};

/// Entries that are taken out at a time.
const BATCH: usize = 128;

/// A part of what a journal holds.
#[derive(Debug)]
pub struct Found {
    /// In the order of closing.
    pub records: Vec<Record>,
    /// Where to go on.
    pub next: Cursor,
    /// Are there more already?
    pub more: bool,
    /// How many entries after the given cursor are gone because the journal is bounded.
    pub dropped: u64,
    /// The journal was cleared since the given cursor; the records begin at its new start.
    pub cleared: bool,
}

impl Org {
    /// Does a matcher mean this entry?
    pub fn meant(&self, record: &Record, matcher: &Matcher) -> bool {
        matcher.holds(&Seen::new(record, &|cause| self.correlation_id(cause)))
    }

    /// `ININ-Correlation-Id` of an entry.
    pub fn correlation_of(&self, record: &Record) -> String {
        self.correlation_id(record.entry().cause())
    }
}

/// The entries that are meant, behind the cursor or from the oldest on, at most so many.
pub fn find(org: &Org, matcher: &Matcher, after: Option<&str>, most: usize) -> Result<Found, BadCursor> {
    let next = org.cell(|cell| match after {
        Some(after) => cell.journal.after(after),
        None => Ok(cell.journal.start()),
    })?;
    let mut found = Found { records: Vec::new(), next, more: false, dropped: 0, cleared: false };
    let mut at = next;
    loop {
        let Batch { records, dropped, cleared } = org.cell(|cell| cell.journal.read(&mut at, BATCH));
        if cleared {
            found.records.clear();
        }
        found.dropped += dropped;
        found.cleared |= cleared;
        if records.is_empty() {
            found.next = at;
            return Ok(found);
        }
        let mut left = records.len();
        for record in records {
            if org.meant(&record, matcher) {
                if found.records.len() == most {
                    found.more = true;
                    found.next = at.back(left);
                    return Ok(found);
                }
                found.records.push(record);
            }
            left -= 1;
        }
        found.next = at;
    }
}

/// The entry of a number (`7`, or `7.3` of a frame), of a correlation id, or of a tracing id: the frame that came with
/// it.
pub fn get(org: &Org, name: &str) -> Option<Record> {
    let is_number = name.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if is_number && let Some(record) = org.cell(|cell| cell.journal.get(name)) {
        return Some(record);
    }
    let mut at = org.cell(|cell| cell.journal.start());
    let mut traced = None;
    loop {
        let Batch { records, .. } = org.cell(|cell| cell.journal.read(&mut at, BATCH));
        if records.is_empty() {
            return traced;
        }
        for record in records {
            if org.correlation_of(&record) == name {
                return Some(record);
            }
            let is_traced = || {
                let seen = Seen::new(&record, &|_| String::new());
                seen.values(&Word::TracingId).iter().any(|id| id == name)
            };
            if traced.is_none() && is_traced() {
                traced = Some(record);
            }
        }
    }
}

/// The last entry that is picked.
pub fn last(org: &Org, pick: impl Fn(&Record) -> bool) -> Option<Record> {
    let mut at = org.cell(|cell| cell.journal.start());
    let mut last = None;
    loop {
        let Batch { records, .. } = org.cell(|cell| cell.journal.read(&mut at, BATCH));
        if records.is_empty() {
            return last;
        }
        last = records.into_iter().rev().find(|record| pick(record)).or(last);
    }
}

/// What a fault is about, as the journal says it: the words are the same.
pub fn meant_by(fault: &Fault) -> Option<Matcher> {
    let wanted: Match = document::from_value(&serde_json::to_value(&fault.when).ok()?).ok()?;
    Matcher::new(&wanted).ok()
}

/// What a reader is told.
pub enum Told {
    /// An entry has closed.
    Entry(Box<Record>),
    /// So many entries are gone unread.
    Lagged(u64),
    /// The journal was cleared, or the org was reset.
    Cleared,
}

/// Somebody who reads the journal of an org, at its own speed, and of the org that is in its place after a reset.
pub struct Reader {
    app: Arc<App>,
    org: Arc<Org>,
    matcher: Matcher,
    at: Cursor,
}

impl Reader {
    /// Begins behind this cursor, else with the oldest entry that is kept.
    pub fn new(
        app: Arc<App>,
        org: Arc<Org>,
        matcher: Matcher,
        after: Option<&str>,
    ) -> Result<Self, BadCursor> {
        let at = org.cell(|cell| match after {
            Some(after) => cell.journal.after(after),
            None => Ok(cell.journal.start()),
        })?;
        Ok(Self { app, org, matcher, at })
    }

    /// The emulator that it is in.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Whose journal it is.
    pub fn org(&self) -> &Arc<Org> {
        &self.org
    }

    /// What there is already; nothing when all is read.
    pub fn ready(&mut self) -> Vec<(Cursor, Told)> {
        loop {
            let before = self.at;
            let batch = self.org.cell(|cell| cell.journal.read(&mut self.at, BATCH));
            let told = self.tell(batch);
            if !told.is_empty() || self.at == before {
                return told;
            }
        }
    }

    fn tell(&self, batch: Batch) -> Vec<(Cursor, Told)> {
        let Batch { records, dropped, cleared } = batch;
        let count = records.len();
        let first = self.at.back(count);
        let mut told = Vec::new();
        if cleared {
            told.push((first.back(usize::try_from(dropped).unwrap_or(0)), Told::Cleared));
        }
        if dropped > 0 {
            told.push((first, Told::Lagged(dropped)));
        }
        for (nth, record) in records.into_iter().enumerate() {
            if self.org.meant(&record, &self.matcher) {
                told.push((self.at.back(count - nth - 1), Told::Entry(Box::new(record))));
            }
        }
        told
    }

    /// What comes next; `None` when the org is gone.
    pub async fn next(&mut self) -> Option<Vec<(Cursor, Told)>> {
        loop {
            let more = self.org.cell(|cell| cell.journal.more());
            let told = self.ready();
            if !told.is_empty() {
                return Some(told);
            }
            if self.org.cell(|cell| cell.over) {
                let next = self.app.org(self.org.id.as_str());
                self.org = next.filter(|next| !Arc::ptr_eq(next, &self.org))?;
                continue;
            }
            // nobody has to say what has happened: it is looked for
            let _ = more.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        faults::when::When,
        journal::matching::WORDS,
        scenario::traced::{Wanted, wanted},
    };

    #[test]
    fn every_word_of_a_fault_is_one_of_the_journal_and_filters_know_them_all() {
        let (Wanted::Object(_, of_faults), Wanted::Object(_, of_journal)) =
            (wanted::<When>(&[]), wanted::<Match>(&[]))
        else {
            panic!("both are objects")
        };
        let strange: Vec<_> = of_faults.iter().filter(|word| !of_journal.contains(word)).collect();
        assert_eq!(strange, [] as [&&str; 0]);
        assert_eq!(of_journal, WORDS);
    }
}
