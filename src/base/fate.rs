//! What is to become of a connection, decided above and carried out by `net`, and what it is doing.

use std::{
    fmt, io,
    pin::Pin,
    sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed},
    task::{Context, Poll, ready},
};

use bytes::{Buf, Bytes};
use parking_lot::Mutex;

use super::wave::Wave;

/// Shared by a connection and by every request that came over it.
#[derive(Default, Debug)]
pub struct Fate {
    reset: AtomicBool,
    half_open: AtomicBool,
    mute: AtomicBool,
    under_way: AtomicBool,
    head_due: AtomicBool,
    quiet: AtomicU32,
    instead: AtomicBool,
    last: Mutex<Option<Box<Last>>>,
}

/// What comes of the last answer of a connection.
#[derive(Default)]
struct Last {
    instead: Bytes,
    linger: Option<Linger>,
    /// Of the timer that ended the linger.
    wave: Option<Wave>,
}

/// What a connection waits for before it is closed.
pub type Linger = Pin<Box<dyn Future<Output = Option<Wave>> + Send>>;

impl fmt::Debug for Last {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Last").field("instead", &self.instead.len()).finish_non_exhaustive()
    }
}

impl Fate {
    /// The connection ends with a TCP reset: unsent bytes are discarded when it is dropped.
    pub fn seal_reset(&self) {
        self.reset.store(true, Relaxed);
    }

    /// The connection stays, and nothing more comes over it or is read of it.
    pub fn seal_half_open(&self) {
        self.half_open.store(true, Relaxed);
    }

    /// Is it to be left half open?
    pub fn is_half_open(&self) -> bool {
        self.half_open.load(Relaxed)
    }

    /// These bytes go over the connection instead of the next answer, and nothing after them.
    pub fn seal_bytes(&self, bytes: Bytes) {
        self.last.lock().get_or_insert_default().instead = bytes;
        self.instead.store(true, Relaxed);
    }

    /// Are there bytes that go instead of the answer that is due?
    pub fn has_bytes(&self) -> bool {
        self.instead.load(Relaxed)
    }

    /// Writes those bytes, and lets nothing else be sent.
    pub fn poll_bytes(
        &self,
        mut write: impl FnMut(&[u8]) -> Poll<io::Result<usize>>,
    ) -> Poll<io::Result<()>> {
        if let Some(last) = self.last.lock().as_mut() {
            while !last.instead.is_empty() {
                let written = ready!(write(&last.instead))?;
                last.instead.advance(written);
            }
        }
        self.mute(true);
        Poll::Ready(Ok(()))
    }

    /// The connection is not closed before this.
    pub fn seal_linger(&self, linger: Linger) {
        self.last.lock().get_or_insert_default().linger = Some(linger);
    }

    /// Waits until the connection may be closed.
    pub fn poll_linger(&self, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(last) = self.last.lock().as_mut()
            && let Some(linger) = &mut last.linger
        {
            last.wave = ready!(linger.as_mut().poll(cx));
            last.linger = None;
        }
        Poll::Ready(())
    }

    /// Something of an answer is still to come; or all has.
    pub fn busy(&self, on: bool) {
        self.under_way.store(on, Relaxed);
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
