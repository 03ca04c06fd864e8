//! `/client-auth`: where a pop-up window of the vendor's client-auth library ends. What the window that opened it has left in the
//! local storage under `state` says where the token goes.

use axum::response::Response;
use http::StatusCode;

use crate::web::answer;

const PAGE: &str = include_str!("client_auth.html");

/// The page.
pub async fn get() -> Response {
    answer::bytes(StatusCode::OK, "text/html; charset=utf-8", PAGE)
}
