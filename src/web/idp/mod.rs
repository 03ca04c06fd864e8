//! The built-in identity providers, each under `/idp/<name>`. Their issuer is that URL.

mod authorize;
mod end_session;
pub mod error;
mod form;
mod introspect;
mod jwks;
mod login;
mod revoke;
pub mod token;
mod userinfo;
mod well_known;

use axum::{
    Router,
    routing::{get, post},
};

use super::root::wrong_method;

pub fn routes() -> Router {
    Router::new()
        .route("/idp/{idp}/.well-known/openid-configuration", get(well_known::openid_configuration))
        .route("/idp/{idp}/jwks", get(jwks::get))
        .route("/idp/{idp}/authorize", get(authorize::get).post(authorize::post))
        .route("/idp/{idp}/login", post(login::post))
        .route("/idp/{idp}/token", post(token::post))
        .route("/idp/{idp}/userinfo", get(userinfo::get).post(userinfo::post))
        .route("/idp/{idp}/introspect", post(introspect::post))
        .route("/idp/{idp}/revoke", post(revoke::post))
        .route("/idp/{idp}/end_session", get(end_session::get).post(end_session::post))
        .method_not_allowed_fallback(wrong_method)
}
