//! Sends browsers on, and back to clients with what they read (RFC 6749 sections 4.1.2 and 4.2.2).

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};

use super::{answer, page};
use crate::domain::authentication_request::{ResponseMode, ReturnTo};

/// Pairs as a query or form has them.
pub fn encoded(fields: &[(&'static str, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// Back to the client.
pub fn back(to: &ReturnTo, fields: &[(&'static str, String)], status: StatusCode) -> Response {
    match to.mode {
        ResponseMode::Query => redirect(&with_query(&to.redirect_uri, &encoded(fields)), status),
        ResponseMode::Fragment => redirect(&format!("{}#{}", to.redirect_uri, encoded(fields)), status),
        ResponseMode::FormPost => page::form_post(&to.redirect_uri, fields),
    }
}

/// A URI with something added to its query.
pub fn with_query(uri: &str, query: &str) -> String {
    match uri.contains('?') {
        _ if query.is_empty() => uri.to_owned(),
        true => format!("{uri}&{query}"),
        false => format!("{uri}?{query}"),
    }
}

/// Sends the browser on.
pub fn redirect(to: &str, status: StatusCode) -> Response {
    let Ok(location) = HeaderValue::try_from(to) else {
        // registered URIs have only what a header may hold
        return page::error("The way back cannot be written into a header", None);
    };
    let mut response = answer::empty(status);
    response.headers_mut().insert(header::LOCATION, location);
    response
}
