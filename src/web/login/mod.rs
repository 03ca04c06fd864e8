//! The login host: tokens, and the platform's own issuer.

pub mod error;
pub mod oauth;
mod well_known;

use axum::{
    Router,
    routing::{get, post},
};

use super::root::wrong_method;

pub fn routes() -> Router {
    Router::new()
        .route("/oauth/token", post(oauth::token))
        .route("/.well-known/openid-configuration", get(well_known::openid_configuration))
        .route("/.well-known/jwks.json", get(well_known::jwks))
        .method_not_allowed_fallback(wrong_method)
}
