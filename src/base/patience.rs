//! How much real time others may take.

use std::time::Duration;

/// Real time that others may take before nobody waits for them any more. None of it is time of an org.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// What a fired timer causes, before a move of the clock goes on without it. Default 5 s.
    pub settle: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { settle: Duration::from_secs(5) }
    }
}
