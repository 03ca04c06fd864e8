//! All integration tests, as one binary. The folders mirror hosts and URLs.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests may panic, and wait in real time"
)]

mod control;
mod faults;
mod login;
mod support;
