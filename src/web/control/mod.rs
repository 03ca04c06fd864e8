//! `/__admin`: the control plane. Never journalled, faulted, delayed or limited.
//!
//! Everything about one org is served twice: for the default org, and below `/orgs/{org}` for another.

mod body;
mod by_hand;
mod ca;
mod clock;
mod contacts;
mod conversations;
pub mod error;
mod event_body;
mod events;
mod explain;
mod faults;
mod findings;
mod guard;
mod har;
mod health;
mod integrations;
mod journal;
mod journal_query;
mod keys;
mod metrics;
mod openapi;
mod orgs;
mod person_tokens;
mod query;
mod scenarios;
mod sse;
mod state;
mod subject;
mod verify;

use std::sync::Arc;

use axum::{
    Extension, Router,
    body::Body,
    extract::Request,
    response::Response,
    routing::{get, post},
};
use http::header;
use tower::ServiceExt;

use super::{Web, cors};
use crate::ops::app::App;

pub fn routes(app: Arc<App>) -> Router {
    router()
        .layer(Extension(app))
        .fallback(error::unknown_path)
        .method_not_allowed_fallback(error::wrong_method)
}

/// What whoever waits for a start asks.
pub fn probes(app: Arc<App>) -> Router {
    Router::new()
        .route("/__admin/health", get(health::health))
        .route("/__admin/ready", get(health::ready))
        .layer(Extension(app))
        .method_not_allowed_fallback(error::wrong_method)
}

/// Is a path one of them?
pub fn is_probe(path: &str) -> bool {
    matches!(path, "/__admin/health" | "/__admin/ready")
}

/// The route table.
fn router() -> Router {
    let of_org = Router::new()
        .route("/faults", get(faults::list).post(faults::add).put(faults::replace).delete(faults::clear))
        .route("/faults/{id}", get(faults::get).delete(faults::delete))
        .route("/scenarios/apply", post(scenarios::apply))
        .route("/clock", get(clock::get).put(clock::put))
        .route("/keys", get(keys::list))
        .route("/keys/{ring}/rotate", post(keys::rotate))
        .route("/contacts", get(contacts::list))
        .route("/conversations", get(conversations::list))
        .route("/conversations/{id}", get(conversations::get))
        .route("/conversations/{id}/messages", post(by_hand::speak))
        .route("/conversations/{id}/typing", post(by_hand::types))
        .route("/conversations/{id}/disconnect", post(by_hand::disconnect))
        .route("/events", get(events::stream))
        .route("/journal", get(journal::list).delete(journal::clear))
        .route("/journal/stream", get(journal::stream))
        .route("/journal/{n}", get(journal::get))
        .route("/explain/{id}", get(explain::get))
        .route("/integrations", get(integrations::list))
        .route("/integrations/{name}/flush", post(integrations::flush))
        .route("/person-tokens", post(person_tokens::make))
        .route("/state", get(state::get).put(state::put))
        .route("/verify", post(verify::verify))
        .route("/findings", get(findings::list))
        .route("/reset", post(orgs::reset));
    let admin = Router::new()
        .route("/health", get(health::health))
        .route("/ready", get(health::ready))
        .route("/version", get(health::version))
        .route("/metrics", get(metrics::get))
        .route("/ca.pem", get(ca::pem))
        .route("/openapi.json", get(openapi::document))
        .route("/orgs", get(orgs::list).post(orgs::create))
        .route("/orgs/{org}", get(orgs::get).delete(orgs::delete))
        .route("/scenarios", get(scenarios::list))
        .merge(of_org.clone())
        .nest("/orgs/{org}", of_org);
    Router::new().nest("/__admin", admin)
}

/// Answers a request to the control plane. A page that may use it may also read the answer, whatever it is.
pub async fn answer(web: &Web, request: Request<Body>) -> Response {
    if let Err(problem) = guard::page(&web.app.settings, request.headers()) {
        return problem.into_answer();
    }
    let origin = request.headers().get(header::ORIGIN).cloned();
    let mut response = admitted(web, request).await;
    if let Some(origin) = origin {
        cors::reflect(&origin, response.headers_mut());
    }
    response
}

async fn admitted(web: &Web, request: Request<Body>) -> Response {
    if let Some(response) = cors::preflight(request.method(), request.headers(), cors::ADMIN_HEADERS) {
        return response;
    }
    if let Err(problem) = guard::token(&web.app.settings, request.uri().path(), request.headers()) {
        return problem.into_answer();
    }
    let router = web.control(request.uri().path());
    // a caller that goes away must not leave a clock in mid-move, or an org half reset
    match tokio::spawn(router.oneshot(request)).await {
        Ok(Ok(response)) => response,
        Ok(Err(never)) => match never {},
        Err(died) => std::panic::resume_unwind(died.into_panic()),
    }
}
