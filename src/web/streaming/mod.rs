//! The sockets of notification channels, and those on which guests hear of their chats.

mod chat_events;
mod conversation_events;
mod event_stream;
mod inbound;
mod upgrade;
mod wire;

pub use wire::notification;

use axum::{Router, routing::get};

/// The handshake looks at the method, for `get` alone would take and allow `HEAD`, too.
pub fn routes() -> Router {
    Router::new()
        .route("/channels/{id}", get(upgrade::get).fallback(upgrade::get))
        .route("/v1/token/{jwt}", get(event_stream::get).fallback(event_stream::get))
}
