//! The login host: where users sign in, tokens, and the platform's own issuer.

mod authorize;
mod client_auth;
pub mod error;
mod logout;
pub mod oauth;
mod well_known;

use axum::{
    Router,
    routing::{get, post},
};

use super::root::wrong_method;

pub fn routes() -> Router {
    Router::new()
        .route("/oauth/authorize", get(authorize::get).post(authorize::post))
        .route("/authorize", get(authorize::get).post(authorize::post))
        .route("/oauth/login", post(authorize::login))
        .route("/oauth/token", post(oauth::token))
        .route("/logout", get(logout::get))
        .route("/client-auth", get(client_auth::get))
        .route("/client-auth/", get(client_auth::get))
        .route("/.well-known/openid-configuration", get(well_known::openid_configuration))
        .route("/.well-known/jwks.json", get(well_known::jwks))
        .method_not_allowed_fallback(wrong_method)
}
