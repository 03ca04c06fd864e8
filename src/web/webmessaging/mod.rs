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

use super::root::wrong_method;

pub fn routes() -> Router {
    Router::new().route("/v1", get(upgrade::get)).method_not_allowed_fallback(wrong_method)
}
