//! The sockets of notification channels, and those on which guests hear of their chats.

mod chat_events;
mod conversation_events;
mod event_stream;
mod inbound;
mod upgrade;
mod wire;

pub use wire::notification;

use axum::{Router, routing::get};

use super::root::wrong_method;

pub fn routes() -> Router {
    Router::new()
        .route("/channels/{id}", get(upgrade::get))
        .route("/v1/token/{jwt}", get(event_stream::get))
        .method_not_allowed_fallback(wrong_method)
}
