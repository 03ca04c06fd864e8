//! All integration tests, as one binary. The folders mirror hosts and URLs.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests may panic, and wait in real time")]

mod agent;
mod api;
mod cdn;
mod cli;
mod clients;
mod clock;
mod contract;
mod control;
mod cors;
mod determinism;
mod examples;
mod faults;
mod findings;
mod idp;
mod isolation;
mod library;
mod login;
mod people;
mod play;
mod redaction;
mod stories;
mod support;
mod tidy;
mod tls;
mod uploads;
mod verify;
mod walk;
mod webchat;
mod webmessaging;
mod wire;
