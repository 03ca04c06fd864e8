//! `/authorize`: where clients send people.

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};

use super::{
    error,
    form::{Form, Query, Remembered, remember},
    page,
};
use crate::{
    domain::authentication_request::ResponseMode,
    ops::idp::{
        At,
        authorize::{self, Granted, Outcome, Visitor},
        request::{AuthorizationError, ReturnTo, Untrusted},
    },
    web::answer,
};

/// By a link.
pub async fn get(at: At, Remembered(secret): Remembered, Query(params): Query) -> Response {
    let outcome = authorize::authorize(&at, &params, secret.as_deref(), Visitor::Sent).await;
    answered(&at, outcome, StatusCode::FOUND)
}

/// By a form.
pub async fn post(at: At, Remembered(secret): Remembered, Form { params, .. }: Form) -> Response {
    let outcome = authorize::authorize(&at, &params, secret.as_deref(), Visitor::Sent).await;
    answered(&at, outcome, StatusCode::SEE_OTHER)
}

/// The page, or the way back with this status.
pub fn answered(at: &At, outcome: Result<Outcome, Untrusted>, status: StatusCode) -> Response {
    match outcome {
        Err(untrusted) => error::untrusted(&untrusted),
        Ok(Outcome::Ask(asked)) => page::sign_in(&asked, &encoded(&asked.request)),
        Ok(Outcome::Answer { to, result, cookie }) => {
            let mut response = back(&to, &fields(result, to.state.as_deref()), status);
            if let Some(cookie) = cookie {
                remember(response.headers_mut(), at, Some(&cookie));
            }
            response
        }
    }
}

/// What the client reads, in this order.
fn fields(result: Result<Granted, AuthorizationError>, state: Option<&str>) -> Vec<(&'static str, String)> {
    let mut fields = Vec::new();
    match result {
        Ok(Granted { code, access_token, id_token, scopes }) => {
            fields.extend(code.map(|code| ("code", code)));
            if let Some((token, expires_in)) = access_token {
                fields.push(("access_token", token));
                fields.push(("token_type", "Bearer".to_owned()));
                fields.push(("expires_in", expires_in.to_string()));
                fields.push(("scope", scopes.join(" ")));
            }
            fields.extend(id_token.map(|token| ("id_token", token)));
        }
        Err(error) => {
            fields.push(("error", error::code(&error).to_owned()));
            fields.push(("error_description", error.to_string()));
        }
    }
    fields.extend(state.map(|state| ("state", state.to_owned())));
    fields
}

fn encoded(fields: &[(&'static str, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

fn back(to: &ReturnTo, fields: &[(&'static str, String)], status: StatusCode) -> Response {
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
