//! The sockets of notification channels.

mod conversation_events;
mod inbound;
mod upgrade;
mod wire;

pub use wire::notification;

use axum::{Router, routing::get};

use super::root::wrong_method;

pub fn routes() -> Router {
    Router::new().route("/channels/{id}", get(upgrade::get)).method_not_allowed_fallback(wrong_method)
}
