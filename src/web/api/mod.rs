//! The Platform API.

mod downloads;
pub mod error;
mod organizations;
pub mod publickey;
mod push_devices;
mod tokens;
mod webchat;
mod webdeployments;
mod webmessaging;

use axum::{
    Router,
    routing::{delete, get, post},
};

use super::root::{unserved, wrong_method};

pub fn routes() -> Router {
    Router::new()
        .route("/api/v2/downloads/{key}", get(downloads::get))
        .route("/api/v2/oauth/publickey", get(publickey::get))
        .route("/api/v2/organizations/me", get(organizations::me))
        .route("/api/v2/tokens/me", get(tokens::get).head(tokens::head).delete(tokens::delete))
        .route("/api/v2/webchat/guest", post(webchat::post))
        .route("/api/v2/webchat/guest/{id}", get(webchat::get))
        .route("/api/v2/webdeployments/token/oauthcodegrantjwtexchange", post(webdeployments::post_exchange))
        .route("/api/v2/webdeployments/token/refresh", post(webdeployments::post_refresh))
        .route("/api/v2/webdeployments/token/revoke", delete(webdeployments::revoke))
        .route("/api/v2/webmessaging/messages", get(webmessaging::messages))
        .route(
            "/api/v2/webmessaging/deployments/{deployment}/pushdevices/{token}",
            post(push_devices::post).patch(push_devices::patch).delete(push_devices::delete),
        )
        .route("/api/v2/{*rest}", axum::routing::any(unserved))
        .method_not_allowed_fallback(wrong_method)
}
