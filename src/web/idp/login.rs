//! `/login`: what people do on the sign-in page.

use axum::response::Response;
use http::StatusCode;

use super::{
    authorize::answered,
    form::{Form, Remembered},
};
use crate::ops::{
    idp::{At, authorize::authorize},
    params::Params,
    visitor::Visitor,
};

/// A button, or user name and password; with them comes the request that the page was shown for.
pub async fn post(at: At, Remembered(secret): Remembered, Form { params, .. }: Form) -> Response {
    let request = Params::parse(params.get("request").unwrap_or_default());
    let outcome = authorize(&at, &request, secret.as_deref(), Visitor::of(&params)).await;
    answered(&at, outcome, StatusCode::SEE_OTHER)
}
