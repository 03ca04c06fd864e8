//! All integration tests, as one binary. The folders mirror hosts and URLs.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests may panic, and wait in real time"
)]

mod api;
mod cdn;
mod clients;
mod clock;
mod contract;
mod control;
mod cors;
mod faults;
mod login;
mod support;
mod webmessaging;
mod wire;
