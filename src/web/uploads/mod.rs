//! Where files of web messaging are put, as clients were told on the socket.

mod upload;

use axum::{Router, extract::DefaultBodyLimit, routing::put};

use super::root::wrong_method;

pub fn routes() -> Router {
    Router::new()
        .route("/uploads/{key}", put(upload::put))
        // the hallway has collected the body, with a limit of its own
        .layer(DefaultBodyLimit::disable())
        .method_not_allowed_fallback(wrong_method)
}
