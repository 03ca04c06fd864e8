//! How much real time others may take.

use std::time::Duration;

/// Real time that others may take before nobody waits for them any more. None of it is time of an org.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// What a fired timer causes, before a move of the clock goes on without it. Default 5 s.
    pub settle: Duration,
    /// The handshake of TLS, each way. Default 10 s.
    pub handshake: Duration,
    /// The body of a request. Default 10 s.
    pub body: Duration,
    /// A file that is uploaded. Default 60 s.
    pub upload: Duration,
    /// A connection without a request under way on which nothing is written, and so the head of a request too. It is
    /// closed up to a quarter later. Default 60 s.
    pub quiet: Duration,
    /// A client that reads one frame. Default 30 s.
    pub write: Duration,
    /// A verification that waits for the time of an org which may stand. Default 60 s.
    pub verify: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            settle: Duration::from_secs(5),
            handshake: Duration::from_secs(10),
            body: Duration::from_secs(10),
            upload: Duration::from_secs(60),
            quiet: Duration::from_secs(60),
            write: Duration::from_secs(30),
            verify: Duration::from_secs(60),
        }
    }
}
