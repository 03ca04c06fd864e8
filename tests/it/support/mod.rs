//! What every test stands on: an emulator of its own, a client that checks on each call what must always hold, and a
//! plain WebSocket client; also one that reads nothing.

pub mod client;
pub mod described;
pub mod emulator;
pub mod events;
pub mod files;
pub mod scenario;
pub mod socket;
pub mod tls;
pub mod unread;

pub use client::Answer;
pub use emulator::TestEmulator;
pub use events::Events;
pub use socket::Socket;

/// Modes of `claims` in which any JWT can be wrong; what only some can, their tests add.
pub const WRONG_JWTS: [&str; 11] = [
    "expired",
    "not_yet_valid",
    "exp_missing",
    "exp_in_ms",
    "wrong_iss",
    "wrong_aud",
    "sub_missing",
    "bad_signature",
    "kid_unknown",
    "alg_none",
    "hs256_confusion",
];

pub const DEPLOYMENT: &str = "00000000-0000-4000-8000-0000000000cc";
pub const GUEST_TOKEN_DEPLOYMENT: &str = "00000000-0000-4000-8000-0000000000cb";
pub const AUTHENTICATED_DEPLOYMENT: &str = "00000000-0000-4000-8000-0000000000cd";
pub const RESTRICTED_DEPLOYMENT: &str = "00000000-0000-4000-8000-0000000000ce";
pub const ORG: &str = "00000000-0000-4000-8000-0000000000aa";
