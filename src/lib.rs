//! A standalone emulator of Genesys Cloud for tests: one binary, one library, one port.
//!
//! ```no_run
//! # async fn example() -> Result<(), genesys_emulator::StartError> {
//! let emulator = genesys_emulator::Emulator::builder().scenario("default").seed(7).start().await?;
//! let token_url = format!("{}/oauth/token", emulator.url());
//! // … point the code under test at it; the emulator stops when it is dropped
//! # Ok(())
//! # }
//! ```
//!
//! # Reading order
//!
//! `web/hallway.rs` (the life of a request) → `web/login/mod.rs` → `web/login/oauth.rs` → `ops/oauth/mod.rs` →
//! `ops/oauth/grant/client_credentials.rs` → `jose/signer.rs` → `faults/effect/delay.rs` →
//! `tests/it/login/oauth.rs`. Then `ARCHITECTURE.md` for the map.
//!
//! # Floors
//!
//! Imports point down: `cli`, `play`, `builder`, `emulator`, `guard`, `net` → `web` → `ops` → `jose`, `store`, `tls`, `faults`, `journal`,
//! `events`, `scenario` → `domain` → `base`. A test keeps it so.

mod base;
mod builder;
mod cli;
mod domain;
mod emulator;
mod events;
mod faults;
mod guard;
mod jose;
mod journal;
#[doc(hidden)]
pub mod laboratory;
mod net;
mod ops;
mod play;
mod scenario;
mod store;
mod tls;
mod web;

pub use base::patience::Patience;
pub use builder::Builder;
pub use cli::run;
pub use emulator::{Emulator, StartError};
pub use ops::verify::{
    NotVerified, Verification, report::Report as VerificationReport, verification::BadVerification,
};
pub use play::check::{Checked, check_scenario as check};
