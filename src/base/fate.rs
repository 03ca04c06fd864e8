//! What is to become of a connection, decided above and carried out by `net`, and what it is doing.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};

/// Shared by a connection and by every request that came over it.
#[derive(Default, Debug)]
pub struct Fate {
    reset: AtomicBool,
    mute: AtomicBool,
    under_way: AtomicBool,
    head_due: AtomicBool,
    quiet: AtomicU32,
}

impl Fate {
    /// The connection ends with a TCP reset: unsent bytes are discarded when it is dropped.
    pub fn seal_reset(&self) {
        self.reset.store(true, Relaxed);
    }

    /// What is written from now on counts as written and is not sent; or it is again.
    pub fn mute(&self, on: bool) {
        self.mute.store(on, Relaxed);
    }

    /// Is nothing to be sent?
    pub fn is_mute(&self) -> bool {
        self.mute.load(Relaxed)
    }

    /// Is a reset what the peer is to see?
    pub fn is_reset(&self) -> bool {
        self.reset.load(Relaxed)
    }

    /// A request came.
    pub fn asked(&self) {
        self.under_way.store(true, Relaxed);
    }

    /// Its answer is ready: what the connection writes next begins with its head. hyper asks for an answer only when
    /// nothing is left to be written, or nothing but earlier heads.
    pub fn answered(&self) {
        self.under_way.store(false, Relaxed);
        self.head_due.store(true, Relaxed);
    }

    /// Something was written.
    pub fn wrote(&self) {
        self.head_due.store(false, Relaxed);
        self.quiet.store(0, Relaxed);
    }

    /// Does what is written next begin with a head?
    pub fn is_head_due(&self) -> bool {
        self.head_due.load(Relaxed)
    }

    /// A look at the connection: since how many looks, this one included, no request is under way and nothing was
    /// written.
    pub fn look(&self) -> u32 {
        let quiet = if self.under_way.load(Relaxed) { 0 } else { self.quiet.load(Relaxed) + 1 };
        self.quiet.store(quiet, Relaxed);
        quiet
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_quiet_while_no_request_is_under_way_and_nothing_is_written() {
        let fate = Fate::default();
        assert_eq!([fate.look(), fate.look()], [1, 2]);
        fate.asked();
        assert_eq!([fate.look(), fate.look()], [0, 0]);
        fate.answered();
        assert_eq!([fate.look(), fate.look()], [1, 2]);
        fate.wrote();
        assert_eq!([fate.look(), fate.look()], [1, 2]);
    }
}
