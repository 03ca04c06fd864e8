//! What is to become of a connection, decided above and carried out by `net`.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Shared by a connection and by every request that came over it.
#[derive(Default, Debug)]
pub struct Fate {
    reset: AtomicBool,
    head_due: AtomicBool,
}

impl Fate {
    /// The connection ends with a TCP reset: unsent bytes are discarded when it is dropped.
    pub fn seal_reset(&self) {
        self.reset.store(true, Relaxed);
    }

    /// Is a reset what the peer is to see?
    pub fn is_reset(&self) -> bool {
        self.reset.load(Relaxed)
    }

    /// An answer is ready: what the connection writes next begins with its head. hyper asks for an answer only when
    /// nothing is left to be written, or nothing but earlier heads.
    pub fn head_is_due(&self, due: bool) {
        self.head_due.store(due, Relaxed);
    }

    /// Does what is written next begin with a head?
    pub fn is_head_due(&self) -> bool {
        self.head_due.load(Relaxed)
    }
}
