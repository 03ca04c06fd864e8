//! `/login`: what people do on the sign-in page.

use axum::response::Response;
use http::StatusCode;

use super::{
    authorize::answered,
    form::{Form, Remembered},
};
use crate::ops::idp::{
    At,
    authorize::{Visitor, authorize},
    params::Params,
};

/// A button, or user name and password; with them comes the request that the page was shown for.
pub async fn post(at: At, Remembered(secret): Remembered, Form { params, .. }: Form) -> Response {
    let text = |name: &str| params.get(name).unwrap_or_default().to_owned();
    let visitor = if params.get("cancel").is_some() {
        Visitor::Cancels
    } else if params.get("continue").is_some() {
        Visitor::GoesOn
    } else if params.get("person").is_some() {
        Visitor::Chose(text("person"))
    } else {
        Visitor::Wrote { name: text("username"), password: text("password") }
    };
    let request = Params::parse(&text("request"));
    let outcome = authorize(&at, &request, secret.as_deref(), visitor).await;
    answered(&at, outcome, StatusCode::SEE_OTHER)
}
