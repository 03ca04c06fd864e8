//! The CDN: what is public of a deployment.

mod config;
mod webdeployments;

use axum::{Router, routing::get};

use super::root::wrong_method;

pub fn routes() -> Router {
    Router::new()
        .route("/webdeployments/v1/deployments/{id}/config.json", get(webdeployments::config))
        .route("/webdeployments/v1/deployments/{id}/domains.json", get(webdeployments::domains))
        .route("/webdeployments/v1/deployments/{id}/{file}", get(webdeployments::labels))
        .route("/webdeployments/v1/{*rest}", get(webdeployments::nothing))
        .method_not_allowed_fallback(wrong_method)
}
