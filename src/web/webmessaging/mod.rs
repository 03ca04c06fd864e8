//! The web messaging socket.

mod actions;
mod blocks;
pub mod error;
mod inbound;
pub mod message_body;
mod request;
mod upgrade;
pub mod wire;

use axum::{Router, routing::get};

/// The handshake looks at the method, for `get` alone would take and allow `HEAD`, too.
pub fn routes() -> Router {
    Router::new().route("/v1", get(upgrade::get).fallback(upgrade::get))
}
