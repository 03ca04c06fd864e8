//! What every test stands on: an emulator of its own, a client that checks on each call what must always hold, and a
//! plain WebSocket client; also one that reads nothing.

pub mod client;
pub mod emulator;
pub mod events;
pub mod files;
pub mod socket;
pub mod unread;

pub use client::Answer;
pub use emulator::TestEmulator;
pub use events::Events;
pub use socket::Socket;

pub const DEPLOYMENT: &str = "00000000-0000-4000-8000-0000000000cc";
pub const GUEST_TOKEN_DEPLOYMENT: &str = "00000000-0000-4000-8000-0000000000cb";
pub const AUTHENTICATED_DEPLOYMENT: &str = "00000000-0000-4000-8000-0000000000cd";
pub const RESTRICTED_DEPLOYMENT: &str = "00000000-0000-4000-8000-0000000000ce";
pub const ORG: &str = "00000000-0000-4000-8000-0000000000aa";
