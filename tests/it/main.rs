//! All integration tests, as one binary. The folders mirror hosts and URLs.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests may panic, and wait in real time"
)]

mod cli;
mod control;
mod determinism;
mod faults;
mod isolation;
mod library;
mod login;
mod redaction;
mod support;
mod tidy;
