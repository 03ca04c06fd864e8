//! What is to become of a connection, decided above and carried out by `net`.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Shared by a connection and by every request that came over it.
#[derive(Default, Debug)]
pub struct Fate {
    reset: AtomicBool,
    mute: AtomicBool,
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
}
