//! `/health`, `/ready`, `/version`.

use axum::response::Response;
use http::StatusCode;
use serde::Serialize;

use super::subject::TheApp;
use crate::web::answer;

#[derive(Serialize)]
struct Status {
    status: &'static str,
}

#[derive(Serialize)]
struct Version {
    name: &'static str,
    version: &'static str,
}

/// The process lives.
pub async fn health() -> Response {
    answer::json(StatusCode::OK, &Status { status: "ok" })
}

/// It takes requests, and is not about to stop.
pub async fn ready(TheApp(app): TheApp) -> Response {
    match app.stop.is_cancelled() {
        false => answer::json(StatusCode::OK, &Status { status: "ready" }),
        true => answer::json(StatusCode::SERVICE_UNAVAILABLE, &Status { status: "stopping" }),
    }
}

/// Which program this is.
pub async fn version() -> Response {
    let (name, version) = (env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    answer::json(StatusCode::OK, &Version { name, version })
}
