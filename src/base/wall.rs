//! Real time. Nothing else in the program may ask for it.

#![expect(clippy::disallowed_methods, reason = "this is the one place")]

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::base::time::Timestamp;

/// The system's idea of the time.
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

/// A point to measure elapsed real time from.
pub fn instant() -> Instant {
    Instant::now()
}

/// Waits in real time.
pub async fn sleep(length: Duration) {
    tokio::time::sleep(length).await;
}

/// The future's output, or `None` when it took longer than `limit` of real time.
pub async fn timeout<F: Future>(limit: Duration, future: F) -> Option<F::Output> {
    tokio::time::timeout(limit, future).await.ok()
}
