//! How things stand in an org, in numbers.

use super::org::Org;
use crate::{base::time::Timestamp, faults::engine::Count, journal::totals::Totals};

/// An org in numbers.
#[derive(Clone, Debug)]
pub struct Numbers {
    /// Its id.
    pub org: String,
    /// What time it is there.
    pub now: Timestamp,
    /// Timers that are armed.
    pub timers: usize,
    /// Requests and frames, from the beginning on.
    pub totals: Totals,
    /// Entries that its journal holds.
    pub entries: usize,
    /// Bytes of them.
    pub bytes: usize,
    /// Sockets that are open.
    pub sockets: u64,
    /// Messaging sessions that it remembers.
    pub sessions: usize,
    /// Conversations that it remembers.
    pub conversations: usize,
    /// Its faults.
    pub faults: Vec<Count>,
}

impl Org {
    /// How things stand.
    pub fn numbers(&self) -> Numbers {
        let org = self.id.to_string();
        let (now, timers) = (self.clock.now(), self.clock.armed());
        self.cell(|cell| Numbers {
            org,
            now,
            timers,
            totals: cell.journal.totals().clone(),
            entries: cell.journal.len(),
            bytes: cell.journal.bytes(),
            sockets: cell.sockets.count(),
            sessions: cell.state.sessions.len(),
            conversations: cell.state.conversations.iter().count(),
            faults: cell.faults.counts(),
        })
    }
}
